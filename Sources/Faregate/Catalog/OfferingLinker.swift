/// An offering's file before its base and its provider are known.
struct OfferingDraft {
    let id: String
    let provider: String
    let reader: ObjectReader
    /// The `request` of provider.json, whose constraints bind every offering.
    let shared: JSONValue?
    let sharedProblems: DocumentProblems?
}

/// Makes offerings of drafts: takes over from the base, resolves names and checks that everything fits.
struct OfferingLinker {
    let drafts: [OfferingDraft]
    /// The ids of every file of an offering, by provider: of those, too, that could not be read.
    let offerings: [String: Set<String>]
    let units: Set<String>
    let models: Set<String>
    let portable: [PortableVocabulary.Parameter]

    func offering(_ draft: OfferingDraft, of provider: Provider) -> Offering? {
        let reader = draft.reader
        let sources = SourceReader(pages: provider.pages)
        let base = base(of: draft)
        if base == nil, reader.has("base") { return nil }  // everything else would only follow from that
        let name = reader.required("name", reader.string)
        let own = sources.optional(reader)
        let source = own ?? base.flatMap { sources.optional($0.reader) }
        if source == nil, !reader.has("source") {
            reader.fail("document.missing_member", at: "source", "source is required here")
        }

        let scope = scope(draft, base: base, provider: provider, sources: sources, source: source)
        let prices = prices(reader, scope: scope, sources: sources, currency: provider.currency)
        let constraints = constraints(draft, base: base, of: provider, scope: scope, sources: sources, source: source)
        let portable = mapping(draft, base: base, scope: scope)
        let medium = inherited("medium", reader, base) { $0.choice("medium", of: Medium.self) }
        let operations = inherited("operations", reader, base) { $0.strings("operations") }
        let lifecycle = reader.object("lifecycle").flatMap { Lifecycle($0, sources: sources) }
        let times = typicalTimes(reader, scope: scope, sources: sources, source: source)
        let acknowledged = (reader.objects("acknowledged") ?? []).compactMap { Acknowledgement($0) }
        reader.finish()
        guard let name, let source, let medium, let operations else { return nil }
        return Offering(
            id: draft.id, provider: provider.id, name: name, medium: medium, operations: operations, body: scope.root,
            parametersAt: provider.request.parametersAt, constraints: constraints, prices: prices, portable: portable,
            lifecycle: lifecycle, additional: additional(reader, base: base), typicalTimes: times,
            acknowledged: acknowledged, source: source)
    }

    private func base(of draft: OfferingDraft) -> OfferingDraft? {
        guard let id = draft.reader.string("base") else { return nil }
        guard let base = drafts.first(where: { $0.provider == draft.provider && $0.id == id }) else {
            let known = offerings[draft.provider] ?? []
            if !known.contains(id) {
                let hint = didYouMean(id, among: known.sorted())
                draft.reader.fail("reference.unknown_offering", at: "base", "no offering is called \"\(id)\"\(hint)")
            }
            return nil
        }
        if base.reader.has("base") {
            draft.reader.fail("offering.base_of_base", at: "base", "\(id) has a base itself; name that one")
            return nil
        }
        return base
    }

    /// A member of the offering or, where it has none, of its base.
    func inherited<T>(
        _ name: String, _ reader: ObjectReader, _ base: OfferingDraft?, _ read: (ObjectReader) -> T?
    ) -> T? {
        if reader.has(name) || base == nil { return reader.required(name) { _ in read(reader) } }
        return base.flatMap { read($0.reader) }
    }

    private func additional(_ reader: ObjectReader, base: OfferingDraft?) -> String? {
        func note(_ reader: ObjectReader) -> String? {
            reader.object("additional").flatMap { additional in
                defer { additional.finish() }
                return additional.required("note", additional.string)
            }
        }
        return note(reader) ?? (reader.has("additional") ? nil : base.flatMap { note($0.reader) })
    }

