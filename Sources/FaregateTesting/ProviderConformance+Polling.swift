import Faregate
import FaregateProviders
import FaregateSandbox

extension ProviderConformance {
    /// Faults while a task runs: it ends all the same, with an alarm, and is not submitted again.
    var polling: [Scenario] {
        let faults: [Fault] = [
            .replyLostAfterAccept, .replyLostBefore, .slow, .tooManyRequests, .serverError, .errorInOK, .html,
            .truncatedBody,
            .redirect, .unknownStatus, .flappingStatus,
        ]
        return faults.map { fault in
            Scenario(name: "poll:\(fault.rawValue)") { bench, notes in
                try await bench.with([FaultSetting(fault, in: .poll)]) { setup in
                    let log = EventLog()
                    let outcome = try await setup.host.run(task, into: setup.folder, events: log.add)
                    guard case .succeeded = outcome else { return notes.fail("expected success, found \(outcome)") }
                    notes.expectPaid(1, setup.provider)
                    notes.expect(!log.alarms.isEmpty, "nothing was said of the fault")
                    notes.expectNoKey(outcome, log)
                }
            }
        } + [resuming, random]
    }

    /// Time runs out, and the task is taken up again.
    private var resuming: Scenario {
        Scenario(name: "resume:after-timeout") { bench, notes in
            let polls = 4000
            try await bench.with(sandbox: { $0.progress = .polls(polls) }, host: { $0.timeout = .seconds(60) }) {
                setup in
                let outcome = try await setup.host.run(task, into: setup.folder)
                guard case .stillRunning(let handle, .timeout) = outcome else {
                    return notes.fail("expected a task that still runs, found \(outcome)")
                }
                setup.provider.finish(handle.id)
                let second = try await setup.host.resume(handle, into: setup.folder)
                guard case .succeeded = second else {
                    return notes.fail("expected success after resuming, found \(second)")
                }
                notes.expectPaid(1, setup.provider)
            }
        }
    }

    /// A bad day: half of all exchanges go wrong, in many ways. One submission each, and no task made twice.
    private var random: Scenario {
        Scenario(name: "random:half-of-all-exchanges") { bench, notes in
            let count = bench.strength == .inProcess ? 200 : 5
            for seed in 0..<count {
                let plan = FaultPlan(rate: 0.5, seed: UInt64(seed))
                try await bench.with(sandbox: { $0.faults = plan }) { setup in
                    let log = EventLog()
                    let outcome = try await setup.host.run(task, into: setup.folder, events: log.add)
                    let ledger = setup.provider.ledger
                    notes.expect(ledger.submitCount == 1, "seed \(seed): submitted \(ledger.submitCount) times")
                    notes.expect(ledger.tasks.count <= 1, "seed \(seed): \(ledger.tasks.count) tasks were made")
                    notes.expectTruth(outcome, ledger, seed: seed)
                    notes.expectNoKey(outcome, log)
                    notes.expectWhole(outcome, task.medium)
                }
            }
        }
    }

    /// Faults while a result is fetched: it arrives whole, or the outcome says that it did not.
    var fetching: [Scenario] {
        let faults: [Fault] = [.replyLostBefore, .serverError, .html, .truncatedBody, .redirect]
        return faults.map { fault in
            Scenario(name: "file:\(fault.rawValue)") { bench, notes in
                try await bench.with([FaultSetting(fault, in: .file, count: 1)]) { setup in
                    let outcome = try await setup.host.run(task, into: setup.folder)
                    notes.expectPaid(1, setup.provider)
                    notes.expectWhole(outcome, task.medium)
                    switch outcome {
                    case .succeeded: break
                    case .undelivered(let delivery, let problems):
                        notes.expect(!problems.isEmpty, "nothing was said of the fault")
                        let second = try await setup.host.resume(delivery.task, into: setup.folder)
                        guard case .succeeded = second else {
                            return notes.fail("resuming did not fetch it: \(second)")
                        }
                        notes.expectWhole(second, task.medium)
                    default: notes.fail("expected a result or its absence, found \(outcome)")
                    }
                }
            }
        }
    }
}

extension ScenarioNotes {
    /// The outcome claims nothing that the provider's books deny.
    fileprivate func expectTruth(_ outcome: RunOutcome, _ ledger: SandboxLedger, seed: Int) {
        switch outcome {
        case .rejected, .notSent:
            expect(ledger.tasks.isEmpty, "seed \(seed): a task was made, and the outcome denies it: \(outcome)")
        case .succeeded, .undelivered, .failed, .stillRunning:
            expect(ledger.tasks.count == 1, "seed \(seed): no task was made, and the outcome claims one: \(outcome)")
        case .unknown: break
        }
    }
}
