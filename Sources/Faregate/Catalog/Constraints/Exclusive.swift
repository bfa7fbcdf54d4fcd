/// Members of at most one of these groups may be present.
public struct Exclusive: ConsequenceKind {
    public let groups: [[ParameterReference]]

    var word: String { "exclusive" }
    var references: [ParameterReference] { groups.flatMap(\.self) }

    func findings(_ facts: Facts, _ mood: Mood) -> [Finding] {
        let present = groups.map { $0.filter(facts.isPresent) }.filter { !$0.isEmpty }
        guard present.count > 1 else { return [] }
        let sides = present.map { listed($0.map(\.name), "and") }
        return [
            Finding(
                path: present[0][0].pointer, related: present.flatMap(\.self).map(\.pointer),
                message: "\(sides[0]) cannot be combined with \(listed(Array(sides.dropFirst())))")
        ]
    }

    /// Keeps one group.
    func edits(_ scene: RepairScene) -> [Edit] {
        groups.flatMap(\.self).filter(scene.facts.isPresent).flatMap { scene.removals(of: $0) }
    }

    init?(_ reader: ObjectReader, scope: ParameterScope) {
        guard let value = reader.value("exclusive"), let lists = value.array, lists.count > 1 else {
            reader.fail("document.value", at: "exclusive", "exclusive needs two groups or more, each an array of names")
            return nil
        }
        var groups: [[ParameterReference]] = []
        for list in lists {
            let names = (list.array ?? []).compactMap(\.string)
            guard !names.isEmpty, names.count == list.array?.count else {
                reader.fail("document.value", at: "exclusive", "a group is an array of names, with one at least")
                return nil
            }
            let group = names.compactMap { scope.resolve($0, at: "exclusive", reader) }
            guard group.count == names.count else { return nil }
            groups.append(group)
        }
        self.groups = groups
    }
}
