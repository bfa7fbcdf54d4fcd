import Faregate
import FaregateProviders
import FaregateSandbox
import Testing

@testable import FaregateTasks

@Suite("What is unknown is found out by every means that the manifest declares, and never sent again")
struct ReconcilingTests {
    /// The submits that may not be answered; the rest of the exchanges work.
    private static func lost(_ fault: Fault, count: Int? = 1) -> [FaultSetting] {
        [FaultSetting(fault, in: .submit, count: count)]
    }

    @Test(
        "A lost reply is found by sending again with the provider's own key: one paid task",
        arguments: [Manifests.keyInHeader, Manifests.keyInBody])
    func replay(_ key: String) async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(
                folder, try Manifests.invented(idempotency: key), faults: Self.lost(.replyLostAfterAccept))
            let task = try await bench.carry()
            #expect(task.state == .succeeded, "\(task.note ?? "")")
            #expect(bench.provider.ledger.submitCount == 2)
            #expect(bench.provider.ledger.tasks.count == 1)
            #expect(try await bench.attempts(task.id).count == 1)
            #expect(try await bench.lines() == TaskEngineTests.spent)
        }
    }

    @Test("A lost reply is found by our reference", arguments: [Fault.replyLostAfterAccept, .html, .serverError])
    func find(_ fault: Fault) async throws {
        try await withTemporaryFolder { folder in
            var settings = EngineSettings()
            settings.replayWindow = .zero
            let bench = try Workbench(
                folder, try Manifests.invented(idempotency: Manifests.keyInBody, operations: Manifests.find),
                faults: Self.lost(fault), settings: settings)
            let task = try await bench.carry()
            #expect(task.state == .succeeded, "\(task.note ?? "")")
            #expect(bench.provider.ledger.submitCount == 1)
            #expect(try await bench.lines() == TaskEngineTests.spent)
        }
    }

    @Test("What is proved absent may be tried again, and is paid once")
    func absent() async throws {
        try await withTemporaryFolder { folder in
            var settings = EngineSettings()
            settings.replayWindow = .zero
            let bench = try Workbench(
                folder, try Manifests.invented(idempotency: Manifests.keyInBody, operations: Manifests.find),
                faults: Self.lost(.replyLostBefore), settings: settings)
            let task = try await bench.carry()
            #expect(task.state == .succeeded, "\(task.note ?? "")")
            #expect(try await bench.attempts(task.id).map(\.state) == [.absent, .succeeded])
            #expect(bench.provider.ledger.tasks.count == 1)
            // Not believed at once: a list may lag behind.
            let submitted = try await bench.attempts(task.id).compactMap(\.submittedAt)
            #expect(submitted[1].since(submitted[0]) >= .seconds(60))
            #expect(
                try await bench.lines() == [
                    "hold 0.4 quoted", "release 0.4 stated", "hold 0.4 quoted", "capture 0.4 quoted",
                ])
        }
    }

    @Test("An absence proves nothing where no page says when the search is complete")
    func absentUnproved() async throws {
        try await withTemporaryFolder { folder in
            var settings = EngineSettings()
            settings.replayWindow = .zero
            let find = Manifests.find.replacing(#""complete_after_seconds": 60, "#, with: "")
            let bench = try Workbench(
                folder, try Manifests.invented(idempotency: Manifests.keyInBody, operations: find),
                faults: Self.lost(.replyLostBefore), settings: settings)
            let task = try await bench.carry()
            #expect(task.state == .failed)
            #expect(try await bench.attempts(task.id).map(\.state) == [.orphaned])
            #expect(bench.provider.ledger.submitCount == 1)
        }
    }

    @Test("A search that lags behind proves no absence before it is complete")
    func lag() async throws {
        try await withTemporaryFolder { folder in
            var (settings, sandbox) = (EngineSettings(), SandboxSettings())
            settings.replayWindow = .zero
            sandbox.searchDelay = .seconds(59)
            let bench = try Workbench(
                folder, try Manifests.invented(idempotency: Manifests.keyInBody, operations: Manifests.find),
                faults: Self.lost(.replyLostAfterAccept), sandbox: sandbox, settings: settings)
            let task = try await bench.carry()
            #expect(task.state == .succeeded, "\(task.note ?? "")")
            #expect(try await bench.attempts(task.id).map(\.state) == [.succeeded])
            #expect(bench.provider.ledger.tasks.count == 1)
        }
    }

    @Test("A key is not sent again when the provider may have forgotten it", arguments: [3540, 3600, 90_000, -10])
    func forgottenKey(seconds: Int) async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(
                folder, try Manifests.invented(idempotency: Manifests.keyInHeader))
            // The process ends before it learns anything, and the next one starts later, or by a clock set back.
            let id = try await bench.sentBeforeACrash()
            bench.skew.set(.seconds(seconds))
            try await bench.working { _ in try await bench.log.settled(id) }
            #expect(bench.provider.ledger.submitCount == 1)
            #expect(bench.provider.ledger.tasks.count == 1)
            #expect(try await bench.lines() == ["hold 0.4 quoted", "capture 0.4 assumed"])
        }
    }

    @Test("Nor at another address, for another account, or for a task that is not wanted any more")
    func replayElsewhere() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented(idempotency: Manifests.keyInHeader))
            let id = try await bench.sentBeforeACrash()
            bench.key.set("another-key")
            try await bench.working { _ in try await bench.log.settled(id) }
            #expect(bench.provider.ledger.submitCount == 1)
        }
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented(idempotency: Manifests.keyInHeader))
            let id = try await bench.sentBeforeACrash()
            try await bench.engine().cancel(id)
            try await bench.working { _ in try await bench.log.settled(id) }
            #expect(bench.provider.ledger.submitCount == 1)
        }
    }

    @Test("What was admitted for one account is not sent on another's")
    func otherAccount() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            let id = try await bench.engine().admit(bench.order).taskID
            bench.key.set("another-key")
            try await bench.working { _ in try await bench.log.settled(id) }
            let task = try await bench.store.read { try $0.task(id) }
            #expect(task.state == .failed)
            #expect(task.note?.contains("it was meant for another account") == true, "\(task.note ?? "")")
            #expect(bench.provider.ledger.submitCount == 0)
            #expect(try await bench.lines() == ["hold 0.4 quoted", "release 0.4 quoted"])
        }
    }

    @Test("A reserved duplicate is withdrawn when the first attempt turns up")
    func withdrawn() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            var order = bench.order
            order.policy.maxDuplicateUSD = 1
            let id = try await bench.sentBeforeACrash(order)
            // The next start reserves a duplicate; before it is sent, the first attempt is found.
            let first = Attempt.ID(task: id, number: 1)
            try await bench.store.transact(at: Workbench.start) { store in
                let lost = Ambiguity(code: .interrupted, message: "lost")
                _ = try store.conclude(.lose(lost), of: first, meansless: ["acme"])
                _ = try store.conclude(.accept(providerTaskID: "acme-1", charge: nil), of: first, meansless: ["acme"])
            }
            #expect(try await bench.attempts(id).map(\.state) == [.accepted, .reserved])
            try await bench.working { _ in try await bench.log.settled(id) }
            #expect(try await bench.attempts(id).map(\.state) == [.succeeded, .cancelled])
            #expect(bench.provider.ledger.submitCount == 1)
            #expect(try await bench.lines().filter { $0.hasPrefix("hold") || $0.hasPrefix("release") }.count == 3)
        }
    }

    @Test(
        "A task that was accepted before a long pause is asked for, not given up",
        arguments: [
            FaultSetting(.html, in: .poll, count: 3), FaultSetting(.errorInOK, in: .poll, count: 12),
            FaultSetting(.unknownStatus, in: .poll, count: 12),
        ])
    func longPause(fault: FaultSetting) async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            let id = try await bench.sentBeforeACrash()
            try await bench.store.transact(at: Workbench.start) { store in
                _ = try store.conclude(
                    .accept(providerTaskID: "acme-1", charge: nil), of: Attempt.ID(task: id, number: 1), meansless: [])
            }
            bench.skew.set(.seconds(30 * 86_400))
            bench.provider.inject(FaultPlan([fault]))
            try await bench.working { _ in try await bench.log.settled(id) }
            #expect(try await bench.store.read { try $0.task(id) }.state == .succeeded)
            #expect(bench.files.filter { !$0.hasPrefix(".") }.count == 1)
        }
    }

    @Test("A look that found nothing does not give up what was brought back while it looked")
    func broughtBack() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            let id = Attempt.ID(task: try await bench.sentBeforeACrash(), number: 1)
            let unknown = try await bench.store.transact(at: Workbench.start) { store in
                let lost = Ambiguity(code: .interrupted, message: "lost")
                let unknown = try store.conclude(.lose(lost), of: id, meansless: []).attempt
                _ = try store.conclude(.accept(providerTaskID: "acme-1", charge: nil), of: id, meansless: [])
                return unknown
            }
            await #expect(throws: IllegalTransition.self) { try await bench.engine().giveUp(unknown, "silence") }
            #expect(try await bench.attempts(id.task).map(\.state) == [.accepted])
            #expect(try await bench.lines() == ["hold 0.4 quoted"])
        }
    }

    @Test("Results whose addresses expired are asked for anew")
    func expiredAddresses() async throws {
        try await withTemporaryFolder { folder in
            var sandbox = SandboxSettings()
            sandbox.addressLife = .seconds(1)
            let bench = try Workbench(
                folder, try Manifests.invented(), faults: [FaultSetting(.serverError, in: .file, count: 3)],
                sandbox: sandbox)
            let task = try await bench.carry()
            #expect(task.state == .succeeded, "\(task.note ?? "")")
            #expect(bench.files.filter { !$0.hasPrefix(".") }.count == 1)
        }
    }

    /// The list shows other tasks too; only one that can be nothing else is taken.
    @Test("A lost reply is found in the list of recent tasks")
    func list() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(
                folder, try Manifests.invented(operations: Manifests.list),
                faults: Self.lost(.replyLostAfterAccept))
            // Somebody else makes something else with the same account.
            bench.orderElsewhere("a cat")
            let task = try await bench.carry()
            #expect(task.state == .succeeded, "\(task.note ?? "")")
            #expect(try await bench.attempts(task.id).map(\.providerTaskID) == ["acme-2"])
            #expect(bench.provider.ledger.tasks.count == 2)
            #expect(try await bench.lines() == TaskEngineTests.spent)
        }
    }

    @Test(
        "A list with two that could be it, or none, tells nothing",
        arguments: [Fault.replyLostAfterAccept, .replyLostBefore])
    func ambiguousList(fault: Fault) async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(
                folder, try Manifests.invented(operations: Manifests.list), faults: Self.lost(fault))
            if fault == .replyLostAfterAccept { bench.orderElsewhere("a boat") }
            let task = try await bench.carry()
            #expect(try await bench.attempts(task.id).map(\.state) == [.orphaned])
            #expect(task.note?.contains("taken for spent") == true)
            #expect(bench.provider.ledger.submitCount == (fault == .replyLostAfterAccept ? 2 : 1))
        }
    }

    @Test("A callback brings back the id that the lost reply carried; the task is read from the provider")
    func callback() async throws {
        try await withTemporaryFolder { folder in
            var settings = EngineSettings()
            settings.callbackBase = "https://us.example/callbacks"
            let bench = try Workbench(
                folder, try Manifests.invented(operations: Manifests.callback),
                faults: Self.lost(.replyLostAfterAccept), settings: settings)
            try await bench.working { engine in
                let id = try await engine.admit(bench.order).taskID
                try await bench.log.wait {
                    if case .attempt(let attempt) = $0.event { attempt.state == .unknown } else { false }
                }
                let callback = try #require(bench.callbacks.all.first)
                let token = String(try #require(callback.address.split(separator: "/").last))
                #expect(try await engine.callback(token: "guessed", body: callback.body) == .unknownToken)
                #expect(try await engine.callback(token: token, body: Array(#"{"task": "acme-9"}"#.utf8)) == .ignored)
                #expect(try await engine.callback(token: token, body: callback.body) == .noted)
                _ = try await engine.callback(token: token, body: callback.body)
                try await bench.log.settled(id)
                #expect(try await bench.store.read { try $0.task(id) }.state == .succeeded)
                #expect(try await bench.attempts(id).count == 1)
            }
            #expect(bench.provider.ledger.submitCount == 1)
            #expect(try await bench.lines() == TaskEngineTests.spent)
        }
    }

    @Test("Without any means it is left to a person, who may say what became of it")
    func person() async throws {
        for (resolution, state, lines) in [
            (Resolution.absent, TaskState.cancelled, ["hold 0.4 quoted", "release 0.4 person"]),
            (.spent(nil), .failed, ["hold 0.4 quoted", "capture 0.4 assumed"]),
            (
                .spent(StatedAmount(amount: "0.3", unit: "USD")), .failed,
                ["hold 0.4 quoted", "capture 0.4 assumed", "adjust -0.1 person"]
            ),
            (.accepted(providerTaskID: "acme-1"), .succeeded, TaskEngineTests.spent),
        ] {
            try await withTemporaryFolder { folder in
                let bench = try Workbench(
                    folder, try Manifests.invented(), faults: Self.lost(.replyLostAfterAccept))
                let task = try await bench.carry()
                #expect(task.state == .unresolved)
                #expect(task.note?.contains("It may cost up to $0.40") == true, "\(task.note ?? "")")
                try await bench.working { engine in
                    try await engine.resolve(Attempt.ID(task: task.id, number: 1), resolution)
                    try await bench.log.wait {
                        if case .task(let moved) = $0.event { moved.state == state } else { false }
                    }
                }
                #expect(try await bench.lines() == lines)
                #expect(bench.provider.ledger.submitCount == 1)
            }
        }
    }

    @Test("A late result of what was taken for spent is kept, and costs no second time")
    func late() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented(), faults: Self.lost(.replyLostAfterAccept))
            let task = try await bench.carry()
            try await bench.working { engine in
                try await engine.resolve(Attempt.ID(task: task.id, number: 1), .spent(nil))
                try await engine.resolve(Attempt.ID(task: task.id, number: 1), .accepted(providerTaskID: "acme-1"))
                try await bench.log.wait {
                    if case .task(let moved) = $0.event { moved.state == .succeeded } else { false }
                }
            }
            #expect(try await bench.attempts(task.id).map(\.isLate) == [true])
            #expect(try await bench.lines() == ["hold 0.4 quoted", "capture 0.4 assumed"])
            #expect(bench.files.count == 1)
        }
    }

    @Test("A duplicate is risked only where the user said what it may cost")
    func duplicate() async throws {
        for (allowed, submits) in [(ExactDecimal("0.39"), 1), ("0.4", 2)] {
            try await withTemporaryFolder { folder in
                let bench = try Workbench(
                    folder, try Manifests.invented(), faults: Self.lost(.replyLostAfterAccept))
                var order = bench.order
                order.policy.maxDuplicateUSD = allowed
                let task = try await bench.carry(order)
                #expect(bench.provider.ledger.submitCount == submits)
                #expect(task.state == (submits == 2 ? .succeeded : .unresolved))
            }
        }
    }

    @Test("A running task is stopped where the provider can, and costs what its pages say")
    func cancel() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(
                folder, try Manifests.invented(operations: Manifests.cancel), faults: [FaultSetting(.neverEnds)])
            try await bench.working { engine in
                let id = try await engine.admit(bench.order).taskID
                try await bench.log.wait { if case .progress = $0.event { true } else { false } }
                try await engine.cancel(id)
                try await bench.log.settled(id)
                #expect(try await bench.store.read { try $0.task(id) }.state == .cancelled)
            }
            #expect(try await bench.lines() == TaskEngineTests.given)
            #expect(bench.provider.ledger.spent == .zero)
        }
    }
}
