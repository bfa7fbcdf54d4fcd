/// How fast a provider takes tasks.
public struct ProviderPace: Sendable, Hashable {
    /// Tasks at once; `nil` where nobody says: then one after the other is planned.
    public let concurrentTasksMax: Int?
    /// Requests in a minute; `nil` where nobody says: then submits are not spaced.
    public let requestsPerMinuteMax: Int?

    public init(concurrentTasksMax: Int? = nil, requestsPerMinuteMax: Int? = nil) {
        self.concurrentTasksMax = concurrentTasksMax.map { max(1, $0) }
        self.requestsPerMinuteMax = requestsPerMinuteMax.map { max(1, $0) }
    }

    /// Tasks at once that are planned with.
    var slotCount: Int { concurrentTasksMax ?? 1 }

    /// The first whole second at which so many submits have gone before.
    private func earliestStart(after count: Int) -> Int {
        requestsPerMinuteMax.map { (count * 60 + $0 - 1) / $0 } ?? 0
    }

    /// How many tasks of so many seconds are done before the deadline, up to a bound.
    func capacity(taskSeconds: Int, within deadline: Int, atMost bound: Int) -> Int {
        var starts: [Int] = []
        while starts.count < bound {
            let count = starts.count
            let free = count >= slotCount ? starts[count - slotCount] + taskSeconds : 0
            let start = max(earliestStart(after: count), free)
            if start + taskSeconds > deadline { break }
            starts.append(start)
        }
        return starts.count
    }

    /// When the last of these tasks is done, in seconds: each goes to the slot that is free first, the longest first.
    func makespan(_ taskSeconds: [Int]) -> Int {
        /// When each slot is free, the soonest last.
        var free: [Int] = []
        var end = 0
        for (count, seconds) in taskSeconds.sorted(by: >).enumerated() {
            var start = earliestStart(after: count)
            if free.count == slotCount, let soonest = free.popLast() { start = max(start, soonest) }
            let done = start + seconds
            end = max(end, done)
            var (low, high) = (0, free.count)
            while low < high {
                let middle = (low + high) / 2
                if free[middle] > done { low = middle + 1 } else { high = middle }
            }
            free.insert(done, at: low)
        }
        return end
    }
}
