import Faregate
import Testing

@Suite("A route finds who can do a request, who is cheapest, and why not the others")
struct RouterTests {
    static func route(
        _ body: JSONValue, _ policy: Policy = Policy(), in snapshot: Snapshot = SmallCatalog.snapshot,
        credits: [String: CreditRate] = [:]
    ) throws -> Route {
        switch snapshot.portableRequest(body) {
        case .invalid(let findings):
            throw Refused(findings: findings.map(\.short))
        case .request(let request):
            return snapshot.route(request, policy: policy, in: Circumstances(date: SmallCatalog.day, credits: credits))
        }
    }

    struct Refused: Error { let findings: [String] }

    static func names(_ route: Route) -> [String] { route.candidates.map { "\($0.provider.id) \($0.offering.id)" } }

    /// Why each offering is rejected: the codes and places of its errors.
    static func reasons(_ route: Route) -> [String: [String]] {
        Dictionary(
            uniqueKeysWithValues: route.rejections.map { rejection in
                (
                    "\(rejection.provider.id) \(rejection.offering.id)",
                    rejection.diagnostics.filter { $0.severity == .error }.map { "\($0.code.rawValue) \($0.path)" }
                )
            })
    }

    static func body(_ route: Route, _ name: String) -> JSONValue? {
        route.candidates.first { "\($0.provider.id) \($0.offering.id)" == name }?.body
    }

    // MARK: Reading a portable request

    static let requests: [(JSONValue, [String])] = [
        (["model": "lab/clip", "prompt": "x"], []),
        (["prompt": "x"], ["error parameter.missing /model"]),
        (["model": "lab/clop"], ["error model.unknown /model"]),
        (["model": "lab/clip", "prompt": 5], ["error value.type /prompt"]),
        (["model": "lab/clip", "promt": "x"], ["error parameter.unknown /promt"]),
        (["model": "lab/clip", "duration": -1], ["error value.range /duration"]),
        (["model": "lab/clip", "duration": []], ["error value.type /duration"]),
        (["model": "lab/clip", "start_image": "x"], ["error value.format /start_image"]),
        (["model": "lab/clip", "reference_images": ["x"]], ["error value.format /reference_images/0"]),
        ([], ["error value.type "]),
    ]

    @Test("A portable request is checked against parameters.json", arguments: requests)
    func reading(_ body: JSONValue, _ found: [String]) {
        do {
            _ = try Self.route(body)
            #expect(found == [])
        } catch let refused as Refused {
            #expect(refused.findings == found)
        } catch { Issue.record(error) }
    }

    // MARK: Translation

    static let start = "https://example.com/a.png"
    static let end = "https://example.com/b.png"

