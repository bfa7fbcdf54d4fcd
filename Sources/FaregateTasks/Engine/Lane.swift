/// What is planned at one provider, and its limits.
struct Lane {
    struct Entry {
        let errand: Errand
        /// Older tickets of the same attempt are out of date.
        let ticket: Int
    }

    let callCountMax: Int
    let downloadCountMax: Int
    /// Tasks that the provider takes at once; `nil` where it does not say.
    let taskCountMax: Int?
    /// Calls that the provider takes in a minute; `nil` where it does not say.
    var rate: RateLimit?

    /// Tasks that are or may be at the provider.
    var taskCount = 0
    var pausedUntil: Duration = .zero
    private var callCount = 0
    private var downloadCount = 0
    /// Submits that were let through and are not at the provider yet.
    private var submitCount = 0
    private var submits = DueQueue<Entry>()
    private var questions = DueQueue<Entry>()
    private var downloads = DueQueue<Entry>()

    init(callCountMax: Int, downloadCountMax: Int, taskCountMax: Int?, rate: RateLimit?) {
        (self.callCountMax, self.downloadCountMax) = (callCountMax, downloadCountMax)
        (self.taskCountMax, self.rate) = (taskCountMax, rate)
    }

    mutating func add(_ entry: Entry, due: Duration) {
        switch entry.errand.kind {
        case .submit: submits.add(entry, due: due)
        case .poll, .reconcile: questions.add(entry, due: due)
        case .deliver: downloads.add(entry, due: due)
        }
    }

    /// Takes one errand that is due and allowed. Questions go before submits: they end tasks and make room.
    mutating func take(_ now: Duration, isCurrent: (Entry) -> Bool) -> Entry? {
        while let due = downloads.due, due <= now, downloadCount < downloadCountMax {
            let entry = downloads.removeFirst()
            guard isCurrent(entry) else { continue }
            downloadCount += 1
            return entry
        }
        while let due = questions.due, due <= now, callCount < callCountMax {
            guard isAllowed(now) else { break }
            let entry = questions.removeFirst()
            guard isCurrent(entry) else { continue }
            return begin(entry, now)
        }
        while let due = submits.due, due <= now, callCount < callCountMax, hasRoom, now >= pausedUntil {
            guard isAllowed(now) else { break }
            let entry = submits.removeFirst()
            guard isCurrent(entry) else { continue }
            submitCount += 1
            return begin(entry, now)
        }
        return nil
    }

    private mutating func isAllowed(_ now: Duration) -> Bool { rate == nil || rate!.next(now) <= now }

    private mutating func begin(_ entry: Entry, _ now: Duration) -> Entry {
        callCount += 1
        _ = rate?.take(now)
        return entry
    }

    /// Whether the provider takes another task at once.
    var hasRoom: Bool { taskCountMax.map { taskCount + submitCount < $0 } ?? true }

    mutating func finished(_ kind: Errand.Kind) {
        switch kind {
        case .deliver: downloadCount -= 1
        case .poll, .reconcile: callCount -= 1
        case .submit:
            callCount -= 1
            submitCount -= 1
        }
    }

    /// When time alone lets something through.
    mutating func nextDue(_ now: Duration) -> Duration? {
        var dues: [Duration] = []
        if let due = downloads.due, downloadCount < downloadCountMax { dues.append(due) }
        if let due = questions.due, callCount < callCountMax { dues.append(allowed(due, now)) }
        if let due = submits.due, callCount < callCountMax, hasRoom {
            dues.append(allowed(max(due, pausedUntil), now))
        }
        return dues.min()
    }

    private mutating func allowed(_ due: Duration, _ now: Duration) -> Duration {
        max(due, rate?.next(now) ?? .zero)
    }
}
