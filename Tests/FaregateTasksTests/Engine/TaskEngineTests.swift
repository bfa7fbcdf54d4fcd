import Faregate
import FaregateProviders
import FaregateSandbox
import Foundation
import Synchronization
import Testing

@testable import FaregateTasks

@Suite("The engine carries tasks to their results")
struct TaskEngineTests {
    @Test("One submission, one capture, one file", arguments: Manifests.real)
    func succeeds(_ id: String) async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.real(id))
            let task = try await bench.carry()
            #expect(task.state == .succeeded)
            #expect(bench.provider.ledger.submitCount == 1)
            #expect(try await bench.attempts(task.id).map(\.state) == [.succeeded])
            #expect(try await bench.lines().map { $0.split(separator: " ")[0] } == ["hold", "capture"])
            #expect(bench.files.count == 1, "\(bench.files)")
        }
    }

    struct FaultCase: Sendable, CustomTestStringConvertible {
        let fault: Fault
        let task: TaskState
        let attempt: AttemptState
        let submits: Int
        let lines: [String]
        var testDescription: String { fault.rawValue }
    }

    static let spent = ["hold 0.4 quoted", "capture 0.4 quoted"]
    static let given = ["hold 0.4 quoted", "release 0.4 quoted"]
    static let held = ["hold 0.4 quoted"]

    static let faultCases: [FaultCase] = [
        FaultCase(fault: .replyLostAfterAccept, task: .unresolved, attempt: .unknown, submits: 1, lines: held),
        FaultCase(fault: .replyLostBefore, task: .unresolved, attempt: .unknown, submits: 1, lines: held),
        FaultCase(fault: .serverError, task: .unresolved, attempt: .unknown, submits: 1, lines: held),
        FaultCase(fault: .html, task: .unresolved, attempt: .unknown, submits: 1, lines: held),
        FaultCase(fault: .truncatedBody, task: .unresolved, attempt: .unknown, submits: 1, lines: held),
        FaultCase(fault: .redirect, task: .unresolved, attempt: .unknown, submits: 1, lines: held),
        FaultCase(fault: .slow, task: .unresolved, attempt: .unknown, submits: 1, lines: held),
        FaultCase(fault: .taskFails, task: .failed, attempt: .failed, submits: 1, lines: given),
        FaultCase(
            fault: .tooManyRequests, task: .failed, attempt: .rejected, submits: 3, lines: given + given + given),
        FaultCase(fault: .errorInOK, task: .failed, attempt: .rejected, submits: 1, lines: given),
    ]

    @Test("How far an attempt is, is kept, and is no part of its history")
    func progress() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.real("ninjachat"))
            let task = try await bench.carry()
            #expect(task.state == .succeeded, "\(task.note ?? "")")
            let record = try await bench.store.record(task.id)
            let percent = try #require(record.attempts.first?.progressPercent)
            #expect((1...99).contains(percent))
            #expect(record.events.filter { $0.name == "observe_running" }.count == 1)
            let told = bench.log.notices.compactMap { notice -> Double? in
                if case .progress(let fraction, _) = notice.event { fraction } else { nil }
            }
            #expect(told.last.map { Int(($0 * 100).rounded()) } == percent)
        }
    }

    @Test("Whatever goes wrong with the submit, nothing is paid twice and the books say it", arguments: faultCases)
    func faults(_ sample: FaultCase) async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented(), faults: [FaultSetting(sample.fault)])
            let task = try await bench.carry()
            #expect(task.state == sample.task, "\(task.note ?? "")")
            #expect(try await bench.attempts(task.id).last?.state == sample.attempt)
            #expect(bench.provider.ledger.submitCount == sample.submits)
            #expect(bench.provider.ledger.tasks.count <= 1)
            #expect(try await bench.lines() == sample.lines)
        }
    }

    @Test(
        "Trouble with polls and downloads is lived with",
        arguments: [
            "poll:html", "poll:flapping-status", "poll:unknown-status", "poll:server-error*5", "poll:reply-lost-before",
            "poll:too-many-requests*3", "poll:truncated-body", "file:html", "file:server-error*3",
            "file:reply-lost-before*4", "file:truncated-body",
        ])
    func trouble(_ fault: String) async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(
                folder, try Manifests.invented(), faults: [try #require(FaultSetting(parsing: fault))])
            let task = try await bench.carry()
            #expect(task.state == .succeeded, "\(task.note ?? "")")
            #expect(!bench.log.alarms.isEmpty)
            #expect(bench.provider.ledger.submitCount == 1)
            #expect(bench.files.count == 1)
            #expect(try await bench.lines() == Self.spent)
        }
    }

    @Test("A result that cannot be fetched leaves the task to a person, billed; the next start fetches it")
    func undelivered() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(
                folder, try Manifests.invented(), faults: [FaultSetting(.html, in: .file, count: 100_000)])
            let task = try await bench.carry()
            #expect(task.state == .unresolved)
            #expect(task.note?.contains("made and billed") == true, "\(task.note ?? "")")
            #expect(try await bench.lines() == Self.spent)
            bench.provider.inject(.none)
            try await bench.working { _ in
                try await bench.log.wait {
                    if case .task(let moved) = $0.event { moved.state == .succeeded } else { false }
                }
            }
            #expect(bench.files.count == 1, "\(bench.files)")
        }
    }

    @Test("What was fetched and is gone is fetched anew, at a new address where the old one leads nowhere")
    func goneFile() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            let id = Attempt.ID(task: try await bench.sentBeforeACrash(), number: 1)
            bench.provider.finish("acme-1")
            try await bench.store.transact(at: Workbench.start) { store in
                _ = try store.conclude(.accept(providerTaskID: "acme-1", charge: nil), of: id, meansless: [])
                _ = try store.conclude(.succeed(charge: nil), of: id, meansless: [])
                let address = SandboxTransport.baseAddress(of: "acme") + "/files/gone.mp4"
                _ = try store.keep(TaskResult(addresses: [address]), of: id, countMax: 9)
                var file = try store.reader.results(of: id)[0]
                (file.state, file.staged, file.path, file.bytes) = (.staged, folder + "/gone", folder + "/out/a", 9)
                try store.update(file)
            }
            try await bench.working { _ in try await bench.log.settled(id.task) }
            #expect(try await bench.store.read { try $0.task(id.task) }.state == .succeeded)
            #expect(bench.files.count == 1, "\(bench.files)")
        }
    }

    @Test("A link that leads nowhere takes its name as a file does")
    func danglingLink() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            try FileManager.default.createDirectory(
                atPath: folder + "/out", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/out/acme-1-1.mp4", withDestinationPath: folder + "/nowhere")
            #expect(try await bench.carry().state == .succeeded)
            #expect(bench.files == ["acme-1-1.mp4", "acme-1-1_2.mp4"])
        }
    }

    @Test("A late plan for an attempt that has succeeded meanwhile does not replace the fetching of its results")
    func latePlan() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            let id = Attempt.ID(task: try await bench.sentBeforeACrash(), number: 1)
            let (accepted, succeeded) = try await bench.store.transact(at: Workbench.start) { store in
                (
                    try store.conclude(.accept(providerTaskID: "acme-1", charge: nil), of: id, meansless: []).attempt,
                    try store.conclude(.succeed(charge: nil), of: id, meansless: []).attempt
                )
            }
            let engine = try bench.engine()
            engine.plan(succeeded)
            // As somebody would who looked just before it succeeded.
            engine.plan(accepted)
            let due = engine.state.withLock { $0.agenda.takeDue(at: .seconds(3600)) }
            #expect(due.map(\.errand) == [Errand(kind: .deliver, attempt: id)])
        }
    }

    @Test("A start fetches whatever was made, also where another attempt at the task waits, or the task has ended")
    func recoversResults() async throws {
        for isEnded in [false, true] {
            try await withTemporaryFolder { folder in
                let bench = try Workbench(folder, try Manifests.invented())
                var order = bench.order
                order.policy.maxDuplicateUSD = 1
                let id = Attempt.ID(task: try await bench.sentBeforeACrash(order), number: 1)
                try await bench.store.transact(at: Workbench.start) { store in
                    let lost = Ambiguity(code: .interrupted, message: "lost")
                    _ = try store.conclude(.lose(lost), of: id, meansless: [])
                    _ = try store.conclude(.accept(providerTaskID: "acme-1", charge: nil), of: id, meansless: [])
                    _ = try store.conclude(.succeed(charge: nil), of: id, meansless: [])
                    let address = SandboxTransport.baseAddress(of: "acme") + "/files/acme-1.mp4"
                    _ = try store.keep(TaskResult(addresses: [address]), of: id, countMax: 9)
                    if isEnded { try store.apply(.succeed, to: id.task) }
                    #expect(try store.reader.undelivered().map(\.id) == [id])
                }
                #expect(try await bench.attempts(id.task).map(\.state) == [.succeeded, .reserved])
                try await bench.working { _ in
                    for _ in 0..<20_000 where bench.files.filter({ !$0.hasPrefix(".") }).isEmpty {
                        try await Task.sleep(for: .milliseconds(1))
                    }
                }
                #expect(bench.files.filter { !$0.hasPrefix(".") } == ["acme-1-1.mp4"])
                #expect(bench.provider.ledger.submitCount == 1)
            }
        }
    }

    @Test("After a crash what may have been sent is unknown, and is not sent again")
    func crash() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            let (admission, _) = try await bench.store.admit(bench.order, id: "t1", at: Workbench.start)
            let id = Attempt.ID(task: admission.taskID, number: 1)
            try await bench.store.transact(at: Workbench.start) { store in
                let marks = SubmissionMarks(idempotencyKey: "k", callbackToken: "c", requestDigest: "d")
                _ = try store.conclude(.submit(marks), of: id, meansless: ["acme"])
            }
            try await bench.working { _ in try await Task.sleep(for: .milliseconds(50)) }
            let attempt = try await bench.store.read { try $0.attempt(id) }
            #expect(attempt.state == .unknown)
            #expect(attempt.trouble?.code == "submit.interrupted")
            #expect(bench.provider.ledger.submitCount == 0)
            #expect(try await bench.store.read { try $0.task("t1") }.state == .unresolved)
        }
    }

    @Test("What was admitted and not sent is sent by the next start")
    func queued() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            _ = try await bench.store.admit(bench.order, id: "t1", at: Workbench.start)
            try await bench.working { _ in try await bench.log.settled("t1") }
            #expect(try await bench.store.read { try $0.task("t1") }.state == .succeeded)
            #expect(bench.provider.ledger.submitCount == 1)
        }
    }

    @Test("A task that never ends is asked for until patience ends, and is then taken for spent")
    func neverEnds() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented(), faults: [FaultSetting(.neverEnds)])
            let task = try await bench.carry()
            #expect(task.state == .failed)
            #expect(task.note?.contains("taken for spent") == true, "\(task.note ?? "")")
            #expect(try await bench.lines() == ["hold 0.4 quoted", "capture 0.4 assumed"])
            #expect(bench.log.notices.contains { if case .overdue = $0.event { true } else { false } })
        }
    }

    @Test("A missing key stops a task before anything is stored")
    func noKey() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            let manifest = try Manifests.invented()
            let host = ProviderHost(
                codec: ManifestCodec(manifest), access: try ProviderAccess(manifest.traits, environment: [:]),
                transport: SandboxTransport([bench.provider], clock: bench.clock))
            let engine = TaskEngine(store: bench.store, hosts: ["acme": host], now: { Workbench.start })
            let error = await #expect(throws: PluginError.self) { try await engine.admit(bench.order) }
            #expect(error?.code == .keyMissing)
            #expect(try await bench.lines().isEmpty)
        }
    }

    @Test("More open tasks than allowed are refused before anything is stored")
    func bounded() async throws {
        try await withTemporaryFolder { folder in
            var settings = EngineSettings()
            settings.openTaskCountMax = 2
            let bench = try Workbench(folder, try Manifests.invented(), settings: settings)
            let engine = try bench.engine()
            _ = try await engine.admit(bench.order)
            _ = try await engine.admit(bench.order)
            await expect(.queueFull) { _ = try await engine.admit(bench.order) }
            #expect(try await bench.lines().count == 2)
        }
    }

    @Test("What waits is withdrawn when somebody wants it stopped; nothing is sent")
    func cancelQueued() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            let engine = try bench.engine()
            let id = try await engine.admit(bench.order).taskID
            try await engine.cancel(id)
            try await bench.working { _ in try await bench.log.settled(id) }
            #expect(try await bench.store.read { try $0.task(id) }.state == .cancelled)
            #expect(bench.provider.ledger.submitCount == 0)
            #expect(try await bench.lines() == Self.given)
        }
    }

    @Test("What is not sent is withdrawn at once, also where its provider cannot be worked with")
    func cancelWithoutHost() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Workbench(folder, try Manifests.invented())
            let id = try await bench.engine().admit(bench.order).taskID
            try await TaskEngine(store: bench.store, hosts: [:], now: { Workbench.start }).cancel(id)
            #expect(try await bench.store.read { try $0.task(id) }.state == .cancelled)
            #expect(try await bench.lines() == Self.given)
        }
    }
}
