/// A portable request that says what is wanted instead of which model.
///
/// `{"want": {"operation": "image-to-video", "duration": {"min": 8}, "audio": true, "references": 2}, "prompt": "…"}`
public struct WantedRequest: Sendable {
    /// The request as written.
    public let body: JSONValue
    public let operation: PortableVocabulary.Operation
    /// By portable parameter, in the order written.
    public let wants: [(name: String, want: Want)]
    /// How many elements lists shall have, by portable parameter.
    public let counts: [(name: String, count: Int)]
    /// What is stated as in every portable request.
    public let stated: JSONObject
    /// What the request itself allows and excludes.
    public let policy: Policy
    /// Of what is wanted, what an offering need not have.
    var optional: [String] = []

    /// What reading a request gives: the request, or what is wrong with it.
    public enum Reading: Sendable {
        case request(WantedRequest)
        case invalid([Diagnostic])
    }
}

extension Snapshot {
    /// Whether a portable request says what is wanted.
    public static func isWanted(_ body: JSONValue) -> Bool { body["want"] != nil }

    /// Reads a request that says what is wanted.
    ///
    /// - Parameter policy: What goes with it; the request may narrow it.
    public func wantedRequest(_ body: JSONValue, policy: Policy) -> WantedRequest.Reading {
        guard var stated = body.object, let want = stated["want"] else { return .invalid([]) }
        stated["want"] = nil
        var walk = ParameterWalk(
            .object(stated),
            body: ParameterSpec(object: vocabulary.parameters.map { ($0.name, $0.spec) }, required: []),
            parametersAt: JSONPointer(), title: "a portable request with a want", taker: "Faregate",
            source: Source(page: "catalog/parameters.json", place: nil))
        walk.run()
        let problems = DocumentProblems()
        let reader = WantReader(problems: problems, snapshot: self)
        let read = reader.read(want, body: body, stated: stated, policy: policy)
        let findings =
            walk.findings
            + problems.all.map {
                Diagnostic(
                    .error, Diagnostic.Code(rawValue: $0.code), at: "/want" + $0.pointer, $0.message,
                    source: Source(page: "faregate help route", place: nil))
            }
        let verdict = Verdict(findings, facts: walk.facts)
        guard verdict.isValid, let read else { return .invalid(verdict.diagnostics) }
        return .request(read)
    }
}

/// Reads the `want` of a request, and notes what is wrong with it.
private struct WantReader {
    let problems: DocumentProblems
    let snapshot: Snapshot

    func read(_ want: JSONValue, body: JSONValue, stated: JSONObject, policy: Policy) -> WantedRequest? {
        guard let object = want.object else {
            problems.add("value.type", at: JSONPointer(), "want is an object; this is \(want.typeName)")
            return nil
        }
        let reader = ObjectReader(object, at: JSONPointer(), problems: problems)
        let operation = operation(reader)
        let policy = narrowed(policy, reader)
        var wants: [(name: String, want: Want)] = []
        var counts: [(name: String, count: Int)] = []
        for name in reader.names where !Self.reserved.contains(name) {
            let list = snapshot.vocabulary.counts.first { $0.word == name }?.parameter ?? name
            if let parameter = snapshot.vocabulary.parameter(list), parameter.spec.type == .array {
                let count = reader.integer(name) ?? 0
                if count < 1 { reader.fail("value.range", at: name, "\(name) is a number of elements, 1 or more") }
                counts.append((list, count))
            } else if let parameter = snapshot.vocabulary.parameter(name) {
                guard let want = Want(name, of: reader) else { continue }
                check(want, of: parameter, reader)
                wants.append((name, want))
            } else {
                _ = reader.value(name)
                let known = snapshot.vocabulary.parameters.map(\.name) + snapshot.vocabulary.counts.map(\.word)
                reader.fail(
                    "parameter.unknown", at: name,
                    "nothing is called \"\(name)\"\(didYouMean(name, among: known + Self.reserved))")
            }
        }
        for (name, _) in wants where stated[name] != nil {
            reader.fail("value.conflict", at: name, "\(name) is stated and wanted at once")
        }
        reader.finish()
        return operation.map {
            WantedRequest(body: body, operation: $0, wants: wants, counts: counts, stated: stated, policy: policy)
        }
    }

    /// Words of a want that are no parameters.
    private static let reserved = ["operation", "providers", "models", "max_price"]

    private func operation(_ reader: ObjectReader) -> PortableVocabulary.Operation? {
        guard let id = reader.required("operation", reader.string) else { return nil }
        if let operation = snapshot.vocabulary.operation(id) { return operation }
        let known = snapshot.vocabulary.operations.map(\.id)
        let hint =
            nearestName(to: id, among: known).map { "did you mean \($0)?" } ?? "known are \(listed(known, "and"))"
        reader.fail("operation.unknown", at: "operation", "no operation is called \"\(id)\"; \(hint)")
        return nil
    }

    /// A bound or a value that the parameter can never have.
    private func check(_ want: Want, of parameter: PortableVocabulary.Parameter, _ reader: ObjectReader) {
        for value in want.ends where !parameter.spec.accepts(value) {
            let allowed = parameter.spec.allowed.map { "; \($0.asAllowed)" } ?? ""
            reader.fail(
                "value.enum", at: parameter.name, "\(parameter.name) can never be \(value.given)\(allowed)")
        }
        if case .between(let low?, let high?) = want, !want.includes(low, order: parameter.spec.allowed) {
            reader.fail(
                "value.range", at: parameter.name, "\(low.shown) is more than \(high.shown): nothing lies between them")
        }
    }

    /// The policy with what the request itself allows and excludes.
    private func narrowed(_ policy: Policy, _ reader: ObjectReader) -> Policy {
        var policy = policy
        if let providers = reader.object("providers") {
            let (only, excluded) = names(providers, known: snapshot.providers.map(\.id), "provider")
            if let only { policy.only = policy.only.map { $0.intersection(only) } ?? only }
            for name in excluded { policy.excluded[name] = "is excluded by the request" }
        }
        if let models = reader.object("models") {
            let (only, excluded) = names(models, known: snapshot.models.map(\.id), "model")
            if let only { policy.onlyModels = policy.onlyModels.map { $0.intersection(only) } ?? only }
            policy.excludedModels.formUnion(excluded)
        }
        if let price = reader.decimal("max_price") {
            policy.maximumUSD = policy.maximumUSD.map { min($0, price) } ?? price
        }
        return policy
    }

    private func names(_ reader: ObjectReader, known: [String], _ kind: String) -> (only: Set<String>?, Set<String>) {
        let only = reader.strings("only")
        let excluded = reader.strings("exclude") ?? []
        reader.finish()
        for (member, list) in [("only", only ?? []), ("exclude", excluded)] {
            for name in list where !known.contains(name) {
                reader.fail(
                    "\(kind).unknown", at: member, "no \(kind) is called \"\(name)\"\(didYouMean(name, among: known))")
            }
        }
        return (only.map(Set.init), Set(excluded))
    }
}
