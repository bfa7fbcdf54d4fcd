/// What must hold for a constraint to bind, a rate to apply or a setting to be made.
public indirect enum Condition: Sendable {
    case present(ParameterReference, Bool)
    case oneOf(ParameterReference, [JSONValue])
    case compare(ParameterReference, Comparison, ExactDecimal)
    case count([ParameterReference], Comparison, Int)
    case all([Condition])
    case any([Condition])
    case not(Condition)

    public enum Comparison: String, Sendable, CaseIterable {
        case equals
        case atLeast = "at_least"
        case atMost = "at_most"
        case moreThan = "more_than"
        case lessThan = "less_than"

        func holds<Number: Comparable>(_ a: Number, _ b: Number) -> Bool {
            switch self {
            case .equals: a == b
            case .atLeast: a >= b
            case .atMost: a <= b
            case .moreThan: a > b
            case .lessThan: a < b
            }
        }
    }

    /// Every parameter that the condition looks at.
    public var references: [ParameterReference] {
        switch self {
        case .present(let reference, _), .oneOf(let reference, _), .compare(let reference, _, _): [reference]
        case .count(let references, _, _): references
        case .all(let parts), .any(let parts): parts.flatMap(\.references)
        case .not(let part): part.references
        }
    }
}

extension Condition {
    /// Reads a condition of a catalog file. `nil`, with problems noted, where it makes no sense.
    init?(_ reader: ObjectReader, scope: ParameterScope) {
        defer { reader.finish() }
        let kinds = ["all", "any", "not", "parameter", "count"].filter(reader.has)
        guard kinds.count == 1, let kind = kinds.first else {
            for word in Self.words { _ = reader.value(word) }
            reader.fail(
                "condition.kind",
                "a condition has exactly one of all, any, not, parameter and count; this has "
                    + (kinds.isEmpty ? "none" : listed(kinds, "and")))
            return nil
        }
        switch kind {
        case "all", "any":
            guard let readers = reader.objects(kind) else { return nil }
            let parts = readers.map { Condition($0, scope: scope) }
            guard !parts.isEmpty else {
                reader.fail("document.value", at: kind, "\(kind) is empty")
                return nil
            }
            guard parts.allSatisfy({ $0 != nil }) else { return nil }
            self = kind == "all" ? .all(parts.compactMap(\.self)) : .any(parts.compactMap(\.self))
        case "not":
            guard let part = reader.object("not").flatMap({ Condition($0, scope: scope) }) else { return nil }
            self = .not(part)
        case "count":
            let references = scope.references("count", of: reader)
            guard let (comparison, number) = Self.comparison(reader) else { return nil }
            guard let bound = number.integerValue.flatMap(Int.init(exactly:)) else {
                reader.fail("condition.comparison", "a count is compared with an integer, not with \(number.text())")
                return nil
            }
            guard let references else { return nil }
            self = .count(references, comparison, bound)
        default:
            guard let reference = scope.reference("parameter", of: reader) else {
                for word in Self.words { _ = reader.value(word) }
                return nil
            }
            self.init(reader, about: reference)
        }
    }

    /// Every member that some condition has.
    private static let words =
        ["all", "any", "not", "parameter", "count", "present", "one_of"] + Comparison.allCases.map(\.rawValue)

    private init?(_ reader: ObjectReader, about reference: ParameterReference) {
        if reader.has("present") {
            guard let present = reader.bool("present") else { return nil }
            self = .present(reference, present)
        } else if let values = reader.value("one_of")?.array, !values.isEmpty {
            Self.check(values, of: reference, at: "one_of", reader)
            self = .oneOf(reference, values)
        } else if let value = reader.value("equals") {
            Self.check([value], of: reference, at: "equals", reader)
            self = .oneOf(reference, [value])
        } else {
            guard let (comparison, number) = Self.comparison(reader) else { return nil }
            guard let bound = ExactDecimal(number) else {
                reader.fail("condition.comparison", "\(number.text()) has too many digits to compare with")
                return nil
            }
            self = .compare(reference, comparison, bound)
        }
    }

    /// The one comparison of an object and its bound.
    private static func comparison(_ reader: ObjectReader) -> (Comparison, JSONValue)? {
        let found = Comparison.allCases.filter { reader.has($0.rawValue) }
        guard found.count == 1, let value = reader.value(found[0].rawValue), value.number != nil else {
            for comparison in found { _ = reader.value(comparison.rawValue) }
            reader.fail(
                "condition.comparison",
                "expected present, equals, one_of or one comparison (at_least, at_most, more_than, less_than) with a number"
            )
            return nil
        }
        return (found[0], value)
    }

    /// Notes values that the parameter can never have.
    private static func check(
        _ values: [JSONValue], of reference: ParameterReference, at member: String, _ reader: ObjectReader
    ) {
        guard let spec = reference.spec else { return }
        for value in values where !spec.accepts(value) {
            reader.fail("condition.impossible", at: member, "\(reference.name) can never be \(value.text())")
        }
    }
}
