extension String {
    /// Somebody else's text, safe for a terminal: without control characters, at most 300 characters.
    var printable: String {
        var text = ""
        for scalar in unicodeScalars.prefix(1200) {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            let isDirection = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            text.unicodeScalars.append(isControl || isDirection ? " " : scalar)
        }
        return text.count <= 300 ? text : String(text.prefix(299)) + "…"
    }

    /// As one word of a shell.
    var shellQuoted: String {
        let isPlain = !isEmpty && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:@%+=,".contains($0)) }
        return isPlain
            ? self : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
