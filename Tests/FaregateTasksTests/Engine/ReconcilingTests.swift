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
            #expect(submitted[1].since(submitted[0]) >= settings.absenceDelay)
            #expect(
                try await bench.lines() == [
                    "hold 0.4 quoted", "release 0.4 stated", "hold 0.4 quoted", "capture 0.4 quoted",
                ])
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
                    try await engine.resolve(task.id, resolution)
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
                try await engine.resolve(task.id, .spent(nil))
                try await engine.resolve(task.id, .accepted(providerTaskID: "acme-1"))
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
