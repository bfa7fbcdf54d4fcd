import AsyncHTTPClient
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension TransportError {
    /// What an error of the HTTP client proves.
    ///
    /// `notSent` takes two witnesses: the client did not report the head as written, **and** the error is one that
    /// can only come before that. The report alone is not enough: a deadline may fire on another event loop while the
    /// head goes out. Whatever this does not know, a new kind of error included, is `perhapsSent`.
    init(classifying error: any Error, isHeadSent: Bool) {
        if let error = error as? TransportError {
            self = error
            return
        }
        let (code, isBefore) = Self.classify(error)
        self.init(isBefore && !isHeadSent ? .notSent : .perhapsSent, code, Self.message(error, code))
    }

    private static func classify(_ error: any Error) -> (code: Code, isBefore: Bool) {
        switch error {
        case is NIOConnectionError: return (.connect, true)
        case let error as ChannelError: if case .connectTimeout = error { return (.connect, true) }
        case let error as IOError:
            let refusals = [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ENETDOWN, EADDRNOTAVAIL]
            return refusals.contains(error.errnoCode) ? (.connect, true) : (.closed, false)
        case let error as HTTPClientError: return classify(error)
        case is CancellationError: return (.cancelled, false)
        default:
            // TLS errors are not of a module that we import. Those of the handshake come before the head is written.
            if String(reflecting: type(of: error)).hasPrefix("NIOSSL.") { return (.tls, true) }
        }
        return (.other, false)
    }

    private static func classify(_ error: HTTPClientError) -> (code: Code, isBefore: Bool) {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout, .socksHandshakeTimeout, .httpProxyHandshakeTimeout:
            (.connect, true)
        case .tlsHandshakeTimeout: (.tls, true)
        case .invalidURL, .emptyHost, .emptyScheme, .alreadyShutdown: (.refused, true)
        case .readTimeout, .writeTimeout, .deadlineExceeded: (.timeout, false)
        case .remoteConnectionClosed, .uncleanShutdown: (.closed, false)
        case .cancelled, .requestStreamCancelled: (.cancelled, false)
        default: (.other, false)
        }
    }

    private static func message(_ error: any Error, _ code: Code) -> String {
        switch code {
        case .connect: "no connection: \(brief(error))"
        case .tls: "no secure connection: \(brief(error))"
        case .timeout: "no reply in time"
        case .closed: "the connection ended before the reply"
        case .cancelled: "the caller gave up"
        default: brief(error)
        }
    }

    /// The error without addresses: those may hold a key.
    static func brief(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.isEmpty
                ? "\(error.host) is not known"
                : error.connectionErrors.map { "\($0.target): \(brief($0.error))" }.joined(separator: ", ")
        case let error as HTTPClientError: error.shortDescription
        case let error as IOError: String(cString: strerror(error.errnoCode))
        default: String(describing: type(of: error))
        }
    }
}
