/// The elements of several arrays together are bounded.
public struct Total: ConsequenceKind {
    public let parameters: [ParameterReference]
    public let atLeast: Int?
    public let atMost: Int?
    /// What is counted, in words: "image addresses".
    public let counting: String

    var word: String { "total" }
    var references: [ParameterReference] { parameters }

    func findings(_ facts: Facts, _ mood: Mood) -> [Finding] {
        let count = facts.count(parameters)
        let present = parameters.filter(facts.isPresent)
        let blamed = present.last ?? parameters[0]
        let names = listed(parameters.map(\.name), "and")
        func finding(_ bound: String) -> [Finding] {
            let message = "\(names) hold \(count) \(counting) together; \(bound)"
            return [Finding(path: blamed.pointer, related: present.map(\.pointer), message: message)]
        }
        if let atMost, count > atMost { return finding("at most \(atMost) are allowed") }
        if let atLeast, count < atLeast { return finding("at least \(atLeast) are needed") }
        return []
    }

    func edits(_ scene: RepairScene) -> [Edit] {
        guard let atMost, scene.facts.count(parameters) > atMost else { return [] }
        return scene.trims(of: parameters, to: atMost)
    }

    init?(_ reader: ObjectReader, scope: ParameterScope) {
        let parameters = scope.references("of", of: reader)
        (atLeast, atMost) = (reader.integer("at_least"), reader.integer("at_most"))
        counting = reader.string("counting") ?? "elements"
        reader.finish()
        if atLeast == nil, atMost == nil {
            reader.fail("document.missing_member", "total needs at_least, at_most or both")
            return nil
        }
        guard let parameters else { return nil }
        self.parameters = parameters
    }
}