    /// `typical_seconds`: one object, or a list of rows with conditions.
    private func typicalTimes(
        _ reader: ObjectReader, scope: ParameterScope, sources: SourceReader, source: Source?
    ) -> [TypicalTime] {
        let isList = reader.value("typical_seconds")?.array != nil
        let rows = isList ? reader.objects("typical_seconds") : reader.object("typical_seconds").map { [$0] }
        if let rows, rows.isEmpty { reader.fail("document.value", at: "typical_seconds", "typical_seconds is empty") }
        return (rows ?? []).compactMap { TypicalTime($0, scope: scope, sources: sources, inherited: source) }
    }

    // MARK: Parameters

    /// The whole body of a request: the envelope with the offering's parameters inside.
    private func scope(
        _ draft: OfferingDraft, base: OfferingDraft?, provider: Provider, sources: SourceReader, source: Source?
    ) -> ParameterScope {
        let reader = draft.reader
        var parameters = base.map { parameterList($0.reader, sources: sources) } ?? []
        for (name, spec) in parameterList(reader, sources: sources) {
            if let index = parameters.firstIndex(where: { $0.name == name }) {
                parameters[index].spec = spec
            } else {
                parameters.append((name, spec))
            }
        }
        let removed = nullMembers(reader, "parameters", of: parameters.map(\.name))
        parameters.removeAll { removed.contains($0.name) }
        let required = inherited("required", reader, base) { $0.strings("required") } ?? []
        for name in required where !parameters.contains(where: { $0.name == name }) {
            // What the base requires and does not have is told there; here, what this offering takes away.
            if !reader.has("required"), !removed.contains(name) { continue }
            let hint = didYouMean(name, among: parameters.map(\.name))
            reader.fail(
                "reference.unknown_parameter", at: reader.has("required") ? "required" : "parameters",
                "the required parameter \(name) is not described\(hint)")
        }
        let isOpen = additional(reader, base: base) != nil
        let kept = parameters.compactMap { entry in entry.spec.map { (name: entry.name, spec: $0) } }
        return ParameterScope(
            root: body(kept, required: required, isOpen: isOpen, shape: provider.request, source: source),
            prefix: provider.request.parametersAt)
    }

    private func body(
        _ parameters: [(name: String, spec: ParameterSpec)], required: [String], isOpen: Bool, shape: RequestShape,
        source: Source?
    ) -> ParameterSpec {
        guard let holder = shape.parametersAt.tokens.first else {
            return ParameterSpec(
                object: shape.envelope + parameters, required: shape.required + required, allowsOtherMembers: isOpen)
        }
        let envelope = shape.envelope.map { name, spec in
            name == holder
                ? (
                    name: name,
                    spec: ParameterSpec(
                        object: parameters, required: required, allowsOtherMembers: isOpen, like: spec,
                        source: source)
                ) : (name: name, spec: spec)
        }
        return ParameterSpec(object: envelope, required: shape.required, source: shape.source)
    }

    /// Every parameter of a file; `null` (which takes one away from the base) is left out.
    private func parameterList(_ reader: ObjectReader, sources: SourceReader) -> [(name: String, spec: ParameterSpec?)]
    {
        guard let members = reader.object("parameters") else { return [] }
        return members.names.compactMap { name in
            if case .null? = members.value(name) { return nil }
            return members.object(name).map { (name, ParameterSpec($0, sources: sources)) }
        }
    }

    /// The names that an offering takes away from what its base has. Each must be there.
    func nullMembers(_ reader: ObjectReader, _ name: String, of known: [String]) -> Set<String> {
        guard let members = reader.value(name)?.object?.members else { return [] }
        let removed = members.filter { $0.value == .null }.map(\.name)
        for member in removed where !known.contains(member) {
            reader.problems.add(
                "reference.unknown_parameter", at: reader.pointer / name / member,
                "there is no \(member) to take away")
        }
        return Set(removed)
    }
}
