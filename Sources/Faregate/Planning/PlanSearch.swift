/// Finds the cheapest tasks that make up a job: a covering knapsack, solved exactly over whole units.
///
/// Without a deadline: the least money, then the fewest tasks. With one, each provider does at most as many tasks as
/// are done in time when all of them take as long as the slowest that it is given (by worst typical times, its tasks at
/// once and its requests in a minute). Within that the answer is exact as well: for each provider and each slowest task
/// a table over units and tasks; of these the cheapest for each number of units; and of all ways to share the units
/// among providers the cheapest.
struct PlanSearch {
    let options: [PlanOption]
    let paces: [String: ProviderPace]
    /// Options that no other of the same provider beats or equals in everything.
    private let kept: [Int]
    /// The largest number that divides the yields of these.
    private let measure: Int
    /// In the common measure.
    private let amount: Int
    private let yields: [Int]
    /// Dollars at the worst and, in the lowest 24 bits, one task: compared together.
    private let weights: [Int128]

    /// - Parameter options: Each with an upper bound of its price.
    init(_ options: [PlanOption], amount: Int, paces: [String: ProviderPace]) {
        let kept = options.indices.filter { index in
            !options.indices.contains { other in
                options[other].isNoWorse(than: options[index])
                    && (other < index || !options[index].isNoWorse(than: options[other]))
            }
        }
        let measure = max(1, kept.map { options[$0].yield }.reduce(0, Self.commonMeasure))
        (self.options, self.paces, self.kept, self.measure) = (options, paces, kept, measure)
        self.amount = (amount + measure - 1) / measure
        yields = options.map { $0.yield / measure }
        weights = options.map { Int128($0.usd?.maximum?.billionths ?? .max) << 24 + 1 }
    }

    private static func commonMeasure(_ a: Int, _ b: Int) -> Int { b == 0 ? a : commonMeasure(b, a % b) }

    /// How many tasks of each option; `nil` where they cannot be done in time, or nothing is there to do them.
    func counts(within deadline: Int?) -> [Int]? {
        guard !options.isEmpty else { return nil }
        let free = unlimited()
        guard let deadline else { return free }
        if fits(free, within: deadline) { return free }
        return limited(within: deadline)
    }

    // MARK: Without a deadline

    private func unlimited() -> [Int] {
        var least = [Int128](repeating: 0, count: amount + 1)
        var choice = [Int](repeating: 0, count: amount + 1)
        for units in 1...amount {
            least[units] = .max
            for option in kept {
                let weight = weights[option] + least[max(0, units - yields[option])]
                if weight < least[units] { (least[units], choice[units]) = (weight, option) }
            }
        }
        var counts = options.map { _ in 0 }
        var units = amount
        while units > 0 {
            counts[choice[units]] += 1
            units -= yields[choice[units]]
        }
        return counts
    }

    /// Whether every provider does its tasks in time, all as slow as its slowest.
    private func fits(_ counts: [Int], within deadline: Int) -> Bool {
        let used = Dictionary(grouping: options.indices.filter { counts[$0] > 0 }) { options[$0].provider }
        return used.allSatisfy { provider, indices in
            guard let slowest = slowest(indices) else { return false }
            let wanted = indices.reduce(0) { $0 + counts[$1] }
            return pace(provider).capacity(taskSeconds: slowest, within: deadline, atMost: wanted) == wanted
        }
    }

    private func slowest(_ indices: [Int]) -> Int? {
        let times = indices.compactMap { options[$0].typicalSeconds?.upperBound }
        return times.count == indices.count ? times.max() : nil
    }

    private func pace(_ provider: String) -> ProviderPace { paces[provider] ?? ProviderPace() }

    // MARK: With a deadline

    /// The options of a provider that take no longer than a time, and how many of them are done before the deadline.
    private struct Crew {
        let options: [Int]
        let capacity: Int
    }

    private func crews(of provider: String, within deadline: Int) -> [Crew] {
        let own = kept.filter { options[$0].provider == provider && options[$0].typicalSeconds != nil }
        let times = Set(own.compactMap { options[$0].typicalSeconds?.upperBound }).sorted()
        return times.compactMap { time in
            let crew = own.filter { options[$0].typicalSeconds?.upperBound ?? .max <= time }
            let smallest = crew.map { yields[$0] }.min() ?? 1
            let capacity = pace(provider).capacity(
                taskSeconds: time, within: deadline, atMost: (amount + smallest - 1) / smallest)
            return capacity > 0 ? Crew(options: crew, capacity: capacity) : nil
        }
    }

