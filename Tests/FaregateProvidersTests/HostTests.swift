import Faregate
import FaregateProviders
import FaregateTesting
import Testing

@Suite("A host runs a task once")
struct HostTests {
    private static let accepted = HTTPReply(
        status: 200, json: ["code": 200, "success": true, "data": ["task_id": "t1", "status": "pending"]])
    private static func state(_ status: String, _ more: (String, JSONValue)...) -> HTTPReply {
        let data = JSONObject([("task_id", "t1"), ("status", .string(status))] + more)
        return HTTPReply(status: 200, json: ["code": 200, "success": true, "data": .object(data)])
    }
    private static let done = state("completed", ("output", ["text": "la la"]))

    /// A host of one provider whose answers are scripted; the clock skips.
    private func host(
        _ script: [ScriptedTransport.Step], settings: HostSettings = HostSettings()
    ) throws -> (host: ProviderHost, transport: ScriptedTransport, clock: ManualClock) {
        let codec = try Plugins.codec("unifically")
        let (transport, clock) = (ScriptedTransport(script), ManualClock(.skipping))
        let access = try ProviderAccess(
            codec.traits, environment: ["FAREGATE_UNIFICALLY_API_KEY": "sk-live-0123456789abcdef"])
        let host = ProviderHost(
            codec: codec, access: access, transport: transport, settings: settings, clock: clock, random: { 0 })
        return (host, transport, clock)
    }

    private let task = Plugins.task("unifically")

    @Test("and tells what happens, in order")
    func events() async throws {
        let (host, _, clock) = try host([
            .reply(Self.accepted), .reply(Self.state("processing")), .reply(Self.state("pending")), .reply(Self.done),
        ])
        var events: [RunEvent] = []
        try await withTemporaryFolder { folder in
            let outcome = try await host.run(task, into: folder) { events.append($0) }
            guard case .succeeded(let delivery) = outcome else { return #expect(Bool(false), "\(outcome)") }
            #expect(delivery.artifacts.map(\.path) == [folder + "/t1-1.json"])
            #expect(delivery.artifacts.first?.bytes == readFile(folder + "/t1-1.json", bytesMax: 100)?.count)
        }
        #expect(events.count == 4)
        #expect(events.first == .submitting)
        #expect(
            events.dropFirst().first == .accepted(TaskHandle(id: "t1", model: task.model, medium: .image), charge: nil))
        #expect(events.last == .progress(fraction: nil, elapsed: .seconds(5 + 5), typical: nil))
        // First after 5 s, then every 5 s, as the manifest advises for images.
        #expect(clock.now.offset == .seconds(5 + 5 + 5))
    }

    /// How an exchange can go wrong, and whether the provider may know of it.
    static let troubles: [(TransportError, isNotSent: Bool)] = [
        (TransportError(.notSent, .connect, "refused"), true), (TransportError(.notSent, .tls, "certificate"), true),
        (TransportError(.perhapsSent, .timeout, "late"), false), (TransportError(.perhapsSent, .closed, "gone"), false),
        (TransportError(.perhapsSent, .cancelled, "gave up"), false),
        (TransportError(.perhapsSent, .tooLarge, "big"), false),
    ]

    @Test("and never twice, whatever becomes of the reply", arguments: troubles)
    func neverTwice(error: TransportError, isNotSent: Bool) async throws {
        let (host, transport, _) = try host([.error(error), .reply(Self.accepted), .reply(Self.done)])
        switch try await host.run(task, into: "/nowhere") {
        case .notSent(let found): #expect(isNotSent && found == error)
        case .unknown(let ambiguity): #expect(!isNotSent && ambiguity.code == .replyLost)
        case let outcome: #expect(Bool(false), "\(outcome)")
        }
        #expect(transport.requests.count == 1)
    }

