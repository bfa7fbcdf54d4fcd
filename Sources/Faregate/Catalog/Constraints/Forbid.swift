/// None of these parameters may be present.
public struct Forbid: ConsequenceKind {
    public let parameters: [ParameterReference]

    var word: String { "forbid" }
    var references: [ParameterReference] { parameters }

    func findings(_ facts: Facts, _ mood: Mood) -> [Finding] {
        parameters.compactMap { parameter in
            facts.places(parameter).first.map {
                Finding(
                    path: $0.pointer,
                    message: "\(parameter.name) \(mood == .must ? "cannot be used" : "is not expected") here")
            }
        }
    }

    func edits(_ scene: RepairScene) -> [Edit] { parameters.flatMap { scene.removals(of: $0) } }
}
