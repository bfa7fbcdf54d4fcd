import FaregateProviders

/// One thing to do for an attempt.
struct Errand: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case submit, poll, reconcile, deliver
    }

    var kind: Kind
    var attempt: Attempt.ID
}

/// What is to be done and when, within every provider's limits. Pure: time is an argument, counted from a start of
/// the caller's choice.
struct Agenda {
    /// What an attempt waits for.
    private struct Slot {
        let lane: String
        /// The errand that counts; what else stands in a queue for the attempt is out of date.
        var errand: Errand?
        var ticket = 0
        var isBusy = false
        /// Occupies a place among the provider's concurrent tasks.
        var isAtProvider = false
    }

    private var lanes: [String: Lane] = [:]
    private var slots: [Attempt.ID: Slot] = [:]

    /// Attempts that something is planned or under way for.
    var count: Int { slots.count }

    /// Takes a provider's limits in.
    mutating func open(_ provider: String, _ traits: ProviderTraits, settings: EngineSettings) {
        guard lanes[provider] == nil else { return }
        lanes[provider] = Lane(
            callCountMax: settings.callCountMax, downloadCountMax: settings.downloadCountMax,
            taskCountMax: traits.concurrentTasksMax, rate: traits.requestsPerMinuteMax.map(RateLimit.init))
    }

    /// Plans what is next for an attempt, in place of anything planned for it before.
    mutating func plan(_ errand: Errand, for provider: String, due: Duration, isAtProvider: Bool) {
        guard lanes[provider] != nil else { return }
        var slot = slots[errand.attempt] ?? Slot(lane: provider)
        slot.errand = errand
        slot.ticket += 1
        slot.isBusy = false
        occupy(&slot, isAtProvider)
        lanes[provider]?.add(Lane.Entry(errand: errand, ticket: slot.ticket), due: due)
        slots[errand.attempt] = slot
    }

    /// Does what is planned for an attempt earlier: something hints that it is time.
    mutating func hasten(_ attempt: Attempt.ID, due: Duration) {
        guard var slot = slots[attempt], !slot.isBusy, let errand = slot.errand, errand.kind != .submit else { return }
        slot.ticket += 1
        lanes[slot.lane]?.add(Lane.Entry(errand: errand, ticket: slot.ticket), due: due)
        slots[attempt] = slot
    }

    private mutating func occupy(_ slot: inout Slot, _ isAtProvider: Bool) {
        guard slot.isAtProvider != isAtProvider else { return }
        lanes[slot.lane]?.taskCount += isAtProvider ? 1 : -1
        slot.isAtProvider = isAtProvider
    }

    /// Nothing more is to be done for an attempt.
    mutating func drop(_ attempt: Attempt.ID) {
        guard var slot = slots.removeValue(forKey: attempt) else { return }
        occupy(&slot, false)
    }

    /// The place that an errand took at its provider is free again.
    mutating func finished(_ errand: Errand, at provider: String) { lanes[provider]?.finished(errand.kind) }

    /// A provider was called beside the one call that an errand is planned as.
    mutating func tookCall(at provider: String, _ now: Duration) { lanes[provider]?.rate?.spend(now) }

    /// Whether a provider takes another task at once.
    func hasRoom(at provider: String) -> Bool { lanes[provider]?.hasRoom ?? false }

    /// Sends no new task to a provider for a while: it asked for that.
    mutating func pause(_ provider: String, until: Duration) {
        guard let lane = lanes[provider] else { return }
        lanes[provider]?.pausedUntil = max(lane.pausedUntil, until)
    }

    /// Everything that is due and that the limits let through, with the provider it goes to. It counts as under way
    /// until it is said to be finished.
    mutating func takeDue(at now: Duration) -> [(errand: Errand, provider: String)] {
        var due: [(Errand, String)] = []
        for provider in Array(lanes.keys) {
            // Taken out while it changes: what is current is asked of the slots beside it.
            guard var lane = lanes.removeValue(forKey: provider) else { continue }
            while let entry = lane.take(now, isCurrent: isCurrent) {
                slots[entry.errand.attempt]?.isBusy = true
                slots[entry.errand.attempt]?.errand = nil
                due.append((entry.errand, provider))
            }
            lanes[provider] = lane
        }
        return due
    }

    private func isCurrent(_ entry: Lane.Entry) -> Bool {
        guard let slot = slots[entry.errand.attempt] else { return false }
        return slot.ticket == entry.ticket && slot.errand == entry.errand && !slot.isBusy
    }

    /// When time alone lets something through; `nil` where only something else can.
    mutating func nextDue(after now: Duration) -> Duration? {
        lanes.keys.compactMap { lanes[$0]!.nextDue(now) }.min()
    }
}
