import Faregate
import FaregateProviders
import FaregateSandbox
import FaregateTesting
import Foundation
import Synchronization
import Testing

@testable import FaregateTasks

/// A store, a simulated provider and a clock that skips its waits; engines come and go.
final class Workbench: Sendable {
    static let price = StatedAmount(amount: "0.4", unit: "USD")
    static let start = Timestamp(milliseconds: 1_795_000_000_000)

    let folder: String
    let store: TaskStore
    let provider: SimulatedProvider
    let clock = ManualClock(.skipping)
    let log = NoticeLog()
    let callbacks = CallbackLog()
    /// How far our wall clock was set.
    let skew = Setting(Duration.zero)
    /// What the engines to come have as the provider's key.
    let key = Setting("key")
    private let manifest: Manifest
    private let settings: EngineSettings
    private let hostSettings: HostSettings
    private let faults: [FaultSetting]

    init(
        _ folder: String, _ manifest: Manifest, faults: [FaultSetting] = [], sandbox: SandboxSettings? = nil,
        settings: EngineSettings = EngineSettings(), hostSettings: HostSettings = HostSettings()
    ) throws {
        (self.folder, self.manifest, self.settings) = (folder, manifest, settings)
        (self.hostSettings, self.faults) = (hostSettings, faults)
        store = try TaskStore(folder: folder + "/state")
        var sandbox = sandbox ?? SandboxSettings()
        if case .time = sandbox.progress { sandbox.progress = .polls(3) }
        sandbox.faults = FaultPlan(faults)
        sandbox.now = { [clock] in Self.start.advanced(by: clock.now.offset).utc }
        provider = SimulatedProvider(manifest, settings: sandbox, clock: clock) { _, _ in
            .accept(charge: Self.price, medium: .video)
        }
    }

    /// A new engine, as after a start of the program.
    func engine(webhooks: (any HTTPTransport)? = nil, settings: EngineSettings? = nil) throws -> TaskEngine {
        let host = try host()
        let (clock, log, skew) = (clock, log, skew)
        return TaskEngine(
            store: store, hosts: [manifest.id: host], settings: settings ?? self.settings, clock: clock,
            now: { Self.start.advanced(by: clock.now.offset + skew.value) }, webhooks: webhooks, notices: log.add)
    }

    private func host() throws -> ProviderHost {
        ProviderHost(
            codec: ManifestCodec(manifest), access: try ProviderAccess(simulated: manifest.traits, key: key.value),
            transport: SandboxTransport([provider], clock: clock, onCallback: callbacks.add),
            settings: hostSettings, clock: clock, random: { 0.5 })
    }

    var order: TaskOrder {
        TaskOrder(
            offers: [
                Offer(
                    provider: manifest.id, model: "clip", medium: .video, body: ["prompt": "a boat"],
                    worstCase: Self.price.amount, unit: Self.price.unit)
            ], outputFolder: folder + "/out")
    }

    /// Lets an engine work while the body runs; then it is stopped.
    func working<Result: Sendable>(
        webhooks: (any HTTPTransport)? = nil, settings: EngineSettings? = nil,
        _ body: (TaskEngine) async throws -> Result
    ) async throws -> Result {
        let engine = try engine(webhooks: webhooks, settings: settings)
        let running = Task { try await engine.run() }  // ends below: it is stopped and waited for
        do {
            let result = try await body(engine)
            engine.stop()
            try await running.value
            return result
        } catch {
            engine.stop()
            _ = try? await running.value
            throw error
        }
    }

    /// Carries one task as far as it gets.
    @discardableResult
    func carry(_ order: TaskOrder? = nil) async throws -> DurableTask {
        let id = try await working { engine in
            let id = try await engine.admit(order ?? self.order).taskID
            try await log.settled(id)
            return id
        }
        return try await store.read { try $0.task(id) }
    }

    /// A task whose request a process sent that ended before it heard of it. The provider made it.
    func sentBeforeACrash(_ order: TaskOrder? = nil) async throws -> String {
        var order = order ?? self.order
        order.offers[0].destination = try host().destination
        let (wanted, body) = (order, order.offers[0].body)
        let id = try await store.transact(at: Self.start) { store in
            let (admission, attempt) = try store.admit(wanted, id: "t-1")
            let marks = SubmissionMarks(
                idempotencyKey: "t-1-1", callbackToken: "token", requestDigest: sha256(body.text()))
            if let attempt { _ = try store.begin(attempt.id, marks, meansless: []) }
            return admission.taskID
        }
        _ = try await host().submit(
            ProviderTask(model: "clip", body: body, medium: .video, idempotencyKey: "t-1-1"))
        return id
    }

    /// Another client of the same account orders something.
    func orderElsewhere(_ prompt: String) {
        provider.inject(.none)
        let body = JSONValue.object(JSONObject([("prompt", .string(prompt))])).text()
        let request = SandboxRequest(
            method: "POST", target: "/tasks", headers: [HTTPHeader("Authorization", "Bearer key")],
            body: Array(body.utf8), base: "http://127.0.0.1:1")
        _ = provider.answer(request)
        provider.inject(FaultPlan(faults))
    }

    func attempts(_ task: String) async throws -> [Attempt] { try await store.read { try $0.attempts(of: task) } }

    /// The lines of the ledger as words.
    func lines() async throws -> [String] {
        try await store.ledger().map {
            "\($0.entry.kind) \($0.entry.amount.map(\.description) ?? "?") \($0.entry.basis)"
        }
    }

    /// The files in the folder of results.
    var files: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/out")) ?? []).sorted()
    }
}

/// What an engine told.
final class NoticeLog: Sendable {
    private let all = Mutex<[TaskNotice]>([])

    @Sendable func add(_ notice: TaskNotice) { all.withLock { $0.append(notice) } }

    var notices: [TaskNotice] { all.withLock { $0 } }

    var alarms: [Alarm] { notices.compactMap { if case .alarm(let alarm) = $0.event { alarm } else { nil } } }

    struct TooLong: Error {}

    /// Waits until something was told.
    func wait(for condition: @Sendable (TaskNotice) -> Bool) async throws {
        for _ in 0..<60_000 {
            if notices.contains(where: condition) { return }
            try await Task.sleep(for: .milliseconds(1))
        }
        Issue.record("it was not told in time")
        throw TooLong()
    }

    /// Waits until a task ended or needs a person.
    func settled(_ id: String) async throws {
        try await wait { notice in
            guard notice.task == id, case .task(let task) = notice.event else { return false }
            return task.state.isEnded || task.state == .unresolved
        }
    }
}

/// Something that a test changes while engines work.
final class Setting<Value: Sendable>: Sendable {
    private let current: Mutex<Value>

    init(_ value: Value) { current = Mutex(value) }

    var value: Value { current.withLock { $0 } }
    func set(_ value: Value) { current.withLock { $0 = value } }
}

/// What a simulated provider posted.
final class CallbackLog: Sendable {
    private let callbacks = Mutex<[SandboxCallback]>([])

    @Sendable func add(_ callback: SandboxCallback) { callbacks.withLock { $0.append(callback) } }
    var all: [SandboxCallback] { callbacks.withLock { $0 } }
}
