import FaregateProviders

/// How one open attempt is followed. Lives in memory alone: after a restart it begins anew, with a poll at once.
struct Following {
    let provider: String
    var state: AttemptState
    /// What asks for it; `nil` before the provider gave it an id.
    var handle: TaskHandle?
    var schedule: PollSchedule
    /// Refusals to tell, in a row.
    var refusalCount = 0
    var reconcileCount = 0
    /// When the request was sent again under the same key, on the engine's clock.
    var replayedAt: Duration?
    /// How often, beyond all patience, the provider told this process that it goes on, or that there is no such task.
    var wordCount = 0
    /// The id that a callback brought before the submit's own answer.
    var calledBackID: String?
    var deliveryCount = 0
    var isDelivering = false
    var isOverdue = false
    /// How far it was when that was last noted.
    var progressPercent: Int?
    var isCancelRequested: Bool
    var wasCancelAsked = false
    /// Since it was sent.
    var submitted: Age?
    /// Since the provider gave it an id.
    var accepted: Age?
    private let isTrusted: Bool

    /// - Parameter isTrusted: The wall clock is not behind what it showed before.
    init(_ attempt: Attempt, _ host: ProviderHost, isResumed: Bool, at moment: Moment, isTrusted: Bool) {
        self.isTrusted = isTrusted
        (provider, state) = (attempt.provider, attempt.state)
        schedule = PollSchedule(
            host.codec.traits.polling(for: attempt.medium), settings: host.settings, isResumed: isResumed)
        (isCancelRequested, progressPercent) = (attempt.isCancelRequested, attempt.progressPercent)
        update(attempt, at: moment)
    }

    /// Takes over what the store knows.
    mutating func update(_ attempt: Attempt, at moment: Moment) {
        (state, handle, isCancelRequested) = (attempt.state, attempt.handle, attempt.isCancelRequested)
        submitted = submitted ?? attempt.submittedAt.map { Age(of: $0, at: moment, isTrusted: isTrusted) }
        accepted = accepted ?? attempt.acceptedAt.map { Age(of: $0, at: moment, isTrusted: isTrusted) }
    }

    /// Whether an errand of a kind still makes sense.
    func awaits(_ kind: Errand.Kind) -> Bool { isDelivering ? kind == .deliver : state.errand == kind }

    /// Whether it counts among the tasks that the provider works on at once. One that nobody knows of counts for as
    /// long as such tasks take.
    func occupiesPlace(_ moment: Moment) -> Bool {
        guard state == .unknown, let submitted else { return state.isAtProvider }
        return submitted.likely(moment) <= schedule.timeout
    }

    /// How long to wait before the next errand.
    func firstWait(_ attempt: Attempt, at now: Timestamp, jitter: Double) -> Duration {
        switch attempt.state {
        case .reserved:
            // A wall clock that was set back does not make the wait longer than it was meant.
            attempt.notBefore.map { min(max($0.since(now), .zero), $0.since(attempt.plannedAt)) } ?? .zero
        case .accepted, .running: schedule.nextWait(random: jitter)
        default: .zero
        }
    }
}
