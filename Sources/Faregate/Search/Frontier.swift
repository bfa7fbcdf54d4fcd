/// The choices worth choosing between: of everything that makes what is wanted, what nothing else beats in every respect.
///
/// One choice beats another where it costs no more, makes no shorter clip with no fewer lines, takes no longer, and is better
/// in one of these at least. What is not known about a choice, it cannot be better in.
public struct Frontier: Sendable {
    /// One choice and what it is held by.
    public struct Point: Sendable {
        public let choice: SearchResult.Choice
        /// The most that it costs, in dollars.
        public let usd: ExactDecimal
        /// Length of the clip in seconds, where there is one that is known.
        public let seconds: Double?
        /// Lines of a video or size class of an image, as the portable parameter names it.
        public let resolution: JSONValue?
        /// How long a task takes, in seconds, where that is known.
        public let typical: ClosedRange<Double>?
        fileprivate let lines: Int?
        /// Only choices of one group compete.
        fileprivate let group: [String]
    }

    /// By price, then by what is made.
    public let points: [Point]
    /// Choices that were beaten.
    public let beatenCount: Int
    /// Choices without a price in dollars that has an upper bound: they cannot be held against the others.
    public let unpriced: [SearchResult.Choice]

    /// What keeps choices from being held against each other, besides what is not known.
    public enum Apart: String, Sendable, CaseIterable {
        /// What one model makes is not what another makes.
        case model
        case provider
    }

    /// - Parameters:
    ///   - result: A search with all settings.
    ///   - apart: Choices that differ in one of these do not compete.
    public init(_ result: SearchResult, apart: Set<Apart> = [], vocabulary: PortableVocabulary) {
        let order = vocabulary.parameter("resolution")?.spec.allowed ?? []
        let all = result.choices.compactMap { Point($0, order: order, apart: apart) }
        let best = all.filter { point in !all.contains { $0.beats(point) } }
        var seen: Set<[String]> = []
        points = best.sorted { ($0.usd, $0.seconds ?? 0, $0.lines ?? 0) < ($1.usd, $1.seconds ?? 0, $1.lines ?? 0) }
            .filter { seen.insert($0.key).inserted }
        beatenCount = all.count - best.count
        unpriced = result.choices.filter { $0.quote.worstCaseUSD == nil }
    }
}

extension Frontier.Point {
    fileprivate init?(_ choice: SearchResult.Choice, order: [JSONValue], apart: Set<Frontier.Apart>) {
        guard let usd = choice.quote.worstCaseUSD else { return nil }
        (self.choice, self.usd) = (choice, usd)
        func setting(_ name: String) -> JSONValue? { choice.settings.first { $0.name == name }?.value }
        seconds = setting("duration")?.number
        resolution = setting("resolution")
        lines = resolution.flatMap(order.firstIndex)
        group =
            (apart.contains(.model) ? [choice.model.id] : []) + (apart.contains(.provider) ? [choice.provider.id] : [])
        typical = choice.offering.typicalTimes(for: Facts(body: choice.body)).span
    }

    /// Whether this is nowhere worse than another and somewhere better.
    fileprivate func beats(_ other: Self) -> Bool {
        guard group == other.group else { return false }
        func compare<Number: Comparable>(_ mine: Number?, _ theirs: Number?) -> (isNoWorse: Bool, isBetter: Bool) {
            switch (mine, theirs) {
            case (let mine?, let theirs?): (mine >= theirs, mine > theirs)
            case (_, nil): (true, mine != nil)
            case (nil, _?): (false, false)
            }
        }
        let respects = [
            (isNoWorse: usd <= other.usd, isBetter: usd < other.usd), compare(seconds, other.seconds),
            compare(lines, other.lines), compare(typical.map { -$0.upperBound }, other.typical.map { -$0.upperBound }),
        ]
        return respects.allSatisfy(\.isNoWorse) && respects.contains(where: \.isBetter)
    }

    /// What tells it from others: twins are shown once.
    fileprivate var key: [String] {
        [
            choice.provider.id, choice.offering.id, choice.model.id, usd.description, seconds.map { "\($0)" } ?? "",
            resolution?.shown ?? "",
        ]
    }
}

extension Frontier {
    /// The JSON form: `points`, `beaten`, `unpriced`.
    public var json: JSONValue {
        [
            "points": .array(points.map(\.json)),
            "beaten": .integer(Int64(beatenCount)),
            "unpriced": .array(
                unpriced.map {
                    [
                        "provider": .string($0.provider.id), "model": .string($0.offering.id),
                        "reason": .string($0.quote.reason ?? "price.no_worth_in_dollars"),
                    ]
                }),
        ]
    }
}

extension Frontier.Point {
    fileprivate var json: JSONValue {
        [
            "provider": .string(choice.provider.id),
            "model": .string(choice.offering.id),
            "of": .string(choice.model.id),
            "usd": .string(usd.text(decimalsMin: 2)),
            "seconds": seconds.map(Facets.number) ?? .null,
            "resolution": resolution ?? .null,
            "typical_seconds": typical.map { ["min": .real($0.lowerBound), "max": .real($0.upperBound)] } ?? .null,
            "settings": .object(JSONObject(choice.settings.map { ($0.name, $0.value) })),
            "body": choice.body,
            "quote": choice.quote.json,
        ]
    }
}

extension WantedRequest {
    /// The same request with every length and resolution that may be had, where it says nothing of them.
    public func openingFrontier() -> WantedRequest {
        var wants = wants
        for name in ["duration", "resolution"] where stated[name] == nil && !wants.contains(where: { $0.name == name })
        {
            wants.append((name, .between(nil, nil)))
        }
        return WantedRequest(
            body: body, operation: operation, wants: wants, counts: counts, stated: stated, policy: policy,
            optional: ["duration", "resolution"].filter { name in !self.wants.contains { $0.name == name } })
    }
}
