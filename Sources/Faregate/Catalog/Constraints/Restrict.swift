/// A parameter, or its default, takes fewer values than usual.
public struct Restrict: ConsequenceKind {
    public let parameter: ParameterReference
    public let bounds: Bounds

    var word: String { "restrict" }
    var references: [ParameterReference] { [parameter] }

    func findings(_ facts: Facts, _ mood: Mood) -> [Finding] {
        let places = facts.places(parameter)
        if places.isEmpty {
            return facts.value(parameter).flatMap { value in
                finding(value, at: parameter.pointer, parameter.name, mood, isDefault: true).map { [$0] }
            } ?? []
        }
        return places.compactMap { place in
            guard !facts.rejected.contains(place.pointer) else { return nil }
            let isReplaced = facts.replaced.contains(place.pointer)
            let value = isReplaced ? parameter.spec?.defaultValue : place.value
            return value.flatMap {
                finding($0, at: place.pointer, parameter.name(at: place.pointer), mood, isDefault: false)
            }
        }
    }

    func edits(_ scene: RepairScene) -> [Edit] {
        let places = scene.facts.places(parameter)
        if places.isEmpty { return scene.additions(of: parameter, bounds: bounds) }
        let breached = places.first { bounds.breach($0.value) != nil }
        return breached.map { scene.changesOrRemoval(of: $0.pointer, bounds: bounds) } ?? []
    }

    private func finding(
        _ value: JSONValue, at path: JSONPointer, _ name: String, _ mood: Mood, isDefault: Bool
    ) -> Finding? {
        guard let breach = bounds.breach(value) else { return nil }
        let (asked, found) =
            switch breach.kind {
            case .values, .range: ("be \(breach.wanted)", "is \(value.given)")
            case .length: ("have \(breach.wanted) characters", "has \(value.string?.unicodeScalars.count ?? 0)")
            case .count: ("hold \(breach.wanted)", "holds \(value.array?.count ?? 0)")
            }
        let message =
            "\(name) \(mood == .must ? "must" : "should") \(asked); it \(found)\(isDefault ? " by default" : "")"
        return Finding(path: path, message: message, allowed: bounds.allowed)
    }

    init?(_ reader: ObjectReader, scope: ParameterScope) {
        let parameter = scope.reference("parameter", of: reader)
        bounds = Bounds(reader)
        reader.finish()
        guard Bounds.words.contains(where: reader.has) else {
            reader.fail("document.missing_member", "restrict needs one of \(listed(Bounds.words))")
            return nil
        }
        guard let parameter else { return nil }
        if let spec = parameter.spec, let impossible = bounds.allowed?.first(where: { !spec.accepts($0) }) {
            reader.fail(
                "constraint.impossible", at: "enum", "\(parameter.name) can never be \(impossible.text())")
        }
        self.parameter = parameter
    }
}
