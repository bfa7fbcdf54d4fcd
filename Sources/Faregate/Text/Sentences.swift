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
