import FaregateProviders
import FaregateTesting
import Testing

@testable import FaregateTasks

@Suite("The end of a task is told to whom its order names")
struct AnnouncingTests {
    private static func outcome(of steps: [ScriptedTransport.Step], at address: String) async throws
        -> (requests: [OutgoingRequest], waiting: OutboxNotice?)
    {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            var order = bench.order
            order.webhook = address
            let transport = ScriptedTransport(steps)
            let wanted = order
            try await bench.working(webhooks: transport) { engine in
                let id = try await engine.admit(wanted).taskID
                try await bench.log.settled(id)
                // Until nothing waits, or what waits is not tried at all.
                for _ in 0..<5000 {
                    if try await bench.store.read({ try $0.nextNotice() }) == nil { return }
                    try await Task.sleep(for: .milliseconds(2))
                }
            }
            return (transport.requests, try await bench.store.read { try $0.nextNotice() })
        }
    }

    private static func reply(_ status: Int) -> ScriptedTransport.Step { .reply(HTTPReply(status: status)) }

    @Test("It is sent until it is taken, with the same id each time")
    func untilTaken() async throws {
        let (requests, waiting) = try await Self.outcome(
            of: [Self.reply(500), .error(TransportError(.perhapsSent, .closed, "closed")), Self.reply(204)],
            at: "https://us.example/hook")
        #expect(requests.count == 3 && waiting == nil)
        let ids = Set(requests.compactMap { $0.headers.first { $0.name == "webhook-id" }?.value })
        #expect(ids.count == 1)
        let body = String(decoding: requests[0].body, as: UTF8.self)
        #expect(body.contains(#""type":"task.succeeded""#), "\(body)")
        #expect(requests.allSatisfy { $0.credential == nil })
    }

    @Test("It ends when the receiver wants no more, or after ten attempts; nothing goes out in clear")
    func ends() async throws {
        #expect(try await Self.outcome(of: [Self.reply(410)], at: "https://us.example/hook").requests.count == 1)
        let many = try await Self.outcome(
            of: Array(repeating: Self.reply(500), count: 20), at: "https://us.example/hook")
        #expect(many.requests.count == 10 && many.waiting == nil)
        let clear = try await Self.outcome(of: [Self.reply(200)], at: "http://us.example/hook")
        #expect(clear.requests.isEmpty && clear.waiting == nil)
    }
}
