/// Plans jobs. Pure: prices come with the options, limits are an argument.
public struct Planner: Sendable {
    /// How fast each provider takes tasks; one that is missing takes them one after the other.
    public let paces: [String: ProviderPace]

    public init(paces: [String: ProviderPace]) { self.paces = paces }

    /// The cheapest tasks that make up a job.
    ///
    /// Exact: the least money at the worst prices, then the fewest tasks; under a deadline within what ``ProviderPace``
    /// says can be done in time by the worst typical times. Options without an upper bound of their price are left out
    /// and said so; under a deadline also those whose time nobody states.
    ///
    /// - Parameter job: Its amount is within ``Job/amountMax``.
    public func plan(_ job: Job, _ options: [PlanOption]) -> Plan {
        precondition((1...Job.amountMax).contains(job.amount), "a job is 1 to \(Job.amountMax) units")
        var leftOut: [LeftOut] = []
        let usable = options.filter { option in
            guard let entry = objection(to: option, in: job) else { return true }
            if !leftOut.contains(entry) { leftOut.append(entry) }
            return false
        }
        let search = PlanSearch(usable, amount: job.amount, paces: paces)
        if let counts = search.counts(within: job.deadlineSeconds) {
            let lines = zip(usable, counts).filter { $0.1 > 0 }.map { Plan.Line(option: $0.0, count: $0.1) }
            return Plan(job: job, lines: lines, leftOut: leftOut, paces: paces)
        }
        let deadline = usable.isEmpty ? nil : job.deadlineSeconds
        let shortfall = deadline.map { self.shortfall(search, within: $0) }
        return Plan(job: job, lines: [], leftOut: leftOut, paces: paces, shortfall: shortfall)
    }

    private func shortfall(_ search: PlanSearch, within deadline: Int) -> Plan.Shortfall {
        let providers = Set(search.options.map(\.provider)).sorted()
        return Plan.Shortfall(
            amountInTime: search.most(within: deadline), earliestSeconds: search.earliest(),
            oneByOne: providers.filter { paces[$0]?.concurrentTasksMax == nil })
    }

    private func objection(to option: PlanOption, in job: Job) -> LeftOut? {
        func leave(_ code: String, _ reason: String) -> LeftOut {
            LeftOut(provider: option.provider, offering: option.offering, code: code, reason: reason)
        }
        guard let usd = option.usd else {
            if let total = option.quote?.total, total.unit != "USD" {
                return leave(
                    "plan.worth_unknown",
                    "its price is in \(total.unit), and nobody says what they are worth in dollars")
            }
            let reason = option.quote?.reason ?? "price.not_documented"
            return leave("plan.price_unknown", "its price is not known (\(reason))")
        }
        if usd.maximum == nil { return leave("plan.price_open", "only a lower bound of its price is known") }
        if option.yield < 1 { return leave("plan.makes_nothing", "a task of it makes nothing that counts") }
        if job.deadlineSeconds != nil, option.typicalSeconds == nil {
            return leave("plan.time_unknown", "nobody says how long it takes, so it cannot be held to a deadline")
        }
        return nil
    }
}
