/// What a request says, for conditions to look at: present members, and defaults in place of absent ones.
public struct Facts: Sendable {
    /// The request.
    public let body: JSONValue
    /// Values that the provider quietly replaces by the default.
    public var replaced: Set<JSONPointer> = []
    /// Values that the provider rejects: nothing more is said about them.
    public var rejected: Set<JSONPointer> = []
    /// Of those, the values of a wrong type, null included: they count as absent.
    public var mistyped: Set<JSONPointer> = []

    public init(body: JSONValue) { self.body = body }

    /// The places that a reference leads to and what is there: at most one, unless it has a wildcard.
    public func places(_ reference: ParameterReference) -> [(pointer: JSONPointer, value: JSONValue)] {
        var places: [(pointer: JSONPointer, value: JSONValue)] = [(JSONPointer(), body)]
        for step in reference.path {
            places = places.flatMap { place -> [(pointer: JSONPointer, value: JSONValue)] in
                if let step { return place.value.child(step).map { [(place.pointer / step, $0)] } ?? [] }
                return (place.value.array ?? []).enumerated().map { (place.pointer / $0, $1) }
            }
        }
        return places.filter { !Self.isEmpty($0.value) && !mistyped.contains($0.pointer) }
    }

    /// Whether something is there after all, and was found fault with: then it is not called missing.
    func isBlamed(_ reference: ParameterReference) -> Bool { rejected.contains(reference.pointer) }

    /// Empty text and empty arrays count as absent.
    private static func isEmpty(_ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        default: false
        }
    }

    public func isPresent(_ reference: ParameterReference) -> Bool { !places(reference).isEmpty }

    /// The value that counts: what was sent, or the default where nothing was or where the provider replaces it.
    public func value(_ reference: ParameterReference) -> JSONValue? {
        guard let place = places(reference).first, !replaced.contains(place.pointer) else {
            return reference.spec?.defaultValue
        }
        return place.value
    }

    /// The elements of several arrays together. What is no array counts as one.
    public func count(_ references: [ParameterReference]) -> Int {
        references.reduce(0) { sum, reference in
            sum + places(reference).reduce(0) { $0 + ($1.value.array?.count ?? 1) }
        }
    }
}

/// What is known about a condition.
public enum Truth: Sendable {
    case yes, no
    /// It depends on a parameter that is not set and has no documented default.
    case open
}

extension Condition {
    /// Whether the condition holds for a request.
    public func truth(_ facts: Facts) -> Truth {
        switch self {
        case .present(let reference, let wanted): return facts.isPresent(reference) == wanted ? .yes : .no
        case .oneOf(let reference, let values):
            guard let value = facts.value(reference) else { return .open }
            return values.contains(value) ? .yes : .no
        case .compare(let reference, let comparison, let bound):
            guard let value = facts.value(reference) else { return .open }
            if let number = ExactDecimal(value) { return comparison.holds(number, bound) ? .yes : .no }
            // What is too large or too fine for a decimal is still on one side of every bound.
            guard let number = value.number else { return .no }
            return comparison.holds(number, Double(bound.billionths) / 1e9) ? .yes : .no
        case .count(let references, let comparison, let bound):
            return comparison.holds(facts.count(references), bound) ? .yes : .no
        case .all(let parts):
            let truths = parts.map { $0.truth(facts) }
            return truths.contains(.no) ? .no : truths.contains(.open) ? .open : .yes
        case .any(let parts):
            let truths = parts.map { $0.truth(facts) }
            return truths.contains(.yes) ? .yes : truths.contains(.open) ? .open : .no
        case .not(let part):
            switch part.truth(facts) {
            case .yes: return .no
            case .no: return .yes
            case .open: return .open
            }
        }
    }

    /// Whether the condition surely holds.
    public func holds(_ facts: Facts) -> Bool { truth(facts) == .yes }
}
