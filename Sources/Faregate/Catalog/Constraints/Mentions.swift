/// A text that speaks of `@Image3` needs as many images: otherwise a warning.
public struct Mentions: ConsequenceKind {
    public let text: ParameterReference
    /// Without the number: `@Image`.
    public let tag: String
    public let counted: [ParameterReference]

    var word: String { "mentions" }
    var references: [ParameterReference] { [text] + counted }

    func findings(_ facts: Facts, _ mood: Mood) -> [Finding] {
        let count = facts.count(counted)
        let names = listed(counted.map(\.name), "and")
        return facts.places(text).compactMap { place in
            guard let string = place.value.string, let highest = highestMention(in: string), highest > count else {
                return nil
            }
            return Finding(
                path: place.pointer, related: counted.map(\.pointer),
                message: "\(text.name(at: place.pointer)) speaks of \(tag)\(highest), but there "
                    + (count == 0 ? "are no \(names)" : "\(count == 1 ? "is" : "are") only \(count) in \(names)"))
        }
    }

    /// Neither words nor images can be made up.
    func edits(_ scene: RepairScene) -> [Edit] { [] }

    /// The largest number behind the tag, in any letter case; `nil` where it is not mentioned.
    private func highestMention(in text: String) -> Int? {
        let letters = Array(text.lowercased().utf8)
        let wanted = Array(tag.lowercased().utf8)
        var highest: Int?
        var index = 0
        while index + wanted.count < letters.count {
            guard letters[index..<index + wanted.count].elementsEqual(wanted) else {
                index += 1
                continue
            }
            index += wanted.count
            let digits = letters[index...].prefix { (48...57).contains($0) }.prefix(9)
            if let number = Int(String(decoding: digits, as: UTF8.self)) { highest = max(highest ?? 0, number) }
        }
        return highest
    }

    init?(_ reader: ObjectReader, scope: ParameterScope) {
        let text = scope.reference("in", of: reader)
        let tag = reader.required("tag", reader.string)
        let counted = scope.references("of", of: reader)
        reader.finish()
        if let tag, tag.isEmpty { reader.fail("document.value", at: "tag", "tag is empty") }
        guard let text, let tag, !tag.isEmpty, let counted else { return nil }
        (self.text, self.tag, self.counted) = (text, tag, counted)
    }
}
