/// A parameter on the way through a body, as rules see it.
struct Place {
    /// `nil` inside something of any type.
    let spec: ParameterSpec?
    /// Whether a request without it is refused anyway.
    let isRequired: Bool
    /// Whether whatever stands here is of its type, in a request that is not refused anyway.
    let isSure: Bool

    func isSurely(_ type: ParameterSpec.ValueType) -> Bool { isSure && spec?.type == type }

    func member(_ name: String) -> Place {
        guard isSurely(.object), let spec, let member = spec.property(name) else { return .anything }
        return Place(spec: member, isRequired: spec.required.contains(name), isSure: member.isEnforced)
    }

    var element: Place {
        guard isSurely(.array), let items = spec?.items else { return .anything }
        return Place(spec: items, isRequired: true, isSure: items.isEnforced)
    }

    static let anything = Place(spec: nil, isRequired: false, isSure: false)
}

extension ParameterSpec {
    /// Whether a value that is not accepted makes the request invalid.
    var isEnforced: Bool { onInvalid == .reject || defaultValue == nil }
}

extension RequestSchema {
    var root: Place { Place(spec: offering.body, isRequired: true, isSure: true) }

    /// There is a place under a path of which something holds.
    func somewhere(
        _ path: some Collection<String?>, from place: Place, _ leaf: (Place) -> Statement
    ) -> Statement {
        guard let step = path.first else { return leaf(place) }
        let rest = path.dropFirst()
        var schema = JSONObject()
        if let name = step {
            let next = place.member(name)
            let inner = somewhere(rest, from: next, leaf)
            if case .never = inner { return .never }
            if !place.isSurely(.object) { schema["type"] = "object" }
            if case .schema(let members) = inner {
                schema["properties"] = .object(JSONObject([(name, .object(members))]))
            }
            if !next.isRequired { schema["required"] = [.string(name)] }
        } else {
            let inner = somewhere(rest, from: place.element, leaf)
            if case .never = inner { return .never }
            if !place.isSurely(.array) { schema["type"] = "array" }
            if case .always = inner { schema["minItems"] = 1 } else { schema["contains"] = inner.json }
        }
        return Statement(schema)
    }

    /// Something holds of every place under a path.
    func everywhere(
        _ path: some Collection<String?>, from place: Place, _ leaf: (Place) -> Statement
    ) -> Statement {
        guard let step = path.first else { return leaf(place) }
        let next = step.map(place.member) ?? place.element
        let inner = everywhere(path.dropFirst(), from: next, leaf)
        if case .always = inner { return .always }
        guard let name = step else { return .schema(JSONObject([("items", inner.json)])) }
        return .schema(JSONObject([("properties", .object(JSONObject([(name, inner.json)])))]))
    }

    /// What stands at a place is not empty: empty text and empty arrays count as absent.
    func isFilled(_ place: Place) -> Statement {
        guard place.isSure, let spec = place.spec, let type = spec.type else {
            return Statement(JSONObject([("minLength", 1), ("minItems", 1)]))
        }
        switch type {
        case .string:
            let isNeverEmpty =
                place.isRequired || spec.isHTTPURL || spec.bounds.minLength ?? 0 > 0
                || spec.allowed.map { !$0.contains("") } ?? false
            return isNeverEmpty ? .always : Statement(JSONObject([("minLength", 1)]))
        case .array:
            return place.isRequired || spec.bounds.minItems ?? 0 > 0
                ? .always : Statement(JSONObject([("minItems", 1)]))
        default: return .always
        }
    }

    /// A parameter is there.
    func isPresent(_ reference: ParameterReference) -> Statement {
        somewhere(reference.path, from: root, isFilled)
    }

    /// The value at a place that is filled, or the default where the provider replaces it, is one of a kind.
    func counts(_ place: Place, _ kind: Statement, includingDefault: Bool) -> Statement {
        guard let spec = place.spec, !spec.isEnforced else { return kind }
        let own = accepted(spec, isRequired: place.isRequired)
        return includingDefault ? .any([own.negated, kind]) : .all([own, kind])
    }
}