    /// The least weight for every number of units, with at most a crew's capacity of tasks.
    private struct CrewTable {
        let crew: Crew
        private(set) var least: [Int128]
        /// For every number of tasks and units the last option, or -1 where one task fewer will do.
        private var choices: [[Int16]] = []

        init(_ crew: Crew, amount: Int, yields: [Int], weights: [Int128]) {
            self.crew = crew
            least = [0] + [Int128](repeating: .max, count: amount)
            for _ in 0..<crew.capacity {
                let before = least
                var row = [Int16](repeating: -1, count: amount + 1)
                for units in stride(from: 1, through: amount, by: 1) {
                    for (number, option) in crew.options.enumerated() {
                        let rest = before[max(0, units - yields[option])]
                        guard rest != .max, rest + weights[option] < least[units] else { continue }
                        least[units] = rest + weights[option]
                        row[units] = Int16(number)
                    }
                }
                if row.allSatisfy({ $0 < 0 }) { break }
                choices.append(row)
            }
        }

        func add(_ units: Int, to counts: inout [Int], yields: [Int]) {
            var units = units
            for row in choices.reversed() where units > 0 && row[units] >= 0 {
                let option = crew.options[Int(row[units])]
                counts[option] += 1
                units = max(0, units - yields[option])
            }
        }
    }

    private func limited(within deadline: Int) -> [Int]? {
        var least = [0] + [Int128](repeating: .max, count: amount)
        /// For each provider: its tables, and for every number of units its share and the table that gives it.
        var steps: [(tables: [CrewTable], share: [(units: Int, table: Int)])] = []
        for provider in Set(options.map(\.provider)).sorted() {
            let tables = crews(of: provider, within: deadline).map {
                CrewTable($0, amount: amount, yields: yields, weights: weights)
            }
            guard !tables.isEmpty else { continue }
            let own = (0...amount).map { units in
                tables.indices.map { (weight: tables[$0].least[units], table: $0) }.min { $0.weight < $1.weight }
                    ?? (.max, 0)
            }
            var next = least
            var share = [(units: Int, table: Int)](repeating: (0, 0), count: amount + 1)
            for units in 0...amount where units > 0 {
                for part in 1...units where own[part].weight != .max && least[units - part] != .max {
                    let weight = own[part].weight + least[units - part]
                    if weight < next[units] { (next[units], share[units]) = (weight, (part, own[part].table)) }
                }
            }
            least = next
            steps.append((tables, share))
        }
        guard least[amount] != .max else { return nil }
        var counts = options.map { _ in 0 }
        var units = amount
        for step in steps.reversed() {
            let (part, table) = step.share[units]
            if part > 0 { step.tables[table].add(part, to: &counts, yields: yields) }
            units -= part
        }
        return counts
    }

    // MARK: Where it cannot be done

    /// As much as can be made in time, up to the job.
    func most(within deadline: Int) -> Int {
        let sum = Set(options.map(\.provider)).reduce(0) { sum, provider in
            let units = crews(of: provider, within: deadline).map { crew in
                crew.capacity * (crew.options.map { yields[$0] }.max() ?? 0)
            }
            return sum + (units.max() ?? 0)
        }
        return min(amount, sum) * measure
    }

    /// The first second by which the job can be done; `nil` where no times are known.
    func earliest() -> Int? {
        let times = options.compactMap { $0.typicalSeconds?.upperBound }
        guard let slowest = times.max() else { return nil }
        // One after the other, the slowest, a minute between any two: certainly enough.
        var (low, high) = (0, (amount + 1) * (slowest + 60))
        while low < high {
            let middle = (low + high) / 2
            if most(within: middle) >= amount * measure { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension PlanOption {
    /// Whether nothing is lost by taking this instead: the same provider, as much, as cheap and as quick.
    fileprivate func isNoWorse(than other: PlanOption) -> Bool {
        let isAsQuick =
            switch (typicalSeconds?.upperBound, other.typicalSeconds?.upperBound) {
            case (nil, nil): true
            case (let mine?, let theirs?): mine <= theirs
            default: false
            }
        let isAsCheap = usd?.maximum ?? .zero <= other.usd?.maximum ?? .zero
        return provider == other.provider && yield >= other.yield && isAsCheap && isAsQuick
    }
}
