/// Every way to make what is wanted: the cheapest setting of each offering, and why the others cannot.
public struct SearchResult: Sendable {
    /// One offering, set so that it makes what is wanted for the least money.
    public struct Choice: Sendable {
        public let provider: Provider
        public let offering: Offering
        public let model: Model
        /// The native request as far as it is known.
        public let body: JSONValue
        /// What the user has to add before it can be sent: the places in the body.
        public let needs: [JSONPointer]
        /// What was chosen, by portable name, or by the provider's where there is none.
        public let settings: [(name: String, value: JSONValue)]
        public let diagnostics: [Diagnostic]
        public let quote: Quote
    }

    /// One offering that cannot make what is wanted.
    public struct Rejection: Sendable {
        public let provider: Provider
        public let offering: Offering
        public let model: Model
        public let diagnostics: [Diagnostic]
    }

    public let request: WantedRequest
    /// The cheapest first.
    public let choices: [Choice]
    public let rejections: [Rejection]
    /// Whether every setting was looked at.
    public let isExact: Bool
    /// Digest of the catalog.
    public let catalog: String

    /// The first choice; `nil` where nothing makes what is wanted.
    public var best: Choice? { choices.first }
}

extension Snapshot {
    /// Finds the cheapest way to make what is wanted.
    ///
    /// Every offering that does the operation is asked, as every model that it sells, in every setting of what is wanted and
    /// of what its price depends on, under its rules. What it costs is the least that any valid request costs: exact, where
    /// the result says so.
    ///
    /// - Parameter all: Of each offering every combination of wanted values with its least price, instead of the cheapest.
    public func search(_ request: WantedRequest, all: Bool = false, in circumstances: Circumstances) -> SearchResult {
        var choices: [SearchResult.Choice] = []
        var rejections: [SearchResult.Rejection] = []
        var isExact = true
        for provider in providers {
            for offering in provider.offerings where offering.operations.contains(request.operation.id) {
                for selection in offering.portable.models {
                    guard let model = model(selection.id), model.operations.contains(request.operation.id) else {
                        continue
                    }
                    func reject(_ diagnostics: [Diagnostic]) {
                        rejections.append(
                            SearchResult.Rejection(
                                provider: provider, offering: offering, model: model, diagnostics: diagnostics))
                    }
                    let excluded = request.policy.objections(to: provider, model: model)
                    guard excluded.isEmpty else {
                        reject(excluded)
                        continue
                    }
                    let search = OfferingSearch(
                        request: request, selection: selection, provider: provider, offering: offering, snapshot: self,
                        circumstances: circumstances)
                    switch search.outcome(all: all) {
                    case .rejected(let diagnostics): reject(diagnostics)
                    case .found(let finds, let whole):
                        isExact = isExact && whole
                        for find in finds {
                            let objections = request.policy.objections(to: provider, quote: find.quote)
                            if objections.isEmpty {
                                choices.append(find.choice(provider, offering, model))
                            } else {
                                reject(objections)
                            }
                        }
                    }
                }
            }
        }
        return SearchResult(
            request: request, choices: choices.sorted { request.policy.prefers($0, $1) }, rejections: rejections,
            isExact: isExact, catalog: digest)
    }
}

extension OfferingSearch.Find {
    fileprivate func choice(_ provider: Provider, _ offering: Offering, _ model: Model) -> SearchResult.Choice {
        var body = body
        for place in needs { body.remove(at: place) }
        return SearchResult.Choice(
            provider: provider, offering: offering, model: model, body: body, needs: needs, settings: settings,
            diagnostics: verdict.diagnostics, quote: quote)
    }
}

extension JSONValue {
    /// Takes away the member at a place made of member names.
    fileprivate mutating func remove(at place: JSONPointer) {
        self = (try? JSONPatch([.remove(place)]).applied(to: self)) ?? self
    }
}

extension Policy {
    /// Whether one choice goes before another.
    fileprivate func prefers(_ a: SearchResult.Choice, _ b: SearchResult.Choice) -> Bool {
        func place(_ choice: SearchResult.Choice) -> (Int, Int, Int64, String) {
            rank(
                choice.provider, choice.quote,
                named: "\(choice.provider.id) \(choice.offering.id) \(choice.model.id)")
        }
        return place(a) < place(b)
    }
}

extension SearchResult {
    /// The JSON form: `request`, `policy`, `candidates`, `rejected`, `choice`, `exact`, `catalog`.
    public var json: JSONValue {
        [
            "request": request.body,
            "policy": request.policy.json,
            "candidates": .array(choices.map(\.json)),
            "rejected": .array(
                rejections.map { rejection in
                    [
                        "provider": .string(rejection.provider.id), "model": .string(rejection.offering.id),
                        "of": .string(rejection.model.id), "diagnostics": .array(rejection.diagnostics.map(\.json)),
                    ]
                }),
            "choice": best.map { ["provider": .string($0.provider.id), "model": .string($0.offering.id)] } ?? .null,
            "exact": .bool(isExact),
            "catalog": .string(catalog),
        ]
    }
}

extension SearchResult.Choice {
    fileprivate var json: JSONValue {
        [
            "provider": .string(provider.id),
            "model": .string(offering.id),
            "of": .string(model.id),
            "settings": .object(JSONObject(settings.map { ($0.name, $0.value) })),
            "body": body,
            "needs": .array(needs.map { .string($0.description) }),
            "diagnostics": .array(diagnostics.map(\.json)),
            "quote": quote.json,
        ]
    }
}
