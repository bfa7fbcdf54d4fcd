extension RepairScene {
    /// What the user must say before the request can be valid, each once.
    func needs(_ verdict: Verdict) -> [Need] {
        let asked = verdict.diagnostics.filter { $0.severity == .error && isUpToUser($0) }.map(places)
        var told: Set<[JSONPointer]> = []
        // What answers a narrower question answers the wider one too.
        let narrow = asked.filter { places in
            !places.isEmpty && told.insert(places).inserted
                && !asked.contains { !$0.isEmpty && $0 != places && Set($0).isSubset(of: places) }
        }
        return narrow.map { places in
            let words = places.map { "\(ground.name($0)) (\(ground.spec(at: $0).map(\.asked) ?? "a value"))" }
            return Need(paths: places, message: "say \(listed(words))")
        }
    }

    /// Whether nothing that is known gives what a finding asks for.
    private func isUpToUser(_ finding: Diagnostic) -> Bool {
        guard let constraint = ground.constraints.first(where: { $0.id == finding.rule }) else {
            return edits(for: finding).isEmpty
        }
        return constraint.consequence.edits(self).isEmpty
    }

    /// Where something could be said that answers a finding.
    private func places(asking error: Diagnostic) -> [JSONPointer] {
        guard let rule = error.rule, let constraint = ground.constraints.first(where: { $0.id == rule }) else {
            return error.code == .unknownParameter || error.path.tokens.isEmpty ? [] : [error.path]
        }
        switch constraint.consequence {
        case .presence(let presence): return presence.parameters.map(\.pointer)
        case .require(let require): return require.parameters.filter { !facts.isPresent($0) }.map(\.pointer)
        case .total(let total): return total.parameters.map(\.pointer)
        default: return [error.path]
        }
    }
}

extension ParameterSpec {
    /// What a value must be, in words: `a text of 1 to 4000 characters`.
    fileprivate var asked: String {
        if let allowed { return listed(allowed.map(\.shown)) }
        switch type {
        case .string where isHTTPURL: return "an http or https address"
        case .string:
            let low = bounds.minLength.map { "\($0)" }
            return switch (low, bounds.maxLength) {
            case (let low?, let high?): "a text of \(low) to \(high) characters"
            case (nil, let high?): "a text of at most \(high) characters"
            case (let low?, nil): "a text of at least \(low) characters"
            case (nil, nil): "a text"
            }
        case .array:
            let element = items.map(\.asked) ?? "a value"
            return "a list, each \(element)"
        case .integer, .number:
            return [bounds.minimum, bounds.maximum].contains(nil)
                ? "a number" : "\(JSONValue.plain(bounds.minimum ?? 0)) to \(JSONValue.plain(bounds.maximum ?? 0))"
        case .boolean: return "true or false"
        case .object, nil: return about.map { $0.lowercased() } ?? "an object"
        }
    }
}
