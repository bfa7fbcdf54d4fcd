/// A request in a provider's own words, as it comes in: one line of a batch.
public struct NativeRequest: Sendable {
    /// Given back with the answer.
    public let id: JSONValue?
    public let provider: String
    /// May be left out where the body names it.
    public let model: String?
    /// The exact body that the provider would receive.
    public let body: JSONValue

    public init(id: JSONValue? = nil, provider: String, model: String?, body: JSONValue) {
        (self.id, self.provider, self.model, self.body) = (id, provider, model, body)
    }
}

extension Snapshot {
    /// The offering that a request is for.
    public enum Resolution: Sendable {
        case found(Provider, Offering)
        /// With every finding that can be made without knowing the offering.
        case notFound([Diagnostic])
    }

    /// Finds the offering that a request names, itself or in its body.
    public func resolve(_ request: NativeRequest) -> Resolution {
        guard let provider = provider(request.provider) else {
            let ids = providers.map(\.id)
            let suggestion = nearestName(to: request.provider, among: ids)
            let hint = didYouMean(suggestion, otherwise: "known are \(listed(ids, "and"))")
            return .notFound([
                Diagnostic(
                    .error, .unknownProvider, at: JSONPointer(),
                    "no provider is called \(JSONValue.string(request.provider).given)\(hint)", suggestion: suggestion,
                    source: Source(page: "catalog", place: nil))
            ])
        }
        let place = provider.request.modelAt
        let named = place.flatMap { request.body[$0] }
        if let model = request.model ?? named?.string {
            if let offering = provider.offering(model) { return .found(provider, offering) }
            let blamed = named == nil ? JSONPointer() : place ?? JSONPointer()
            return .notFound(provider.findings(on: request.body, besides: provider.unknownModel(model, at: blamed)))
        }
        if named == nil, let model = provider.request.defaultModel, let offering = provider.offering(model) {
            return .found(provider, offering)
        }
        let missing = missingModel(provider, named: named, body: request.body)
        return .notFound(provider.findings(on: request.body, besides: missing))
    }

    private func missingModel(_ provider: Provider, named: JSONValue?, body: JSONValue) -> Diagnostic {
        let source = provider.request.source
        guard body.object != nil else {
            return Diagnostic(
                .error, .typeMismatch, at: JSONPointer(), "a request is a JSON object; this is \(body.typeName)",
                source: source)
        }
        guard let place = provider.request.modelAt else {
            return Diagnostic(
                .error, .unknownModel, at: JSONPointer(),
                "\(provider.name) names the model in the address, so say which it is; it sells "
                    + listed(provider.offerings.map(\.id), "and"),
                source: source)
        }
        if let named {
            return Diagnostic(
                .error, .typeMismatch, at: place, "\(place.last) must be a string; it is \(named.typeName)",
                source: source)
        }
        return Diagnostic(
            .error, .missing, at: place, "\(place.last) is required: it names the model", source: source)
    }
}

extension Provider {
    /// What is wrong with a request whatever the offering: the envelope is checked, what is inside it is not.
    fileprivate func findings(on body: JSONValue, besides finding: Diagnostic) -> [Diagnostic] {
        let isFlat = request.parametersAt.tokens.isEmpty
        let properties = request.envelope.map { name, spec in
            let holdsParameters = !isFlat && name == request.parametersAt.last
            return (
                name: name,
                spec: holdsParameters
                    ? ParameterSpec(object: [], required: [], allowsOtherMembers: true, like: spec) : spec
            )
        }
        var walk = ParameterWalk(
            body, body: ParameterSpec(object: properties, required: request.required, allowsOtherMembers: isFlat),
            parametersAt: request.parametersAt, title: "a request to \(name)", taker: name, source: request.source)
        walk.run()
        let others = walk.findings.filter { $0.path != finding.path }
        return ([finding] + others).sorted(by: Diagnostic.precedes)
    }
}
