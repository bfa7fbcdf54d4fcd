import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Sends requests over the network.
///
/// HTTP/1.1 only, no redirects, no repetition, not even of the attempt to connect. A request that is not a GET goes
/// over a connection of its own: a kept one may be closing at that moment, which would leave a paid submit in doubt.
public struct AsyncHTTPTransport: HTTPTransport {
    private let fresh: HTTPClient
    private let kept: HTTPClient

    /// - Parameter connectTimeout: For the connection and, again, for the TLS handshake.
    init(connectTimeout: Duration) {
        fresh = Self.client(connectTimeout, usesMax: 1)
        kept = Self.client(connectTimeout, usesMax: nil)
    }

    private static func client(
        _ connectTimeout: Duration, usesMax: Int?, dnsOverride: [String: String] = [:]
    ) -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = TimeAmount(connectTimeout)
        configuration.timeout.read = .seconds(120)  // nothing at all for so long is a stall
        configuration.httpVersion = .http1Only
        configuration.maximumUsesPerConnection = usesMax
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.dnsOverride = dnsOverride
        return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }

    /// Opens a transport, lends it, and closes its connections at the end.
    public static func with<Result>(
        connectTimeout: Duration = .seconds(10), _ body: (AsyncHTTPTransport) async throws -> Result
    ) async throws -> Result {
        let transport = AsyncHTTPTransport(connectTimeout: connectTimeout)
        let result: Result
        do {
            result = try await body(transport)
        } catch {
            try? await transport.shutdown()
            throw error
        }
        // What came of the body counts, whatever closing brings: it may speak of money that is spent.
        try? await transport.shutdown()
        return result
    }

    private func shutdown() async throws {
        try await fresh.shutdown()
        try await kept.shutdown()
    }

    public func send(_ request: OutgoingRequest, limits: CallLimits) async throws(TransportError) -> HTTPReply {
        let (address, headers) = request.exposed()
        let prepared: HTTPClient.Request
        do {
            prepared = try HTTPClient.Request(
                url: address, method: HTTPMethod(rawValue: request.method),
                headers: HTTPHeaders(headers.map { ($0.name, $0.value) }),
                body: request.body.isEmpty ? nil : .bytes(request.body))
        } catch {
            throw TransportError(.notSent, .refused, "the request cannot be sent: \(TransportError.brief(error))")
        }
        let collector = ReplyCollector(bytesMax: limits.replyBytesMax)
        let client = request.method == "GET" ? kept : fresh
        let task = client.execute(request: prepared, delegate: collector, deadline: .now() + TimeAmount(limits.total))
        do {
            return try await withTaskCancellationHandler {
                try await task.futureResult.get()
            } onCancel: {
                task.cancel()
            }
        } catch {
            throw TransportError(classifying: error, isHeadSent: collector.isHeadSent)
        }
    }

    public func fetch(
        _ request: OutgoingRequest, publicOnly: Bool, limits: CallLimits,
        begin: (Int, [HTTPHeader]) throws -> Void, receive: ([UInt8]) throws -> Void
    ) async throws {
        let pinned = publicOnly ? try await PublicAddress.resolve(request.address.host) : nil
        let client = Self.client(
            .seconds(10), usesMax: 1, dnsOverride: pinned.map { [request.address.host: $0] } ?? [:])
        do {
            try await Self.fetch(request, with: client, limits: limits, begin: begin, receive: receive)
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    private static func fetch(
        _ request: OutgoingRequest, with client: HTTPClient, limits: CallLimits,
        begin: (Int, [HTTPHeader]) throws -> Void, receive: ([UInt8]) throws -> Void
    ) async throws {
        let (address, headers) = request.exposed()
        var prepared = HTTPClientRequest(url: address)
        prepared.method = HTTPMethod(rawValue: request.method)
        prepared.headers = HTTPHeaders(headers.map { ($0.name, $0.value) })
        if !request.body.isEmpty { prepared.body = .bytes(request.body) }
        let response: HTTPClientResponse
        do {
            response = try await client.execute(prepared, deadline: .now() + TimeAmount(limits.total))
        } catch {
            throw TransportError(classifying: error, isHeadSent: true)
        }
        do {
            try begin(Int(response.status.code), response.headers.map { HTTPHeader($0.name, $0.value) })
            for try await piece in response.body { try receive(Array(piece.readableBytesView)) }
        } catch let error as HTTPClientError {
            throw TransportError(classifying: error, isHeadSent: true)
        }
    }
}

/// Gathers one bounded reply, and remembers whether anything of the request was written. The client calls it on its
/// event loop.
private final class ReplyCollector: HTTPClientResponseDelegate {
    private struct State {
        var isHeadSent = false
        var reply = HTTPReply(status: 0)
    }

    private let bytesMax: Int
    private let state = Mutex(State())

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    var isHeadSent: Bool { state.withLock { $0.isHeadSent } }

    func didSendRequestHead(task: HTTPClient.Task<HTTPReply>, _ head: HTTPRequestHead) {
        state.withLock { $0.isHeadSent = true }
    }

    func didReceiveHead(task: HTTPClient.Task<HTTPReply>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        state.withLock { state in
            state.reply.status = Int(head.status.code)
            state.reply.headers = head.headers.map { HTTPHeader($0.name, $0.value) }
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<HTTPReply>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        let count = state.withLock { state in
            state.reply.body.append(contentsOf: buffer.readableBytesView)
            return state.reply.body.count
        }
        guard count > bytesMax else { return task.eventLoop.makeSucceededVoidFuture() }
        return task.eventLoop.makeFailedFuture(
            TransportError(.perhapsSent, .tooLarge, "the reply has more than \(bytesMax) bytes"))
    }

    func didFinishRequest(task: HTTPClient.Task<HTTPReply>) throws -> HTTPReply {
        state.withLock { $0.reply }
    }
}
