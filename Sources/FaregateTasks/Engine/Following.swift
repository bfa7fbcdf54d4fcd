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
    var deliveryCount = 0
    var isOverdue = false
    /// How far it was when that was last noted.
    var progressPercent: Int?
    var isCancelRequested: Bool
    var wasCancelAsked = false
    var submittedAt: Timestamp?
    var acceptedAt: Timestamp?

    init(_ attempt: Attempt, _ host: ProviderHost, isResumed: Bool, at now: Timestamp) {
        (provider, state) = (attempt.provider, attempt.state)
        schedule = PollSchedule(
            host.codec.traits.polling(for: attempt.medium), settings: host.settings, isResumed: isResumed)
        (isCancelRequested, progressPercent) = (attempt.isCancelRequested, attempt.progressPercent)
        update(attempt)
    }

    /// Takes over what the store knows.
    mutating func update(_ attempt: Attempt) {
        (state, handle, isCancelRequested) = (attempt.state, attempt.handle, attempt.isCancelRequested)
        (submittedAt, acceptedAt) = (attempt.submittedAt, attempt.acceptedAt)
    }

    /// How long to wait before the next errand.
    func firstWait(_ attempt: Attempt, at now: Timestamp, jitter: Double) -> Duration {
        switch attempt.state {
        case .reserved: attempt.notBefore.map { max($0.since(now), .zero) } ?? .zero
        case .accepted, .running: schedule.nextWait(random: jitter)
        default: .zero
        }
    }
}