    @Test("A request is said in each provider's own words")
    func translation() throws {
        let route = try Self.route(["model": "lab/clip", "prompt": "A boat", "duration": 8])
        #expect(
            Self.body(route, "acme clip") == [
                "model": "clip", "request_type": "async", "input": ["mode": "std", "prompt": "A boat", "duration": 8],
            ])
        #expect(
            Self.body(route, "acme lab/clip-fast") == [
                "model": "lab/clip-fast", "request_type": "async", "input": ["prompt": "A boat", "duration": 8],
            ])
        #expect(Self.body(route, "bare clip") == ["text": "A boat"])
        #expect(
            Self.body(route, "coin clip-api") == ["tool": "clip-api", "input": ["prompt": "A boat", "duration": 8]])
        #expect(route.rejections.isEmpty)
        #expect(route.catalog == SmallCatalog.snapshot.digest)
    }

    @Test("The model that is asked for selects the native values")
    func selection() throws {
        let route = try Self.route(["model": "lab/clip-pro", "prompt": "x", "duration": 6])
        #expect(Self.names(route) == ["acme clip"])
        #expect(route.choice?.body["input"]?["mode"] == "pro")
        #expect(route.choice?.quote.total?.minimum == Arithmetic.result("0.20 * 6"))
    }

    @Test("Values are translated, and one that is not offered is a reason")
    func values() throws {
        let wide = try Self.route(["model": "lab/clip", "prompt": "x", "aspect_ratio": "16:9"])
        #expect(Self.body(wide, "acme clip")?["input"]?["aspect_ratio"] == "landscape")
        let square = try Self.route(["model": "lab/clip", "prompt": "x", "aspect_ratio": "1:1"])
        #expect(Self.reasons(square)["acme clip"] == ["portable.value_not_offered /aspect_ratio"])
        #expect(Self.reasons(square)["bare clip"] == ["portable.not_expressible /aspect_ratio"])
        #expect(square.candidates.isEmpty)
        #expect(square.choice == nil)
    }

    @Test("Images are put behind one another, in the order of the mapping, and settings follow what is stated")
    func append() throws {
        let frames = try Self.route([
            "model": "lab/clip", "prompt": "x", "end_image": .string(Self.end), "start_image": .string(Self.start),
        ])
        let input = Self.body(frames, "acme clip")?["input"]
        #expect(input?["images"] == [.string(Self.start), .string(Self.end)])
        #expect(input?["generation"] == "frames")
        let references = try Self.route([
            "model": "lab/clip", "prompt": "x", "reference_images": [.string(Self.end), .string(Self.start)],
        ])
        let other = Self.body(references, "acme clip")?["input"]
        #expect(other?["images"] == [.string(Self.end), .string(Self.start)])
        #expect(other?["generation"] == "references")
    }

    @Test("What cannot be said alone, or together, is a reason")
    func company() throws {
        let alone = try Self.route(["model": "lab/clip", "prompt": "x", "end_image": .string(Self.end)])
        #expect(Self.reasons(alone)["acme clip"] == ["portable.not_expressible /end_image"])
        let together = try Self.route([
            "model": "lab/clip", "prompt": "x", "start_image": .string(Self.start),
            "reference_images": [.string(Self.end)],
        ])
        #expect(Self.reasons(together)["acme clip"]?.contains("portable.not_expressible /reference_images") == true)
    }

    @Test("What an offering always makes satisfies who asks for it, and nobody else")
    func fixed() throws {
        let eight = try Self.route(["model": "lab/clip", "prompt": "x", "duration": .real(8)])
        #expect(Self.names(eight).contains("bare clip"))
        let four = try Self.route(["model": "lab/clip", "prompt": "x", "duration": 4])
        #expect(Self.reasons(four)["bare clip"] == ["portable.fixed_value /duration"])
        let left = try Self.route(["model": "lab/clip", "prompt": "x"])
        let bare = try #require(left.candidates.first { $0.provider.id == "bare" })
        #expect(bare.defaults.map(\.parameter) == ["duration", "seed"])
        #expect(bare.defaults.map(\.value) == [8, 7])
    }

    @Test("What would be ignored, replaced or refused is a reason, at the portable name")
    func losses() throws {
        let sound = try Self.route(["model": "lab/clip", "prompt": "x", "audio": true])
        #expect(Self.reasons(sound)["acme clip"] == ["portable.not_expressible /audio"])
        let seed = try Self.route(["model": "lab/clip", "prompt": "x", "seed": 100])
        #expect(Self.reasons(seed)["bare clip"] == ["portable.not_expressible /seed"])
        #expect(Self.names(seed) == ["acme clip"])
        let long = try Self.route(["model": "lab/clip", "prompt": "x", "duration": 11])
        #expect(Self.reasons(long)["coin clip-api"] == ["portable.not_expressible /duration"])
        #expect(Self.reasons(long)["acme clip"] == ["value.enum /input/duration"])
        let ignored = try Self.route([
            "model": "lab/clip", "prompt": "x", "seed": 5, "reference_images": [.string(Self.start)],
        ])
        #expect(Self.reasons(ignored)["acme clip"] == ["portable.not_expressible /seed"])
        let styled = try Self.route(["model": "lab/clip", "prompt": "x", "style": "oil"])
        #expect(Self.reasons(styled)["acme clip"] == ["portable.not_expressible /style"])
        #expect(Self.reasons(styled)["acme lab/clip-fast"] == ["portable.fixed_value /style"])
    }

    @Test("With leave, what cannot be said is dropped, and told")
    func leave() throws {
        let request: JSONValue = ["model": "lab/clip", "prompt": "x", "style": "oil", "seed": 5]
        let some = try Self.route(request, Policy(leave: .some(["style"])))
        #expect(Self.names(some).contains("acme clip"))
        #expect(Self.reasons(some)["coin clip-api"] == ["portable.not_expressible /seed"])
        let clip = try #require(some.candidates.first { $0.offering.id == "clip" && $0.provider.id == "acme" })
        #expect(clip.diagnostics.map(\.short).contains("warning portable.dropped /style"))
        let all = try Self.route(request, Policy(leave: .all))
        #expect(all.rejections.isEmpty)
        for candidate in all.candidates { #expect(candidate.diagnostics.allSatisfy { $0.severity != .error }) }
    }

    @Test("Nobody may drop the prompt")
    func prompt() throws {
        var texts = SmallCatalog.texts
        texts["providers/coin/offerings/clip-api.json"]?.replace("\"prompt\": { \"to\": \"prompt\" },", with: "")
        let snapshot = try Snapshot(files: SmallCatalog.files(texts))
        let route = try Self.route(["model": "lab/clip", "prompt": "x"], Policy(leave: .all), in: snapshot)
        #expect(Self.reasons(route)["coin clip-api"]?.contains("portable.not_expressible /prompt") == true)
    }

    @Test("Empty values state nothing")
    func empty() throws {
        let route = try Self.route(["model": "lab/clip", "prompt": "x", "style": "", "reference_images": []])
        #expect(Self.names(route).contains("acme clip"))
        #expect(route.candidates.allSatisfy { $0.body["input"]?["images"] == nil })
    }

    // MARK: Ranking and policy

    static let plain: JSONValue = ["model": "lab/clip", "prompt": "x", "duration": 8]

    @Test("Comparable prices go first, then lower bounds, then other units; who has no price is last, not free")
    func ranking() throws {
        let route = try Self.route(Self.plain)
        #expect(Self.names(route) == ["acme clip", "acme lab/clip-fast", "coin clip-api", "bare clip"])
        #expect(route.candidates.map(\.comparability) == [.comparable, .lowerBound, .otherUnit, .unknown])
        #expect(route.candidates.map { $0.rankingNote == nil } == [true, false, false, false])
        #expect(route.candidates[0].quote.total?.minimum == Arithmetic.result("0.05 * 8"))
        #expect(route.candidates[2].quote.total?.minimum == Arithmetic.result("20 * 8"))
    }

    @Test("A credit that has a worth is held against dollars", arguments: [("0.0001", "coin"), ("0.01", "acme")])
    func creditRanking(_ usd: ExactDecimal, _ first: String) throws {
        let credits = ["coin": CreditRate(usd: usd, source: "test")]
        let route = try Self.route(Self.plain, credits: credits)
        #expect(route.choice?.provider.id == first)
        #expect(
            route.candidates.filter { $0.comparability == .comparable }.map(\.provider.id).sorted() == ["acme", "coin"])
    }

    @Test("Preferred providers go first, in the order of preference")
    func preferred() throws {
        let route = try Self.route(Self.plain, Policy(preferred: ["bare", "coin"]))
        #expect(Self.names(route) == ["bare clip", "coin clip-api", "acme clip", "acme lab/clip-fast"])
        #expect(route.json["policy"]?["rank"] == "preferred")
    }

    @Test("Only the providers that are allowed are used")
    func only() throws {
        let route = try Self.route(Self.plain, Policy(only: ["coin"]))
        #expect(Self.names(route) == ["coin clip-api"])
        #expect(Self.reasons(route)["acme clip"] == ["policy.provider_excluded "])
        #expect(try Self.route(Self.plain, Policy(only: [])).candidates.isEmpty)
    }

    @Test("A model that the policy refuses is refused where the request names it, too")
    func models() throws {
        var excluding = Policy()
        excluding.excludedModels = ["lab/clip"]
        let excluded = try Self.route(Self.plain, excluding)
        #expect(excluded.candidates.isEmpty)
        #expect(Self.reasons(excluded)["acme clip"] == ["policy.model_excluded "])
        #expect(excluded.json["policy"] == ["rank": "cheapest", "excluded_models": ["lab/clip"]])
        var keeping = Policy()
        keeping.onlyModels = ["lab/clip-pro"]
        let others = try Self.route(Self.plain, keeping)
        #expect(others.candidates.isEmpty)
        #expect(Self.reasons(others)["bare clip"] == ["policy.model_excluded "])
        #expect(others.json["policy"] == ["rank": "cheapest", "only_models": ["lab/clip-pro"]])
        keeping.onlyModels = ["lab/clip", "lab/clip-pro"]
        #expect(try Self.route(Self.plain, keeping).candidates.count == 4)
    }

    @Test("The policy of a route says which providers are excluded, and why")
    func excluded() throws {
        var policy = Policy()
        policy.excluded = ["coin": "is excluded", "acme": "has no key here"]
        let route = try Self.route(Self.plain, policy)
        #expect(Self.names(route) == ["bare clip"])
        #expect(
            route.json["policy"] == [
                "rank": "cheapest", "excluded": ["acme": "has no key here", "coin": "is excluded"],
            ])
    }

    @Test("A maximum refuses what costs more, and what nobody can hold against it")
    func maximum() throws {
        let exactly = try Self.route(Self.plain, Policy(maximumUSD: "0.40"))
        #expect(Self.names(exactly) == ["acme clip"])
        #expect(Self.reasons(exactly)["acme lab/clip-fast"] == ["policy.price_not_comparable "])
        #expect(Self.reasons(exactly)["coin clip-api"] == ["policy.price_not_comparable "])
        #expect(Self.reasons(exactly)["bare clip"] == ["policy.price_not_comparable "])
        let less = try Self.route(Self.plain, Policy(maximumUSD: "0.399999999"))
        #expect(Self.reasons(less)["acme clip"] == ["policy.over_max_price "])
        #expect(less.choice == nil)
        let credits = ["coin": CreditRate(usd: "0.0025", source: "test")]
        #expect(
            Self.names(try Self.route(Self.plain, Policy(maximumUSD: "0.40"), credits: credits)).contains(
                "coin clip-api"))
    }

    @Test("The JSON form says all of it")
    func json() throws {
        let json = try Self.route(Self.plain, Policy(maximumUSD: "1", leave: .some(["seed"]))).json
        #expect(
            json.object?.members.map(\.name) == ["request", "policy", "candidates", "rejected", "choice", "catalog"])
        #expect(json["choice"] == ["provider": "acme", "model": "clip"])
        #expect(json["policy"] == ["rank": "cheapest", "maximum_usd": "1.00", "may_drop": ["seed"]])
        #expect(json["rejected"]?.array?.count == 3)
    }
}

