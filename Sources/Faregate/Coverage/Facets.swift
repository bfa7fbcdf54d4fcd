/// The values of a parameter that a rule, a rate or its own bounds can tell apart.
struct Facets {
    let probes: Probes

    /// Combinations of an object's members that are gone through whole; beyond, one member varies at a time.
    private static let membersProductMax = 64
    /// Elements of the longest array and characters of the longest text that are tried.
    private static let countMax = 128
    private static let lengthMax = 20_000

    /// Values to try, the plainest first. Not all need be acceptable.
    func values(_ spec: ParameterSpec, at path: [String?], isRequired: Bool) -> [JSONValue] {
        var found: [JSONValue]
        if let allowed = spec.allowed {
            found = allowed
        } else {
            found = spec.defaultValue.map { [$0] } ?? []
            switch spec.type {
            case .boolean: found += [false, true]
            case .integer: found += numbers(spec, at: path, step: 1)
            case .number: found += numbers(spec, at: path, step: 0.5)
            case .string: found += texts(spec, at: path)
            case .array: found += arrays(spec, at: path)
            case .object: found += objects(spec, at: path)
            case nil:
                found.append(spec.isHTTPURL ? Self.address(0, spec) : "a")
                if spec.items != nil { found += arrays(spec, at: path) }
            }
            found += probes.values[path] ?? []
        }
        if !isRequired, spec.type == .array, spec.bounds.minItems == nil { found.append([]) }
        if !isRequired, spec.type == .string, !spec.isHTTPURL, spec.allowed == nil { found.append("") }
        return found.uniqued()
    }

    private func numbers(_ spec: ParameterSpec, at path: [String?], step: Double) -> [JSONValue] {
        let (low, high) = (spec.bounds.minimum, spec.bounds.maximum)
        var found: [Double] = low.map { [$0, $0 + step] } ?? high.map { [$0 - step] } ?? [1, 2]
        for number in probes.numbers[path] ?? [] { found += [number, number - step, number + step] }
        for number in (probes.values[path] ?? []).compactMap(\.number) { found += [number + step] }
        if let high { found.append(high) }
        return found.map(Self.number).filter(spec.accepts)
    }

    /// A number as it is written: `8`, not `8.0`.
    static func number(_ number: Double) -> JSONValue {
        Int64(exactly: number).map(JSONValue.integer) ?? .real(number)
    }

    private func texts(_ spec: ParameterSpec, at path: [String?]) -> [JSONValue] {
        if spec.isHTTPURL { return [Self.address(0, spec)] }
        let lengths = (probes.lengths[path] ?? []).flatMap { [$0, $0 - 1, $0 + 1] }
            .filter { (2...Self.lengthMax).contains($0) }
        let plain = [max(1, spec.bounds.minLength ?? 1)] + lengths
        return plain.map(Self.text) + (probes.texts[path] ?? []).map(JSONValue.string)
    }

    /// A text of so many characters.
    static func text(_ length: Int) -> JSONValue { .string(String(repeating: "a", count: length)) }

    /// An address of a kind of file that is taken.
    static func address(_ index: Int, _ spec: ParameterSpec) -> JSONValue {
        .string("https://example.com/\(index + 1)" + (spec.extensions?.first.map { ".\($0)" } ?? ""))
    }

    private func arrays(_ spec: ParameterSpec, at path: [String?]) -> [JSONValue] {
        let elements = spec.items.map { values($0, at: path + [nil], isRequired: true) } ?? ["a"]
        guard let plain = elements.first else { return [] }
        let (low, high) = (max(1, spec.bounds.minItems ?? 1), spec.bounds.maxItems ?? .max)
        var counts = [low, low + 1] + (probes.counts[path] ?? []).flatMap { [$0 - 1, $0, $0 + 1] }
        if high < .max { counts.append(high) }
        counts = counts.filter { $0 >= low && $0 <= min(high, Self.countMax) }
        let plainly = counts.map { Self.array(of: plain, spec.items, count: $0) }
        let varied = elements.dropFirst().map { element in
            JSONValue.array([element] + Array(repeating: plain, count: low - 1))
        }
        return plainly + varied
    }

    /// So many elements; addresses differ.
    static func array(of element: JSONValue, _ items: ParameterSpec?, count: Int) -> JSONValue {
        .array(
            (0..<count).map { index in
                if let items, items.isHTTPURL { address(index, items) } else { element }
            })
    }

    private func objects(_ spec: ParameterSpec, at path: [String?]) -> [JSONValue] {
        let members = spec.properties.filter { $0.spec.unsupported == nil }.map { name, member in
            let isRequired = spec.required.contains(name)
            let values = values(member, at: path + [name], isRequired: isRequired).map(Optional.some)
            return (name: name, choices: isRequired ? values : [nil] + values)
        }
        guard members.allSatisfy({ !$0.choices.isEmpty }) else { return [] }
        func object(_ choices: [Int]) -> JSONValue {
            var object = JSONObject()
            for (member, choice) in zip(members, choices) { object[member.name] = member.choices[choice] }
            return .object(object)
        }
        let plain = [Int](repeating: 0, count: members.count)
        var product = [plain]
        for (index, member) in members.enumerated() {
            product = product.flatMap { choices in
                member.choices.indices.map { choice in
                    var choices = choices
                    choices[index] = choice
                    return choices
                }
            }
            if product.count > Self.membersProductMax { break }
        }
        guard product.count > Self.membersProductMax else { return product.map(object) }
        var choices = [plain, members.map { min(1, $0.choices.count - 1) }]
        for (index, member) in members.enumerated() {
            for choice in member.choices.indices.dropFirst() {
                var varied = plain
                varied[index] = choice
                choices.append(varied)
            }
        }
        return choices.map(object)
    }
}
