extension RepairScene {
    /// Edits that make a condition hold, or no longer hold. One may take the first of several steps.
    func edits(making condition: Condition, _ wanted: Bool) -> [Edit] {
        switch condition {
        case .present(let reference, let isPresent):
            return isPresent == wanted ? additions(of: reference) : removals(of: reference)
        case .oneOf(let reference, let values):
            guard let spec = reference.spec, !spec.isHTTPURL else { return [] }
            let all = spec.allowed ?? (spec.type == .boolean ? [false, true] : [])
            return changes(of: reference, to: wanted ? values : all.filter { !values.contains($0) })
        case .compare(let reference, let comparison, let bound):
            let step: Double = reference.spec?.type == .integer ? 1 : 0.5
            let number = comparison.number(Double(bound.billionths) / 1e9, wanted, step: step)
            return changes(of: reference, to: [Facets.number(number)])
        case .count(let references, let comparison, let bound):
            return edits(making: references, comparison, bound, wanted)
        case .all(let parts):
            let open = parts.filter { $0.holds(facts) != wanted }
            return wanted
                ? open.prefix(1).flatMap { edits(making: $0, true) } : parts.flatMap { edits(making: $0, false) }
        case .any(let parts):
            return wanted
                ? parts.flatMap { edits(making: $0, true) }
                : parts.filter { $0.holds(facts) }.prefix(1).flatMap { edits(making: $0, false) }
        case .not(let part): return edits(making: part, !wanted)
        }
    }

    /// Takes away what a reference leads to; of a list as a whole.
    func removals(of reference: ParameterReference, hasEffect: Bool = true) -> [Edit] {
        facts.places(reference).prefix(1).flatMap { removals(of: $0.pointer, hasEffect: hasEffect) }
    }

    /// States what a reference leads to, where a value is known without the user.
    func additions(of reference: ParameterReference, bounds: Bounds? = nil) -> [Edit] {
        guard reference.path.allSatisfy({ $0 != nil }), let spec = reference.spec else { return [] }
        return additions(of: spec, bounds: bounds, at: reference.pointer)
    }

    /// One of some values at a reference, the nearest to what is there first.
    private func changes(of reference: ParameterReference, to values: [JSONValue]) -> [Edit] {
        let place = facts.places(reference).first?.pointer ?? reference.pointer
        guard !reference.path.contains(nil) || body[place] != nil else { return [] }
        let current = facts.value(reference)
        let fitting = values.filter { reference.spec?.accepts($0) ?? true && $0 != current }
        let near = current.map { Nearness(to: $0).sorted(fitting) } ?? fitting
        return near.prefix(3).enumerated().map { setting(place, to: $1, cost: Edit.Cost.turn + $0) }
    }

    /// Lists that hold fewer elements together; more of them only the user can name.
    private func edits(
        making references: [ParameterReference], _ comparison: Condition.Comparison, _ bound: Int, _ wanted: Bool
    ) -> [Edit] {
        let count = facts.count(references)
        let most = (0...count).reversed().first { comparison.holds($0, bound) == wanted }
        return most.map { trims(of: references, to: $0) } ?? []
    }

    /// Lists cut so that they hold so many elements together: each of them in turn, where that is enough.
    func trims(of references: [ParameterReference], to count: Int) -> [Edit] {
        let surplus = facts.count(references) - count
        return references.flatMap { reference -> [Edit] in
            facts.places(reference).flatMap { place -> [Edit] in
                guard let elements = place.value.array else { return removals(of: place.pointer) }
                return trimming(place.pointer, to: max(0, elements.count - surplus))
            }
        }
    }
}

extension Constraint {
    /// Edits that may mend a breach: what the rule asks for, or that it no longer binds.
    func edits(_ scene: RepairScene) -> [Edit] {
        consequence.edits(scene) + (condition.map { scene.edits(making: $0, false) } ?? [])
    }
}
