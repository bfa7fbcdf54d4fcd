import Faregate
import FaregateProviders
import FaregateSandbox

extension ProviderConformance {
    /// What a submit must come to when something happens on the way.
    private enum Expectation {
        case succeeded, unknown, failed, stillRunning
        case rejected(FailureKind)

        func fits(_ outcome: RunOutcome) -> Bool {
            switch (self, outcome) {
            case (.succeeded, .succeeded), (.unknown, .unknown), (.failed, .failed), (.stillRunning, .stillRunning):
                true
            case (.rejected(let kind), .rejected(let rejection)): rejection.kind == kind
            default: false
            }
        }
    }

    /// Every fault of a submit: the outcome, one submission, so many paid tasks.
    func submitting(_ manifest: Manifest) -> [Scenario] {
        // Where the pages have no words for a refusal, nothing proves that it is one.
        func refusal(_ kind: FailureKind, status: Int? = nil) -> Expectation {
            manifest.recognises(kind, in: .submit, status: status) ? .rejected(kind) : .unknown
        }
        let table: [(fault: Fault?, expected: Expectation, paid: Int)] = [
            (nil, .succeeded, 1), (.replyLostAfterAccept, .unknown, 1), (.replyLostBefore, .unknown, 0),
            (.slow, .unknown, 1),
            (.tooManyRequests, refusal(.rateLimited), 0), (.serverError, .unknown, 1),
            (.errorInOK, refusal(.insufficientBalance, status: 200), 0), (.html, .unknown, 1),
            (.truncatedBody, .unknown, 1),
            (.redirect, .unknown, 0), (.taskFails, .failed, 1), (.neverEnds, .stillRunning, 1),
        ]
        return table.map { row in
            Scenario(name: "submit:" + (row.fault?.rawValue ?? "no-fault")) { bench, notes in
                let faults = row.fault.map { [FaultSetting($0)] } ?? []
                try await bench.with(faults, host: { if row.fault == .neverEnds { $0.timeout = .seconds(60) } }) {
                    setup in
                    let log = EventLog()
                    let outcome = try await setup.host.run(task, into: setup.folder, events: log.add)
                    notes.expect(row.expected.fits(outcome), "expected \(row.expected), found \(outcome)")
                    notes.expectPaid(row.paid, setup.provider)
                    notes.expectNoKey(outcome, log)
                    if row.fault == nil { notes.expectWhole(outcome, task.medium) }
                }
            }
        } + refusing(manifest) + [missingKey, notSent]
    }

    /// What the provider itself refuses: told apart, not paid, the key masked even where the provider repeats it.
    private func refusing(_ manifest: Manifest) -> [Scenario] {
        let said = "no such thing (your key is \(Bench.key))"
        return [
            Scenario(name: "submit:wrong-key") { bench, notes in
                try await bench.with(sandbox: { $0.keys = ["another"] }) { setup in
                    try await notes.expectRefusal(.unauthorized, manifest, setup, task)
                }
            },
            Scenario(name: "submit:invalid-body") { bench, notes in
                try await bench.with(check: { _, _ in .refuse(message: said, path: "/x") }) { setup in
                    try await notes.expectRefusal(.invalidRequest, manifest, setup, task)
                }
            },
            Scenario(name: "submit:no-money") { bench, notes in
                try await bench.with(sandbox: { $0.balance = .zero }) { setup in
                    try await notes.expectRefusal(.insufficientBalance, manifest, setup, task)
                }
            },
        ]
    }

    private var missingKey: Scenario {
        Scenario(name: "submit:no-key") { bench, notes in
            try await bench.with(key: nil) { setup in
                do throws(PluginError) {
                    _ = try await setup.host.run(task, into: setup.folder)
                    notes.fail("a task ran without a key")
                } catch {
                    notes.expect(error.code == .keyMissing, "a missing key was reported as \(error.code.rawValue)")
                }
                notes.expect(setup.provider.ledger.submitCount == 0, "a request was sent without a key")
            }
        }
    }

    /// Nobody listens at the address: proved not sent.
    private var notSent: Scenario {
        Scenario(name: "submit:nobody-there") { bench, notes in
            try await bench.with { setup in
                let access = try ProviderAccess(
                    setup.host.codec.traits,
                    environment: [
                        setup.host.access.keyName: Bench.key,
                        ProviderAccess.variablePrefix(for: id) + "_BASE_URL": "http://127.0.0.1:1/nobody",
                    ])
                let host = ProviderHost(
                    codec: setup.host.codec, access: access, transport: setup.host.transport,
                    settings: setup.host.settings)
                let outcome = try await host.run(task, into: setup.folder)
                guard case .notSent = outcome else { return notes.fail("expected not sent, found \(outcome)") }
            }
        }
    }
}

extension Manifest {
    /// Whether its pages have words for a refusal, under an HTTP status of their own or a given one.
    func recognises(_ kind: FailureKind, in operation: OperationName, status: Int? = nil) -> Bool {
        let codec = ManifestCodec(self)
        return (operations[operation]?.rules ?? []).flatMap(\.examples).contains { example in
            var reply = example.reply
            reply.status = status ?? reply.status
            guard case .rejected(let rejection) = codec.decode(reply, operation, taskID: nil).outcome else {
                return false
            }
            return rejection.kind == kind
        }
    }
}

extension ScenarioNotes {
    /// One submission, whatever happened, and so many paid tasks.
    func expectPaid(_ count: Int, _ provider: SimulatedProvider) {
        let ledger = provider.ledger
        expect(ledger.submitCount == 1, "the task was submitted \(ledger.submitCount) times")
        expect(ledger.tasks.count == count, "\(ledger.tasks.count) tasks were paid for, expected \(count)")
    }

    /// The key stands nowhere that people or logs see.
    func expectNoKey(_ outcome: RunOutcome, _ log: EventLog) {
        let text = "\(outcome) \(log.events)"
        expect(!text.contains(Bench.key), "the key stands in an event or the outcome")
    }

    func expectWhole(_ outcome: RunOutcome, _ medium: Medium) {
        guard case .succeeded(let delivery) = outcome else { return }
        expect(!delivery.artifacts.isEmpty, "success without a result")
        for artifact in delivery.artifacts {
            let bytes = readFile(artifact.path, bytesMax: 1 << 20)
            expect(
                bytes?.count == artifact.bytes, "\(artifact.path) does not have the \(artifact.bytes) bytes it should")
            if medium != .text {
                expect(bytes == SampleFile.of(medium).bytes, "\(artifact.path) is not what was served")
            }
        }
    }

    func expectRefusal(_ kind: FailureKind, _ manifest: Manifest, _ setup: Bench.Setup, _ task: ProviderTask)
        async throws
    {
        let log = EventLog()
        let outcome = try await setup.host.run(task, into: setup.folder, events: log.add)
        expectPaid(0, setup.provider)
        expectNoKey(outcome, log)
        switch outcome {
        case .rejected(let rejection):
            expect(rejection.kind == kind, "refused as \(rejection.kind), expected \(kind)")
            expect(!rejection.message.isEmpty, "the refusal says nothing")
        case .unknown where !manifest.recognises(kind, in: .submit): break
        default: fail("expected a refusal (\(kind)), found \(outcome)")
        }
    }
}
