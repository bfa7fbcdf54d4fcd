/// Another state of one parameter: what could be sent instead.
struct FlipEdit {
    let pointer: JSONPointer
    let operation: JSONPatch.Operation
    /// In words: `set duration to 4`.
    let text: String
    /// As repairs count it: lower is less of a change.
    let cost: Int
}

extension FlipSearch {
    /// What a parameter could be instead of what it is: values that rules tell apart, the nearest first, and nothing.
    func choices(of variable: RequestSpace.Variable) -> [FlipEdit] {
        let current = body[variable.pointer]
        let adapted = variable.values.compactMap(\.self).flatMap { value in
            [current.flatMap { Self.adapted(value, to: $0, variable.spec) } ?? value]
        }
        var seen: Set<JSONValue> = current.map { [$0] } ?? []
        // What is empty counts as absent, and that is a choice of its own.
        let fresh = adapted.filter {
            $0 != .array([]) && $0 != "" && seen.insert($0).inserted
                && RequestSpace.accepts($0, variable.spec, isRequired: variable.isRequired)
        }
        let sorted = current.map { Nearness(to: $0).sorted(fresh) } ?? fresh
        let others = sorted.enumerated().map { edit(variable, to: $1, from: current, rank: $0) }
        guard current != nil, !variable.isRequired else { return others }
        let name = name(variable.pointer)
        let isInput = variable.spec.isHTTPURL || variable.spec.items?.isHTTPURL == true
        return others + [
            FlipEdit(
                pointer: variable.pointer, operation: .remove(variable.pointer), text: "remove \(name)",
                cost: isInput ? Edit.Cost.dropInput : Edit.Cost.drop)
        ]
    }

    private func name(_ pointer: JSONPointer) -> String {
        let prefix = validator.offering.parametersAt.tokens
        let isInside = pointer.tokens.count > prefix.count && pointer.tokens.starts(with: prefix)
        return pointer.tokens.dropFirst(isInside ? prefix.count : 0).joined(separator: "/")
    }

    private func edit(
        _ variable: RequestSpace.Variable, to value: JSONValue, from current: JSONValue?, rank: Int
    ) -> FlipEdit {
        let place = variable.pointer
        return FlipEdit(
            pointer: place, operation: current == nil ? .add(place, value) : .replace(place, value),
            text: Self.words(name(place), value, from: current, variable.spec),
            cost: Self.cost(of: value, from: current) + min(rank, 3))
    }

    private static func cost(of value: JSONValue, from current: JSONValue?) -> Int {
        switch (value, current) {
        case (_, nil): Edit.Cost.state
        case (.array(let after), .array(let before)?) where after.count < before.count: Edit.Cost.cut
        default: Edit.Cost.change
        }
    }

    /// A value that keeps as much as it can of what is there: its first elements, its words.
    private static func adapted(_ value: JSONValue, to current: JSONValue, _ spec: ParameterSpec) -> JSONValue? {
        switch (value, current) {
        case (.array(let wanted), .array(let present)) where !wanted.isEmpty:
            return .array(
                wanted.count <= present.count
                    ? Array(present.prefix(wanted.count)) : present + wanted.dropFirst(present.count))
        case (.string(let wanted), .string(let present))
        where spec.allowed == nil && !spec.isHTTPURL && !wanted.isEmpty:
            let isFiller = wanted.allSatisfy { $0 == "a" }
            guard isFiller else { return .string(present.isEmpty ? wanted : "\(present) \(wanted)") }
            let scalars = Array(present.unicodeScalars.prefix(wanted.unicodeScalars.count))
            let missing = wanted.unicodeScalars.count - scalars.count
            return .string(
                String(String.UnicodeScalarView(scalars)) + String(repeating: "a", count: missing))
        default: return nil
        }
    }

    /// The edit in words.
    private static func words(
        _ name: String, _ value: JSONValue, from current: JSONValue?, _ spec: ParameterSpec
    ) -> String {
        switch (value, current) {
        case (.array(let after), .array(let before)?) where after.count < before.count && !after.isEmpty:
            return "keep only the first \(after.count == 1 ? "element" : "\(after.count)") of \(name)"
        case (.array(let after), _) where !after.isEmpty && spec.items?.allowed == nil:
            return "let \(name) hold \(after.count) element\(after.count == 1 ? "" : "s")"
        case (.string(let after), .string(let before)?) where after.hasPrefix(before + " ") && after.count < 200:
            return "add \(after.dropFirst(before.count + 1)) to \(name)"
        case (.string(let after), _) where spec.isHTTPURL || after.hasPrefix("https://example.com/"):
            return "\(current == nil ? "give" : "change") \(name)"
        case (.string(let after), _) where spec.allowed == nil && after.unicodeScalars.count > 40:
            return "make \(name) \(after.unicodeScalars.count) characters long"
        default: return "set \(name) to \(value.shown)"
        }
    }
}
