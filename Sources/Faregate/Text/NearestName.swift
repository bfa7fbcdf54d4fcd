/// The known name that somebody most likely meant.
///
/// - Parameters:
///   - name: What was written.
///   - known: What could have been meant. The first of equally near names wins.
/// - Returns: A name at most a third of its length away (Damerau-Levenshtein, letter case free), or `nil`.
package func nearestName(to name: String, among known: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
    var best: (name: String, distance: Int)?
    for candidate in known {
        let letters = Array(candidate.lowercased().unicodeScalars.prefix(64))
        let limit = max(1, max(letters.count, wanted.count) / 3)
        guard abs(letters.count - wanted.count) <= limit else { continue }
        let distance = editDistance(wanted, letters)
        if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    if best == nil, wanted.count >= 4 {
        return known.first {
            $0.lowercased().hasSuffix(name.lowercased()) || $0.lowercased().hasPrefix(name.lowercased())
        }
    }
    return best?.name
}

/// The id that somebody most likely meant: the one whose last part was written, or else the nearest.
package func nearestID(to id: String, among known: [String]) -> String? {
    known.first { $0.split(separator: "/").last.map(String.init) == id } ?? nearestName(to: id, among: known)
}

/// The end of a sentence about a name that nobody knows: `; did you mean sjinn?`
///
/// - Parameter otherwise: What helps where no known name is near.
func didYouMean(_ suggestion: String?, otherwise: String? = nil) -> String {
    suggestion.map { "; did you mean \($0)?" } ?? otherwise.map { "; \($0)" } ?? ""
}

/// The same for a name and what could have been meant.
package func didYouMean(_ name: String, among known: some Sequence<String>) -> String {
    didYouMean(nearestName(to: name, among: known))
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 1...a.count {
        var row = [i] + Array(repeating: 0, count: b.count)
        for j in 1...b.count {
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], beforeLast[j - 2] + 1) }
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
