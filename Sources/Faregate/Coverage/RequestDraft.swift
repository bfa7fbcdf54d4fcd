/// Some parameters of a request that are settled, while the others are still free.
struct RequestDraft {
    let space: RequestSpace
    /// By variable; a value of `nil` is absence.
    private(set) var values: [Int: JSONValue?] = [:]

    init(_ space: RequestSpace) { self.space = space }

    /// Settles what stands at a reference, in the first element of an array. `false` where something else is settled.
    mutating func set(_ value: JSONValue?, at reference: ParameterReference) -> Bool {
        guard let variable = space.variable(of: reference) else { return value == nil }
        let spec = space.variables[variable].spec
        let rest = Array(reference.path.dropFirst(space.variables[variable].pointer.tokens.count))
        let settled = values[variable]
        guard let value else {
            if settled == nil { values[variable] = .some(nil) }
            return values[variable] == .some(nil)
        }
        if rest.isEmpty {
            if let settled, settled != value { return false }
            values[variable] = value
            return true
        }
        if case .some(nil) = settled { return false }
        guard let placed = space.facets.placing(value, at: rest, of: spec, in: settled ?? nil) else { return false }
        values[variable] = placed
        return true
    }

    /// Takes back the value that was settled for the parameter that a reference leads into. An absence stays.
    mutating func free(_ reference: ParameterReference) {
        guard let variable = space.variable(of: reference), case .some(.some) = values[variable] else { return }
        values.removeValue(forKey: variable)
    }

    /// What is settled at a reference.
    func value(at reference: ParameterReference) -> JSONValue? {
        guard let variable = space.variable(of: reference), let value = values[variable] ?? nil else { return nil }
        return reference.path.dropFirst(space.variables[variable].pointer.tokens.count)
            .reduce(Optional(value)) { value, step in value?.child(step ?? "0") }
    }

    /// Makes a condition true or false. `false` where that cannot be done, or contradicts what is settled.
    mutating func make(_ condition: Condition, _ wanted: Bool) -> Bool {
        switch condition {
        case .present(let reference, let isPresent):
            guard isPresent == wanted else { return set(nil, at: reference) }
            if value(at: reference) != nil { return true }
            return something(at: reference).map { set($0, at: reference) } ?? false
        case .oneOf(let reference, let listed):
            if let settled = value(at: reference) { return listed.contains(settled) == wanted }
            if wanted { return listed.first.map { set($0, at: reference) } ?? false }
            let other = space.facets.plainValues(reference.spec).first { !listed.contains($0) }
            return other.map { set($0, at: reference) } ?? false
        case .compare(let reference, let comparison, let bound):
            let number = comparison.number(Double(bound.billionths) / 1e9, wanted)
            return set(Facets.number(number), at: reference)
        case .count(let references, let comparison, let bound):
            return make(references, hold: Int(comparison.number(Double(bound), wanted)))
        case .all(let parts):
            return wanted ? parts.allSatisfy { make($0, true) } : parts.first.map { make($0, false) } ?? false
        case .any(let parts):
            return wanted ? parts.first.map { make($0, true) } ?? false : parts.allSatisfy { make($0, false) }
        case .not(let part): return make(part, !wanted)
        }
    }

    /// A value for what is only to be there: one that the rules let through, where there is one.
    private func something(at reference: ParameterReference) -> JSONValue? {
        let plain = space.facets.plain(reference.spec)
        guard
            reference.spec?.items?.type == .object, let index = space.variable(of: reference),
            space.variables[index].pointer.tokens.map(Optional.some) == reference.path
        else { return plain }
        let search = SpaceSearch(space, stepsMax: 10_000)
        let values = space.variables[index].values
        let usable = values.indices.first { value in
            guard let elements = values[value]?.array, !elements.isEmpty else { return false }
            return search.find(search.validity(), pins: [index: value]).choice != nil
        }
        return usable.flatMap { values[$0] } ?? plain
    }

    /// Makes arrays hold so many elements together: as many as it can in the first, the rest in the next.
    mutating func make(_ references: [ParameterReference], hold count: Int) -> Bool {
        var left = count
        for reference in references {
            let isArray = reference.spec?.type == .array
            let most = isArray ? reference.spec?.bounds.maxItems ?? left : 1
            let taken = max(0, min(left, most))
            left -= taken
            guard taken > 0 else {
                if !set(nil, at: reference) { return false }
                continue
            }
            let plain = isArray ? reference.spec?.items.flatMap { space.facets.plain($0) } : nil
            let value =
                isArray
                ? plain.map { Facets.array(of: $0, reference.spec?.items, count: taken) }
                : space.facets.plain(reference.spec)
            guard let value, set(value, at: reference) else { return false }
        }
        return left == 0
    }

    /// The whole request: the free parameters take values that break no other rule.
    func completed(except rule: Int? = nil) -> JSONValue? {
        var space = space
        var pins: [Int: Int] = [:]
        for (index, value) in values {
            let variable = space.variables[index]
            if let value {
                guard RequestSpace.accepts(value, variable.spec, isRequired: variable.isRequired) else { return nil }
            } else if variable.isRequired {
                return nil
            }
            pins[index] = space.index(of: value, in: index)
        }
        let search = SpaceSearch(space, stepsMax: 10_000)
        return search.find(search.validity(except: rule), pins: pins).choice.map { space.body($0) }
    }
}

extension Condition.Comparison {
    /// A number that compares so with a bound, or just does not.
    func number(_ bound: Double, _ wanted: Bool, step: Double = 1) -> Double {
        switch self {
        case .equals, .atLeast, .atMost: wanted ? bound : self == .atLeast ? bound - step : bound + step
        case .moreThan: wanted ? bound + step : bound
        case .lessThan: wanted ? bound - step : bound
        }
    }
}

extension Facets {
    /// Values that a parameter takes, whatever the rules.
    func plainValues(_ spec: ParameterSpec?) -> [JSONValue] {
        guard let spec else { return ["a"] }
        return values(spec, at: [], isRequired: true).filter { RequestSpace.accepts($0, spec, isRequired: true) }
    }

    func plain(_ spec: ParameterSpec?) -> JSONValue? { plainValues(spec).first }

    /// What a parameter is with a value inside it, in the first element of arrays.
    func placing(
        _ value: JSONValue, at path: [String?], of spec: ParameterSpec, in existing: JSONValue?
    ) -> JSONValue? {
        guard let step = path.first else { return value }
        let rest = Array(path.dropFirst())
        // What takes one thing or a list of them is a list here.
        let fitting = { (value: JSONValue) in step == nil ? value.array != nil : value.object != nil }
        guard let existing = existing ?? plainValues(spec).first(where: fitting) else { return nil }
        if let step {
            guard var object = existing.object, let member = spec.property(step) else { return nil }
            let inside = object[step]
            object[step] = placing(value, at: rest, of: member, in: inside)
            return object[step].map { _ in .object(object) }
        }
        guard var elements = existing.array, let items = spec.items else { return nil }
        let first = elements.first ?? plain(items)
        guard let placed = placing(value, at: rest, of: items, in: first) else { return nil }
        elements = [placed] + elements.dropFirst()
        return .array(elements)
    }
}
