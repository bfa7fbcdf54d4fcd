/// Finds the cheapest packs that give at least so many credits: a covering knapsack with limits, solved exactly.
///
/// Packs are taken in portions of 2ᵏ, the cheapest per credit first. Of the choices so far only those are kept that
/// give more credits than every other that costs no more, and whose cost (with what is missing bought at the remaining
/// packs' rates, in fractions if need be) is not above a purchase that is known. Neither loses the best.
struct PackSearch {
    /// The cheapest per credit first; of equal ones the larger.
    let packs: [CreditPack]
    private let wanted: Int128
    /// Units of each pack, in billionths: credits and dollars.
    private let sizes: [(credits: Int128, usd: Int128)]
    /// How many of each pack make sense at most.
    private let limits: [Int128]

    /// - Parameter wanted: Zero or more.
    init(_ packs: [CreditPack], wanted: ExactDecimal) {
        func size(_ pack: CreditPack) -> (credits: Int128, usd: Int128) {
            (Int128(pack.total.billionths), Int128(pack.usd.billionths))
        }
        let packs = packs.sorted { first, second in
            let (a, b) = (size(first), size(second))
            let (left, right) = (a.usd * b.credits, b.usd * a.credits)
            return left != right ? left < right : (b.credits, first.id) < (a.credits, second.id)
        }
        let credits = Int128(wanted.billionths)
        limits = packs.map { pack in
            let enough = (credits + size(pack).credits - 1) / size(pack).credits
            return pack.limit.map { min(Int128($0), enough) } ?? enough
        }
        (self.packs, self.wanted, sizes) = (packs, credits, packs.map(size))
    }

    /// Everything that the packs give, each as often as makes sense; `nil` where that is beyond bounds.
    var most: ExactDecimal? {
        let sum = zip(sizes, limits).reduce(Int128(0)) { $0 + $1.0.credits * $1.1 }
        return Int64(exactly: sum).map(ExactDecimal.init(billionths:))
    }

    /// How many of each pack to buy; `nil` where all of them are not enough.
    func counts() -> [Int]? {
        let granted = granted()
        let given = granted.map { $0.count * sizes[$0.pack].credits } ?? 0
        guard var counts = choose(wanted - given) else { return nil }
        if let granted { counts[granted.pack] += granted.count }
        let whole = counts.compactMap { Int(exactly: $0) }
        return whole.count == counts.count ? whole : nil
    }

    // MARK: What needs no search

    /// So many of the cheapest unlimited pack as are in the best purchase for sure.
    ///
    /// Among as many other packs as its size has units of the common measure, some make up a multiple of it together
    /// (two of their running sums leave the same remainder), and cost no less: so the best purchase has fewer others.
    /// Packs that are cheaper still have a limit, and are all taken off first.
    private func granted() -> (pack: Int, count: Int128)? {
        guard let best = packs.firstIndex(where: { $0.limit == nil }) else { return nil }
        let others = packs.indices.dropFirst(best + 1).map { sizes[$0].credits }
        let measure = others.reduce(sizes[best].credits, Self.commonMeasure)
        let cheaper = (0..<best).reduce(Int128(0)) { $0 + limits[$1] * sizes[$1].credits }
        let ofOthers = (sizes[best].credits / measure - 1).multipliedReportingOverflow(by: others.max() ?? 0)
        guard !ofOthers.overflow else { return nil }
        let rest = wanted - cheaper - ofOthers.partialValue
        return rest >= sizes[best].credits ? (best, rest / sizes[best].credits) : nil
    }

    private static func commonMeasure(_ a: Int128, _ b: Int128) -> Int128 { b == 0 ? a : commonMeasure(b, a % b) }

    // MARK: The search

    /// So many of one pack at once.
    private struct Portion {
        let pack: Int
        let count: Int128
        let credits: Int128
        let usd: Int128
    }

    /// A choice of portions.
    private struct Choice {
        var credits: Int128 = 0
        var usd: Int128 = 0
        var packCount: Int128 = 0
        /// The last portion, and the choice before it among those that were kept.
        var last: (portion: Int, before: Int)?

        func adding(_ portion: Portion, at index: Int, after before: Int) -> Choice {
            Choice(
                credits: credits + portion.credits, usd: usd + portion.usd, packCount: packCount + portion.count,
                last: (index, before))
        }

