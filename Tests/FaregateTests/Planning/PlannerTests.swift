import Faregate
import Testing

/// Plans by looking at every choice of tasks: nothing in common with the planner but the question.
private struct EveryPlan {
    let options: [PlanOption]
    let paces: [String: ProviderPace]
    let amount: Int
    let deadline: Int?
    private(set) var best: (usd: Int64, tasks: Int)?

    init(_ options: [PlanOption], _ paces: [String: ProviderPace], amount: Int, deadline: Int?) {
        (self.options, self.paces, self.amount, self.deadline) = (options, paces, amount, deadline)
        var counts = options.map { _ in 0 }
        look(0, 0, &counts)
    }

    private mutating func look(_ index: Int, _ made: Int, _ counts: inout [Int]) {
        guard made < amount, index < options.count else {
            if made >= amount, isInTime(counts) {
                let usd = zip(options, counts).reduce(Int64(0)) {
                    $0 + ($1.0.usd?.maximum?.billionths ?? 0) * Int64($1.1)
                }
                let tasks = counts.reduce(0, +)
                if best.map({ (usd, tasks) < $0 }) ?? true { best = (usd, tasks) }
            }
            return
        }
        look(index + 1, made, &counts)
        counts[index] += 1
        look(index, made + options[index].yield, &counts)
        counts[index] -= 1
    }

    /// Whether each provider's tasks, all as slow as the slowest of them, are done in time.
    private func isInTime(_ counts: [Int]) -> Bool {
        guard let deadline else { return true }
        for provider in Set(options.map(\.provider)) {
            let used = options.indices.filter { options[$0].provider == provider && counts[$0] > 0 }
            let slowest = used.compactMap { options[$0].typicalSeconds?.upperBound }.max() ?? 0
            let pace = paces[provider] ?? ProviderPace()
            var slots = [Int](repeating: 0, count: pace.concurrentTasksMax ?? 1)
            for number in 0..<used.reduce(0, { $0 + counts[$1] }) {
                let slot = slots.indices.min { slots[$0] < slots[$1] } ?? 0
                let submit = pace.requestsPerMinuteMax.map { Int((Double(number) * 60 / Double($0)).rounded(.up)) } ?? 0
                slots[slot] = max(slots[slot], submit) + slowest
                if slots[slot] > deadline { return false }
            }
        }
        return true
    }
}

@Suite("A plan is the cheapest way to make up a job")
struct PlannerTests {
    static func option(
        _ provider: String, _ offering: String = "clip", yield: Int, usd: String?, atLeast: Bool = false,
        seconds: ClosedRange<Int>? = 60...120
    ) -> PlanOption {
        let price = usd.flatMap { ExactDecimal($0) }
        return PlanOption(
            provider: provider, offering: offering, model: "lab/clip", body: [:], label: "\(yield) s", yield: yield,
            usd: price.map { Quote.Total(minimum: $0, maximum: atLeast ? nil : $0, unit: "USD") },
            typicalSeconds: seconds)
    }

