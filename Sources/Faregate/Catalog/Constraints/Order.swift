/// The first of two numbers is not greater than the second, where both are there.
public struct Order: ConsequenceKind {
    public let first: ParameterReference
    public let second: ParameterReference

    var word: String { "order" }
    var references: [ParameterReference] { [first, second] }

    func findings(_ facts: Facts, _ mood: Mood) -> [Finding] {
        guard
            let low = facts.value(first), let high = facts.value(second), facts.isPresent(second),
            let a = low.number, let b = high.number, a > b
        else { return [] }
        let message = "\(second.name) (\(high.text())) is below \(first.name) (\(low.text()))"
        return [Finding(path: second.pointer, related: [first.pointer], message: message)]
    }

    func edits(_ scene: RepairScene) -> [Edit] {
        let numbers = [(first, scene.facts.value(second)), (second, scene.facts.value(first))]
        return numbers.flatMap { reference, value in
            value.flatMap { reference.spec?.accepts($0) ?? true ? [scene.setting(reference.pointer, to: $0)] : nil }
                ?? []
        } + scene.removals(of: second)
    }

    init?(_ reader: ObjectReader, scope: ParameterScope) {
        guard let pair = scope.references("order", of: reader) else { return nil }
        guard pair.count == 2 else {
            reader.fail("document.value", at: "order", "order takes exactly two parameters")
            return nil
        }
        (first, second) = (pair[0], pair[1])
    }
}
