extension RepairScene {
    /// Takes a member that nobody knows to where it was most likely meant to stand.
    func moves(of place: JSONPointer) -> [Edit] {
        guard let value = body[place], let home = ground.spec(at: place.parent) else { return [] }
        let misplaced = misplacement(of: place).map { target in
            move(place, to: target, cost: Edit.Cost.rewrite, "move \(place.last) \(sideOf(target))")
        }
        if let misplaced { return [misplaced] }
        let free = home.properties.filter { body[place.parent / $0.name] == nil && $0.spec.unsupported == nil }
        let nearest = nearestName(to: place.last, among: free.map(\.name))
        let words = Set(place.last.nameWords)
        let related = free.filter { !words.isDisjoint(with: $0.name.nameWords) && Self.mayTake(value, $0.spec) }
            .map(\.name).filter { $0 != nearest }
            .sorted { words.intersection($0.nameWords).count > words.intersection($1.nameWords).count }
        let renames = [nearest].compactMap(\.self) + related.prefix(2)
        return renames.enumerated().map { rank, name in
            move(
                place, to: place.parent / name, cost: Edit.Cost.guess + rank,
                "rename \(ground.name(place)) to \(name)")
        }
    }

    /// Where a member belongs that stands at the top instead of among the parameters, or the other way round.
    private func misplacement(of place: JSONPointer) -> JSONPointer? {
        let holder = ground.parametersAt
        guard !holder.tokens.isEmpty else { return nil }
        let target: JSONPointer? =
            place.parent.tokens.isEmpty ? holder / place.last : place.parent == holder ? JSONPointer([place.last]) : nil
        return target.flatMap { ground.spec(at: $0) != nil && body[$0] == nil ? $0 : nil }
    }

    private func sideOf(_ target: JSONPointer) -> String {
        target.tokens.count == 1 ? "to the top" : "into \(target.parent.last)"
    }

    private func move(_ place: JSONPointer, to target: JSONPointer, cost: Int, _ text: String) -> Edit {
        let makesHolder = !target.parent.tokens.isEmpty && body[target.parent] == nil
        let holder = makesHolder ? [JSONPatch.Operation.add(target.parent, .object(JSONObject()))] : []
        return Edit(operations: holder + [.move(from: place, to: target)], cost: cost, text: text)
    }

    /// Whether a parameter takes a value, as it is, in another form, or in brackets.
    private static func mayTake(_ value: JSONValue, _ spec: ParameterSpec) -> Bool {
        spec.accepts(value) || !Rewriting(spec: spec, bounds: nil).forms(of: value).filter(spec.accepts).isEmpty
    }
}

extension String {
    /// The words of a member's name, in small letters and without a plural: `imageUrls` and `image_url` are the same two.
    fileprivate var nameWords: [String] {
        var words: [String] = [""]
        for character in self {
            if character == "_" || character == "-" || character == " " {
                words.append("")
            } else if character.isUppercase, words.last?.last?.isLowercase == true {
                words.append(character.lowercased())
            } else {
                words[words.count - 1] += character.lowercased()
            }
        }
        return words.filter { !$0.isEmpty && $0 != "url" && $0 != "urls" }
            .map { $0.count > 3 && $0.hasSuffix("s") ? String($0.dropLast()) : $0 }
    }
}
