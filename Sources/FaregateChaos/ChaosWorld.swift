import Faregate
import FaregateProviders
import FaregateSandbox
import FaregateTasks
import FaregateTesting
import Synchronization

/// The process died here.
struct SimulatedCrash: Error {}

/// What outlives a crash in one run: the providers, the disk, the clock; and what decides when the next crash comes.
final class ChaosWorld: Sendable {
    static let price = StatedAmount(amount: "0.4", unit: "USD")

    private struct State {
        /// Steps of the store since the last start, and over all.
        var step = 0
        var totalStep = 0
        var crashes: [Int]
        var isDead = false
        /// Nothing goes wrong any more.
        var isCalm = false
        var skew = Duration.zero
        var admitted: Set<String> = []
        var isCancelled = false
        var isDiskLimited = false
        var isEngineOver = false
        var crashCount = 0
        var callbacks: [SandboxCallback] = []
    }

    let plan: ChaosPlan
    let folder: String
    let clock = ManualClock(.skipping)
    let providers: [SimulatedProvider]
    private let state: Mutex<State>

    init(_ plan: ChaosPlan, folder: String) {
        (self.plan, self.folder) = (plan, folder)
        var settings = SandboxSettings()
        settings.progress = .polls(plan.pollCount)
        settings.faults = plan.faults
        (settings.searchDelay, settings.addressLife) = (plan.searchDelay, plan.addressLife)
        // As short as we take it to be where no page says.
        settings.keyLife = EngineSettings().replayWindow
        settings.now = { [clock] in Self.start.advanced(by: clock.now.offset).utc }
        providers = plan.manifests.map { [clock] manifest in
            let charge = plan.charge(at: manifest)
            return SimulatedProvider(manifest, settings: settings, clock: clock) { _, _ in
                .accept(charge: charge, medium: .video)
            }
        }
        self.state = Mutex(State(crashes: plan.crashes))
    }

    private static let start = Timestamp(milliseconds: 1_795_000_000_000)

    var isDead: Bool { state.withLock { $0.isDead } }
    var crashCount: Int { state.withLock { $0.crashCount } }
    /// The engine came to an end, by itself or because it was stopped.
    var isEngineOver: Bool { state.withLock { $0.isEngineOver } }

    func noteEngineEnd() { state.withLock { $0.isEngineOver = true } }

    /// The prompts of the tasks that were admitted.
    var admitted: Set<String> { state.withLock { $0.admitted } }

    func noteAdmission(_ number: Int) { state.withLock { _ = $0.admitted.insert(prompt(number)) } }

    private func prompt(_ number: Int) -> String { "task \(number) of run \(plan.seed)" }

    /// The task that is to be stopped now; told once.
    func takeCancel() -> Int? {
        state.withLock { state in
            guard let cancel = plan.cancel, state.totalStep >= cancel.step, !state.isCancelled else { return nil }
            state.isCancelled = true
            return cancel.task
        }
    }

    /// Whether the disk has to become full, or empty, now; `nil` where it stays as it is.
    func diskChange() -> Bool? {
        state.withLock { state in
            let isFull = plan.fullDisk.map { $0.isReal && !state.isCalm && $0.steps.contains(state.totalStep) } ?? false
            guard isFull != state.isDiskLimited else { return nil }
            state.isDiskLimited = isFull
            return isFull
        }
    }

    /// The wall clock, with its jumps.
    var now: Timestamp {
        Self.start.advanced(by: clock.now.offset + state.withLock { $0.skew })
    }

    /// A new process begins.
    func start() {
        state.withLock { state in
            (state.isDead, state.step, state.isDiskLimited, state.isEngineOver) = (false, 0, false, false)
        }
    }

    /// Nothing goes wrong any more: what is left must come to an end.
    func calm() {
        state.withLock { $0.isCalm = true }
        for provider in providers { provider.inject(.none) }
    }

    /// Every step of the store: the place to die, to have no room, to find the clock moved.
    func probe(_ point: StorePoint) throws {
        enum Verdict { case go, die, full }
        let verdict: Verdict = state.withLock { state in
            if state.isDead { return .die }
            state.step += 1
            state.totalStep += 1
            if let jump = plan.jump, jump.step == state.totalStep { state.skew += jump.by }
            if let crash = state.crashes.first, state.step >= crash {
                state.crashes.removeFirst()
                (state.isDead, state.crashCount) = (true, state.crashCount + 1)
                return .die
            }
            let isWriting = point == .beforeWrite || point == .beforeCommit
            if !state.isCalm, isWriting, let disk = plan.fullDisk, !disk.isReal,
                disk.steps.contains(state.totalStep)
            {
                return .full
            }
            return .go
        }
        switch verdict {
        case .go: return
        case .die: throw SimulatedCrash()
        case .full: throw StoreError(.diskFull, "there is no room on the disk for the state")
        }
    }

    // MARK: Callbacks

    func post(_ callback: SandboxCallback) { state.withLock { $0.callbacks.append(callback) } }

    func takeCallbacks() -> [SandboxCallback] {
        state.withLock { state in
            defer { state.callbacks = [] }
            return state.callbacks
        }
    }

    /// The hosts of a process that is alive for as long as this world says so.
    func hosts() throws -> [String: ProviderHost] {
        let sandbox = SandboxTransport(providers, clock: clock, onCallback: { self.post($0) })
        let transport = MortalTransport(transport: sandbox, isDead: { self.isDead })
        var hosts: [String: ProviderHost] = [:]
        for manifest in plan.manifests {
            hosts[manifest.id] = ProviderHost(
                codec: ManifestCodec(manifest), access: try ProviderAccess(simulated: manifest.traits),
                transport: transport, clock: clock, random: { 0.5 })
        }
        return hosts
    }

    /// What is wanted, the same after each start.
    func order(_ number: Int) -> TaskOrder {
        let prompt = prompt(number)
        var order = TaskOrder(
            project: "chaos",
            offers: plan.manifests.map { manifest in
                Offer(
                    provider: manifest.id, model: "clip", medium: .video, body: ["prompt": .string(prompt)],
                    worstCase: Self.price.amount, unit: manifest.traits.billing.unit, usdPerUnit: .one)
            }, outputFolder: "\(folder)/out")
        order.policy.usesAlternatives = plan.manifests.count > 1
        order.idempotencyKey = prompt
        if plan.allowsDuplicates { order.policy.maxDuplicateUSD = Self.price.amount }
        return order
    }
}

/// A transport of a process that can die: a dead process sends nothing.
struct MortalTransport: HTTPTransport {
    let transport: SandboxTransport
    let isDead: @Sendable () -> Bool

    private func check() throws(TransportError) {
        if isDead() { throw TransportError(.notSent, .cancelled, "the process is dead") }
    }

    func send(_ request: OutgoingRequest, limits: CallLimits) async throws(TransportError) -> HTTPReply {
        try check()
        return try await transport.send(request, limits: limits)
    }

    func fetch(
        _ request: OutgoingRequest, publicOnly: Bool, limits: CallLimits, begin: (Int, [HTTPHeader]) throws -> Void,
        receive: ([UInt8]) throws -> Void
    ) async throws {
        try check()
        try await transport.fetch(request, publicOnly: publicOnly, limits: limits, begin: begin, receive: receive)
    }
}
