/// Sends requests. It repeats nothing, follows no redirect and knows no provider.
public protocol HTTPTransport: Sendable {
    /// Sends one request, once, and returns whatever came back, errors of the provider included.
    ///
    /// - Parameters:
    ///   - limits: Bounds on time and bytes.
    /// - Throws: ``TransportError``, whose phase says whether the provider may have seen the request. A transport
    ///   that cannot prove that nothing was sent must say `.perhapsSent`. Cancellation, too, is thrown as a
    ///   ``TransportError``.
    func send(_ request: OutgoingRequest, limits: CallLimits) async throws(TransportError) -> HTTPReply

    /// Exchanges with an address that somebody else named, such as a result's, and hands over the reply piece by piece.
    ///
    /// - Parameters:
    ///   - publicOnly: Refuse to connect to an address that is not public, and connect to the very address that was
    ///     checked.
    ///   - begin: Called once with status and headers; what it throws ends the transfer and is thrown on.
    ///   - receive: Called with each piece of the body, in order; what it throws ends the transfer and is thrown on.
    func fetch(
        _ request: OutgoingRequest, publicOnly: Bool, limits: CallLimits,
        begin: (_ status: Int, _ headers: [HTTPHeader]) throws -> Void,
        receive: (_ bytes: [UInt8]) throws -> Void
    ) async throws
}

/// Bounds on one exchange.
public struct CallLimits: Sendable {
    /// From the first attempt to connect to the last byte.
    public var total: Duration
    /// Between two pieces of the reply.
    public var idle: Duration
    /// Bytes of a reply held in memory; a longer one is an error. Downloads count for themselves.
    public var replyBytesMax: Int

    public init(total: Duration = .seconds(60), idle: Duration = .seconds(60), replyBytesMax: Int = 4 << 20) {
        (self.total, self.idle, self.replyBytesMax) = (total, idle, replyBytesMax)
    }
}

/// An exchange that gave no reply. Match on `code`; prose may change between releases.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// An open set of stable codes.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// No connection: refused, unreachable, no such name.
        public static let connect = Code(rawValue: "transport.connect")
        /// No secure connection: the handshake or the certificate failed.
        public static let tls = Code(rawValue: "transport.tls")
        /// No reply in time.
        public static let timeout = Code(rawValue: "transport.timeout")
        /// The connection ended before the reply did.
        public static let closed = Code(rawValue: "transport.closed")
        /// The caller gave up.
        public static let cancelled = Code(rawValue: "transport.cancelled")
        /// More bytes than the limit.
        public static let tooLarge = Code(rawValue: "transport.too_large")
        /// The request is not one that can be sent, or the address is not allowed.
        public static let refused = Code(rawValue: "transport.refused")
        /// Anything else.
        public static let other = Code(rawValue: "transport.other")
    }

    /// What the provider can know of the request.
    public enum Phase: Sendable, Hashable {
        /// Proved: not one byte of it was written.
        case notSent
        /// It may have arrived, and may have been acted on.
        case perhapsSent
    }

    public let phase: Phase
    public let code: Code
    public let message: String

    public init(_ phase: Phase, _ code: Code, _ message: String) {
        (self.phase, self.code, self.message) = (phase, code, message)
    }

    public var description: String { message }
}
