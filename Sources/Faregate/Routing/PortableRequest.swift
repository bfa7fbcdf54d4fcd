/// A request in our own words: a model and vendor-neutral parameters, flat in one object.
///
/// `{"model": "google/veo-3.1-fast", "prompt": "…", "duration": 8, "aspect_ratio": "16:9"}`
public struct PortableRequest: Sendable {
    /// The request as written.
    public let body: JSONValue
    public let model: Model
    /// What is asked for, without the model, in the order written.
    public var parameters: [(name: String, value: JSONValue)] {
        (body.object?.members ?? []).filter { $0.name != "model" }.map { ($0.name, $0.value) }
    }

    /// What reading a request gives: the request, or what is wrong with it.
    public enum Reading: Sendable {
        case request(PortableRequest)
        case invalid([Diagnostic])
    }
}

extension Snapshot {
    /// Reads a portable request and checks it against `parameters.json`.
    public func portableRequest(_ body: JSONValue) -> PortableRequest.Reading {
        let parameters = ParameterSpec(
            object: portableParameters.map { ($0.name, $0.spec) } + [("model", .modelName)],
            required: ["model"])
        var walk = ParameterWalk(
            body, body: parameters, parametersAt: JSONPointer(), title: "a portable request", taker: "Faregate",
            source: Source(page: "catalog/parameters.json", place: nil))
        walk.run()
        var findings = walk.findings
        if let id = body["model"]?.string, model(id) == nil {
            let ids = models.map(\.id)
            let suggestion = nearestID(to: id, among: ids)
            let hint = didYouMean(suggestion, otherwise: "`faregate models` lists them")
            findings.append(
                Diagnostic(
                    .error, .unknownModel, at: "/model",
                    "no model is called \(JSONValue.string(id).given)\(hint)",
                    suggestion: suggestion, source: Source(page: "catalog/models", place: nil)))
        }
        let verdict = Verdict(findings, facts: walk.facts)
        guard verdict.isValid, let model = body["model"]?.string.flatMap(model) else {
            return .invalid(verdict.diagnostics)
        }
        return .request(PortableRequest(body: body, model: model))
    }
}

extension ParameterSpec {
    /// The member of a portable request that names the model.
    fileprivate static let modelName: ParameterSpec = {
        let problems = DocumentProblems()
        let object = JSONObject([("type", "string"), ("about", "The model, such as google/veo-3.1-fast.")])
        return ParameterSpec(
            ObjectReader(object, at: JSONPointer(), problems: problems), sources: SourceReader(pages: [:]))
    }()
}
