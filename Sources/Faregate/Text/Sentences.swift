/// A list for people: `a`, `a or b`, `a, b or c`.
package func listed(_ items: some Collection<String>, _ word: String = "or") -> String {
    let items = Array(items)
    guard items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " \(word) " + items[items.count - 1]
}

extension String {
    /// With a full stop, unless it ends in one of its kind.
    var endingSentence: String { last.map { ".?!…".contains($0) } ?? true ? self : self + "." }
}

extension JSONValue {
    /// One of the values that are allowed, inside a sentence: text bare, everything else as JSON, cut where it is long.
    package var shown: String {
        let text = if case .string(let string) = self, !string.isEmpty { string } else { self.text() }
        return text.cut(to: 60)
    }

    /// A value that was given, inside a sentence: as JSON, so that text stands in quotation marks, cut where it is long.
    var given: String { text().cut(to: 60) }

    /// The kind of value, and the value where it says more: `the string "8"`, `an array`.
    var described: String {
        switch self {
        case .null: "null"
        case .array, .object: "an \(typeName)"
        default: "the \(typeName) \(text().cut(to: 40))"
        }
    }

    /// A number as people write it: no `.0`.
    static func plain(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? "\(number)"
    }
}

extension String {
    /// At most so many characters; what was cut off shows as dots.
    package func cut(to length: Int) -> String { count <= length ? self : String(prefix(length - 1)) + "…" }
}

extension [JSONValue] {
    /// `allowed are 4, 6 or 8`, `only 8 is allowed`.
    var asAllowed: String {
        count == 1 ? "only \(self[0].shown) is allowed" : "allowed are \(listed(map(\.shown)))"
    }
}
