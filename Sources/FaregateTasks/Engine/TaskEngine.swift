public import FaregateProviders
public import ServiceLifecycle
import Synchronization

/// Carries tasks to their results, through crashes, lost replies and slow providers, and never pays twice.
///
/// Guarantees:
/// - What may cost money is stored before the first byte is sent: the budget's hold, the intent, the marks that find
///   the submission again.
/// - An attempt is sent once. After a crash, what may have been sent is unknown, and unknown is looked for, not resent.
/// - A result that comes late is kept. A task that was admitted ends in a state and in lines of the ledger.
public final class TaskEngine: Service {
    let store: TaskStore
    let hosts: [String: ProviderHost]
    let settings: EngineSettings
    let clock: any Clock<Duration>
    let watch: Stopwatch
    let now: @Sendable () -> Timestamp
    let identifiers: Identifiers
    let tell: @Sendable (TaskNotice) -> Void
    let state = Mutex(State())
    /// Wakes the loop: something was planned or finished.
    private let wake = WakeSignal()
    /// A notice may wait to be sent.
    let outboxWake = WakeSignal()
    private let webhooks: (any HTTPTransport)?

    /// What changes while it works.
    struct State {
        var agenda = Agenda()
        /// How each open attempt is asked for.
        var followings: [Attempt.ID: Following] = [:]
        var progress = ProgressNotes()
        var openTaskCount = 0
        /// Addresses that a notice is on its way to.
        var noticeAddresses: Set<String> = []
        /// What earlier processes left is taken up.
        var isRecovered = false
        var isStopping = false
        /// The wall clock is behind what earlier processes noted.
        var isClockBehind = false
        /// What no errand can live with: it ends the engine.
        var failure: (any Error)?
    }

