import Testing

@testable import Faregate

@Suite("Why this way and not that one", .serialized)
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

    private func pair(_ explanation: RouteExplanation, _ provider: String) throws -> RouteExplanation.Pair {
        try #require(explanation.pairs.first { $0.provider.id == provider })
    }

    /// Models that more than one offering is asked for, each with less and with more that is asked.
    static let requests: [JSONValue] = RealCatalog.snapshot.models.flatMap { model -> [JSONValue] in
        guard RealCatalog.snapshot.offerings(of: model.id).count > 1 else { return [] }
        return [
            ["model": .string(model.id), "prompt": "A barn owl"],
            ["model": .string(model.id), "prompt": "A barn owl", "seed": 7, "aspect_ratio": "9:16"],
        ]
    }

    @Test("Every way but the chosen one has its reason, and a changed request does what is said of it")
    func pairs() throws {
        var changes = 0
        for body in Self.requests {
            let explanation = try explanation(body)
            let route = explanation.route
            #expect(explanation.pairs.count == max(0, route.candidates.count - 1) + route.rejections.count)
            for pair in explanation.pairs {
                #expect(!pair.reason.isEmpty, "\(body.text()) \(pair.offering.id)")
                #expect((pair.quote == nil) == (pair.decision == .rejection))
                for change in pair.changes where change.result != nil {
                    changes += 1
                    try check(change, of: pair, body)
                }
            }
        }
        #expect(Self.requests.count > 40)
        #expect(changes > 20)
    }

    /// Routes the changed request again.
    private func check(_ change: RouteExplanation.Change, of pair: RouteExplanation.Pair, _ body: JSONValue) throws {
        let result = try #require(change.result)
        guard case .request(let request) = snapshot.portableRequest(try result.patch.applied(to: body)) else {
            Issue.record("\(change.words) makes no request")
            return
        }
        let route = snapshot.route(request, policy: Policy(), in: Self.circumstances)
        let place = route.candidates.firstIndex {
            $0.offering.id == pair.offering.id && $0.provider.id == pair.provider.id
        }
        #expect(place.map { $0 + 1 } == result.rank, "\(body.text()) \(change.words)")
        if pair.decision != .rejection { #expect(result.rank == 1, "\(change.words)") }
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
        var excluding = Policy()
        excluding.excludedModels = [try #require(Self.owl["model"]?.string)]
        let excluded = try pair(explanation(Self.owl, excluding), "apixo")
        #expect(excluded.changes.map(\.words) == ["allow the model"])
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
