extension BoundaryCases {
    /// A way to meet or to break a consequence: what is settled, and where the finding then is.
    private struct Variant {
        var draft: RequestDraft
        /// `nil`: the rule has nothing to say.
        let blamed: JSONPointer?
    }

    /// Cases that break a rule, that just meet it, and that break it where it does not bind.
    mutating func addRule(_ index: Int) {
        let constraint = space.offering.constraints[index]
        var bound = RequestDraft(space)
        if let condition = constraint.condition, !bound.make(condition, true) {
            return leaveOut("rule:\(constraint.id)", .neverBinds)
        }
        let found = variants(constraint.consequence, bound)
        for variant in found { add(variant, index) }
        if !found.contains(where: { $0.blamed != nil }) { leaveOut("rule:\(constraint.id):outside", .noVariant) }
        if !found.contains(where: { $0.blamed == nil }) { leaveOut("rule:\(constraint.id):inside", .noVariant) }
        if let condition = constraint.condition { addUnbound(index, condition) }
    }

    /// A case that breaks a rule where it does not bind.
    private mutating func addUnbound(_ index: Int, _ condition: Condition) {
        let constraint = space.offering.constraints[index]
        let id = "rule:\(constraint.id):unbound"
        var free = RequestDraft(space)
        guard free.make(condition, false) else { return leaveOut(id, .alwaysBinds) }
        guard let breaking = variants(constraint.consequence, free).first(where: { $0.blamed != nil }) else {
            return leaveOut(id, .noVariant)
        }
        add(Variant(draft: breaking.draft, blamed: nil), index, label: "unbound")
    }

    private mutating func add(_ variant: Variant, _ index: Int, label: String = "inside") {
        let constraint = space.offering.constraints[index]
        let body = variant.draft.completed(except: index)
        guard let blamed = variant.blamed else {
            let expectation = BoundaryCase.Expectation(isValid: true, silentRule: constraint.id)
            return add("rule:\(constraint.id):\(label)", body, expectation)
        }
        let severity = constraint.consequence.isAdvice ? .warning : constraint.severity
        add(
            "rule:\(constraint.id):outside", body,
            .init(
                isValid: severity != .error, severity: severity, code: constraint.consequence.code.rawValue,
                path: blamed, rule: constraint.id))
    }

    /// The ways to break a consequence, then the ways to meet it.
    private func variants(_ consequence: Consequence, _ base: RequestDraft) -> [Variant] {
        switch consequence {
        case .require(let require): variants(require: require.parameters, base)
        case .forbid(let forbid): variants(forbid: forbid.parameters, base)
        case .ignored(let ignored): variants(forbid: ignored.parameters, base)
        case .restrict(let restrict): variants(restrict, base)
        case .presence(let presence): variants(presence, base)
        case .exclusive(let exclusive): variants(exclusive, base)
        case .total(let total): variants(total, base)
        case .order(let order): variants(order, base)
        case .mentions(let mentions): variants(mentions, base)
        }
    }

    /// Settles references to be there or not.
    private func settle(
        _ base: RequestDraft, present: [ParameterReference], absent: [ParameterReference]
    ) -> RequestDraft? {
        var draft = base
        for reference in absent where !draft.set(nil, at: reference) { return nil }
        for reference in present where !draft.make(.present(reference, true), true) { return nil }
        return draft
    }

    private func variants(require parameters: [ParameterReference], _ base: RequestDraft) -> [Variant] {
        var found: [Variant] = []
        for missing in parameters {
            let others = parameters.filter { $0 != missing }
            if let draft = settle(base, present: others, absent: [missing]) {
                found.append(Variant(draft: draft, blamed: missing.pointer))
            }
        }
        return found + (settle(base, present: parameters, absent: []).map { [Variant(draft: $0, blamed: nil)] } ?? [])
    }

    private func variants(forbid parameters: [ParameterReference], _ base: RequestDraft) -> [Variant] {
        var found: [Variant] = []
        for present in parameters {
            let others = parameters.filter { $0 != present && !sharesVariable($0, present) }
            if let draft = settle(base, present: [present], absent: others) {
                found.append(Variant(draft: draft, blamed: present.firstPlace))
            }
        }
        return found + (settle(base, present: [], absent: parameters).map { [Variant(draft: $0, blamed: nil)] } ?? [])
    }

    private func sharesVariable(_ a: ParameterReference, _ b: ParameterReference) -> Bool {
        space.variable(of: a) == space.variable(of: b)
    }

    private func variants(_ restrict: Restrict, _ base: RequestDraft) -> [Variant] {
        let (parameter, bounds) = (restrict.parameter, restrict.bounds)
        var outside: [JSONValue] = []
        var inside: [JSONValue] = bounds.allowed ?? []
        if let allowed = bounds.allowed {
            outside += space.facets.plainValues(parameter.spec).filter { !allowed.contains($0) }.prefix(3)
        }
        let step = parameter.spec?.type == .integer ? 1.0 : 0.5
        if let low = bounds.minimum {
            (outside, inside) = (outside + [Facets.number(low - step)], inside + [Facets.number(low)])
        }
        if let high = bounds.maximum {
            (outside, inside) = (outside + [Facets.number(high + step)], inside + [Facets.number(high)])
        }
        // Empty text counts as absent.
        if let low = bounds.minLength {
            (outside, inside) = (outside + (low > 1 ? [Facets.text(low - 1)] : []), inside + [Facets.text(low)])
        }
        if let high = bounds.maxLength {
            (outside, inside) = (outside + [Facets.text(high + 1)], inside + [Facets.text(high)])
        }
        func elements(_ count: Int) -> [JSONValue] {
            guard count > 0 else { return [] }
            let items = parameter.spec?.items
            return space.facets.plain(items).map { [Facets.array(of: $0, items, count: count)] } ?? []
        }
        if let low = bounds.minItems { (outside, inside) = (outside + elements(low - 1), inside + elements(low)) }
        if let high = bounds.maxItems { (outside, inside) = (outside + elements(high + 1), inside + elements(high)) }
        func variant(_ value: JSONValue?, _ blamed: JSONPointer?) -> [Variant] {
            var draft = base
            return draft.set(value, at: parameter) ? [Variant(draft: draft, blamed: blamed)] : []
        }
        var found = outside.flatMap { variant($0, parameter.firstPlace) }
        if let standard = parameter.spec?.defaultValue, let allowed = bounds.allowed {
            found += variant(nil, allowed.contains(standard) ? nil : parameter.pointer)
        }
        return found + inside.flatMap { variant($0, nil) }
    }

