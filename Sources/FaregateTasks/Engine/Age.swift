/// One instant by both clocks: the wall clock, which can be set, and the engine's own, which only goes on.
struct Moment: Sendable {
    let wall: Timestamp
    /// Since the engine was made.
    let elapsed: Duration
}

/// How long ago something happened. What happened before this process began, only the wall clock tells, and it may
/// have been set since; from then on a clock counts that nobody sets.
struct Age: Sendable {
    private let since: Duration
    /// The age at that time by the wall clock; `nil` where that clock was set back, so that nobody knows.
    private let before: Duration?

    /// - Parameter isTrusted: The wall clock is not behind what it showed before.
    init(of instant: Timestamp, at moment: Moment, isTrusted: Bool) {
        since = moment.elapsed
        before = isTrusted && instant <= moment.wall ? moment.wall.since(instant) : nil
    }

    /// Surely so long ago.
    func atLeast(_ moment: Moment) -> Duration { moment.elapsed - since }

    /// Probably so long ago; at least ``atLeast(_:)``.
    func likely(_ moment: Moment) -> Duration { (before ?? .zero) + moment.elapsed - since }

    /// Not longer ago, as far as clocks go; `nil` where nobody knows.
    func atMost(_ moment: Moment) -> Duration? { before.map { $0 + moment.elapsed - since } }
}
