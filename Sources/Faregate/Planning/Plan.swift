/// The tasks that make up a job, what they cost and how long they take; or why there are none.
public struct Plan: Sendable {
    /// So many tasks of one kind.
    public struct Line: Sendable {
        public let option: PlanOption
        public let count: Int

        /// What all of them cost, in dollars; `nil` past all bounds.
        public var usd: Quote.Total? { option.usd?.times(count) }
        /// Seconds or results that they make.
        public var amount: Int { option.yield * count }
    }

    /// What one provider does.
    public struct Share: Sendable {
        public let provider: String
        public let taskCount: Int
        /// Seconds from the first submit to the last result, by the best and the worst typical times; `nil` where
        /// nobody says how long one of its tasks takes.
        public let makespan: ClosedRange<Int>?
        /// Nobody says how many tasks the provider does at once: one after the other is assumed.
        public let isOneByOne: Bool
    }

    /// Why a job cannot be done before its deadline.
    public struct Shortfall: Sendable {
        /// What can be made in time.
        public let amountInTime: Int
        /// Seconds within which all of it can be made; `nil` where nothing can.
        public let earliestSeconds: Int?
        /// Providers of which nobody says how many tasks they do at once: one after the other is assumed.
        public let oneByOne: [String]
    }

    public let job: Job
    /// By provider, offering and price.
    public let lines: [Line]
    public let leftOut: [LeftOut]
    /// By provider.
    public let shares: [Share]
    public let shortfall: Shortfall?
    /// What all tasks cost in dollars; `nil` without tasks or past all bounds.
    public let usd: Quote.Total?

    init(
        job: Job, lines: [Line], leftOut: [LeftOut], paces: [String: ProviderPace], shortfall: Shortfall? = nil
    ) {
        self.job = job
        self.lines = lines.sorted {
            ($0.option.provider, $0.option.offering, $1.option.yield) < (
                $1.option.provider, $1.option.offering, $0.option.yield
            )
        }
        (self.leftOut, self.shortfall) = (leftOut, shortfall)
        shares = Set(lines.map(\.option.provider)).sorted().map { provider in
            Share(provider, lines.filter { $0.option.provider == provider }, paces[provider] ?? ProviderPace())
        }
        let amounts = lines.map(\.usd)
        usd = amounts.contains { $0 == nil } ? nil : amounts.compactMap(\.self).sum
    }

    /// Tasks to be done, at all providers together.
    public var taskCount: Int { shares.reduce(0) { $0 + $1.taskCount } }
    /// Seconds or results that are made: at least what was asked for.
    public var amount: Int { lines.reduce(0) { $0 + $1.amount } }

    /// Seconds until everything is done, by the best and the worst typical times; `nil` where a time is not known.
    public var makespan: ClosedRange<Int>? {
        let spans = shares.map(\.makespan)
        guard !spans.isEmpty, !spans.contains(nil) else { return nil }
        let known = spans.compactMap(\.self)
        return (known.map(\.lowerBound).max() ?? 0)...(known.map(\.upperBound).max() ?? 0)
    }

    /// Whether the job can be done, in time, and for no more than its maximum.
    public var isMet: Bool {
        guard !lines.isEmpty, let most = usd?.maximum else { return false }
        return job.maximumUSD.map { most <= $0 } ?? true
    }
}

extension Plan.Share {
    fileprivate init(_ provider: String, _ lines: [Plan.Line], _ pace: ProviderPace) {
        func times(_ bound: (ClosedRange<Int>) -> Int) -> [Int]? {
            var times: [Int] = []
            for line in lines {
                guard let seconds = line.option.typicalSeconds else { return nil }
                times += [Int](repeating: bound(seconds), count: line.count)
            }
            return times
        }
        (self.provider, taskCount) = (provider, lines.reduce(0) { $0 + $1.count })
        isOneByOne = pace.concurrentTasksMax == nil
        if let least = times(\.lowerBound), let most = times(\.upperBound) {
            let (low, high) = (pace.makespan(least), pace.makespan(most))
            makespan = min(low, high)...high
        } else {
            makespan = nil
        }
    }
}
