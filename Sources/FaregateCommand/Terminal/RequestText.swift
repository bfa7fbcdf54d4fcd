import Faregate

/// A request as a person looks at it: JSON that a terminal has room for, in which texts that are there for their length
/// alone are cut. `--format json` has it whole.
struct RequestText {
    private let text: String

    /// Code points that a text may have before it is cut, and those that are left of it.
    private static let (lengthMax, lengthKept) = (120, 40)

    init(_ request: JSONValue) { text = Self.abridged(request).text() }

    /// On one line.
    var line: String { text }

    /// In lines of at most so many columns, broken after commas, so that it stays the same JSON.
    func lines(width: Int) -> [String] {
        pieces.reduce(into: []) { lines, piece in
            if let last = lines.last, TextLayout.width(last) + TextLayout.width(piece) <= width {
                lines[lines.count - 1] = last + piece
            } else {
                lines.append(piece)
            }
        }
        .flatMap { TextLayout.width($0) <= width ? [$0] : TextLayout.wrapped($0, to: width) }
    }

    /// The text up to and including each comma outside of strings.
    private var pieces: [String] {
        var pieces = [""]
        var isInString = false
        var before: Character = " "
        for character in text {
            pieces[pieces.count - 1].append(character)
            if character == "\"", before != "\\" { isInString.toggle() }
            if character == ",", !isInString { pieces.append("") }
            before = character
        }
        return pieces
    }

    private static func abridged(_ value: JSONValue) -> JSONValue {
        if let object = value.object {
            return .object(JSONObject(object.members.map { ($0.name, abridged($0.value)) }))
        }
        if let array = value.array { return .array(array.map(abridged)) }
        guard let text = value.string, text.unicodeScalars.count > lengthMax else { return value }
        let kept = String(String.UnicodeScalarView(text.unicodeScalars.prefix(lengthKept)))
        return .string("\(kept)… (\(text.unicodeScalars.count) characters)")
    }
}