        /// Less money, then more credits, then fewer packs.
        func isBetter(than other: Choice) -> Bool {
            (usd, other.credits, packCount) < (other.usd, credits, other.packCount)
        }
    }

    private func choose(_ wanted: Int128) -> [Int128]? {
        guard wanted > 0 else { return packs.map { _ in 0 } }
        let portions = portions(for: wanted)
        var best = greedy(wanted)
        guard best != nil else { return nil }
        /// Every choice that others go on from.
        var history: [Choice] = []
        var frontier = [Choice()]
        for index in portions.indices {
            let start = history.count
            history += frontier
            var with: [Choice] = []
            for (offset, choice) in frontier.enumerated() {
                let next = choice.adding(portions[index], at: index, after: start + offset)
                if next.credits < wanted {
                    with.append(next)
                } else if best.map({ next.isBetter(than: $0.choice) }) ?? true {
                    best = (next, nil)
                }
            }
            let limit = best?.choice.usd ?? .max
            frontier = Self.undominated(frontier, with).filter { choice in
                leastUSD(for: wanted - choice.credits, from: index + 1, portions).map { choice.usd + $0 <= limit }
                    ?? false
            }
        }
        return best.map { $0.counts ?? counts(of: $0.choice, history, portions) }
    }

    /// Portions of 2ᵏ that make up every number up to the limit; the large ones of each pack first.
    private func portions(for wanted: Int128) -> [Portion] {
        packs.indices.flatMap { pack -> [Portion] in
            var rest = min(limits[pack], (wanted + sizes[pack].credits - 1) / sizes[pack].credits)
            var counts: [Int128] = []
            var count: Int128 = 1
            while rest > 0 {
                counts.append(min(count, rest))
                rest -= counts[counts.count - 1]
                count *= 2
            }
            return counts.sorted(by: >).map {
                Portion(pack: pack, count: $0, credits: $0 * sizes[pack].credits, usd: $0 * sizes[pack].usd)
            }
        }
    }

    /// A purchase to begin with: of every pack, the cheapest per credit first, as many as give no more than is missing;
    /// then one by one the cheapest that covers the rest, or the cheapest per credit that may still be bought.
    private func greedy(_ wanted: Int128) -> (choice: Choice, counts: [Int128]?)? {
        var counts = packs.map { _ in Int128(0) }
        var choice = Choice()
        func add(_ pack: Int, _ count: Int128) {
            counts[pack] += count
            choice.credits += count * sizes[pack].credits
            choice.usd += count * sizes[pack].usd
            choice.packCount += count
        }
        for pack in packs.indices { add(pack, min(limits[pack], (wanted - choice.credits) / sizes[pack].credits)) }
        while choice.credits < wanted {
            let free = packs.indices.filter { counts[$0] < limits[$0] }
            let covering = free.filter { sizes[$0].credits >= wanted - choice.credits }
            guard let pack = covering.min(by: { sizes[$0].usd < sizes[$1].usd }) ?? free.first else { return nil }
            add(pack, 1)
        }
        return (choice, counts)
    }

    /// The least that missing credits cost, where packs could be bought in parts; `nil` where they are not enough.
    private func leastUSD(for missing: Int128, from index: Int, _ portions: [Portion]) -> Int128? {
        var (rest, usd) = (missing, Int128(0))
        for portion in portions[index...] {
            if portion.credits >= rest {
                let size = sizes[portion.pack]
                return usd + (rest * size.usd + size.credits - 1) / size.credits
            }
            rest -= portion.credits
            usd += portion.usd
        }
        return nil
    }

    /// Both lists together, by credits, without choices that another beats or equals in money and credits.
    private static func undominated(_ a: [Choice], _ b: [Choice]) -> [Choice] {
        let all = (a + b).sorted { ($1.credits, $0.usd, $0.packCount) < ($0.credits, $1.usd, $1.packCount) }
        var kept: [Choice] = []
        for choice in all where kept.last.map({ choice.usd < $0.usd }) ?? true { kept.append(choice) }
        return kept.reversed()
    }

    private func counts(of choice: Choice, _ history: [Choice], _ portions: [Portion]) -> [Int128] {
        var counts = packs.map { _ in Int128(0) }
        var choice = choice
        while let last = choice.last {
            counts[portions[last.portion].pack] += portions[last.portion].count
            choice = history[last.before]
        }
        return counts
    }
}
