extension RequestSchema {
    /// Alternatives that a sum may be written out in.
    private static let alternativesMax = 400

    func count(
        _ references: [ParameterReference], _ comparison: Condition.Comparison, _ bound: Int
    ) throws(Unsayable) -> Statement {
        switch comparison {
        case .atLeast: try sum(references, atLeast: bound)
        case .moreThan: try sum(references, atLeast: bound + 1)
        case .atMost: try sum(references, atLeast: bound + 1).negated
        case .lessThan: try sum(references, atLeast: bound).negated
        case .equals:
            .all([try sum(references, atLeast: bound), try sum(references, atLeast: bound + 1).negated])
        }
    }

    /// The elements of several arrays together are so many or more.
    ///
    /// A sum reaches a number exactly when some way to share the number out is reached by every part: three and none,
    /// two and one, one and two, none and three.
    func sum(_ references: [ParameterReference], atLeast bound: Int) throws(Unsayable) -> Statement {
        guard bound > 0 else { return .always }
        let shares = Self.shares(of: bound, among: references.count)
        guard shares.count <= Self.alternativesMax else {
            throw Unsayable(reason: "there are too many ways to reach \(bound) elements in \(references.count) arrays")
        }
        var alternatives: [Statement] = []
        for share in shares {
            var parts: [Statement] = []
            for (reference, part) in zip(references, share) { parts.append(try single(reference, atLeast: part)) }
            alternatives.append(.all(parts))
        }
        return .any(alternatives)
    }

    /// One reference leads to so many elements or more.
    private func single(_ reference: ParameterReference, atLeast bound: Int) throws(Unsayable) -> Statement {
        guard bound > 0 else { return .always }
        guard let star = reference.path.firstIndex(of: nil) else {
            return somewhere(reference.path, from: root) { holds($0, atLeast: bound) }
        }
        let rest = reference.path[(star + 1)...]
        guard !rest.contains(nil) else {
            throw Unsayable(reason: "it counts the elements of arrays inside arrays inside arrays")
        }
        // The sum of the lengths is the number of arrays with one element, plus that of those with two, and so on.
        return .any(
            Self.partitions(of: bound, atMost: bound).map { partition in
                .all(
                    partition.enumerated().map { index, arrays in
                        somewhere(reference.path[..<star], from: root) { place in
                            let inner = somewhere(rest, from: place.element) { holds($0, atLeast: index + 1) }
                            return self.elements(of: place, that: inner, atLeast: arrays)
                        }
                    })
            })
    }

    /// So many elements of an array are of a kind.
    private func elements(of place: Place, that kind: Statement, atLeast bound: Int) -> Statement {
        if case .never = kind { return .never }
        if place.isSurely(.array), let most = place.spec?.bounds.maxItems, most < bound { return .never }
        var schema = JSONObject()
        if !place.isSurely(.array) { schema["type"] = "array" }
        if case .always = kind {
            schema["minItems"] = .integer(Int64(bound))
        } else {
            schema["contains"] = kind.json
            if bound > 1 { schema["minContains"] = .integer(Int64(bound)) }
        }
        return .schema(schema)
    }

    /// What stands at a place counts for so many elements: an array for its length, anything else for one.
    private func holds(_ place: Place, atLeast bound: Int) -> Statement {
        if bound == 1 { return isFilled(place) }
        guard place.isSure, let spec = place.spec, let type = spec.type else {
            return Statement(JSONObject([("type", "array"), ("minItems", .integer(Int64(bound)))]))
        }
        guard type == .array, spec.bounds.maxItems.map({ $0 >= bound }) ?? true else { return .never }
        return Statement(JSONObject([("minItems", .integer(Int64(bound)))]))
    }

    /// Every way to share a number out: `[2, 0]`, `[1, 1]`, `[0, 2]`.
    static func shares(of number: Int, among parts: Int) -> [[Int]] {
        guard parts > 1 else { return parts == 1 ? [[number]] : [] }
        guard number < 100, parts < 5 else { return Array(repeating: [], count: alternativesMax + 1) }
        return (0...number).reversed().flatMap { first in
            shares(of: number - first, among: parts - 1).map { [first] + $0 }
        }
    }

    /// Every way to write a number as a sum that does not rise: `[3]`, `[2, 1]`, `[1, 1, 1]`.
    static func partitions(of number: Int, atMost largest: Int) -> [[Int]] {
        guard number > 0 else { return [[]] }
        return (1...min(number, largest)).reversed().flatMap { first in
            partitions(of: number - first, atMost: first).map { [first] + $0 }
        }
    }
}
