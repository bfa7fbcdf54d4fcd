/// A request with something wrong, and the edits that can be made to it.
struct RepairScene {
    let ground: RepairGround
    let facts: Facts
    var body: JSONValue { facts.body }

    /// Edits that may mend a finding, the least intrusive first. None where only the user can.
    func edits(for finding: Diagnostic) -> [Edit] {
        let found =
            if let rule = finding.rule, let constraint = ground.constraints.first(where: { $0.id == rule }) {
                constraint.edits(self)
            } else {
                memberEdits(for: finding)
            }
        return found.enumerated().sorted { ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset) }.map(\.element)
    }

    private func memberEdits(for finding: Diagnostic) -> [Edit] {
        let place = finding.path
        switch finding.code {
        case .unknownParameter: return moves(of: place) + removals(of: place)
        case .missing: return additions(at: place)
        case .unsupported: return removals(of: place)
        case .ignored: return removals(of: place, hasEffect: false)
        default:
            guard let value = body[place] else {
                return (finding.allowed ?? []).prefix(3).map { setting(place, to: $0, cost: Edit.Cost.state) }
            }
            // Null is a way to say nothing.
            if value == .null, !ground.isRequired(place) { return removals(of: place) }
            let changed = changesOrRemoval(of: place, bounds: nil, guess: finding.suggestion.map(JSONValue.string))
            guard changed.isEmpty else { return changed }
            return (finding.allowed ?? []).filter { $0 != value }.map { setting(place, to: $0) }
        }
    }

    // MARK: Single edits

    /// Puts a value at a place; what is on the way there is made.
    func setting(_ place: JSONPointer, to value: JSONValue, cost: Int = Edit.Cost.change) -> Edit {
        let isThere = body[place] != nil
        let operations =
            isThere ? [JSONPatch.Operation.replace(place, value)] : holders(of: place) + [.add(place, value)]
        let text =
            switch value {
            case .object(let object) where object.isEmpty: "add the object \(ground.name(place))"
            default: "set \(ground.name(place)) to \(value.shown)"
            }
        return Edit(operations: operations, cost: cost, text: text)
    }

    /// The objects that must be made before something can stand at a place.
    private func holders(of place: JSONPointer) -> [JSONPatch.Operation] {
        let parent = place.parent
        guard !parent.tokens.isEmpty, body[parent] == nil else { return [] }
        return holders(of: parent) + [.add(parent, .object(JSONObject()))]
    }

    /// Takes away what stands at a place, or, where it must be there, what holds it.
    ///
    /// - Parameter hasEffect: Whether anything is lost.
    func removals(of place: JSONPointer, hasEffect: Bool = true) -> [Edit] {
        guard let value = body[place], !place.tokens.isEmpty, place != ground.parametersAt else { return [] }
        guard !ground.isRequired(place) else { return removals(of: place.parent) }
        let spec = ground.spec(at: place)
        let cost =
            switch value {
            case .null, .string(""), .array([]): Edit.Cost.rewrite
            case _ where !hasEffect: Edit.Cost.guess
            default: spec.map(isInput) ?? false ? Edit.Cost.dropInput : Edit.Cost.drop
            }
        return [Edit(operations: [.remove(place)], cost: cost, text: "remove \(ground.name(place))")]
    }

    private func isInput(_ spec: ParameterSpec) -> Bool {
        spec.isHTTPURL || spec.items.map(isInput) ?? false || spec.properties.contains { isInput($0.spec) }
    }

    /// A value for what is missing, where one is known without the user: the default, one of few, the least.
    func additions(at place: JSONPointer) -> [Edit] {
        guard let spec = ground.spec(at: place) else { return [] }
        if spec.type == .object { return [setting(place, to: .object(JSONObject()), cost: Edit.Cost.rewrite)] }
        return additions(of: spec, bounds: nil, at: place)
    }

    func additions(of spec: ParameterSpec, bounds: Bounds?, at place: JSONPointer) -> [Edit] {
        var values = spec.defaultValue.map { [$0] } ?? []
        values += bounds?.allowed ?? spec.allowed ?? []
        if spec.allowed == nil {
            if spec.type == .boolean { values += [false, true] }
            if [.integer, .number].contains(spec.type), let low = bounds?.minimum ?? spec.bounds.minimum {
                values.append(Facets.number(low))
            }
        }
        return values.uniqued().filter { spec.accepts($0) && bounds?.breach($0) == nil }.prefix(3)
            .enumerated().map { setting(place, to: $1, cost: Edit.Cost.state + $0) }
    }

    // MARK: Values

    /// Other values for what stands at a place, or its removal where that is no mere rewriting and no default.
    func changesOrRemoval(of place: JSONPointer, bounds: Bounds?, guess: JSONValue? = nil) -> [Edit] {
        let changed = changes(of: place, bounds: bounds, guess: guess)
        let isRewritten = changed.contains { $0.cost == Edit.Cost.rewrite }
        // Saying the default says more than leaving it out.
        let hasDefault = ground.spec(at: place)?.defaultValue != nil && !changed.isEmpty
        return isRewritten || hasDefault ? changed : changed + removals(of: place)
    }

    /// Other values for what stands at a place, or for the default that counts in its absence.
    ///
    /// - Parameters:
    ///   - bounds: What a rule allows besides what the parameter always takes.
    ///   - guess: What was most likely meant.
    func changes(of place: JSONPointer, bounds: Bounds?, guess: JSONValue? = nil) -> [Edit] {
        guard let spec = ground.spec(at: place) else { return [] }
        guard let value = body[place] else { return additions(of: spec, bounds: bounds, at: place) }
        func fits(_ other: JSONValue) -> Bool {
            other != value && spec.accepts(other) && bounds?.breach(other) == nil
                && (!spec.isHTTPURL || other.string.map(HTTPAddress.isAbsolute) ?? true)
        }
        let same = Rewriting(spec: spec, bounds: bounds).forms(of: value).filter(fits)
        let standard = [spec.defaultValue].compactMap(\.self).filter(fits)
        guard same.isEmpty else {
            // What the provider would use in its place is a choice too.
            let used = facts.replaced.contains(place) ? standard.filter { !same.contains($0) } : []
            return same.map { setting(place, to: $0, cost: Edit.Cost.rewrite) } + used.map { setting(place, to: $0) }
        }
        let guesses = [guess].compactMap(\.self).filter(fits)
        let near = Nearness(to: value).sorted(Self.values(near: value, spec, bounds).filter(fits))
        let isListed = (bounds?.allowed ?? spec.allowed) != nil
        let others = (isListed ? near.prefix(3) + standard : near.prefix(1)).uniqued().filter { !guesses.contains($0) }
        let cost = guesses.isEmpty ? Edit.Cost.change : Edit.Cost.otherThanGuess
        return guesses.map { setting(place, to: $0, cost: Edit.Cost.guess) }
            + others.enumerated().map { setting(place, to: $1, cost: cost + $0) }
            + cuts(of: place, value, spec, bounds)
    }

    /// Values that may be taken instead: those that are listed, or the ends of what is.
    private static func values(near value: JSONValue, _ spec: ParameterSpec, _ bounds: Bounds?) -> [JSONValue] {
        if let allowed = bounds?.allowed ?? spec.allowed { return allowed }
        if spec.type == .boolean { return [false, true] }
        guard let number = value.number else { return [] }
        let low = [bounds?.minimum, spec.bounds.minimum].compactMap(\.self).max()
        let high = [bounds?.maximum, spec.bounds.maximum].compactMap(\.self).min()
        let whole = spec.type == .integer ? [number.rounded(.down), number.rounded(.up)] : []
        return ([low, high].compactMap(\.self) + whole).map(Facets.number)
    }

    /// Shortens a text or a list that is too long.
    private func cuts(of place: JSONPointer, _ value: JSONValue, _ spec: ParameterSpec, _ bounds: Bounds?) -> [Edit] {
        switch value {
        case .string(let text):
            let most = [spec.bounds.maxLength, bounds?.maxLength].compactMap(\.self).min()
            guard let most, text.unicodeScalars.count > most, !spec.isHTTPURL else { return [] }
            let short = text.cutAtWord(codePointsMax: most)
            guard !short.isEmpty else { return [] }
            let words = "cut \(ground.name(place)) to \(short.unicodeScalars.count) characters"
            return [Edit(operations: [.replace(place, .string(short))], cost: Edit.Cost.cut, text: words)]
        case .array(let elements):
            let most = [spec.bounds.maxItems, bounds?.maxItems].compactMap(\.self).min()
            guard let most, elements.count > most else { return [] }
            return trimming(place, to: most)
        default: return []
        }
    }

    /// Keeps the first elements of a list.
    func trimming(_ place: JSONPointer, to count: Int) -> [Edit] {
        guard let elements = body[place]?.array, count < elements.count, count >= 0 else { return [] }
        guard count > 0 else { return removals(of: place) }
        let kept = count == 1 ? "the first element" : "the first \(count)"
        return [
            Edit(
                operations: [.replace(place, .array(Array(elements.prefix(count))))], cost: Edit.Cost.cut,
                text: "keep only \(kept) of \(ground.name(place))")
        ]
    }
}
