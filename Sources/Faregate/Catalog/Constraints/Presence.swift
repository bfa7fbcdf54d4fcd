/// So many of these parameters must be present.
public struct Presence: ConsequenceKind {
    public enum Bound: String, Sendable, CaseIterable {
        case atLeastOne = "at_least_one"
        case exactlyOne = "exactly_one"
        case atMostOne = "at_most_one"
    }

    public let bound: Bound
    public let parameters: [ParameterReference]

    var word: String { bound.rawValue }
    var references: [ParameterReference] { parameters }

    func findings(_ facts: Facts, _ mood: Mood) -> [Finding] {
        guard let shared = sharedElements else { return finding(facts, mood, in: nil).map { [$0] } ?? [] }
        return facts.places(shared).map(\.pointer)
            .filter { element in !facts.rejected.contains { $0.tokens.starts(with: element.tokens) } }
            .compactMap { finding(facts, mood, in: $0) }
    }

    /// States one of them where a value is known without the user; takes away one that is too many.
    func edits(_ scene: RepairScene) -> [Edit] {
        let present = parameters.filter(scene.facts.isPresent)
        let tooMany = present.count > 1 && bound != .atLeastOne
        return tooMany
            ? parameters.flatMap { parameter in
                scene.facts.places(parameter).flatMap { scene.removals(of: $0.pointer) }
            }
            : parameters.flatMap { scene.additions(of: $0) }
    }

    /// The elements that all the parameters stand in, where they do: `voices/*` of `voices/*/id` and `voices/*/url`.
    var sharedElements: ParameterReference? {
        let prefixes = Set(parameters.map { $0.path.prefix { $0 != nil } + [nil] })
        guard prefixes.count == 1, let path = prefixes.first, parameters.allSatisfy({ $0.path.contains(nil) }) else {
            return nil
        }
        return ParameterReference(name: parameters[0].name, path: Array(path), spec: nil)
    }

    /// What is wrong with the body, or with one of the elements that the parameters share.
    private func finding(_ facts: Facts, _ mood: Mood, in element: JSONPointer?) -> Finding? {
        func place(_ parameter: ParameterReference) -> JSONPointer? {
            facts.places(parameter).first { isInside($0.pointer, element) }?.pointer
        }
        func isInside(_ pointer: JSONPointer, _ element: JSONPointer?) -> Bool {
            element.map { pointer.tokens.starts(with: $0.tokens) } ?? true
        }
        let present = parameters.compactMap { parameter in place(parameter).map { (parameter.name, $0) } }
        let names = parameters.map(\.name)
        if present.isEmpty, bound != .atMostOne, !parameters.contains(where: facts.isBlamed) {
            let message = "one of \(listed(names)) is needed; none is there"
            return Finding(
                path: element ?? parameters[0].pointer, related: parameters.map(\.pointer), message: message)
        }
        if present.count > 1, bound != .atLeastOne {
            let message =
                "only one of \(listed(names)) \(mood == .must ? "can" : "should") be used; there are \(listed(present.map(\.0), "and"))"
            return Finding(path: element ?? present[0].1, related: present.map(\.1), message: message)
        }
        return nil
    }
}
