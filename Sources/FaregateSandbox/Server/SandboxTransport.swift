public import FaregateProviders

/// Hands requests to simulated providers in process: no socket, the same behaviour. For tests on any clock.
///
/// The providers are found below `http://127.0.0.1:1/<provider>`.
public struct SandboxTransport: HTTPTransport {
    private let providers: [String: SimulatedProvider]
    private let clock: any Clock<Duration>
    private let onCallback: @Sendable (SandboxCallback) -> Void

    /// Where a provider seems to be: for `FAREGATE_<PROVIDER>_BASE_URL`.
    public static func baseAddress(of id: String) -> String { "http://127.0.0.1:1/" + id }

    /// - Parameter onCallback: Gets what the provider would post, at once; `delay` says when it would.
    public init(
        _ providers: [SimulatedProvider], clock: any Clock<Duration>,
        onCallback: @escaping @Sendable (SandboxCallback) -> Void = { _ in }
    ) {
        self.providers = Dictionary(providers.map { ($0.id, $0) }) { first, _ in first }
        (self.clock, self.onCallback) = (clock, onCallback)
    }

    public func send(_ request: OutgoingRequest, limits: CallLimits) async throws(TransportError) -> HTTPReply {
        let answer = try answer(to: request)
        do {
            try await clock.sleep(for: min(answer.delay, limits.total))
        } catch {
            throw TransportError(.perhapsSent, .cancelled, "the caller gave up")
        }
        guard answer.delay <= limits.total else { throw TransportError(.perhapsSent, .timeout, "no reply in time") }
        guard answer.delivery == .whole else {
            throw TransportError(.perhapsSent, .closed, "the connection ended before the reply")
        }
        guard answer.reply.body.count <= limits.replyBytesMax else {
            throw TransportError(.perhapsSent, .tooLarge, "the reply has more than \(limits.replyBytesMax) bytes")
        }
        return answer.reply
    }

    public func fetch(
        _ request: OutgoingRequest, publicOnly: Bool, limits: CallLimits,
        begin: (Int, [HTTPHeader]) throws -> Void, receive: ([UInt8]) throws -> Void
    ) async throws {
        if publicOnly { throw TransportError(.notSent, .refused, "127.0.0.1 is not on the public internet") }
        let answer = try answer(to: request)
        guard answer.delivery != .nothing, answer.delay <= limits.total else {
            throw TransportError(.perhapsSent, .closed, "the connection ended before the reply")
        }
        let body = answer.reply.body
        try begin(answer.reply.status, answer.reply.headers + [HTTPHeader("Content-Length", String(body.count))])
        try receive(Array(answer.delivery == .half ? body.prefix(body.count / 2) : body[...]))
        if answer.delivery == .half {
            throw TransportError(.perhapsSent, .closed, "the connection ended before the reply")
        }
    }

    private func answer(to request: OutgoingRequest) throws(TransportError) -> SandboxAnswer {
        let (text, headers) = request.exposed()
        guard let address = WebAddress(text),
            let id = address.path.split(separator: "/").first.map(String.init), let provider = providers[id]
        else { throw TransportError(.notSent, .connect, "no connection: nobody is there") }
        let target = address.path.dropFirst(id.count + 1) + (address.query.map { "?" + $0 } ?? "")
        let answer = provider.answer(
            SandboxRequest(
                method: request.method, target: String(target), headers: headers, body: request.body,
                base: address.origin + "/" + id))
        answer.callbacks.forEach(onCallback)
        return answer
    }
}
