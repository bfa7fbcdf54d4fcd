extension OfferingComparison {
    /// A parameter wherever it stands in the body, with what holds it.
    fileprivate struct Entry {
        let reference: ParameterReference
        let spec: ParameterSpec
        let isRequired: Bool
    }

    /// Every parameter of a body, holders first: `prompt`, `reference_characters/*/image_urls`, `/callback_url`.
    private static func entries(_ offering: Offering) -> [Entry] {
        var found: [Entry] = []
        let prefix = offering.parametersAt.tokens
        func visit(_ spec: ParameterSpec, _ path: [String?]) {
            for (name, child) in spec.properties { add(child, path + [name], isRequired: spec.required.contains(name)) }
            if let items = spec.items { add(items, path + [nil], isRequired: false) }
        }
        func add(_ spec: ParameterSpec, _ path: [String?], isRequired: Bool) {
            let names = path.map { $0 ?? "*" }
            let isInside = names.starts(with: prefix) && names.count > prefix.count
            let name =
                isInside ? names.dropFirst(prefix.count).joined(separator: "/") : "/" + names.joined(separator: "/")
            found.append(
                Entry(
                    reference: ParameterReference(name: name, path: path, spec: spec), spec: spec,
                    isRequired: isRequired))
            visit(spec, path)
        }
        visit(offering.body, [])
        return found
    }

    mutating func compareParameters() {
        let (old, new) = (Self.entries(before.offering), Self.entries(after.offering))
        var handled: [[String?]] = []
        for entry in old {
            if let next = new.first(where: { $0.reference == entry.reference }) {
                compare(entry, next)
            } else if !handled.contains(where: { entry.reference.path.starts(with: $0) }) {
                handled.append(entry.reference.path)
                addParameter(.parameterRemoved, [entry], before: entry.words, after: nil)
            }
        }
        handled = []
        for entry in new where !old.contains(where: { $0.reference == entry.reference }) {
            if handled.contains(where: { entry.reference.path.starts(with: $0) }) { continue }
            handled.append(entry.reference.path)
            addParameter(.parameterAdded, [entry], before: nil, after: entry.words)
        }
    }

    private mutating func compare(_ old: Entry, _ new: Entry) {
        let both = [old, new]
        let (was, now) = (old.spec, new.spec)
        if was.type != now.type || was.manners != now.manners {
            addParameter(.parameterChanged, both, before: was.kindWords, after: now.kindWords)
        }
        compareValues(both)
        for (limit, next) in zip(was.bounds.limits, now.bounds.limits) where limit.value != next.value {
            let isWider =
                next.value == nil || (limit.value.map { limit.isLower ? next.value! < $0 : next.value! > $0 } ?? false)
            func words(_ value: Double?) -> String { "\(limit.name) " + (value.map(JSONValue.plain) ?? "none") }
            addParameter(
                isWider ? .boundWidened : .boundNarrowed, both, before: words(limit.value), after: words(next.value))
        }
        if was.defaultValue != now.defaultValue { addDefault(both) }
        if old.isRequired != new.isRequired {
            addParameter(
                new.isRequired ? .madeRequired : .madeOptional, both, before: old.isRequired ? "required" : "optional",
                after: new.isRequired ? "required" : "optional")
        }
        note(
            old.reference.name,
            [
                ("about", was.about, now.about), ("unit", was.unit, now.unit),
                ("unsupported", was.unsupported, now.unsupported),
                ("ignored", was.ignored, now.ignored), ("unchecked", was.unchecked, now.unchecked),
                ("source", was.source?.description, now.source?.description),
                ("standing", was.standing.rawValue, now.standing.rawValue),
                ("other_reading", was.otherReading, now.otherReading),
            ].filter { $0.1 != nil && $0.2 != nil || !["unsupported", "ignored"].contains($0.0) })
    }

    private mutating func compareValues(_ entries: [Entry]) {
        let (was, now) = (entries[0].spec.allowed, entries[1].spec.allowed)
        let gone = now.map { now in (was ?? []).filter { !now.contains($0) } } ?? []
        let come = was.map { was in (now ?? []).filter { !was.contains($0) } } ?? []
        func words(_ values: [JSONValue]?) -> String { values.map { listed($0.map { $0.text() }) } ?? "any" }
        if !gone.isEmpty || (was == nil && now != nil) {
            addParameter(
                .valuesRemoved, entries, before: gone.isEmpty ? words(was) : words(gone),
                after: was == nil ? words(now) : nil)
        }
        if !come.isEmpty || (was != nil && now == nil) {
            addParameter(
                .valuesAdded, entries, before: now == nil ? words(was) : nil,
                after: come.isEmpty ? words(now) : words(come))
        }
    }

    /// What is made and billed when nothing is said.
    private mutating func addDefault(_ entries: [Entry]) {
        let references = entries.map(\.reference)
        let place = references[0].path
        let price = search.price(around: references, Literals(), row: nil) { $0.isSilent(about: references[0]) }
        let result =
            price.witnesses.isEmpty
            ? search.verdicts(around: references, Literals()) { $0.rule != nil && $0.path.leadsInto(place) } : price
        func words(_ value: JSONValue?) -> String { value?.text() ?? "none" }
        add(
            CatalogChange(
                kind: .defaultChanged, subject: entries[0].reference.name,
                before: words(entries[0].spec.defaultValue), after: words(entries[1].spec.defaultValue),
                witnesses: result.witnesses, triedCount: result.triedCount))
    }

    private mutating func addParameter(_ kind: CatalogChange.Kind, _ entries: [Entry], before: String?, after: String?)
    {
        let reference = entries[0].reference
        let result = search.verdicts(around: entries.map(\.reference), Literals()) { finding in
            finding.rule == nil && finding.path.leadsInto(reference.path) && kind.concerns(finding.code)
        }
        add(
            CatalogChange(
                kind: kind, subject: reference.name, before: before, after: after, witnesses: result.witnesses,
                triedCount: result.triedCount))
    }
}

extension OfferingComparison.Entry {
    fileprivate var words: String { spec.meaning + (isRequired ? ", required" : "") }
}

extension ParameterSpec {
    /// Type and manners, without bounds and default.
    fileprivate var kindWords: String { ([type?.rawValue ?? "any"] + manners).joined(separator: ", ") }
}

extension CatalogChange.Kind {
    /// Whether a finding with this code can come from the change.
    fileprivate func concerns(_ code: Diagnostic.Code) -> Bool {
        switch self {
        case .valuesAdded, .valuesRemoved: [.notAllowed, .replaced].contains(code)
        case .boundWidened, .boundNarrowed: [.outOfRange, .length, .count, .replaced].contains(code)
        case .madeRequired, .madeOptional: code == .missing
        case .parameterChanged: ![.notAllowed, .outOfRange, .length, .count, .missing].contains(code)
        default: true
        }
    }
}

extension JSONValue {
    /// Whether a request leaves a parameter out.
    fileprivate func isSilent(about reference: ParameterReference) -> Bool {
        Facts(body: self).places(reference).isEmpty
    }
}

extension JSONPointer {
    /// Whether the place is the one of a path, or inside it.
    fileprivate func leadsInto(_ path: [String?]) -> Bool {
        tokens.count >= path.count && zip(tokens, path).allSatisfy { $1 == nil || $0 == $1 }
    }
}
