/// Lets so many calls through in any minute. Time is an argument.
struct RateLimit {
    private let capacity: Double
    private let perSecond: Double
    private var tokens: Double
    private var at: Duration = .zero

    /// A tenth of the minute's calls may come at once; in no minute are there more than allowed.
    init(perMinute: Int) {
        capacity = max(1, Double(perMinute / 10))
        perSecond = max(Double(perMinute) - capacity, 1) / 60
        tokens = capacity
    }

    private mutating func refill(_ now: Duration) {
        guard now > at else { return }
        tokens = min(capacity, tokens + (now - at) / .seconds(1) * perSecond)
        at = now
    }

    /// Takes one call, if one is left.
    mutating func take(_ now: Duration) -> Bool {
        refill(now)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    /// Counts a call that was made whether or not one was left: the next ones wait for it.
    mutating func spend(_ now: Duration) {
        refill(now)
        tokens -= 1
    }

    /// When the next call is left.
    mutating func next(_ now: Duration) -> Duration {
        refill(now)
        // A little late rather than a hair too early.
        return tokens >= 1 ? now : now + .seconds((1 - tokens) / perSecond) + .microseconds(1)
    }
}
