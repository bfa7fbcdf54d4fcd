extension BoundaryCases {
    /// A value beside a bound, and the code of the finding where it is outside.
    private struct Beside {
        let label: String
        let value: JSONValue
        var code: String?
    }

    /// Cases for a parameter, or for what is inside it, and for everything inside that.
    mutating func addBounds(
        _ variable: Int, of spec: ParameterSpec, at path: [String?], name: String, isRequired: Bool
    ) {
        let place = space.variables[variable].pointer + JSONPointer(path.map { $0 ?? "0" })
        let plain = RequestDraft(space).with(variable, path, space.facets.plainValues(spec))
        for beside in inside(spec) {
            add(
                "\(name):\(beside.label):inside", RequestDraft(space).with(variable, path, [beside.value]),
                .init(isValid: true))
        }
        // What the provider replaces must then be as valid as the default.
        let isReplaced = spec.onInvalid == .default && spec.defaultValue != nil
        let base = isReplaced ? spec.defaultValue.flatMap { RequestDraft(space).with(variable, path, [$0]) } : plain
        for beside in outside(spec, isRequired: isRequired) {
            let body = base.flatMap { try? JSONPatch([.replace(place, beside.value)]).applied(to: $0) }
            add(
                "\(name):\(beside.label):outside", body,
                isReplaced
                    ? .init(isValid: true, severity: .warning, code: "value.replaced", path: place)
                    : .init(isValid: false, severity: .error, code: beside.code, path: place))
        }
        if isRequired, path.last != .some(nil) {
            add(
                "\(name):required:outside", plain.flatMap { try? JSONPatch([.remove(place)]).applied(to: $0) },
                .init(isValid: false, severity: .error, code: "parameter.missing", path: place))
        }
        if let items = spec.items {
            addBounds(variable, of: items, at: path + [nil], name: name + "/*", isRequired: true)
        }
        for (member, inner) in spec.properties {
            let isRequired = spec.required.contains(member)
            if inner.unsupported != nil {
                addUnsupported("\(name)/\(member)", to: plain, at: place / member)
                continue
            }
            addBounds(variable, of: inner, at: path + [member], name: "\(name)/\(member)", isRequired: isRequired)
        }
    }

    /// The values that just do.
    private func inside(_ spec: ParameterSpec) -> [Beside] {
        if let allowed = spec.allowed { return allowed.map { Beside(label: "enum", value: $0) } }
        let bounds = spec.bounds
        var found: [Beside] = []
        if spec.type != .string, spec.type != .array {
            found += bounds.minimum.map { [Beside(label: "minimum", value: Facets.number($0))] } ?? []
            found += bounds.maximum.map { [Beside(label: "maximum", value: Facets.number($0))] } ?? []
        }
        if spec.type == .string, !spec.isHTTPURL {
            found += bounds.minLength.map { [Beside(label: "minLength", value: Facets.text($0))] } ?? []
            found += bounds.maxLength.map { [Beside(label: "maxLength", value: Facets.text($0))] } ?? []
        }
        if spec.type == .array {
            for (label, count) in [("minItems", bounds.minItems), ("maxItems", bounds.maxItems)] {
                if let count, let value = elements(spec, count) { found.append(Beside(label: label, value: value)) }
            }
        }
        return found
    }

    /// The values that just do not.
    private func outside(_ spec: ParameterSpec, isRequired: Bool) -> [Beside] {
        var found: [Beside] = []
        func add(_ label: String, _ value: JSONValue?, _ code: Diagnostic.Code) {
            if let value { found.append(Beside(label: label, value: value, code: code.rawValue)) }
        }
        if let type = spec.type {
            add("type", type == .string ? 7 : "a", .typeMismatch)
            add("null", .null, .typeMismatch)
            if type == .integer { add("fraction", 1.5, .typeMismatch) }
        }
        if let allowed = spec.allowed {
            let longest = allowed.compactMap(\.string).max { $0.utf8.count < $1.utf8.count }
            if spec.type == .string { add("enum", longest.map { .string($0 + "-x") }, .notAllowed) }
            if spec.type == .integer || spec.type == .number {
                add("enum", allowed.compactMap(\.number).max().map { Facets.number($0 + 1) }, .notAllowed)
            }
            return found
        }
        let bounds = spec.bounds
        if spec.type == .integer || spec.type == .number {
            let step = spec.type == .integer ? 1.0 : 0.5
            add("minimum", bounds.minimum.map { Facets.number($0 - step) }, .outOfRange)
            add("maximum", bounds.maximum.map { Facets.number($0 + step) }, .outOfRange)
        }
        if spec.type == .string, !spec.isHTTPURL {
            add("minLength", bounds.minLength.map { Facets.text($0 - 1) }, .length)
            add("maxLength", bounds.maxLength.map { Facets.text($0 + 1) }, .length)
            if isRequired { add("empty", "", .length) }
            if spec.blank == .reject { add("blank", " ", .blank) }
        }
        if spec.isHTTPURL { add("format", "example.com/1.png", .format) }
        if spec.type == .array {
            add("minItems", bounds.minItems.flatMap { elements(spec, $0 - 1) }, .count)
            add("maxItems", bounds.maxItems.flatMap { elements(spec, $0 + 1) }, .count)
            if isRequired { add("empty", [], .count) }
        }
        return found
    }

    private func elements(_ spec: ParameterSpec, _ count: Int) -> JSONValue? {
        guard let items = spec.items else { return Facets.array(of: "a", nil, count: count) }
        return space.facets.plain(items).map { Facets.array(of: $0, items, count: count) }
    }
}

extension RequestDraft {
    /// The whole request with the first of these values, inside a variable, that the rules let through.
    fileprivate func with(_ variable: Int, _ path: [String?], _ values: [JSONValue]) -> JSONValue? {
        let pointer = space.variables[variable].pointer.tokens.map(Optional.some)
        for value in values {
            var draft = self
            let reference = ParameterReference(name: "", path: pointer + path, spec: nil)
            if draft.set(value, at: reference), let body = draft.completed() { return body }
        }
        return nil
    }
}