    /// - Parameters:
    ///   - hosts: By provider. Attempts at a provider that is not among them are kept and left alone.
    ///   - clock: For waits.
    ///   - now: The wall clock, for records.
    ///   - random: 64 random bits that nobody can guess; also for jitter.
    ///   - webhooks: Sends notices to the addresses that orders name, signed by `settings.webhookSigner`; `nil` leaves
    ///     them in the outbox.
    ///   - notices: Told what happens, from any thread; must be quick.
    public init(
        store: TaskStore, hosts: [String: ProviderHost], settings: EngineSettings = EngineSettings(),
        clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Timestamp,
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) },
        webhooks: (any HTTPTransport)? = nil,
        notices: @escaping @Sendable (TaskNotice) -> Void = { _ in }
    ) {
        (self.store, self.hosts, self.settings, self.clock) = (store, hosts, settings, clock)
        (self.now, identifiers, tell) = (now, Identifiers(random: random), notices)
        (watch, self.webhooks) = (Stopwatch(clock), webhooks)
        state.withLock { state in
            for (id, host) in hosts { state.agenda.open(id, host.codec.traits, settings: settings) }
        }
    }

    /// Works until it is asked to stop: on what ``recover(only:)`` took up before, or else on everything that the store
    /// holds.
    ///
    /// Graceful shutdown and cancellation do the same: nothing new is begun, questions are broken off, and a submit
    /// that is under way is waited for, so that its answer is stored.
    public func run() async throws {
        if !state.withLock({ $0.isRecovered }) { try await recover() }
        await withTaskCancellationOrGracefulShutdownHandler {
            await work()
        } onCancelOrGracefulShutdown: {
            self.stop()
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// Ends ``run()`` as graceful shutdown does.
    public func stop() {
        state.withLock { $0.isStopping = true }
        wake.set()
        outboxWake.set()
    }

    private func work() async {
        await withDiscardingTaskGroup { group in
            if let webhooks { group.addTask { await self.announce(webhooks) } }
            while true {
                let elapsed = watch.elapsed
                let (due, next, isStopping) = state.withLock { state in
                    state.isStopping
                        ? ([], nil, true)
                        : (state.agenda.takeDue(at: elapsed), state.agenda.nextDue(after: elapsed), false)
                }
                if isStopping { break }
                for (errand, provider) in due {
                    group.addTask { await self.carryOut(errand, at: provider) }
                }
                await wait(for: next)
            }
            group.cancelAll()
        }
    }

    /// Waits until something happens or is due.
    private func wait(for due: Duration?) async {
        guard let due else { return await wake.wait() }
        let remaining = due - watch.elapsed
        if remaining <= .zero { return }
        // Ends with this function, which cancels it.
        let timer = Task {
            try await clock.sleep(for: remaining)
            wake.set()
        }
        defer { timer.cancel() }
        await wake.wait()
    }

    private func carryOut(_ errand: Errand, at provider: String) async {
        do {
            switch errand.kind {
            case .submit: try await uninterrupted { try await self.submit(errand.attempt) }
            case .poll: try await poll(errand.attempt)
            case .reconcile: try await reconcile(errand.attempt)
            case .deliver: try await deliver(errand.attempt)
            }
        } catch {
            await recover(from: error, in: errand)
        }
        state.withLock { $0.agenda.finished(errand, at: provider) }
        wake.set()
    }

    /// Carries out to its end what must not be broken off: a request that costs money, and the storing of its answer.
    func uninterrupted(_ work: @escaping @Sendable () async throws -> Void) async throws {
        // Not a child: cancellation does not reach it. It ends within this call, which waits for it.
        try await Task { try await work() }.value
    }

    /// An errand that could not be carried out is tried again where that costs nothing; anything else ends the engine.
    private func recover(from error: any Error, in errand: Errand) async {
        switch error {
        case is CancellationError: return
        case let error as StoreError where error.code != .unreadable:
            let message = "\(error.message): nothing more is sent, and it is tried again until it can be stored"
            say(errand.attempt.task, .alarm(Alarm(code: error.code.rawValue, message: message)))
            retry(errand, after: .seconds(5))
        case is IllegalTransition:
            // Somebody else moved it meanwhile: look again.
            do {
                let attempt = try await store.read { try $0.attempt(errand.attempt) }
                plan(attempt)
            } catch is CancellationError {
                return  // the engine is being stopped; the next start looks
            } catch {
                fail(error)
            }
        default: fail(error)
        }
    }

    func fail(_ error: any Error) {
        state.withLock { state in
            state.failure = state.failure ?? error
            state.isStopping = true
        }
        wake.set()
    }

    // MARK: For the errands

    /// Wakes the loop.
    func signal() { wake.set() }

    /// Tells, after it is stored.
    func say(_ task: String, _ event: TaskNotice.Event) {
        tell(TaskNotice(task: task, event: event))
        if case .task = event { outboxWake.set() }
    }

    /// Now, by both clocks.
    var moment: Moment { Moment(wall: now(), elapsed: watch.elapsed) }

    /// Random, from 0 to 1.
    var jitter: Double { Double(identifiers.random() >> 11) / Double(1 << 53) }

    /// Plans an errand again.
    func retry(_ errand: Errand, after wait: Duration) {
        let moment = moment
        state.withLock { state in
            // Somebody else may have moved it meanwhile, and planned what is next.
            guard let following = state.followings[errand.attempt], following.awaits(errand.kind) else { return }
            state.agenda.plan(
                errand, for: following.provider, due: moment.elapsed + wait,
                isAtProvider: following.occupiesPlace(moment))
        }
        wake.set()
    }

    /// Plans what is next for an attempt in its state; drops it where nothing is.
    func plan(_ attempt: Attempt, after wait: Duration? = nil) {
        if attempt.state == .succeeded { return planDelivery(of: attempt, after: .zero) }
        guard let host = hosts[attempt.provider], let kind = attempt.state.errand else { return drop(attempt.id) }
        let moment = moment
        let hasRoom = state.withLock { state in
            // What was read before it succeeded is out of date: its results are on their way.
            if state.followings[attempt.id]?.isDelivering == true { return true }
            var following =
                state.followings[attempt.id]
                ?? Following(
                    attempt, host, isResumed: attempt.state != .reserved, at: moment,
                    isTrusted: !state.isClockBehind)
            following.update(attempt, at: moment)
            let wait = wait ?? following.firstWait(attempt, at: moment.wall, jitter: jitter)
            state.followings[attempt.id] = following
            state.agenda.plan(
                Errand(kind: kind, attempt: attempt.id), for: attempt.provider, due: moment.elapsed + wait,
                isAtProvider: following.occupiesPlace(moment))
            return kind != .submit || state.agenda.hasRoom(at: attempt.provider)
        }
        if !hasRoom { sayThatItWaits(attempt, host) }
        wake.set()
    }

    private func sayThatItWaits(_ attempt: Attempt, _ host: ProviderHost) {
        let count = host.codec.traits.concurrentTasksMax ?? 0
        let message =
            "\(host.codec.traits.name) takes \(count) task\(count == 1 ? "" : "s") at once, and as many are under way: "
            + "it is sent when one of them has ended"
        say(attempt.id.task, .alarm(Alarm(code: "attempt.waits", message: message)))
    }

    func drop(_ id: Attempt.ID) {
        state.withLock { state in
            state.agenda.drop(id)
            state.followings[id] = nil
            state.progress.drop(id)
        }
        wake.set()
    }

    /// Does what is planned for an attempt at once.
    func hasten(_ id: Attempt.ID) {
        let due = watch.elapsed
        state.withLock { $0.agenda.hasten(id, due: due) }
        wake.set()
    }

    func host(_ attempt: Attempt.ID) throws -> ProviderHost {
        guard let provider = state.withLock({ $0.followings[attempt]?.provider }), let host = hosts[provider] else {
            throw CancellationError()
        }
        return host
    }
}

extension AttemptState {
    /// What is to be done for an attempt in this state.
    var errand: Errand.Kind? {
        switch self {
        case .reserved: .submit
        case .accepted, .running: .poll
        case .unknown: .reconcile
        default: nil
        }
    }
}
