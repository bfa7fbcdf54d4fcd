/// These parameters have no effect: each one that is present is a warning.
public struct Ignored: ConsequenceKind {
    public let parameters: [ParameterReference]

    var word: String { "ignored" }
    var references: [ParameterReference] { parameters }

    func findings(_ facts: Facts, _ mood: Mood) -> [Finding] {
        parameters.compactMap { parameter in
            facts.places(parameter).first.map {
                Finding(path: $0.pointer, message: "\(parameter.name) will be ignored")
            }
        }
    }

    func edits(_ scene: RepairScene) -> [Edit] { parameters.flatMap { scene.removals(of: $0, hasEffect: false) } }
}
