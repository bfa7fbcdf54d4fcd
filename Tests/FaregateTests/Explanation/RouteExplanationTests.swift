import Testing

@testable import Faregate

@Suite("Why this way and not that one")
struct RouteExplanationTests {
    static let circumstances = Circumstances(date: SmallCatalog.day)
    private let snapshot = RealCatalog.snapshot

    private func explanation(
        _ body: JSONValue, _ policy: Policy = Policy(), _ circumstances: Circumstances = circumstances
    ) throws -> RouteExplanation {
        guard case .request(let request) = snapshot.portableRequest(body) else {
            Issue.record("no portable request")
            throw CancellationError()
        }
        return snapshot.explanation(
            of: snapshot.route(request, policy: policy, in: circumstances), in: circumstances)
    }

    private static let owl: JSONValue = ["model": "google/nano-banana", "prompt": "A barn owl"]

    private static let additions: [JSONValue] = [[:], ["duration": 7], ["seed": 7, "aspect_ratio": "9:16"]]

    private func pair(_ explanation: RouteExplanation, _ provider: String) throws -> RouteExplanation.Pair {
        try #require(explanation.pairs.first { $0.provider.id == provider })
    }

    @Test("Every way but the chosen one has its reason")
    func complete() throws {
        for model in snapshot.models {
            let explanation = try explanation(["model": .string(model.id), "prompt": "A barn owl"])
            let route = explanation.route
            #expect(explanation.pairs.count == max(0, route.candidates.count - 1) + route.rejections.count)
            for pair in explanation.pairs {
                #expect(!pair.reason.isEmpty, "\(model.id) \(pair.offering.id)")
                #expect((pair.quote == nil) == (pair.decision == .rejection))
            }
        }
    }

    @Test("A changed request does what is said of it")
    func changes() throws {
        var count = 0
        for model in snapshot.models {
            for more in Self.additions {
                var object = JSONObject([("model", .string(model.id)), ("prompt", "A barn owl")])
                for (name, value) in more.object?.members ?? [] { object[name] = value }
                let body = JSONValue.object(object)
                guard case .request = snapshot.portableRequest(body) else { continue }
                for pair in try explanation(body).pairs {
                    for change in pair.changes {
                        guard let result = change.result else { continue }
                        count += 1
                        let changed = try result.patch.applied(to: body)
                        guard case .request(let request) = snapshot.portableRequest(changed) else {
                            Issue.record("\(change.words) makes no request")
                            continue
                        }
                        let route = snapshot.route(request, policy: Policy(), in: Self.circumstances)
                        let place = route.candidates.firstIndex {
                            $0.offering.id == pair.offering.id && $0.provider.id == pair.provider.id
                        }
                        #expect(place.map { $0 + 1 } == result.rank, "\(model.id) \(change.words)")
                        if pair.decision != .rejection { #expect(result.rank == 1, "\(change.words)") }
                    }
                }
            }
        }
        #expect(count > 20)
    }

    @Test("A worth of credits below the bar makes it the first choice, one above it does not")
    func creditRate() throws {
        let sjinn = try pair(explanation(Self.owl), "sjinn")
        #expect(sjinn.decision == .comparability)
        let change = try #require(sjinn.changes.first { $0.kind == .creditRate })
        // 50 credits against $0.03.
        #expect(change.words.contains("$0.0006"))
        for (worth, isFirst) in [("0.0005", true), ("0.0007", false)] {
            let credits = ["sjinn": CreditRate(usd: try #require(ExactDecimal(worth)), source: "test")]
            let route = try explanation(Self.owl, Policy(), Circumstances(date: SmallCatalog.day, credits: credits))
                .route
            #expect((route.choice?.provider.id == "sjinn") == isFirst)
        }
    }

    @Test("Preference, name and policy are told as what decides")
    func decisions() throws {
        let preferred = try explanation(Self.owl, Policy(preferred: ["sjinn"]))
        #expect(try pair(preferred, "apixo").decision == .preference)
        #expect(try pair(explanation(Self.owl), "unifically").decision == .name)
        let limited = try explanation(Self.owl, Policy(only: ["apixo"]))
        let other = try pair(limited, "unifically")
        #expect(other.decision == .rejection && other.changes.map(\.kind) == [.policy])
    }

    @Test("What a provider cannot do tells what to drop")
    func drop() throws {
        var body = Self.owl.object ?? JSONObject()
        body["seed"] = 7
        let apixo = try pair(explanation(.object(body)), "apixo")
        #expect(apixo.decision == .rejection)
        #expect(apixo.changes.map(\.words) == ["drop seed"])
        #expect(apixo.changes.first?.result?.rank == 1)
    }
}
