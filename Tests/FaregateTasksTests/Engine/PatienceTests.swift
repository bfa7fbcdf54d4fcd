import Faregate
import FaregateProviders
import FaregateSandbox
import FaregateTesting
import Synchronization
import Testing

@testable import FaregateTasks

@Suite("What is in doubt is given up only when somebody answered, and a task only when nothing of it is in doubt")
struct PatienceTests {
    private static let lost = FaultSetting(.replyLostAfterAccept, in: .submit, count: 1)

    /// Waits until the manual clock shows so many days.
    private static func days(_ count: Int64, _ bench: Workbench) async throws {
        for _ in 0..<20_000 where bench.clock.now.offset < .seconds(86_400 * count) {
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(bench.clock.now.offset >= .seconds(86_400 * count))
    }

    @Test("A search that nobody answers for days ends nothing; the first that is answered brings the result")
    func silentSearch() async throws {
        try await withTemporaryFolder { folder in
            var settings = EngineSettings()
            settings.replayWindow = .zero
            let bench = try Workbench(
                folder, try Manifests.invented(idempotency: Manifests.keyInBody, operations: Manifests.find),
                faults: [Self.lost, FaultSetting(.serverError, in: .find, count: 1_000_000)], settings: settings)
            try await bench.working { engine in
                let id = try await engine.admit(bench.order).taskID
                try await Self.days(4, bench)
                #expect(try await bench.attempts(id).map(\.state) == [.unknown])
                bench.provider.inject(.none)
                try await bench.log.settled(id)
                #expect(try await bench.attempts(id).map(\.state) == [.succeeded])
            }
        }
    }

    @Test("A provider that falls silent for days ends nothing either, whatever it said before")
    func silentPolls() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented(), faults: [FaultSetting(.neverEnds)])
            try await bench.working { engine in
                let id = try await engine.admit(bench.order).taskID
                try await bench.log.wait { if case .overdue = $0.event { true } else { false } }
                bench.provider.inject(FaultPlan([FaultSetting(.serverError, in: .poll, count: 1_000_000)]))
                try await Self.days(4, bench)
                #expect(try await bench.attempts(id).map(\.state) == [.running])
            }
        }
    }

    @Test("A person who waits is told that an unknown one takes longer than such tasks take")
    func overdue() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented(operations: Manifests.list), faults: [Self.lost])
            bench.orderElsewhere("a boat")
            let task = try await bench.carry()
            #expect(task.state == .failed)
            #expect(bench.log.notices.filter { if case .overdue = $0.event { true } else { false } }.count == 1)
        }
    }

    @Test("A budget that allows no duplicate does not end a task whose first attempt is in doubt")
    func budget() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(
                folder, try Manifests.invented(idempotency: Manifests.keyInHeader), faults: [Self.lost])
            try await bench.store.set(
                Budget(project: "default", period: .total, maximum: "0.5"), at: Workbench.start)
            var order = bench.order
            order.policy.maxDuplicateUSD = 1
            let task = try await bench.carry(order)
            #expect(task.state == .succeeded, "\(task.note ?? "")")
            #expect(try await bench.attempts(task.id).map(\.state) == [.succeeded])
            #expect(bench.provider.ledger.tasks.count == 1)
        }
    }

    @Test("Where what is left is in doubt and only a person can tell, the task says so, whichever attempt moved last")
    func stuck() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(
                folder, try Manifests.invented(),
                faults: [Self.lost, FaultSetting(.tooManyRequests, in: .submit)])
            var order = bench.order
            order.policy.maxDuplicateUSD = 1
            order.policy.attemptCountMax = 2
            let task = try await bench.carry(order)
            #expect(try await bench.attempts(task.id).map(\.state) == [.unknown, .rejected])
            #expect(task.state == .unresolved)
            let note = try #require(task.note)
            #expect(note.contains("Attempt 1, sent once to acme, is in doubt, and its price"), "\(note)")
            #expect(note.contains("Attempt 2: "), "\(note)")
        }
    }

    @Test("A callback that comes before the submit's answer brings the id, should the answer be lost")
    func earlyCallback() async throws {
        try await withTemporaryFolder { folder in
            var settings = EngineSettings()
            settings.callbackBase = "https://us.example/callbacks"
            let bench = try Workbench(
                folder, try Manifests.invented(operations: Manifests.callback), faults: [Self.lost],
                settings: settings)
            let id = Attempt.ID(task: try await bench.sentBeforeACrash(), number: 1)
            let engine = try bench.engine()
            let attempt = try await bench.store.read { try $0.attempt(id) }
            engine.plan(attempt)
            // The submit is under way in this process: nothing is planned for it yet, and it is followed.
            engine.state.withLock { state in
                state.followings[id] = Following(
                    attempt, engine.hosts["acme"]!, isResumed: false, at: engine.moment, isTrusted: true)
            }
            let body = Array(#"{"task": "acme-1", "state": "done"}"#.utf8)
            #expect(try await engine.callback(token: "token", body: body) == .noted)
            #expect(engine.state.withLock { $0.followings[id]?.calledBackID } == "acme-1")
            let lost = AttemptEvent.lose(Ambiguity(code: .interrupted, message: "lost"))
            let outcome = try await engine.stored(engine.hinted(lost, of: id), of: id)
            #expect(outcome.attempt.state == .unknown && outcome.attempt.providerTaskID == "acme-1")
            try await bench.working { _ in try await bench.log.settled(id.task) }
            #expect(try await bench.attempts(id.task).map(\.state) == [.succeeded])
        }
    }

    @Test("A change of one task works on that one alone, and sends nothing before the change")
    func oneTaskAlone() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            let first = try await bench.engine().admit(bench.order).taskID
            let second = try await bench.engine().admit(bench.order).taskID
            let engine = try bench.engine()
            try await engine.recover(only: first)
            try await engine.cancel(first)
            let running = Task { try await engine.run() }  // ends below: it is stopped and waited for
            try await bench.log.settled(first)
            try await Task.sleep(for: .milliseconds(50))
            engine.stop()
            try await running.value
            #expect(try await bench.attempts(first).map(\.state) == [.cancelled])
            #expect(try await bench.attempts(second).map(\.state) == [.reserved])
            #expect(bench.provider.ledger.submitCount == 0)
        }
    }

    @Test("A person's word ends no other attempt, can be taken back, and what is noted follows it")
    func takenBack() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented(), faults: [Self.lost])
            let id = Attempt.ID(task: try await bench.carry().id, number: 1)
            let engine = try bench.engine()
            try await engine.resolve(id, .absent)
            var task = try await bench.store.read { try $0.task(id.task) }
            #expect(task.state == .cancelled && !task.isCancelRequested)
            #expect(task.note?.contains("Nothing was billed") == true, "\(task.note ?? "")")
            try await engine.resolve(id, .spent(StatedAmount(amount: "0.3", unit: "USD")))
            task = try await bench.store.read { try $0.task(id.task) }
            #expect(task.note?.contains("$0.30 is taken for spent") == true, "\(task.note ?? "")")
            #expect(
                try await bench.lines() == [
                    "hold 0.4 quoted", "release 0.4 person", "adjust 0.4 assumed", "adjust -0.1 person",
                ])
            await #expect(throws: StoreError.self) {
                try await engine.resolve(id, .accepted(providerTaskID: "acme-9"))
            }
        }
    }

    @Test("An id that is another attempt's is refused, and nothing is noted of it")
    func anothersID() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented(), faults: [Self.lost])
            let doubt = Attempt.ID(task: try await bench.carry().id, number: 1)
            bench.provider.inject(.none)
            let made = try await bench.carry().id
            let owned = try #require(try await bench.attempts(made).first?.providerTaskID)
            let before = try await bench.store.record(doubt.task).events.count
            let error = await #expect(throws: StoreError.self) {
                try await bench.engine().resolve(doubt, .accepted(providerTaskID: owned))
            }
            #expect(error?.message.contains("is that of attempt 1 at \(made)") == true, "\(error?.message ?? "")")
            #expect(try await bench.store.record(doubt.task).events.count == before)
        }
    }
}
