/// All of these parameters must be present.
public struct Require: ConsequenceKind {
    public let parameters: [ParameterReference]

    var word: String { "require" }
    var references: [ParameterReference] { parameters }

    func findings(_ facts: Facts, _ mood: Mood) -> [Finding] {
        parameters.filter { !facts.isPresent($0) && !facts.isBlamed($0) }.map {
            Finding(path: $0.pointer, message: "\($0.name) \(mood == .must ? "is missing" : "is better stated")")
        }
    }

    func edits(_ scene: RepairScene) -> [Edit] {
        parameters.filter { !scene.facts.isPresent($0) }.prefix(1).flatMap { scene.additions(of: $0) }
    }
}
