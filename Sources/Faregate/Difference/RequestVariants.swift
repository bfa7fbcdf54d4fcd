/// Requests around what changed: the cases of both catalogs, with the parameters that take part set to every value that
/// a bound, a condition or an enum names, to the values beside it, and to nothing.
struct RequestVariants {
    /// One parameter and what it is set to; `nil` takes it away.
    struct Axis {
        let path: [String?]
        let specs: [ParameterSpec]
        let values: [JSONValue?]
    }

    private let bases: [JSONValue]
    private let axes: [Axis]

    /// How many requests are made of one base, and how many bases are taken.
    static let perBaseMax = 1_500
    static let baseCountMax = 10

    init(_ sides: [OfferingEdition], around references: [ParameterReference], literals: Literals) {
        var bases: [JSONValue] = []
        for side in sides { for request in side.requests where !bases.contains(request) { bases.append(request) } }
        for side in sides {
            let minimal = side.minimalRequest
            if !bases.contains(minimal) { bases.append(minimal) }
        }
        // Short ones first: a witness should say no more than it must.
        self.bases = Array(
            bases.map { ($0, $0.text().utf8.count) }.sorted { $0.1 < $1.1 }.map(\.0).prefix(Self.baseCountMax))
        var byPath: [ParameterReference: [ParameterSpec]] = [:]
        var order: [ParameterReference] = []
        for reference in references {
            if byPath[reference] == nil { order.append(reference) }
            byPath[reference, default: []] += reference.spec.map { [$0] } ?? []
        }
        axes = order.map { reference in
            let specs = byPath[reference] ?? []
            return Axis(path: reference.path, specs: specs, values: literals.values(of: reference, specs))
        }
    }

    /// Hands over one request after the other, until told that it is enough.
    func forEach(_ isEnough: (JSONValue) -> Bool) {
        for base in bases where isEnough(base) { return }
        let product = axes.reduce(1) { $0 > Self.perBaseMax ? $0 : $0 * ($1.values.count + 1) }
        for base in bases {
            let isDone = product <= Self.perBaseMax ? all(base, from: 0, isEnough) : pairs(base, isEnough)
            if isDone { return }
        }
    }

    /// Every combination of the axes from one on; the base's own value comes first.
    private func all(_ body: JSONValue, from index: Int, _ isEnough: (JSONValue) -> Bool) -> Bool {
        guard index < axes.count else { return isEnough(body) }
        if all(body, from: index + 1, isEnough) { return true }
        for value in axes[index].values {
            if all(body.setting(value, axes[index]), from: index + 1, isEnough) { return true }
        }
        return false
    }

    /// Every value of every axis, alone and together with every value of another.
    private func pairs(_ base: JSONValue, _ isEnough: (JSONValue) -> Bool) -> Bool {
        var count = 0
        for (index, axis) in axes.enumerated() {
            for value in axis.values {
                let one = base.setting(value, axis)
                if isEnough(one) { return true }
                for other in axes[(index + 1)...] {
                    for second in other.values {
                        count += 1
                        if count > Self.perBaseMax { return false }
                        if isEnough(one.setting(second, other)) { return true }
                    }
                }
            }
        }
        return false
    }
}

/// The values that rules, rates and bounds speak of.
struct Literals {
    private var values: [ParameterReference: [JSONValue]] = [:]
    private var counts: Set<Int> = [0, 1, 2]

    mutating func add(_ value: JSONValue, of reference: ParameterReference) {
        values[reference, default: []].append(value)
    }

    mutating func add(_ bounds: Bounds, of reference: ParameterReference) {
        for value in bounds.allowed ?? [] { add(value, of: reference) }
        for number in [bounds.minimum, bounds.maximum].compactMap(\.self) { add(around: number, of: reference) }
        for length in [bounds.minLength, bounds.maxLength].compactMap(\.self) {
            for count in [length - 1, length, length + 1] where count > 0 && count < 20_000 {
                add(.string(String(repeating: "a", count: count)), of: reference)
            }
        }
        for count in [bounds.minItems, bounds.maxItems].compactMap(\.self) { add(count: count) }
    }

    private mutating func add(around number: Double, of reference: ParameterReference) {
        for step in [-1.0, 0, 1] {
            let next = number + step
            add(Int64(exactly: next).map(JSONValue.integer) ?? .real(next), of: reference)
        }
    }

    private mutating func add(count: Int) {
        for next in [count - 1, count, count + 1] where next >= 0 && next <= 64 { counts.insert(next) }
    }

