import Faregate
import Testing

/// The least money for at least so many whole credits, by a table over every number of credits: nothing in common with
/// the search.
private enum EveryNumberOfCredits {
    /// Dollars in billionths, credits and packs of the best purchase: least money, then most credits, then fewest packs.
    typealias Best = (usd: Int64, credits: Int, packs: Int)

    static func best(_ wanted: Int, _ packs: [CreditPack]) -> Best? {
        func credits(_ pack: CreditPack) -> Int { Int(pack.total.billionths / 1_000_000_000) }
        let largest = packs.map(credits).max() ?? 0
        // The best purchase gives less than one pack too many.
        var table = [(usd: Int64, packs: Int)?](repeating: nil, count: wanted + largest + 1)
        table[0] = (0, 0)
        for pack in packs {
            let before = table
            for index in table.indices {
                for count in 0...(min(pack.limit ?? .max, index / credits(pack))) {
                    guard let rest = before[index - count * credits(pack)] else { continue }
                    let next = (usd: rest.usd + Int64(count) * pack.usd.billionths, packs: rest.packs + count)
                    if table[index].map({ next < $0 }) ?? true { table[index] = next }
                }
            }
        }
        var best: Best?
        for (credits, entry) in table.enumerated() where credits >= wanted {
            guard let entry else { continue }
            let next: Best = (entry.usd, credits, entry.packs)
            if best.map({ (next.usd, -next.credits, next.packs) < ($0.usd, -$0.credits, $0.packs) }) ?? true {
                best = next
            }
        }
        return best
    }
}

@Suite("The cheapest purchase of credits")
struct CreditPurchaseTests {
    static func pack(
        _ id: String, _ credits: Int, bonus: Int = 0, usd: String, limit: Int? = nil,
        expiry: CreditPack.Expiry? = .never
    ) -> CreditPack {
        CreditPack(
            id: id, credits: ExactDecimal(credits), bonus: ExactDecimal(bonus), usd: ExactDecimal(usd)!, limit: limit,
            expiry: expiry, source: "https://example.com")
    }

