/// What the rules and rates of an offering ask about each place: where something changes.
struct Probes {
    private(set) var values: [[String?]: [JSONValue]] = [:]
    private(set) var numbers: [[String?]: [Double]] = [:]
    private(set) var lengths: [[String?]: [Int]] = [:]
    private(set) var counts: [[String?]: [Int]] = [:]
    private(set) var texts: [[String?]: [String]] = [:]

    init(_ offering: Offering) {
        for constraint in offering.constraints {
            if let condition = constraint.condition { add(condition) }
            add(constraint.consequence)
        }
        for row in offering.prices {
            if let condition = row.condition { add(condition) }
        }
    }

    private mutating func add(_ condition: Condition) {
        switch condition {
        case .present: break
        case .oneOf(let reference, let list): values[reference.path, default: []] += list
        case .compare(let reference, _, let bound):
            numbers[reference.path, default: []].append(Double(bound.billionths) / 1e9)
        case .count(let references, _, let bound): add(count: bound, of: references)
        case .all(let parts), .any(let parts): for part in parts { add(part) }
        case .not(let part): add(part)
        }
    }

    private mutating func add(_ consequence: Consequence) {
        switch consequence {
        case .restrict(let restrict):
            let (path, bounds) = (restrict.parameter.path, restrict.bounds)
            values[path, default: []] += bounds.allowed ?? []
            numbers[path, default: []] += [bounds.minimum, bounds.maximum].compactMap(\.self)
            lengths[path, default: []] += [bounds.minLength, bounds.maxLength].compactMap(\.self)
            counts[path, default: []] += [bounds.minItems, bounds.maxItems].compactMap(\.self)
        case .total(let total):
            for bound in [total.atLeast, total.atMost] { bound.map { add(count: $0, of: total.parameters) } }
        case .mentions(let mentions):
            let most = mentions.counted.map { $0.spec?.bounds.maxItems ?? 2 }.reduce(0, +)
            texts[mentions.text.path, default: []] += [1, 2, most + 1].map { "\(mentions.tag)\($0)" }
        case .require, .forbid, .presence, .exclusive, .order, .ignored: break
        }
    }

    private mutating func add(count: Int, of references: [ParameterReference]) {
        for reference in references { counts[reference.path, default: []].append(count) }
    }
}
