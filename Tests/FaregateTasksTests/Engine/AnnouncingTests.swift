import FaregateProviders
import FaregateSandbox
import FaregateTesting
import Synchronization
import Testing

@testable import FaregateTasks

@Suite("The end of a task is told to whom its order names")
struct AnnouncingTests {
    private static var signing: EngineSettings {
        var settings = EngineSettings()
        settings.webhookSigner = WebhookSigner(secrets: WebhookSignerTests.secret)
        return settings
    }

    private static func order(_ bench: Workbench, at address: String?) -> TaskOrder {
        var order = bench.order
        order.webhook = address
        return order
    }

    /// Carries a task to its end and its notices as far as they get.
    private static func outcome(
        of transport: any HTTPTransport, at address: String?, settings: EngineSettings = signing
    ) async throws -> [OutboxNotice] {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented(), settings: settings)
            let wanted = order(bench, at: address)
            let id = try await bench.working(webhooks: transport) { engine in
                let id = try await engine.admit(wanted).taskID
                try await bench.log.settled(id)
                try await untilNoneWaits(bench)
                return id
            }
            return try await bench.store.record(id).notices
        }
    }

    private static func untilNoneWaits(_ bench: Workbench) async throws {
        for _ in 0..<5000 {
            if try await bench.store.read({ try $0.nextNotice() }) == nil { return }
            try await Task.sleep(for: .milliseconds(2))
        }
        Issue.record("a notice still waits")
    }

    private static func reply(_ status: Int) -> ScriptedTransport.Step { .reply(HTTPReply(status: status)) }

    private static func ids(_ requests: [OutgoingRequest]) -> Set<String> {
        Set(requests.compactMap { $0.headers.first { $0.name == "webhook-id" }?.value })
    }

    @Test("It is sent until it is taken, with the same id each time")
    func untilTaken() async throws {
        let transport = ScriptedTransport([
            Self.reply(500), .error(TransportError(.perhapsSent, .closed, "closed")), Self.reply(204),
        ])
        let notices = try await Self.outcome(of: transport, at: "https://us.example/hook")
        #expect(transport.requests.count == 3 && notices.count == 1)
        #expect(notices[0].deliveredAt != nil && notices[0].problem == nil && notices[0].attemptCount == 3)
        #expect(Self.ids(transport.requests) == [notices[0].id])
        let body = String(decoding: transport.requests[0].body, as: UTF8.self)
        #expect(body.contains(#""type":"task.succeeded""#), "\(body)")
        #expect(transport.requests.allSatisfy { $0.credential == nil })
    }

    @Test("Over a real connection: a signature that the headers and the body have, and the same id after a 500")
    func overTheWire() async throws {
        try await withWebhookReceiver([500, 204]) { receiver in
            let notices = try await AsyncHTTPTransport.with { transport in
                try await Self.outcome(of: transport, at: receiver.address)
            }
            #expect(notices.map(\.attemptCount) == [2] && notices[0].deliveredAt != nil)
            let requests = receiver.requests
            #expect(requests.count == 2)
            #expect(Set(requests.map { $0.headers["webhook-id"] }) == [notices[0].id])
            let signer = try #require(WebhookSigner(secrets: WebhookSignerTests.secret))
            for request in requests {
                let timestamp = try #require(request.headers["webhook-timestamp"].flatMap { Int64($0) })
                #expect(
                    request.headers["webhook-signature"]
                        == signer.signature(id: notices[0].id, timestamp: timestamp, body: request.body))
                #expect(request.body.contains(#""state":"succeeded""#), "\(request.body)")
            }
        }
    }

    @Test("It ends when the receiver wants no more, or after ten attempts")
    func ends() async throws {
        let gone = ScriptedTransport([Self.reply(410)])
        let ended = try await Self.outcome(of: gone, at: "https://us.example/hook")
        #expect(gone.requests.count == 1 && ended[0].problem?.contains("410") == true)
        #expect(ended[0].deliveredAt == nil && ended[0].nextAt == nil)
        let failing = ScriptedTransport(Array(repeating: Self.reply(500), count: 20))
        let many = try await Self.outcome(of: failing, at: "https://us.example/hook")
        #expect(failing.requests.count == 10 && many[0].problem == "HTTP 500")
    }

    @Test("A redirect is not followed; nothing goes out in clear, and nothing for a task that names nobody")
    func nowhereElse() async throws {
        let moved = ScriptedTransport([Self.reply(302), Self.reply(200)])
        #expect(try await Self.outcome(of: moved, at: "https://us.example/hook")[0].attemptCount == 2)
        #expect(Set(moved.requests.map(\.address.description)) == ["https://us.example/hook"])
        let clear = ScriptedTransport([Self.reply(200)])
        let refused = try await Self.outcome(of: clear, at: "http://us.example/hook")
        #expect(clear.requests.isEmpty && refused[0].problem?.contains("https") == true)
        #expect(try await Self.outcome(of: clear, at: nil).isEmpty)
        #expect(clear.requests.isEmpty)
    }

    @Test("Without a secret it goes, unsigned, to this machine; elsewhere it waits for a start that has one")
    func unsigned() async throws {
        let local = ScriptedTransport([Self.reply(200)])
        _ = try await Self.outcome(of: local, at: "http://127.0.0.1:9/hook", settings: EngineSettings())
        #expect(local.requests.count == 1)
        #expect(!local.requests[0].headers.contains { $0.name == "webhook-signature" })
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            let transport = ScriptedTransport([Self.reply(200)])
            let wanted = Self.order(bench, at: "https://us.example/hook")
            let id = try await bench.working(webhooks: transport) { engine in
                let id = try await engine.admit(wanted).taskID
                try await bench.log.settled(id)
                for _ in 0..<2000 {
                    if try await bench.store.record(id).notices.first?.problem != nil { break }
                    try await Task.sleep(for: .milliseconds(2))
                }
                return id
            }
            let waiting = try await bench.store.record(id).notices
            #expect(transport.requests.isEmpty && waiting[0].problem?.contains("secret") == true)
            #expect(waiting[0].nextAt != nil && waiting[0].attemptCount == 0)
            try await bench.working(webhooks: transport, settings: Self.signing) { _ in
                try await Self.untilNoneWaits(bench)
            }
            #expect(transport.requests.count == 1)
        }
    }

    @Test("Broken off between sending and noting, it is sent again with the same id")
    func brokenOff() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented(), settings: Self.signing)
            let wanted = Self.order(bench, at: "https://us.example/hook")
            let hanging = HangingTransport(at: "us.example")
            _ = try await bench.working(webhooks: hanging) { engine in
                _ = try await engine.admit(wanted)
                try await hanging.wait(for: 1)
            }
            let again = ScriptedTransport([Self.reply(200)])
            try await bench.working(webhooks: again) { _ in try await Self.untilNoneWaits(bench) }
            #expect(again.requests.count == 1)
            #expect(Self.ids(again.requests) == Self.ids(hanging.requests))
        }
    }

    @Test("A receiver that never answers holds up nobody else's notices")
    func slow() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented(), settings: Self.signing)
            let hanging = HangingTransport(at: "slow.example")
            let orders = ["https://slow.example/a", "https://quick.example/b"].map { Self.order(bench, at: $0) }
            try await bench.working(webhooks: hanging) { engine in
                _ = try await engine.admit(orders[0])
                try await hanging.wait(for: 1)
                let id = try await engine.admit(orders[1]).taskID
                try await hanging.wait(for: 2)
                for _ in 0..<2000 {
                    if try await bench.store.record(id).notices.first?.deliveredAt != nil { return }
                    try await Task.sleep(for: .milliseconds(2))
                }
                Issue.record("the quick receiver was not told")
            }
        }
    }

    @Test("A later notice of a task waits for the earlier one: the last word is the newest")
    func inOrder() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(
                folder, try Manifests.invented(),
                faults: [FaultSetting(.replyLostAfterAccept, in: .submit, count: 1)], settings: Self.signing)
            let transport = ScriptedTransport([Self.reply(500), Self.reply(500), Self.reply(200), Self.reply(200)])
            let id = try await bench.carry(Self.order(bench, at: "https://us.example/hook")).id
            try await bench.engine().resolve(Attempt.ID(task: id, number: 1), .accepted(providerTaskID: "acme-1"))
            try await bench.working { _ in
                for _ in 0..<5000 where try await bench.store.record(id).task.state != .succeeded {
                    try await Task.sleep(for: .milliseconds(1))
                }
            }
            try await bench.working(webhooks: transport) { _ in try await Self.untilNoneWaits(bench) }
            let words = transport.requests.map { String(decoding: $0.body, as: UTF8.self).contains("unresolved") }
            #expect(words == [true, true, true, false])
        }
    }

    @Test("A start makes what waits due, and gives back the attempt that this costs")
    func hasten() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            let id = try await bench.carry(Self.order(bench, at: "https://us.example/hook")).id
            let notice = try #require(try await bench.store.record(id).notices.first)
            let later = Workbench.start.advanced(by: .seconds(86_400))
            try await bench.store.transact(at: later) {
                try $0.undelivered(
                    notice, "HTTP 500", attemptCount: 3, nextAt: later.advanced(by: .seconds(7200)))
            }
            #expect(try await bench.store.nextNoticeAt(task: id) == later.advanced(by: .seconds(7200)))
            try await bench.store.hastenNotices(at: later)
            let hastened = try #require(try await bench.store.record(id).notices.first)
            #expect(hastened.nextAt == later && hastened.attemptCount == 2)
            #expect(try await bench.store.nextNoticeAt(task: "another") == nil)
        }
    }
}

/// Takes requests; those to one host are never answered, the others are.
private final class HangingTransport: HTTPTransport {
    private let host: String
    private let taken = Mutex<[OutgoingRequest]>([])

    init(at host: String) { self.host = host }

    var requests: [OutgoingRequest] { taken.withLock { $0 } }

    func wait(for count: Int) async throws {
        for _ in 0..<5000 where requests.count < count { try await Task.sleep(for: .milliseconds(2)) }
    }

    func send(_ request: OutgoingRequest, limits: CallLimits) async throws(TransportError) -> HTTPReply {
        throw TransportError(.notSent, .other, "notices are sent by fetch")
    }

    func fetch(
        _ request: OutgoingRequest, publicOnly: Bool, limits: CallLimits,
        begin: (Int, [HTTPHeader]) throws -> Void, receive: ([UInt8]) throws -> Void
    ) async throws {
        taken.withLock { $0.append(request) }
        if request.address.host == host { try await Task.sleep(for: .seconds(3600)) }
        try begin(200, [])
    }
}
