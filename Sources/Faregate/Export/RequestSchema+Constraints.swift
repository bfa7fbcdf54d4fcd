extension RequestSchema {
    /// A rule as a schema of the whole body.
    func statement(_ constraint: Constraint) throws(Unsayable) -> Statement {
        let consequence = try statement(constraint.consequence)
        guard let condition = constraint.condition else { return consequence }
        switch (try holds(condition), consequence) {
        case (.never, _), (_, .always): return .always
        case (.always, let consequence): return consequence
        case (let condition, .never): return condition.negated
        case (let condition, let consequence):
            return .schema(JSONObject([("if", condition.json), ("then", consequence.json)]))
        }
    }

    private func statement(_ consequence: Consequence) throws(Unsayable) -> Statement {
        switch consequence {
        case .require(let require): .all(require.parameters.map(isPresent))
        case .forbid(let forbid): Statement.any(forbid.parameters.map(isPresent)).negated
        case .restrict(let restrict): statement(restrict)
        case .presence(let presence): statement(presence)
        case .exclusive(let exclusive):
            Self.atMostOne(exclusive.groups.map { .any($0.map(isPresent)) })
        case .total(let total): try statement(total)
        case .order: throw Unsayable(reason: "JSON Schema does not compare one value with another")
        case .ignored, .mentions: .always
        }
    }

    // MARK: Kinds

    /// Every value is within the bounds, and so is the default where there is none.
    private func statement(_ restrict: Restrict) -> Statement {
        let reference = restrict.parameter
        let defaultValue = reference.spec?.defaultValue
        let isDefaultFine = defaultValue.map { restrict.bounds.breach($0) == nil } ?? true
        let values = everywhere(reference.path, from: root) { place in
            let kind = counts(place, Statement(restrict.bounds.json), includingDefault: isDefaultFine)
            return restrict.bounds.mayRefuseEmpty ? .any([isFilled(place).negated, kind]) : kind
        }
        return isDefaultFine ? values : .all([isPresent(reference), values])
    }

    private func statement(_ presence: Presence) -> Statement {
        guard let shared = presence.sharedElements else {
            return Self.statement(presence.bound, presence.parameters.map(isPresent))
        }
        return everywhere(shared.path, from: root) { element in
            let parts = presence.parameters.map { parameter in
                somewhere(parameter.path.dropFirst(shared.path.count), from: element, isFilled)
            }
            return Self.statement(presence.bound, parts)
        }
    }

    private func statement(_ total: Total) throws(Unsayable) -> Statement {
        var parts: [Statement] = []
        if let most = total.atMost { parts.append(try count(total.parameters, .atMost, most)) }
        if let least = total.atLeast { parts.append(try count(total.parameters, .atLeast, least)) }
        return .all(parts)
    }

    private static func statement(_ bound: Presence.Bound, _ parts: [Statement]) -> Statement {
        switch bound {
        case .atLeastOne: .any(parts)
        case .atMostOne: atMostOne(parts)
        case .exactlyOne: .schema(JSONObject([("oneOf", .array(parts.map(\.json)))]))
        }
    }

    private static func atMostOne(_ parts: [Statement]) -> Statement {
        let pairs = parts.indices.flatMap { a in
            parts.indices.filter { $0 > a }.map { b in Statement.all([parts[a], parts[b]]) }
        }
        return Statement.any(pairs).negated
    }

    // MARK: What comes near

    /// A weaker rule that every acceptable request keeps, for a rule that cannot be said; `nil` where there is none.
    func approximation(_ constraint: Constraint) -> (statement: Statement, text: String)? {
        guard constraint.condition == nil else { return nil }
        switch constraint.consequence {
        case .order(let order):
            let both = Statement.all([isPresent(order.first), isPresent(order.second)])
            var parts: [Statement] = []
            func bound(_ reference: ParameterReference, _ keyword: String, _ number: Double?) {
                guard let number, !reference.path.contains(nil) else { return }
                parts.append(
                    everywhere(reference.path, from: root) { _ in .schema(JSONObject([(keyword, .plainNumber(number))]))
                    })
            }
            bound(order.second, "minimum", order.first.spec?.bounds.minimum)
            bound(order.first, "maximum", order.second.spec?.bounds.maximum)
            guard !parts.isEmpty, case .schema = both else { return nil }
            let rule = JSONObject([("if", both.json), ("then", Statement.all(parts).json)])
            return (.schema(rule), "each is within the bounds of the other")
        case .total(let total):
            guard let most = total.atMost else { return nil }
            let parts = total.parameters.filter { !$0.path.contains(nil) }.map { parameter in
                everywhere(parameter.path, from: root) { _ in
                    .schema(JSONObject([("maxItems", .integer(Int64(most)))]))
                }
            }
            return parts.isEmpty ? nil : (.all(parts), "none of the arrays alone holds more than \(most)")
        default: return nil
        }
    }
}

extension Bounds {
    /// Whether empty text or an empty array may be outside these bounds.
    fileprivate var mayRefuseEmpty: Bool { allowed != nil || minLength ?? 0 > 0 || minItems ?? 0 > 0 }
}