    /// `2×a clip 8 s, 1×b clip 6 s`.
    static func shown(_ plan: Plan) -> String {
        plan.lines.map { "\($0.count)×\($0.option.provider) \($0.option.label)" }.joined(separator: ", ")
    }

    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        let amount: Int
        var deadline: Int?
        let options: [PlanOption]
        var paces: [String: ProviderPace] = [:]
        let plan: String
        var usd: String?
        var leftOut: [String] = []
        var testDescription: String { name }
    }

    static let eight = option("a", yield: 8, usd: "1.00")

    static let examples = [
        Example(name: "one kind", amount: 90, options: [eight], plan: "12×a 8 s", usd: "12"),
        Example(
            name: "a short one at the end", amount: 90, options: [eight, option("a", yield: 4, usd: "0.60")],
            plan: "11×a 8 s, 1×a 4 s", usd: "11.60"),
        Example(
            name: "the same money: fewer tasks", amount: 8, options: [eight, option("b", yield: 4, usd: "0.50")],
            plan: "1×a 8 s", usd: "1"),
        Example(
            name: "more than asked for where that is cheaper", amount: 9,
            options: [option("a", yield: 5, usd: "1"), option("b", yield: 9, usd: "2.01")], plan: "2×a 5 s", usd: "2"),
        Example(
            name: "no price is never zero", amount: 8,
            options: [eight, option("b", yield: 8, usd: nil), option("c", yield: 8, usd: "0.01", atLeast: true)],
            plan: "1×a 8 s", usd: "1", leftOut: ["b plan.price_unknown", "c plan.price_open"]),
        Example(
            name: "a deadline leaves out what has no time", amount: 8, deadline: 120,
            options: [eight, option("b", yield: 8, usd: "0.10", seconds: nil)], plan: "1×a 8 s", usd: "1",
            leftOut: ["b plan.time_unknown"]),
        Example(
            name: "no deadline: no time is needed", amount: 8,
            options: [eight, option("b", yield: 8, usd: "0.10", seconds: nil)], plan: "1×b 8 s", usd: "0.10"),
        Example(
            name: "the cheap one does what it can in time, the dear one the rest", amount: 40, deadline: 240,
            options: [eight, option("b", yield: 8, usd: "2")], paces: ["b": ProviderPace(concurrentTasksMax: 3)],
            plan: "2×a 8 s, 3×b 8 s", usd: "8"),
        Example(
            name: "two after another where nobody says how many at once", amount: 16, deadline: 239,
            options: [eight, option("b", yield: 8, usd: "2")], plan: "1×a 8 s, 1×b 8 s", usd: "3"),
        Example(
            name: "requests in a minute: the second goes out after half of one", amount: 16, deadline: 149,
            options: [eight, option("b", yield: 8, usd: "2")],
            paces: ["a": ProviderPace(concurrentTasksMax: 9, requestsPerMinuteMax: 2)], plan: "1×a 8 s, 1×b 8 s",
            usd: "3"),
        Example(
            name: "… and half a minute later it fits", amount: 16, deadline: 150,
            options: [eight, option("b", yield: 8, usd: "2")],
            paces: ["a": ProviderPace(concurrentTasksMax: 9, requestsPerMinuteMax: 2)], plan: "2×a 8 s", usd: "2"),
        Example(
            name: "a slow cheap one and a quick dear one of the same provider", amount: 24, deadline: 300,
            options: [
                option("a", "slow", yield: 8, usd: "1", seconds: 300...300),
                option("a", "quick", yield: 4, usd: "2", seconds: 50...50),
            ], plan: "6×a 4 s", usd: "12"),
        Example(name: "nothing to choose from", amount: 8, options: [], plan: ""),
    ]

    @Test("By example", arguments: examples)
    func example(_ example: Example) {
        let job = Job(.seconds, example.amount, deadlineSeconds: example.deadline)
        let plan = Planner(paces: example.paces).plan(job, example.options)
        #expect(Self.shown(plan) == example.plan)
        #expect(plan.usd?.maximum == example.usd.flatMap { ExactDecimal($0) })
        #expect(plan.leftOut.map { "\($0.provider) \($0.code)" } == example.leftOut)
        #expect(plan.isMet == !example.plan.isEmpty)
    }

    @Test("A maximum is met to the cent, by the worst price")
    func maximum() {
        let range = PlanOption(
            provider: "a", offering: "clip", model: "lab/clip", body: [:], label: "", yield: 1,
            usd: Quote.Total(minimum: ExactDecimal("0.10"), maximum: ExactDecimal("0.15"), unit: "USD"),
            typicalSeconds: nil)
        func isMet(_ maximum: String) -> Bool {
            Planner(paces: [:]).plan(Job(.items, 10, maximumUSD: ExactDecimal(maximum)), [range]).isMet
        }
        #expect(isMet("1.50"))
        #expect(!isMet("1.499999999"))
    }

    @Test("The makespan is that of the slowest provider, and unknown where one of its times is")
    func makespan() {
        let paces = ["a": ProviderPace(concurrentTasksMax: 2), "b": ProviderPace(concurrentTasksMax: 100)]
        // Five tasks, two at once, 60 to 120 s each: three rounds.
        let plan = Planner(paces: paces).plan(Job(.seconds, 40), [Self.eight])
        #expect(plan.makespan == 180...360)
        #expect(plan.shares.map(\.isOneByOne) == [false])
        let silent = Planner(paces: paces).plan(Job(.seconds, 40), [Self.option("b", yield: 8, usd: "1", seconds: nil)])
        #expect(silent.makespan == nil)
        let alone = Planner(paces: [:]).plan(Job(.seconds, 40), [Self.eight])
        #expect(alone.makespan == 300...600)
        #expect(alone.shares.map(\.isOneByOne) == [true])
    }

    @Test("What does not fit before the deadline says how much does, and when all of it would")
    func shortfall() {
        let paces = ["a": ProviderPace(concurrentTasksMax: 2)]
        let plan = Planner(paces: paces).plan(Job(.seconds, 40, deadlineSeconds: 300), [Self.eight])
        #expect(!plan.isMet && plan.lines.isEmpty)
        // Four of 8 s in two rounds; the fifth is done after three.
        #expect(plan.shortfall?.amountInTime == 32)
        #expect(plan.shortfall?.earliestSeconds == 360)
        let met = Planner(paces: paces).plan(Job(.seconds, 40, deadlineSeconds: 360), [Self.eight])
        #expect(met.isMet)
    }

    /// A few options of a few providers, with equal times and yields often.
    static func instance(_ random: inout SeededGenerator) -> ([PlanOption], [String: ProviderPace], Int, Int?) {
        let step = [1, 1, 2].randomElement(using: &random) ?? 1
        let options = (0..<Int.random(in: 1...4, using: &random)).map { index in
            let seconds = [30, 60, 90, 100].randomElement(using: &random) ?? 60
            return option(
                ["a", "b", "c"].randomElement(using: &random) ?? "a", "o\(index)",
                yield: Int.random(in: 1...5, using: &random) * step, usd: "\(Int.random(in: 1...9, using: &random))",
                seconds: seconds / 2...seconds)
        }
        func maybe(_ range: ClosedRange<Int>) -> Int? {
            Bool.random(using: &random) ? nil : Int.random(in: range, using: &random)
        }
        var paces: [String: ProviderPace] = [:]
        for id in ["a", "b"] {
            paces[id] = ProviderPace(concurrentTasksMax: maybe(1...4), requestsPerMinuteMax: maybe(1...7))
        }
        let deadline = Int.random(in: 0..<4, using: &random) == 0 ? nil : Int.random(in: 20...500, using: &random)
        return (options, paces, Int.random(in: 1...14, using: &random), deadline)
    }

    @Test("Agrees with a look at every plan, and what is planned is done in time")
    func bruteForce() {
        var random = SeededGenerator(seed: 4)
        var (possible, bound, impossible) = (0, 0, 0)
        for _ in 0..<2_000 {
            let (options, paces, amount, deadline) = Self.instance(&random)
            let every = EveryPlan(options, paces, amount: amount, deadline: deadline)
            let plan = Planner(paces: paces).plan(Job(.seconds, amount, deadlineSeconds: deadline), options)
            let about =
                "\(amount) by \(deadline ?? -1) of \(options.map { ($0.provider, $0.yield, $0.usd?.minimum, $0.typicalSeconds) }) \(paces)"
            guard let best = every.best else {
                impossible += 1
                #expect(plan.lines.isEmpty && !plan.isMet, "\(about)")
                #expect(plan.shortfall.map { $0.amountInTime < amount } ?? false, "\(about)")
                #expect(plan.shortfall?.earliestSeconds.map { $0 > deadline ?? 0 } ?? false, "\(about)")
                continue
            }
            possible += 1
            if deadline != nil, EveryPlan(options, paces, amount: amount, deadline: nil).best?.usd != best.usd {
                bound += 1
            }
            #expect(plan.usd?.maximum?.billionths == best.usd, "\(about)")
            #expect(plan.taskCount == best.tasks, "\(about)")
            #expect(plan.amount >= amount, "\(about)")
            if let deadline { #expect(plan.makespan.map { $0.upperBound <= deadline } ?? false, "\(about)") }
        }
        // Deadlines that bind, and that cannot be met, are among them.
        #expect(possible > 1_000 && impossible > 200 && bound > 100, "\(possible) \(impossible) \(bound)")
    }

    @Test("The earliest time is the first at which the plan exists", arguments: 0..<10)
    func earliest(seed: UInt64) {
        var random = SeededGenerator(seed: 1_000 + seed)
        var tried = 0
        for _ in 0..<30 {
            let (options, paces, amount, _) = Self.instance(&random)
            let late = Planner(paces: paces).plan(Job(.seconds, amount, deadlineSeconds: 1), options)
            guard let earliest = late.shortfall?.earliestSeconds else { continue }
            tried += 1
            func exists(_ deadline: Int) -> Bool {
                !Planner(paces: paces).plan(Job(.seconds, amount, deadlineSeconds: deadline), options).lines.isEmpty
            }
            #expect(exists(earliest) && !exists(earliest - 1))
        }
        #expect(tried > 20)
    }
}
