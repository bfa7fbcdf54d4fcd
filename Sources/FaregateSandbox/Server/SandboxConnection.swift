import FaregateProviders
import NIOCore
import NIOHTTP1

/// One client's connection: requests one after another, until a fault or the client ends it.
struct SandboxConnection {
    let providers: [String: SimulatedProvider]
    let clock: any Clock<Duration>
    let port: Int
    /// Where callbacks go that are due later: they outlive the connection.
    let posting: AsyncStream<SandboxCallback>.Continuation

    /// Bytes of a request.
    private static let bodyBytesMax = 16 << 20

    func serve(_ channel: NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>) async throws {
        try await channel.executeThenClose { inbound, outbound in
            var head: HTTPRequestHead?
            var body: [UInt8] = []
            for try await part in inbound {
                switch part {
                case .head(let next): (head, body) = (next, [])
                case .body(let piece):
                    body.append(contentsOf: piece.readableBytesView)
                    guard body.count <= Self.bodyBytesMax else { return }
                case .end:
                    guard let request = head else { continue }
                    let answer = answer(to: request, body)
                    for callback in answer.callbacks { posting.yield(callback) }
                    if answer.delay > .zero { try await clock.sleep(for: answer.delay) }
                    guard try await deliver(answer, to: outbound, keepAlive: request.isKeepAlive) else { return }
                }
            }
        }
    }

    private func answer(to head: HTTPRequestHead, _ body: [UInt8]) -> SandboxAnswer {
        let path = head.uri.dropFirst().prefix { $0 != "/" && $0 != "?" }
        guard let provider = providers[String(path)] else {
            return SandboxAnswer(SimulatedProvider.generic(404, "no such provider: \(providers.keys.sorted())"))
        }
        let target = String(head.uri.dropFirst(path.count + 1))
        if target == "/_sandbox/ledger" { return SandboxAnswer(HTTPReply(status: 200, json: provider.ledger.json)) }
        return provider.answer(
            SandboxRequest(
                method: head.method.rawValue, target: target,
                headers: head.headers.map { HTTPHeader($0.name, $0.value) }, body: body,
                base: SandboxServer.baseAddress(of: provider.id, port: port)))
    }

    /// - Returns: Whether the connection goes on.
    private func deliver(
        _ answer: SandboxAnswer, to outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>, keepAlive: Bool
    ) async throws -> Bool {
        guard answer.delivery != .nothing else { return false }
        let body = answer.reply.body
        var headers = HTTPHeaders(answer.reply.headers.map { ($0.name, $0.value) })
        headers.replaceOrAdd(name: "Content-Length", value: String(body.count))
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: answer.reply.status), headers: headers)
        try await outbound.write(.head(head))
        if answer.delivery == .half {
            try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body.prefix(body.count / 2)))))
            return false
        }
        try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body))))
        try await outbound.write(.end(nil))
        return keepAlive
    }
}

/// Posts callbacks, to this machine and nowhere else.
struct CallbackPost {
    let clock: any Clock<Duration>

    /// Posts each when it is due, until the surrounding task is cancelled.
    func send(_ callbacks: AsyncStream<SandboxCallback>) async {
        await withDiscardingTaskGroup { group in
            for await callback in callbacks { group.addTask { await send(callback) } }
        }
    }

    private func send(_ callback: SandboxCallback) async {
        guard let address = WebAddress(callback.address), address.isLoopback else { return }
        let request = OutgoingRequest(
            method: "POST", address: address, headers: [HTTPHeader("Content-Type", "application/json")],
            body: callback.body)
        do {
            try await clock.sleep(for: callback.delay)
            try await AsyncHTTPTransport.with { transport in
                _ = try await transport.send(request, limits: CallLimits(total: .seconds(10)))
            }
        } catch {
            // A provider does not mind whether its callback is heard.
        }
    }
}
