import Testing

@testable import Faregate

/// Looks for the shortest portable request that one offering takes.
struct RequestSearch {
    let snapshot: Snapshot
    let provider: Provider
    let offering: Offering
    /// More than any offering asks for.
    static let stepsMax = 2000

    /// A request for a model that leads to the offering, and `nil` where none is found.
    func witness(for model: String) -> JSONObject? {
        var queue = [JSONObject([("model", .string(model))])]
        var next = 0
        while next < queue.count, next < Self.stepsMax {
            let request = queue[next]
            next += 1
            guard let route = ReachabilityTests.route(request, snapshot) else { continue }
            if ReachabilityTests.takes(route, provider, offering) { return request }
            let rejection = route.rejections.first { $0.provider.id == provider.id && $0.offering.id == offering.id }
            queue += extensions(of: request, rejection?.diagnostics ?? [])
        }
        return nil
    }

    /// The request with one thing more: what the rejection asks for, else anything that the offering maps.
    private func extensions(of request: JSONObject, _ diagnostics: [Diagnostic]) -> [JSONObject] {
        guard request.members.count < 5 else { return [] }
        let asked = diagnostics.filter { $0.code == .missingInput }.map(\.path.last).filter { !$0.isEmpty }
        let mapped = offering.portable.targets.filter { if case .to = $0.target { true } else { false } }
        let names = asked.isEmpty ? mapped.map(\.parameter) : Array(asked.prefix(1))
        return names.filter { request[$0] == nil }.flatMap { name in
            samples(of: name).map { value in
                var longer = request
                longer[name] = value
                return longer
            }
        }
    }

    /// Values that people state: those that the mapping lists, else a few that fit the portable parameter.
    private func samples(of name: String) -> [JSONValue] {
        if case .to(_, _, let values?, _)? = offering.portable.target(name) {
            return values.prefix(3).map(\.portable)
        }
        guard let spec = snapshot.portableParameters.first(where: { $0.name == name })?.spec else { return [] }
        if let allowed = spec.allowed { return allowed }
        switch spec.type {
        case .boolean: return [false, true]
        case .integer: return [7]
        case .number: return [5, 8]
        case .array:
            return spec.items?.isHTTPURL == true
                ? [["https://example.com/a.png"]] : [[["text": "It is.", "voice": "cgSgspJ2msm6clMCkdW9"]]]
        default:
            if spec.isHTTPURL { return ["https://example.com/a.png"] }
            return name == "aspect_ratio" ? ["16:9"] : ["A boat"]
        }
    }
}

@Suite("Every offering that is shipped can be had by a portable request")
struct ReachabilityTests {
    static func route(_ body: JSONObject, _ snapshot: Snapshot) -> Route? {
        guard case .request(let request) = snapshot.portableRequest(.object(body)) else { return nil }
        return snapshot.route(request, policy: Policy(), in: Circumstances(date: SmallCatalog.day))
    }

    static func takes(_ route: Route, _ provider: Provider, _ offering: Offering) -> Bool {
        route.candidates.contains { $0.provider.id == provider.id && $0.offering.id == offering.id }
    }

    /// For every model, the shortest request found for each offering that sells it.
    static let witnesses: [(model: String, provider: String, offering: String, request: JSONObject?)] = {
        let snapshot = RealCatalog.snapshot
        return snapshot.models.flatMap { model in
            snapshot.offerings(of: model.id).map { provider, offering in
                let search = RequestSearch(snapshot: snapshot, provider: provider, offering: offering)
                return (model.id, provider.id, offering.id, search.witness(for: model.id))
            }
        }
    }()

    @Test("as every model that it sells")
    func offerings() {
        #expect(Self.witnesses.count > 100)
        let offerings = Set(Self.witnesses.map { $0.provider + " " + $0.offering })
        #expect(offerings.count == RealCatalog.snapshot.providers.flatMap(\.offerings).count)
        for entry in Self.witnesses where entry.request == nil {
            Issue.record("no request for \(entry.model) is found that \(entry.provider) \(entry.offering) takes")
        }
    }

    @Test("and a model that several providers sell for the same operation can be compared by one")
    func comparable() {
        let snapshot = RealCatalog.snapshot
        var compared = 0
        for model in snapshot.models {
            let entries = Self.witnesses.filter { $0.model == model.id }
            let sellers = Self.rivals(of: model.id, snapshot)
            guard sellers.count > 1 else { continue }
            compared += 1
            let most = Self.shared(entries.compactMap(\.request)).compactMap { request in
                Self.route(request, snapshot).map { Set($0.candidates.map(\.provider.id)).count }
            }.max()
            #expect((most ?? 0) > 1, "\(model.id) is sold by \(sellers.sorted()), and no request suits two of them")
        }
        #expect(compared > 10)
    }

    /// The providers that do with a model what another does with it, too.
    static func rivals(of model: String, _ snapshot: Snapshot) -> Set<String> {
        let jobs = snapshot.offerings(of: model).flatMap { provider, offering in
            offering.operations.map { (operation: $0, provider: provider.id) }
        }
        let sellers = Dictionary(grouping: jobs, by: \.operation).values.map { Set($0.map(\.provider)) }
        return sellers.filter { $0.count > 1 }.reduce(into: []) { $0.formUnion($1) }
    }

    /// Requests that may suit several offerings: those that suit one, and what two of them state together.
    static func shared(_ requests: [JSONObject]) -> [JSONObject] {
        requests
            + requests.flatMap { first in
                requests.map { second in
                    var both = first
                    for (name, value) in second.members { both[name] = value }
                    return both
                }
            }
    }

    @Test("which a search does not find where there is none")
    func unreachable() throws {
        let song: JSONValue = [
            "parameters": ["text": ["type": "string"], "voice": ["type": "string"]], "required": ["text", "voice"],
            "portable": ["prompt": ["to": "text"]],
        ]
        let snapshot = try SmallCatalog.snapshot(withOffering: song)
        let provider = try #require(snapshot.provider("acme"))
        let offering = try #require(provider.offering("thing"))
        let search = RequestSearch(snapshot: snapshot, provider: provider, offering: offering)
        #expect(search.witness(for: "lab/clip") == nil)
    }
}
