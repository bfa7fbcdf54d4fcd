import Testing

@testable import Faregate

/// Portable requests made at random for the models of a catalog, and what must hold of every route.
@Suite("Whatever is asked for: every candidate is valid, and nothing that was stated gets lost")
struct RoutingPropertyTests {
    static func value(of name: String, _ random: inout SeededGenerator) -> JSONValue? {
        let addresses: [JSONValue] = [
            "https://example.com/a.png", "https://example.com/b.jpg", "https://example.com/c.mp4",
        ]
        switch name {
        case "prompt", "negative_prompt", "lyrics", "title", "speech":
            return ["A boat", "@Image1 sails", "x"].randomElement(using: &random)
        case "style": return ["jazz", "oil"].randomElement(using: &random)
        case "start_image", "end_image", "source_image", "source_video", "source_audio":
            return addresses.randomElement(using: &random)
        case "reference_images": return .array(Array(addresses.prefix(Int.random(in: 1...3, using: &random))))
        case "source_task", "voice": return "task-1"
        case "dialogue": return [["text": "A boat", "voice": "v"]]
        case "language": return "en"
        case "duration": return [4, 5, 6, 8, 10, 15, .real(8), 2.5].randomElement(using: &random)
        case "aspect_ratio": return ["16:9", "9:16", "1:1", "4:3"].randomElement(using: &random)
        case "resolution": return ["720p", "768p", "1080p", "1k", "2k", "4k"].randomElement(using: &random)
        case "audio", "instrumental": return [true, false].randomElement(using: &random)
        case "seed": return [0, 7, 4_294_967_295].randomElement(using: &random)
        default: return nil
        }
    }

    static func check(_ snapshot: Snapshot, rounds: Int, seed: UInt64) -> (candidates: Int, rejections: Int) {
        var random = SeededGenerator(seed: seed)
        let names = snapshot.portableParameters.map(\.name)
        var counted = (candidates: 0, rejections: 0)
        for model in snapshot.models {
            for _ in 0..<rounds {
                var body = JSONObject([("model", .string(model.id)), ("prompt", "A boat")])
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    let name = names.randomElement(using: &random) ?? "prompt"
                    body[name] = value(of: name, &random)
                }
                guard case .request(let request) = snapshot.portableRequest(.object(body)) else {
                    Issue.record("refused: \(JSONValue.object(body).text())")
                    continue
                }
                let policy = Policy(leave: Bool.random(using: &random) ? .none : .some(["seed", "style"]))
                let route = snapshot.route(request, policy: policy, in: Circumstances(date: SmallCatalog.day))
                check(route, snapshot)
                counted.candidates += route.candidates.count
                counted.rejections += route.rejections.count
            }
        }
        return counted
    }

    static func check(_ route: Route, _ snapshot: Snapshot) {
        let asked = route.request.body.text()
        let offered = snapshot.offerings(of: route.request.model.id).count
        #expect(route.candidates.count + route.rejections.count == offered, "an offering was left out: \(asked)")
        for candidate in route.candidates {
            let verdict = Validator(provider: candidate.provider, offering: candidate.offering, snapshot: snapshot)
                .verdict(on: candidate.body, date: SmallCatalog.day)
            #expect(verdict.isValid, "\(candidate.offering.id) for \(asked): \(verdict.diagnostics.map(\.short))")
            if candidate.comparability == .unknown { #expect(candidate.quote.total == nil) }
            checkNothingIsLost(candidate, route, asked)
        }
        for rejection in route.rejections {
            #expect(rejection.diagnostics.contains { $0.severity == .error }, "\(rejection.offering.id) for \(asked)")
        }
        let ranks = route.candidates.map(\.comparability)
        #expect(ranks == ranks.sorted())
        for (a, b) in zip(route.candidates, route.candidates.dropFirst()) where a.comparability == b.comparability {
            if let a = a.quote.worstCaseUSD, let b = b.quote.worstCaseUSD { #expect(a <= b) }
        }
    }

    /// Each stated parameter is found again in the native body, is what the offering always makes, or is told.
    static func checkNothingIsLost(_ candidate: Route.Candidate, _ route: Route, _ asked: String) {
        let stated = Facts(body: .object(JSONObject(route.request.parameters.map { ($0.name, $0.value) })))
        for (name, value) in route.request.parameters {
            let isTold = candidate.diagnostics.contains { $0.path == JSONPointer([name]) }
            switch candidate.offering.portable.target(name, in: stated) {
            case .to(let reference, _, let values, _)?:
                let wanted = values?.first { $0.portable == value }?.native ?? value
                let sent = candidate.body[reference.pointer]
                let sentElements = sent?.array ?? []
                let isSent = sent == wanted || (wanted.array ?? [wanted]).allSatisfy(sentElements.contains)
                #expect(isSent || isTold, "\(candidate.offering.id) lost \(name) of \(asked): \(candidate.body.text())")
            case .fixed(let made)?:
                #expect(made == value || isTold, "\(candidate.offering.id) makes another \(name): \(asked)")
            case .unsupported?, nil: #expect(isTold, "\(candidate.offering.id) says nothing of \(name): \(asked)")
            }
        }
    }

    @Test("In the small catalog", arguments: 1...4)
    func small(_ seed: UInt64) {
        let counted = Self.check(SmallCatalog.snapshot, rounds: 60, seed: seed)
        #expect(counted.candidates > 50 && counted.rejections > 50)
    }

    @Test("In the catalog that is shipped", arguments: 1...2)
    func shipped(_ seed: UInt64) {
        let counted = Self.check(RealCatalog.snapshot, rounds: 12, seed: seed)
        #expect(counted.candidates > 200 && counted.rejections > 200)
    }

    @Test("Most models that are shipped can be had by a request that says little")
    func shortRequests() {
        let addresses: JSONValue = "https://example.com/a.png"
        let attempts: [[(String, JSONValue)]] = [
            [("prompt", "x")], [("prompt", "x"), ("start_image", addresses)],
            [("prompt", "x"), ("reference_images", [addresses])],
            [("source_video", "https://example.com/a.mp4")],
            [("prompt", "x"), ("source_video", "https://example.com/a.mp4")],
            [("prompt", "x"), ("style", "jazz"), ("title", "T")], [("source_task", "t")],
            [("source_audio", "https://example.com/a.mp3")],
            [("prompt", "x"), ("source_task", "t")],
            [("prompt", "x"), ("source_video", "https://example.com/a.mp4"), ("start_image", addresses)],
        ]
        var missed: [String] = []
        let snapshot = RealCatalog.snapshot
        for model in snapshot.models {
            let isReached = attempts.contains { members in
                let body = JSONValue.object(JSONObject([("model", .string(model.id))] + members))
                guard case .request(let request) = snapshot.portableRequest(body) else { return false }
                return snapshot.route(request, policy: Policy(), in: Circumstances(date: SmallCatalog.day)).choice
                    != nil
            }
            if !isReached { missed.append(model.id) }
        }
        // The others need a little more: ReachabilityTests finds a request for every one.
        #expect(missed.count * 5 < snapshot.models.count, "\(missed)")
    }
}
