extension Coverage {
    /// Parameters and values that no valid request has, and parameters that every valid request has.
    mutating func checkValues() {
        for index in space.variables.indices {
            let variable = space.variables[index]
            var unused = variable.spec.uses(variable.name)
            for value in variable.values.indices {
                guard let given = variable.values[value] else { continue }
                let uses = variable.spec.uses(variable.name, in: given)
                if unused.isDisjoint(with: uses) { continue }
                if case .none = search.find(search.validity(), pins: [index: value]) { continue }
                unused.subtract(uses)
            }
            if unused.contains(variable.name) { unused = [variable.name] }
            for use in unused.sorted() { reportUnusable(use, index) }
            checkOptional(index)
        }
    }

    private mutating func reportUnusable(_ use: String, _ index: Int) {
        let variable = space.variables[index]
        let value = variable.values.indices.first { value in
            variable.values[value].map { variable.spec.uses(variable.name, in: $0).contains(use) } ?? false
        }
        let choice = value.flatMap { nearest([:], pinning: index, to: $0) }
        report(.valueUnusable, use, "no valid request can have \(use)", choice)
    }

    private mutating func checkOptional(_ index: Int) {
        let variable = space.variables[index]
        guard !variable.isRequired else { return }
        let absent = variable.values.indices.filter { value in
            switch variable.values[value] {
            case nil, .array([]), .string(""): true
            default: false
            }
        }
        guard absent.allSatisfy({ search.find(search.validity(), pins: [index: $0]).isNone }) else { return }
        report(
            .falselyOptional, variable.name, "every valid request has \(variable.name), though it is not required",
            nearest([:], pinning: index, to: 0))
    }

    /// A request with a value that breaks as few rules as one can say quickly: at best all but one hold.
    private func nearest(_ pins: [Int: Int], pinning index: Int, to value: Int) -> [Int]? {
        let pins = pins.merging([index: value]) { $1 }
        for rule in search.rules.indices where search.rules[rule].isBinding {
            if let choice = search.find(search.validity(except: rule), pins: pins).choice { return choice }
        }
        return search.find([], pins: pins).choice
    }
}

extension ParameterSpec {
    /// Everything that a request can use of a parameter: itself, its members, each value of an enum or a truth.
    func uses(_ name: String) -> Set<String> {
        guard unsupported == nil else { return [] }
        var uses: Set<String> = [name]
        let listed = allowed ?? (type == .boolean ? [false, true] : [])
        uses.formUnion(listed.map { "\(name)=\($0.shown)" })
        if let items { uses.formUnion(items.uses(name + "/*").subtracting([name + "/*"])) }
        for (member, spec) in properties { uses.formUnion(spec.uses("\(name)/\(member)")) }
        return uses
    }

    /// What a value uses of it: nothing, where it counts as absent.
    func uses(_ name: String, in value: JSONValue) -> Set<String> {
        if value == [] || value == "", allowed == nil { return [] }
        var uses: Set<String> = [name, "\(name)=\(value.shown)"]
        if let items { for element in value.array ?? [] { uses.formUnion(items.uses(name + "/*", in: element)) } }
        for (member, value) in value.object?.members ?? [] {
            if let spec = property(member) { uses.formUnion(spec.uses("\(name)/\(member)", in: value)) }
        }
        return uses
    }
}
