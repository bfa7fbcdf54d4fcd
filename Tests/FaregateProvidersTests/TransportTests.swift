import AsyncHTTPClient
import NIOCore
import Testing

@testable import FaregateProviders

@Suite("What a transport error proves")
struct TransportTests {
    struct Strange: Error {}

    /// Errors of the client, and what each is when the head was, or was not, reported as written.
    static let errors: [(error: any Error, code: TransportError.Code, provesNotSent: Bool)] = [
        (HTTPClientError.connectTimeout, .connect, true),
        (HTTPClientError.getConnectionFromPoolTimeout, .connect, true),
        (HTTPClientError.tlsHandshakeTimeout, .tls, true), (HTTPClientError.invalidURL, .refused, true),
        (HTTPClientError.readTimeout, .timeout, false), (HTTPClientError.writeTimeout, .timeout, false),
        (HTTPClientError.deadlineExceeded, .timeout, false), (HTTPClientError.cancelled, .cancelled, false),
        (HTTPClientError.remoteConnectionClosed, .closed, false), (HTTPClientError.uncleanShutdown, .closed, false),
        (HTTPClientError.bodyLengthMismatch, .other, false),
        (IOError(errnoCode: 111, reason: "connect"), .connect, true),
        (IOError(errnoCode: 104, reason: "read"), .closed, false), (CancellationError(), .cancelled, false),
        (Strange(), .other, false),
    ]

    @Test("a table", arguments: errors.indices)
    func classifies(index: Int) {
        let (error, code, provesNotSent) = Self.errors[index]
        let before = TransportError(classifying: error, isHeadSent: false)
        #expect(before.code == code)
        #expect(before.phase == (provesNotSent ? .notSent : .perhapsSent))
        #expect(TransportError(classifying: error, isHeadSent: true).phase == .perhapsSent)
    }

    @Test("nobody listens: not sent, and at once")
    func refused() async throws {
        let address = try #require(WebAddress("http://127.0.0.1:1/"))
        let error = try await #require(throws: TransportError.self) {
            try await AsyncHTTPTransport.with { transport in
                try await transport.send(
                    OutgoingRequest(method: "POST", address: address, body: [1]), limits: CallLimits())
            }
        }
        #expect(error.phase == .notSent && error.code == .connect)
    }

    @Test("no such host: not sent")
    func unknownHost() async throws {
        let address = try #require(WebAddress("https://no-such-host.invalid/"))
        let error = try await #require(throws: TransportError.self) {
            try await AsyncHTTPTransport.with { transport in
                try await transport.send(
                    OutgoingRequest(method: "POST", address: address, body: [1]), limits: CallLimits())
            }
        }
        #expect(error.phase == .notSent && error.code == .connect)
    }
}