    @Test("and keeps asking when polls go wrong, ever more slowly")
    func backoff() async throws {
        let lost = ScriptedTransport.Step.error(TransportError(.perhapsSent, .closed, "gone"))
        let late = HTTPReply(status: 429, headers: [HTTPHeader("Retry-After", "120")], json: ["success": false])
        let (host, transport, clock) = try host([
            .reply(Self.accepted), lost, lost, lost, .reply(late), .reply(Self.done),
        ])
        var alarms: [String] = []
        try await withTemporaryFolder { folder in
            let outcome = try await host.run(task, into: folder) {
                if case .alarm(let alarm) = $0 { alarms.append(alarm.code) }
            }
            guard case .succeeded = outcome else { return #expect(Bool(false), "\(outcome)") }
        }
        #expect(alarms == ["transport.closed", "transport.closed", "transport.closed", "rate_limited"])
        #expect(transport.requests.count == 6)
        #expect(clock.now.offset == .seconds(5 + 5 + 10 + 20 + 120))
    }

    @Test("and stops asking, without calling it a failure, when the provider does not know the task")
    func refusedPolls() async throws {
        let gone = HTTPReply(status: 404, json: ["success": false, "message": "Task not found"])
        let (host, transport, _) = try host([.reply(Self.accepted), .reply(gone), .reply(gone), .reply(gone)])
        guard case .stillRunning(let handle, .refused(let rejection)) = try await host.run(task, into: "/nowhere")
        else {
            return #expect(Bool(false))
        }
        #expect(handle.id == "t1" && rejection.kind == .notFound)
        #expect(transport.requests.count == 4)
    }

    @Test("and when time is up the task can be resumed")
    func timeout() async throws {
        var settings = HostSettings()
        settings.timeout = .seconds(12)
        let running = ScriptedTransport.Step.reply(Self.state("processing"))
        let (host, transport, clock) = try host(
            [.reply(Self.accepted), running, running, running, .reply(Self.done)], settings: settings)
        guard case .stillRunning(let handle, .timeout) = try await host.run(task, into: "/nowhere") else {
            return #expect(Bool(false))
        }
        // Polls at 5 s, 10 s and, the last, at 12 s.
        #expect(clock.now.offset == .seconds(12))
        try await withTemporaryFolder { folder in
            guard case .succeeded = try await host.resume(handle, into: folder) else { return #expect(Bool(false)) }
        }
        // A resumed task is asked for at once.
        #expect(clock.now.offset == .seconds(12))
        #expect(transport.requests.filter { $0.method == "POST" }.count == 1)
    }

    @Test("and a task with an id that fits no request still exists")
    func strangeID() async throws {
        let reply = HTTPReply(status: 200, json: ["code": 200, "success": true, "data": ["task_id": ".."]])
        let (host, _, _) = try host([.reply(reply)])
        guard case .stillRunning(let handle, .refused) = try await host.run(task, into: "/nowhere") else {
            return #expect(Bool(false))
        }
        #expect(handle.id == "..")
    }

    @Test("and giving up while it runs ends the waiting, not the task")
    func cancelled() async throws {
        let codec = try Plugins.codec("unifically")
        let clock = ManualClock()
        let host = ProviderHost(
            codec: codec, access: try ProviderAccess(codec.traits, environment: ["FAREGATE_UNIFICALLY_API_KEY": "k"]),
            transport: ScriptedTransport([.reply(Self.accepted)]), clock: clock)
        let outcome = try await withThrowingTaskGroup(of: RunOutcome.self) { group in
            group.addTask { try await host.run(Plugins.task("unifically"), into: "/nowhere") }
            while clock.sleeperCount == 0 { await Task.yield() }
            group.cancelAll()
            return try await group.next()
        }
        guard case .stillRunning(let handle, .cancelled) = outcome else {
            return #expect(Bool(false), "\(String(describing: outcome))")
        }
        #expect(handle.id == "t1")
    }

    @Test("and a price check that made a task says so")
    func taskMade() async throws {
        let (host, _, _) = try host([.reply(Self.accepted)])
        #expect(try await host.livePrice(task) == .taskMade(TaskHandle(id: "t1", model: task.model, medium: .image)))
    }
}