    private func variants(_ presence: Presence, _ base: RequestDraft) -> [Variant] {
        let parameters = presence.parameters
        let first = parameters[0]
        let element = first.path.contains(nil) ? first.elementPlace : nil
        var base = base
        // An element is made anew, so that nothing else is in it.
        if element != nil { base.free(first) }
        var found: [Variant] = []
        func add(_ present: [ParameterReference], _ blamed: JSONPointer?) {
            let absent = element == nil ? parameters.filter { !present.contains($0) } : []
            if let draft = settle(base, present: present, absent: absent) {
                found.append(Variant(draft: draft, blamed: blamed))
            }
        }
        let isTooFew = presence.bound != .atMostOne
        let isTooMany = presence.bound != .atLeastOne
        if element == nil { add([], isTooFew ? first.pointer : nil) }
        if parameters.count > 1 { add(Array(parameters.prefix(2)), isTooMany ? element ?? first.firstPlace : nil) }
        for parameter in parameters { add([parameter], nil) }
        return found
    }

    private func variants(_ exclusive: Exclusive, _ base: RequestDraft) -> [Variant] {
        var found: [Variant] = []
        let all = exclusive.groups.flatMap(\.self)
        func add(_ present: [ParameterReference], _ blamed: JSONPointer?) {
            if let draft = settle(base, present: present, absent: all.filter { !present.contains($0) }) {
                found.append(Variant(draft: draft, blamed: blamed))
            }
        }
        for (index, group) in exclusive.groups.enumerated() {
            for other in exclusive.groups.dropFirst(index + 1) {
                for a in group { for b in other { add([a, b], a.pointer) } }
            }
        }
        for group in exclusive.groups {
            for a in group { add([a], nil) }
            add(group, nil)
        }
        return found
    }

    private func variants(_ total: Total, _ base: RequestDraft) -> [Variant] {
        var found: [Variant] = []
        func add(_ count: Int, isOutside: Bool, _ parameters: [ParameterReference]) {
            var draft = base
            guard count >= 0, draft.make(parameters, hold: count) else { return }
            let last = total.parameters.last { draft.value(at: $0) != nil }
            found.append(Variant(draft: draft, blamed: isOutside ? (last ?? total.parameters[0]).pointer : nil))
        }
        // Each array in turn takes most.
        for start in total.parameters.indices {
            let turned = Array(total.parameters[start...] + total.parameters[..<start])
            if let most = total.atMost { add(most + 1, isOutside: true, turned) }
            if let least = total.atLeast { add(least - 1, isOutside: true, turned) }
            if let most = total.atMost { add(most, isOutside: false, turned) }
            if let least = total.atLeast { add(least, isOutside: false, turned) }
        }
        return found
    }

    private func variants(_ order: Order, _ base: RequestDraft) -> [Variant] {
        let low = space.facets.plainValues(order.first.spec).compactMap(\.number)
        let high = space.facets.plainValues(order.second.spec).compactMap(\.number)
        func variant(_ pair: (Double, Double)?, _ blamed: JSONPointer?) -> [Variant] {
            var draft = base
            guard
                let pair, draft.set(Facets.number(pair.0), at: order.first),
                draft.set(Facets.number(pair.1), at: order.second)
            else { return [] }
            return [Variant(draft: draft, blamed: blamed)]
        }
        let pairs = low.flatMap { a in high.map { (a, $0) } }
        let above = pairs.filter { $0.0 > $0.1 }.min { $0.0 - $0.1 < $1.0 - $1.1 }
        return variant(above, order.second.pointer) + variant(pairs.first { $0.0 == $0.1 }, nil)
    }

    private func variants(_ mentions: Mentions, _ base: RequestDraft) -> [Variant] {
        var found: [Variant] = []
        for (number, isOutside) in [(1, true), (2, true), (1, false), (2, false)] {
            var draft = base
            let count = isOutside ? number - 1 : number
            guard
                draft.set(.string("\(mentions.tag)\(number)"), at: mentions.text),
                draft.make(mentions.counted, hold: count)
            else { continue }
            found.append(Variant(draft: draft, blamed: isOutside ? mentions.text.firstPlace : nil))
        }
        return found
    }
}

extension ParameterReference {
    /// The place itself, in the first element of arrays.
    fileprivate var firstPlace: JSONPointer { JSONPointer(path.map { $0 ?? "0" }) }

    /// The element that it stands in, the first of its array.
    fileprivate var elementPlace: JSONPointer {
        let end = path.lastIndex(of: nil).map { $0 + 1 } ?? path.count
        return JSONPointer(path[..<end].map { $0 ?? "0" })
    }
}
