/// Looks for the cheapest way in which one offering makes what is wanted: over every setting of the parameters that are
/// wanted or that the price depends on, with the others as its rules let them be.
struct OfferingSearch {
    let request: WantedRequest
    let selection: PortableMapping.Selection
    let provider: Provider
    let offering: Offering
    let snapshot: Snapshot
    let circumstances: Circumstances

    /// Settings of one offering that are gone through; past them the search says that it is not exact.
    static let settingsMax = 20_000

    /// What the offering can do.
    enum Outcome {
        case found([Find], isExact: Bool)
        case rejected([Diagnostic])
    }

    /// One setting that makes what is wanted.
    struct Find {
        let body: JSONValue
        let verdict: Verdict
        let quote: Quote
        let needs: [JSONPointer]
        /// What was chosen, by portable or native name.
        let settings: [(name: String, value: JSONValue)]
    }

    /// The cheapest setting; or with `all`, the cheapest of every combination of wanted values.
    func outcome(all: Bool = false) -> Outcome {
        var refusals: [Diagnostic] = []
        var found: [Find] = []
        var isExact = true
        for base in inputs() {
            let space = SettingSpace(self, base: base)
            guard space.refusals.isEmpty else {
                refusals = refusals.isEmpty ? space.refusals : refusals
                continue
            }
            let result = search(space, all: all)
            isExact = isExact && !space.isCut
            found += result.found
            if refusals.isEmpty { refusals = result.refusals }
        }
        let best = found.sorted { $0.quote.isCheaper(than: $1.quote) }
        return best.isEmpty ? .rejected(refusals) : .found(all ? best : Array(best.prefix(1)), isExact: isExact)
    }

    /// What is stated, with stand-ins for what the operation works on: one for every way that the request leaves open.
    private func inputs() -> [SettingSpace.Base] {
        var stated = request.stated
        var standIns: Set<String> = []
        for (name, count) in request.counts where stated[name] == nil {
            stated[name] = .array((0..<count).map { .string("https://example.com/\($0 + 1)") })
            standIns.insert(name)
        }
        let ways = request.operation.inputs
        if ways.contains(where: { $0.allSatisfy { stated[$0] != nil } }) {
            return [SettingSpace.Base(stated: stated, standIns: standIns)]
        }
        return ways.map { way in
            var base = SettingSpace.Base(stated: stated, standIns: standIns)
            for name in way where stated[name] == nil {
                base.stated[name] = snapshot.vocabulary.parameter(name)?.standIn
                base.standIns.insert(name)
            }
            return base
        }
    }

    /// Goes through the settings from the cheapest on, and takes the first that is valid.
    private func search(_ space: SettingSpace, all: Bool) -> (found: [Find], refusals: [Diagnostic]) {
        let pricer = snapshot.pricer(provider, offering, in: circumstances)
        let priced = space.settings(priced: { pricer.quote(Facts(body: $0), date: circumstances.date) })
        let validator = Validator(provider: provider, offering: offering, snapshot: snapshot)
        var found: [Find] = []
        var told: Set<[JSONValue?]> = []
        var refusals: [Diagnostic] = []
        let whole = WholeSpace(provider: provider, offering: offering)
        for setting in priced {
            if all, told.contains(setting.wanted) { continue }
            switch complete(setting, space, whole, validator) {
            case .success(let completed):
                let quote = pricer.quote(completed.verdict.facts, date: circumstances.date)
                found.append(completed.find(setting, quote))
                if !all { return (found, []) }
                told.insert(setting.wanted)
            case .failure(let refusal):
                if refusals.isEmpty || refusal.findings.count < refusals.count { refusals = refusal.findings }
            }
        }
        return (found, refusals)
    }

    /// All that an offering's requests may hold. It takes some time to make, and most searches never ask for it.
    private final class WholeSpace {
        private let provider: Provider
        private let offering: Offering
        private(set) lazy var space = RequestSpace(provider: provider, offering: offering)

        init(provider: Provider, offering: Offering) { (self.provider, self.offering) = (provider, offering) }
    }

    private struct Refusal: Error { let findings: [Diagnostic] }

    private struct Completed {
        let body: JSONValue
        let verdict: Verdict
        let needs: [JSONPointer]
        let added: [(name: String, value: JSONValue)]

        func find(_ setting: SettingSpace.Setting, _ quote: Quote) -> Find {
            Find(body: body, verdict: verdict, quote: quote, needs: needs, settings: setting.settings + added)
        }
    }

    /// The whole request: what is still open takes values that break no rule.
    private func complete(
        _ setting: SettingSpace.Setting, _ space: SettingSpace, _ whole: WholeSpace, _ validator: Validator
    ) -> Result<Completed, Refusal> {
        let verdict = validator.verdict(on: setting.body, date: circumstances.date)
        let needs = space.needs(setting.body)
        let losses = verdict.diagnostics.filter { [.ignored, .replaced, .constraintIgnored].contains($0.code) }
        if let loss = losses.first(where: { space.isAskedFor($0.path, setting) }) {
            return .failure(Refusal(findings: [loss.asError]))
        }
        if verdict.isValid {
            return .success(Completed(body: setting.body, verdict: verdict, needs: needs, added: []))
        }
        let errors = verdict.diagnostics.filter { $0.severity == .error }
        guard let (body, filled) = space.completed(setting, in: whole.space) else {
            return .failure(Refusal(findings: errors))
        }
        let second = validator.verdict(on: body, date: circumstances.date)
        guard second.isValid else { return .failure(Refusal(findings: errors)) }
        let open = filled.filter { $0.spec.isToldByUser }.map(\.pointer)
        let added = filled.filter { !$0.spec.isToldByUser }.compactMap { entry in
            body[entry.pointer].map { (entry.pointer.last, $0) }
        }
        return .success(Completed(body: body, verdict: second, needs: needs + open, added: added))
    }
}

extension PortableVocabulary.Parameter {
    /// Something in its place, while nobody has said it.
    fileprivate var standIn: JSONValue {
        let text: JSONValue = spec.isHTTPURL ? "https://example.com/1" : "something to say"
        guard spec.type == .array, let items = spec.items else { return text }
        if items.isHTTPURL { return ["https://example.com/1"] }
        return .array([.object(JSONObject(items.properties.map { ($0.name, "a") }))])
    }
}

extension ParameterSpec {
    /// Whether only the user can know it: words, addresses, ids.
    var isToldByUser: Bool {
        switch type {
        case .string, nil: allowed == nil
        case .array: items?.isToldByUser ?? true
        case .object: properties.contains { $0.spec.isToldByUser }
        default: false
        }
    }
}

extension Diagnostic {
    /// What is lost of what was asked for.
    fileprivate var asError: Diagnostic {
        Diagnostic(
            .error, .notExpressible, rule: rule, at: path, related: related, statement, allowed: allowed, source: source
        )
    }
}