@Suite("What is dropped leaves no trace in what is sent")
struct DroppingTests {
    private func candidate(_ body: JSONValue, drop: Set<String>, provider: String) throws -> Route.Candidate? {
        let snapshot = RealCatalog.snapshot
        guard case .request(let request) = snapshot.portableRequest(body) else { return nil }
        let circumstances = Circumstances(date: CalendarDate("2026-12-01")!)
        return snapshot.route(request, policy: Policy(leave: .some(drop)), in: circumstances).candidates
            .first { $0.provider.id == provider }
    }

    @Test("A first frame stays a first frame where references are dropped")
    func frames() throws {
        let found = try candidate(
            [
                "model": "google/veo-3.1-fast", "prompt": "x", "start_image": "https://example.com/a.png",
                "reference_images": ["https://example.com/b.png"],
            ], drop: ["reference_images"], provider: "apixo")
        let input = try #require(found?.body["input"])
        #expect(input["generationType"] == "FIRST_AND_LAST_FRAMES_2_VIDEO")
        #expect(input["image_urls"] == ["https://example.com/a.png"])
        #expect(input["aspect_ratio"] == nil)
    }

    @Test("What the rules would ignore is not sent either", arguments: ["start_image", "source_video"])
    func ignored(_ name: String) throws {
        let found = try candidate(
            [
                "model": "kuaishou/kling-3.0-omni", "prompt": "x", "start_image": "https://example.com/a.png",
                "source_video": "https://example.com/v.mp4",
            ], drop: [name], provider: "unifically")
        let candidate = try #require(found)
        let isFrameKept = name == "source_video"
        #expect((candidate.body["input"]?["start_frame_url"] != nil) == isFrameKept)
        #expect((candidate.body["input"]?["video_url"] != nil) == !isFrameKept)
        #expect(candidate.diagnostics.contains { $0.code == .dropped && $0.path == JSONPointer([name]) })
    }

    @Test("A tool that only works on images is not routed for words alone")
    func needsImage() throws {
        let snapshot = RealCatalog.snapshot
        guard case .request(let request) = snapshot.portableRequest(["model": "google/veo-3-fast", "prompt": "x"])
        else {
            Issue.record("the request is portable")
            return
        }
        let route = snapshot.route(request, policy: Policy(), in: Circumstances(date: CalendarDate("2026-12-01")!))
        #expect(route.rejections.map(\.offering.id).contains("veo3-image-to-video-fast-api"))
        #expect(route.candidates.map(\.offering.id).contains("veo3-text-to-video-fast-api"))
    }
}
