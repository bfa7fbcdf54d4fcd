extension RequestSchema {
    /// The condition surely holds.
    func holds(_ condition: Condition) throws(Unsayable) -> Statement {
        switch condition {
        case .present(let reference, let wanted):
            return wanted ? isPresent(reference) : isPresent(reference).negated
        case .oneOf, .compare: return try value(condition, fails: false)
        case .count(let references, let comparison, let bound):
            return try count(references, comparison, bound)
        case .all(let parts): return .all(try each(parts, holds))
        case .any(let parts): return .any(try each(parts, holds))
        case .not(let part): return try fails(part)
        }
    }

    /// The condition surely does not hold. One that depends on a parameter without a value does neither.
    func fails(_ condition: Condition) throws(Unsayable) -> Statement {
        switch condition {
        case .present, .count: return try holds(condition).negated
        case .oneOf, .compare: return try value(condition, fails: true)
        case .all(let parts): return .any(try each(parts, fails))
        case .any(let parts): return .all(try each(parts, fails))
        case .not(let part): return try holds(part)
        }
    }

    private func each(
        _ parts: [Condition], _ state: (Condition) throws(Unsayable) -> Statement
    ) throws(Unsayable) -> [Statement] {
        var statements: [Statement] = []
        for part in parts { statements.append(try state(part)) }
        return statements
    }

    /// A condition on the value that counts: the one that was sent or the default.
    private func value(_ condition: Condition, fails: Bool) throws(Unsayable) -> Statement {
        guard let reference = condition.references.first else { return .never }
        guard !reference.path.contains(nil) else {
            throw Unsayable(reason: "it depends on the first of several values")
        }
        let schema = Statement(condition.valueSchema(reference))
        let kind = fails ? schema.negated : schema
        let defaultValue = reference.spec?.defaultValue
        let isDefault = defaultValue.map { condition.holds(of: $0) != fails } ?? false
        let sent = somewhere(reference.path, from: root) { place in
            .all([isFilled(place), counts(place, kind, includingDefault: isDefault)])
        }
        return isDefault ? .any([isPresent(reference).negated, sent]) : sent
    }
}

extension Condition {
    /// What a value must be for the condition to hold of it.
    fileprivate func valueSchema(_ reference: ParameterReference) -> JSONObject {
        switch self {
        case .oneOf(_, let values):
            return JSONObject([values.count == 1 ? ("const", values[0]) : ("enum", .array(values))])
        case .compare(_, let comparison, let bound):
            var schema = JSONObject()
            if ![.integer, .number].contains(reference.spec?.type) { schema["type"] = "number" }
            schema[comparison.keyword] = bound.json
            return schema
        default: return JSONObject()
        }
    }

    /// Whether the condition holds of a value.
    fileprivate func holds(of value: JSONValue) -> Bool {
        switch self {
        case .oneOf(_, let values): values.contains(value)
        case .compare(_, let comparison, let bound):
            ExactDecimal(value).map { comparison.holds($0, bound) } ?? false
        default: false
        }
    }
}

extension Condition.Comparison {
    fileprivate var keyword: String {
        switch self {
        case .equals: "const"
        case .atLeast: "minimum"
        case .atMost: "maximum"
        case .moreThan: "exclusiveMinimum"
        case .lessThan: "exclusiveMaximum"
        }
    }
}

extension ExactDecimal {
    /// As a JSON number.
    fileprivate var json: JSONValue { .plainNumber(Double(billionths) / 1e9) }
}

extension JSONValue {
    /// A number without `.0`.
    static func plainNumber(_ number: Double) -> JSONValue {
        Int64(exactly: number).map(JSONValue.integer) ?? .real(number)
    }
}
