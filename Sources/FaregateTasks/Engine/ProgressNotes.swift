/// How far running attempts were seen to be, until it is stored. Pure: time is an argument.
///
/// One write a second stores them, of a bounded number of attempts: with very many under way their progress is behind,
/// and nothing else waits for it.
struct ProgressNotes {
    /// Points by which an attempt moves before it is noted again.
    static let stepMin = 5
    /// Attempts in one write.
    static let countMax = 500
    private static let pause = Duration.seconds(1)

    /// Percent, by attempt.
    private var waiting: [Attempt.ID: Int] = [:]
    /// Those that wait, the longest first; some may have been dropped.
    private var order: [Attempt.ID] = []
    private var writtenAt: Duration?

    mutating func note(_ id: Attempt.ID, percent: Int) {
        if waiting.updateValue(percent, forKey: id) == nil { order.append(id) }
    }

    mutating func drop(_ id: Attempt.ID) { waiting[id] = nil }

    /// What to store now; nothing within a second of the last time.
    mutating func takeDue(at now: Duration) -> [Attempt.ID: Int] {
        if order.isEmpty { return [:] }
        if let writtenAt, now - writtenAt < Self.pause { return [:] }
        writtenAt = now
        var due: [Attempt.ID: Int] = [:]
        for id in order.prefix(Self.countMax) { due[id] = waiting.removeValue(forKey: id) }
        order.removeFirst(min(order.count, Self.countMax))
        return due
    }
}
