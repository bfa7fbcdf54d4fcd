/// Decides how long to wait before the next poll: the provider's advice, backoff after trouble, a little jitter.
/// Pure.
package struct PollSchedule: Sendable {
    private let advice: PollingAdvice
    private let settings: HostSettings
    private var troubleCount = 0
    private var isFirst: Bool

    /// - Parameter isResumed: The task is not new: the first poll goes out at once.
    package init(_ advice: PollingAdvice, settings: HostSettings, isResumed: Bool) {
        (self.advice, self.settings) = (advice, settings)
        isFirst = !isResumed
        wait = isResumed ? .zero : advice.firstAfter
    }

    /// The wait before the next poll, without jitter.
    private var wait: Duration

    /// The task runs, or so it seems.
    package mutating func seenRunning() {
        troubleCount = 0
        wait = advice.every
    }

    /// The poll gave no usable answer; the wait doubles each time, up to 32 times the advice.
    ///
    /// - Parameter retryAfter: What the provider asks for: not undercut, up to the longest wait of the settings.
    package mutating func seenTrouble(retryAfter: Duration?) {
        troubleCount += 1
        wait = max(advice.every * (1 << min(troubleCount - 1, 5)), retryAfter ?? .zero)
    }

    /// - Parameter random: From 0 to 1. Waits vary by a tenth so that many tasks do not ask in step; never below the
    ///   advice.
    package func nextWait(random: Double) -> Duration {
        let jittered = wait * (1 + random / 10)
        return min(jittered / settings.pace, settings.pollWaitMax)
    }

    /// How long to keep asking.
    package var timeout: Duration { settings.timeout ?? advice.timeout / settings.pace }
}

/// Measures time on any clock.
package struct Stopwatch: Sendable {
    private let read: @Sendable () -> Duration

    package init(_ clock: any Clock<Duration>) { self.init(opening: clock) }

    private init<C: Clock<Duration>>(opening clock: C) {
        let start = clock.now
        read = { start.duration(to: clock.now) }
    }

    package var elapsed: Duration { read() }
}