    /// `2×large 1×small`, or why not.
    static func shown(_ search: CreditPurchase.Search) -> String {
        switch search {
        case .purchase(let purchase): purchase.items.map { "\($0.count)×\($0.pack.id)" }.joined(separator: " ")
        case .notEnough(let most, _): "at most \(most)"
        case .tooLarge: "too large"
        }
    }

    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        let wanted: String
        let packs: [CreditPack]
        var days = 0
        let buys: String
        var testDescription: String { name }
    }

    static let level = [pack("s", 1000, usd: "10"), pack("m", 2500, usd: "25"), pack("l", 10_000, usd: "100")]

    static let examples = [
        Example(name: "nothing", wanted: "0", packs: level, buys: ""),
        Example(name: "a part of a pack is a whole one", wanted: "0.5", packs: level, buys: "1×s"),
        Example(name: "exactly one", wanted: "1000", packs: level, buys: "1×s"),
        Example(name: "a little more", wanted: "1000.000000001", packs: level, buys: "2×s"),
        Example(name: "the same money: fewer packs", wanted: "5000", packs: level, buys: "2×m"),
        Example(
            name: "the same money: more credits", wanted: "900",
            packs: [pack("a", 900, usd: "9"), pack("b", 1000, usd: "9")], buys: "1×b"),
        Example(
            name: "a large one that is not filled costs less", wanted: "900",
            packs: [pack("s", 100, usd: "2"), pack("l", 1000, usd: "12")], buys: "1×l"),
        Example(
            name: "the cheapest per credit is not always in it", wanted: "6",
            packs: [pack("five", 5, usd: "5"), pack("three", 3, usd: "3.10")], buys: "2×three"),
        Example(
            name: "a bonus counts", wanted: "1100",
            packs: [pack("plain", 1100, usd: "11"), pack("bonus", 1000, bonus: 100, usd: "10")], buys: "1×bonus"),
        Example(
            name: "a limit binds", wanted: "3000",
            packs: [pack("first", 1000, bonus: 500, usd: "10", limit: 1), pack("s", 1000, usd: "10")],
            buys: "1×first 2×s"),
        Example(
            name: "limits can leave too little", wanted: "3000", packs: [pack("s", 1000, usd: "10", limit: 2)],
            buys: "at most 2000"),
        Example(name: "no packs", wanted: "1", packs: [], buys: "at most 0"),
        Example(
            name: "expiry does not matter at once", wanted: "1000",
            packs: [pack("short", 1000, usd: "5", expiry: .days(30)), pack("long", 1000, usd: "10")], buys: "1×short"),
        Example(
            name: "expiry matters where the credits must last", wanted: "1000",
            packs: [pack("short", 1000, usd: "5", expiry: .days(30)), pack("long", 1000, usd: "10")], days: 31,
            buys: "1×long"),
        Example(
            name: "the last day counts", wanted: "1000",
            packs: [pack("short", 1000, usd: "5", expiry: .days(30)), pack("long", 1000, usd: "10")], days: 30,
            buys: "1×short"),
        Example(
            name: "what says nothing of its expiry lasts no day", wanted: "1000",
            packs: [pack("silent", 1000, usd: "5", expiry: nil), pack("long", 1000, usd: "10")], days: 1,
            buys: "1×long"),
        Example(
            name: "very many credits", wanted: "9000000001",
            packs: [pack("odd", 999_983, usd: "9999.83"), pack("s", 1, usd: "0.02")], buys: "9000×odd 153001×s"),
    ]

    @Test("By example", arguments: examples)
    func example(_ example: Example) throws {
        let wanted = try #require(ExactDecimal(example.wanted))
        let search = CreditPurchase.cheapest(wanted, of: example.packs, lasting: example.days)
        #expect(Self.shown(search) == example.buys)
    }

    @Test("What is left out says why")
    func leftOut() throws {
        let packs = [
            Self.pack("short", 1000, usd: "5", expiry: .days(30)), Self.pack("silent", 10, usd: "1", expiry: nil),
            Self.pack("long", 1000, usd: "10"),
        ]
        guard case .purchase(let purchase) = CreditPurchase.cheapest(.one, of: packs, lasting: 60) else {
            Issue.record("nothing is bought")
            return
        }
        #expect(purchase.leftOut.map(\.pack.id) == ["short", "silent"])
        #expect(
            purchase.leftOut.map(\.reason) == [
                "its credits expire after 30 days", "nobody says how long its credits last",
            ])
    }

    @Test("Totals, what remains, and the rates, rounded up")
    func figures() throws {
        let packs = [Self.pack("s", 1000, bonus: 50, usd: "9.99")]
        guard case .purchase(let purchase) = CreditPurchase.cheapest(ExactDecimal(2000), of: packs) else {
            Issue.record("nothing is bought")
            return
        }
        #expect(purchase.usd == ExactDecimal("19.98"))
        #expect(purchase.credits == ExactDecimal(2100))
        #expect(purchase.remaining == ExactDecimal(100))
        // 19.98 / 2100 = 0.0095142857142…; 19.98 / 2000 = 0.00999
        #expect(purchase.usdPerCredit == ExactDecimal("0.009514286"))
        #expect(purchase.usdPerCreditUsed == ExactDecimal("0.00999"))
    }

    @Test("What a credit is worth depends on how many are bought")
    func rate() {
        let packs = [Self.pack("s", 100, usd: "2"), Self.pack("l", 1000, usd: "12")]
        #expect(CreditRate(of: packs)?.usd == ExactDecimal("0.02"))
        #expect(CreditRate(of: packs, volume: ExactDecimal(1000))?.usd == ExactDecimal("0.012"))
        #expect(CreditRate(of: [], volume: ExactDecimal(1000)) == nil)
        #expect(CreditRate(of: [Self.pack("s", 100, usd: "2", limit: 1)], volume: ExactDecimal(101)) == nil)
    }

    /// Random packs: bonuses, limits, level and unlevel prices, doubles of one another.
    static func packs(_ random: inout SeededGenerator) -> [CreditPack] {
        (0..<Int.random(in: 1...5, using: &random)).map { index in
            let step = [1, 1, 5, 10].randomElement(using: &random) ?? 1
            let credits = Int.random(in: 1...12, using: &random) * step
            let bonus = Bool.random(using: &random) ? 0 : Int.random(in: 0...6, using: &random)
            let isLevel = Int.random(in: 0..<4, using: &random) == 0
            let cents = isLevel ? (credits + bonus) * 10 : Int.random(in: 1...400, using: &random)
            let limit = Bool.random(using: &random) ? nil : Int.random(in: 1...4, using: &random)
            return CreditPack(
                id: "p\(index)", credits: ExactDecimal(credits), bonus: ExactDecimal(bonus),
                usd: ExactDecimal(billionths: Int64(cents) * 10_000_000), limit: limit, source: "random")
        }
    }

    @Test("Agrees with a table over every number of credits", arguments: 0..<40)
    func bruteForce(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var (found, impossible) = (0, 0)
        for _ in 0..<40 {
            let packs = Self.packs(&random)
            let wanted = Int.random(in: 0...(Bool.random(using: &random) ? 40 : 400), using: &random)
            let best = EveryNumberOfCredits.best(wanted, packs)
            switch CreditPurchase.cheapest(ExactDecimal(wanted), of: packs) {
            case .purchase(let purchase):
                found += 1
                #expect(purchase.usd.billionths == best?.usd, "\(wanted) of \(packs)")
                #expect(purchase.credits == best.map { ExactDecimal($0.credits) }, "\(wanted) of \(packs)")
                #expect(purchase.items.map(\.count).reduce(0, +) == best?.packs, "\(wanted) of \(packs)")
                #expect(purchase.items.allSatisfy { $0.count <= $0.pack.limit ?? .max })
            case .notEnough(let most, _):
                impossible += 1
                #expect(best == nil, "\(wanted) of \(packs)")
                #expect(most < ExactDecimal(wanted))
            case .tooLarge: Issue.record("\(wanted) of \(packs)")
            }
        }
        #expect(found > 5 && impossible + found == 40)
    }
}
