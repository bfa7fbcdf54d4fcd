import Faregate
import Testing

@Suite("What a portable request can be bought as")
struct PlanOptionsTests {
    static func options(
        _ body: JSONValue, _ measure: Job.Measure = .seconds, _ policy: Policy = Policy(), operation: String? = nil,
        credits: [String: CreditRate] = [:]
    ) throws -> PlanOptions {
        guard case .request(let request) = SmallCatalog.snapshot.portableRequest(body) else {
            throw NotPortable(body: body.text())
        }
        return PlanOptions(
            [request], for: measure, operation: operation, policy: policy, snapshot: SmallCatalog.snapshot,
            in: Circumstances(date: SmallCatalog.day, credits: credits))
    }

    struct NotPortable: Error { let body: String }

    static func shown(_ options: PlanOptions, _ provider: String, _ offering: String) -> [String] {
        options.options.filter { $0.provider == provider && $0.offering == offering }.map {
            "\($0.label) makes \($0.yield) for \($0.usd.map { $0.maximum?.description ?? "\($0.minimum) or more" } ?? "?")"
        }
    }

    @Test("Footage: one for each length that the offering takes, with its own price and time")
    func lengths() throws {
        let found = try Self.options(
            ["model": "lab/clip", "prompt": "x"],
            credits: ["coin": CreditRate(usd: ExactDecimal("0.01"), source: "test")])
        // $0.05 a second.
        #expect(
            Self.shown(found, "acme", "clip") == [
                "4 s makes 4 for 0.2", "6 s makes 6 for 0.3", "8 s makes 8 for 0.4",
            ])
        #expect(Self.shown(found, "acme", "lab/clip-fast").first == "4 s makes 4 for 0.01 or more")
        let coin = found.options.filter { $0.provider == "coin" }
        #expect(coin.map(\.yield) == Array(4...10))
        #expect(coin.map(\.typicalSeconds) == [30...40, 30...40] + [ClosedRange<Int>?](repeating: 60...91, count: 5))
        #expect(coin.last?.notes == ["its typical time is inferred: Long clips take longer."])
        #expect(coin.first?.body["/input/duration" as JSONPointer] == 4)
    }

    @Test("A stated length is the only one, and is never dropped")
    func stated() throws {
        let found = try Self.options(["model": "lab/clip", "prompt": "x", "duration": 6])
        #expect(Set(found.options.map(\.yield)) == [6])
        #expect(found.leftOut.contains { $0.offering == "lab/clip-fast" })
        let dropping = try Self.options(
            ["model": "lab/clip", "prompt": "x", "duration": 6], .seconds, Policy(leave: .all))
        #expect(Set(dropping.options.map(\.yield)) == [6])
        #expect(dropping.options.map(\.offering) == found.options.map(\.offering))
    }

    @Test("Items: one for each offering, whatever its length")
    func items() throws {
        let found = try Self.options(["model": "lab/clip", "prompt": "x"], .items)
        #expect(found.options.allSatisfy { $0.yield == 1 && $0.label.isEmpty })
        #expect(Set(found.options.map { "\($0.provider) \($0.offering)" }).count == found.options.count)
        #expect(found.options.count >= 4)
    }

    @Test("An operation keeps the offerings that do it")
    func operation() throws {
        let all = try Self.options(["model": "lab/clip", "prompt": "x"], .items)
        let images = try Self.options(["model": "lab/clip", "prompt": "x"], .items, operation: "image-to-video")
        #expect(Set(all.options.map(\.provider)) == ["acme", "bare", "coin"])
        #expect(Set(images.options.map(\.provider)) == ["acme"])
    }

    @Test("On the whole catalog: nothing that is planned is unpriced, and every body is valid")
    func wholeCatalog() throws {
        let snapshot = RealCatalog.snapshot
        let day = SmallCatalog.day
        var (count, plannedCount) = (0, 0)
        for model in snapshot.models where model.medium == .video {
            guard
                case .request(let request) = snapshot.portableRequest(["model": .string(model.id), "prompt": "x"])
            else { continue }
            let found = PlanOptions(
                [request], for: .seconds, policy: Policy(), snapshot: snapshot, in: Circumstances(date: day))
            for option in found.options {
                count += 1
                let answer = snapshot.answer(
                    NativeRequest(provider: option.provider, model: option.offering, body: option.body), quoting: true,
                    in: Circumstances(date: day))
                #expect(answer.isValid, "\(option.offering) \(option.body.text())")
                #expect((answer.quote ?? nil)?.usd?.total == option.usd, "\(option.offering) \(option.body.text())")
            }
            let plan = Planner(paces: [:]).plan(Job(.seconds, 90), found.options)
            let isPriced = found.options.contains { $0.usd?.maximum != nil }
            plannedCount += isPriced ? 1 : 0
            #expect(plan.lines.isEmpty == !isPriced, "\(model.id)")
            #expect(plan.lines.allSatisfy { $0.usd?.maximum != nil })
        }
        #expect(count > 100)
        #expect(plannedCount > 5)
    }
}
