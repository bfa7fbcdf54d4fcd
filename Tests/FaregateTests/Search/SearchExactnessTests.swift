import Testing

@testable import Faregate

/// Goes through whole requests without asking the search: what the validator takes, what the pricer says, and whether the
/// request makes what is wanted, read back from the native body.
private struct BruteForce {
    let offering: Offering
    /// Whether these are all requests that its facets span.
    let isWhole: Bool
    /// Every valid request that was looked at, with its price.
    private var valid: [(verdict: Verdict, rank: (Int, Int64))] = []

    init(_ provider: Provider, _ offering: Offering, pointsMax: Int, _ generator: inout SeededGenerator) {
        self.offering = offering
        let space = RequestSpace(provider: provider, offering: offering)
        let snapshot = RealCatalog.snapshot
        let validator = Validator(provider: provider, offering: offering, snapshot: snapshot)
        let pricer = snapshot.pricer(provider, offering, in: SearchExactnessTests.circumstances)
        isWhole = space.points <= pointsMax
        var choice = [Int](repeating: 0, count: space.variables.count)
        for _ in 0..<min(space.points, pointsMax) {
            let verdict = validator.verdict(on: space.body(choice), date: SmallCatalog.day)
            if verdict.isValid { valid.append((verdict, pricer.quote(verdict.facts, date: SmallCatalog.day).rank)) }
            if isWhole {
                let place = choice.indices.last { choice[$0] + 1 < space.variables[$0].values.count } ?? 0
                choice[place] += choice.isEmpty ? 0 : 1
                for index in choice.indices where index > place { choice[index] = 0 }
            } else {
                choice = space.variables.map { Int.random(in: 0..<max(1, $0.values.count), using: &generator) }
            }
        }
    }

    /// The least price of any request that makes what is wanted.
    func least(_ request: WantedRequest, _ selection: PortableMapping.Selection) -> (Int, Int64)? {
        valid.filter { isWanted($0.verdict, request, selection) }.map(\.rank).min { $0 < $1 }
    }

    /// Whether the request is one for the model, has what the operation works on, and makes what is wanted.
    private func isWanted(
        _ verdict: Verdict, _ request: WantedRequest, _ selection: PortableMapping.Selection
    ) -> Bool {
        let facts = verdict.facts
        func reference(_ name: String) -> ParameterReference? {
            guard case .to(let reference, _, _, _)? = offering.portable.target(name) else { return nil }
            return reference
        }
        func isLost(_ reference: ParameterReference) -> Bool {
            verdict.diagnostics.contains { $0.severity == .warning && $0.path == reference.pointer }
        }
        let order = { (name: String) in RealCatalog.snapshot.vocabulary.parameter(name)?.spec.allowed }
        let inputs = Set(request.operation.inputs.flatMap(\.self))
        let others = RealCatalog.snapshot.vocabulary.parameters.filter { $0.isInput && !inputs.contains($0.name) }
        let isOtherWork = inputs == ["prompt"] && others.contains { reference($0.name).map(facts.isPresent) ?? false }
        return !isOtherWork && selection.values.allSatisfy { facts.value($0.reference) == $0.value }
            && request.operation.inputs.contains {
                $0.allSatisfy { reference($0).map { facts.isPresent($0) && !isLost($0) } ?? false }
            }
            && request.wants.allSatisfy { name, want in
                switch offering.portable.target(name) {
                case .fixed(let value): return want.includes(value, order: order(name))
                case .to(let reference, _, let pairs, _):
                    guard !isLost(reference), let native = facts.value(reference) else { return false }
                    guard let pairs else { return want.includes(native, order: order(name)) }
                    return pairs.contains { $0.native == native && want.includes($0.portable, order: order(name)) }
                default: return false
                }
            }
    }

    /// Whether a native body tells what a portable request stated: it does not where several parameters go to one place, or
    /// where a wanted number has no bounds.
    func canTell(_ request: WantedRequest) -> Bool {
        let names = request.operation.inputs.flatMap(\.self) + request.wants.map(\.name)
        return names.allSatisfy { name in
            guard case .to(let reference, _, let pairs, _)? = offering.portable.target(name) else { return true }
            let spec = reference.spec
            let isCountable = spec?.allowed != nil || spec?.type == .boolean || spec?.type == .string
            let isBounded = pairs != nil || isCountable || spec?.type == .array || spec?.bounds.maximum != nil
            return isBounded && offering.portable.parameters(leadingTo: reference.pointer).count == 1
        }
    }

    /// Whether the price counts something of which no document says the least: then no request is the cheapest.
    var isUnbounded: Bool {
        offering.prices.contains { row in
            if case .value(let reference) = row.quantity {
                return reference.spec.map { $0.allowed == nil && $0.bounds.minimum == nil } ?? true
            }
            return false
        }
    }
}

@Suite("The search finds the least price that any request has")
struct SearchExactnessTests {
    static let circumstances = Circumstances(
        date: SmallCatalog.day,
        credits: ["sjinn": CreditRate(usd: "0.004", source: "a test")])

    /// Wants that every operation is asked with.
    static let wants: [JSONValue] = [
        [:], ["duration": ["min": 8]], ["duration": ["max": 6]], ["audio": true], ["audio": false],
        ["resolution": ["min": "1080p"]], ["resolution": ["one_of": ["720p", "1k"]], "aspect_ratio": "16:9"],
        ["duration": ["min": 5, "max": 10], "aspect_ratio": "9:16", "audio": true],
    ]

    static func request(_ operation: String, _ want: JSONValue) -> WantedRequest? {
        var object = want.object ?? JSONObject()
        object["operation"] = .string(operation)
        guard
            case .request(let request) = RealCatalog.snapshot.wantedRequest(
                ["want": .object(object)], policy: Policy())
        else { return nil }
        return request
    }

    @Test(
        "On every operation of the catalog, against brute force",
        arguments: RealCatalog.snapshot.vocabulary.operations.map(\.id))
    func exact(operation: String) throws {
        let snapshot = RealCatalog.snapshot
        var generator = SeededGenerator(seed: 7)
        let requests = try Self.wants.map { try #require(Self.request(operation, $0)) }
        let results = requests.map { snapshot.search($0, in: Self.circumstances) }
        var asked = 0
        for provider in snapshot.providers {
            for offering in provider.offerings where offering.operations.contains(operation) {
                let judge = BruteForce(provider, offering, pointsMax: 500, &generator)
                guard !judge.isUnbounded else { continue }
                for selection in offering.portable.models {
                    guard snapshot.model(selection.id)?.operations.contains(operation) == true else { continue }
                    for (request, result) in zip(requests, results) where judge.canTell(request) {
                        asked += 1
                        #expect(result.isExact)
                        let found = result.choices.first {
                            $0.offering.id == offering.id && $0.provider.id == provider.id
                                && $0.model.id == selection.id
                        }
                        let name = "\(offering.id) as \(selection.id), \(request.body.text())"
                        let rank = found.map(\.quote.rank) ?? (9, 0)
                        let least = judge.least(request, selection) ?? (9, 0)
                        #expect(rank <= least, "\(name): the search has \(rank), brute force \(least)")
                        if judge.isWhole {
                            #expect(least <= rank, "\(name): the search has \(rank), brute force \(least)")
                        }
                    }
                }
            }
        }
        if ["text-to-video", "image-to-video", "text-to-image"].contains(operation) { #expect(asked > 100) }
    }
}