    mutating func add(_ condition: Condition?) {
        switch condition {
        case nil, .present: break
        case .oneOf(let reference, let list): for value in list { add(value, of: reference) }
        case .compare(let reference, _, let bound): add(around: Double(bound.billionths) / 1e9, of: reference)
        case .count(_, _, let bound): add(count: bound)
        case .all(let parts), .any(let parts): for part in parts { add(part) }
        case .not(let part): add(part)
        }
    }

    mutating func add(_ consequence: Consequence) {
        switch consequence {
        case .restrict(let kind): add(kind.bounds, of: kind.parameter)
        case .total(let kind): for count in [kind.atLeast, kind.atMost].compactMap(\.self) { add(count: count) }
        case .mentions(let kind):
            for number in [1, 2, 9] { add(.string("\(kind.tag)\(number)"), of: kind.text) }
        default: break
        }
    }

    /// What a parameter is tried with; `nil`: with nothing.
    func values(of reference: ParameterReference, _ specs: [ParameterSpec]) -> [JSONValue?] {
        var found: [JSONValue] = []
        func add(_ value: JSONValue) { if !found.contains(value) { found.append(value) } }
        for value in values[reference] ?? [] { add(value) }
        for spec in specs {
            var own = Literals()
            own.add(spec.bounds, of: reference)
            for value in own.values[reference] ?? [] { add(value) }
            if spec.type == .boolean { [true, false].forEach(add) }
            if spec.type == .array {
                for count in counts.union(own.counts).sorted() where count > 0 {
                    add(.array((1...count).map { spec.items?.sample($0) ?? .string("a") }))
                }
            } else {
                add(spec.sample(1))
            }
        }
        return [Optional<JSONValue>.none] + found.map(Optional.some)
    }
}

extension ParameterSpec {
    /// A value that the spec accepts, as far as it can be made up.
    func sample(_ number: Int) -> JSONValue {
        if let first = allowed?.first { return first }
        if let defaultValue { return defaultValue }
        switch type {
        case .string?, nil:
            if isHTTPURL { return .string("https://example.com/\(number)\(extensions?.first ?? ".png")") }
            let least = max(bounds.minLength ?? 1, 1)
            return .string(String(repeating: "a", count: least))
        case .integer?: return .integer(Int64((bounds.minimum ?? min(1, bounds.maximum ?? 1)).rounded(.up)))
        case .number?: return .real(bounds.minimum ?? min(1, bounds.maximum ?? 1))
        case .boolean?: return true
        case .array?:
            let count = max(bounds.minItems ?? 1, 1)
            return .array((1...count).map { items?.sample($0) ?? .string("a") })
        case .object?:
            return .object(JSONObject(required.compactMap { name in property(name).map { (name, $0.sample(number)) } }))
        }
    }
}

extension OfferingEdition {
    /// The required parameters, made up, and the model where the body names it.
    fileprivate var minimalRequest: JSONValue {
        var body = offering.body.sample(1)
        if let place = provider.request.modelAt { body = body.setting(.string(offering.id), at: place.tokens[...]) }
        return body
    }
}

extension JSONValue {
    fileprivate func setting(_ value: JSONValue?, _ axis: RequestVariants.Axis) -> JSONValue {
        setting(value, at: axis.path[...])
    }

    /// With a value at a place, or without one; what has to hold it is made. Of an array, every element gets it.
    fileprivate func setting(_ value: JSONValue?, at path: ArraySlice<String?>) -> JSONValue {
        guard let step = path.first else { return value ?? self }
        let rest = path.dropFirst()
        guard let step else {
            let elements = array ?? []
            if elements.isEmpty {
                return value == nil ? self : .array([JSONValue.hollow(rest).setting(value, at: rest)])
            }
            return .array(elements.map { $0.setting(value, at: rest) })
        }
        guard case .object(var object) = self else { return self }
        if rest.isEmpty {
            object[step] = value
        } else if object[step] != nil || value != nil {
            object[step] = (object[step] ?? JSONValue.hollow(rest)).setting(value, at: rest)
        }
        return .object(object)
    }

    /// What a place leads through: an array before every element, an object before every name.
    private static func hollow(_ path: ArraySlice<String?>) -> JSONValue {
        guard let step = path.first else { return .null }
        return step == nil ? .array([]) : .object(JSONObject())
    }

    fileprivate func setting(_ value: JSONValue?, at tokens: ArraySlice<String>) -> JSONValue {
        setting(value, at: tokens.map(Optional.some)[...])
    }
}
