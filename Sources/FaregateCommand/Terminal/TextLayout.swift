/// Text in columns of a terminal.
enum TextLayout {
    /// Columns that a text takes: wide characters take two, combining ones none.
    static func width(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.value {
            case 0x0300...0x036F, 0x200B...0x200F, 0xFE00...0xFE0F: sum
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
                0x1F300...0x1FAFF, 0x20000...0x3FFFD:
                sum + 2
            default: sum + 1
            }
        }
    }

    /// Lines of at most so many columns, broken at blanks where possible, else after a slash or a hyphen, or anywhere.
    static func wrapped(_ text: String, to width: Int) -> [String] {
        let width = max(8, width)
        return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph -> [String] in
            var lines: [String] = []
            var line = ""
            for word in paragraph.split(separator: " ") {
                var rest = String(word)
                if !line.isEmpty, Self.width(line) + 1 + Self.width(rest) <= width {
                    line += " " + rest
                    continue
                }
                if !line.isEmpty { lines.append(line) }
                while Self.width(rest) > width {
                    let head = cut(rest, to: width)
                    lines.append(head)
                    rest.removeFirst(head.count)
                }
                line = rest
            }
            return lines + (line.isEmpty && !lines.isEmpty ? [] : [line])
        }
    }

    /// The beginning that fits, up to a slash or a hyphen where there is one in its second half.
    private static func cut(_ text: String, to width: Int) -> String {
        var head = ""
        for character in text {
            if Self.width(head) + Self.width(String(character)) > width { break }
            head.append(character)
        }
        if let slash = head.lastIndex(where: { "/?&-_".contains($0) }),
            head.distance(from: head.startIndex, to: slash) > head.count / 2
        {
            return String(head[...slash])
        }
        return head.isEmpty ? String(text.prefix(1)) : head
    }

    static func padded(_ text: String, to width: Int, right: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, width - Self.width(text)))
        return right ? blanks + text : text + blanks
    }

    /// A text under a mark: the first line begins with the mark, the others are indented.
    static func hanging(_ mark: String, _ text: String, indent: Int, width: Int) -> [String] {
        let blanks = String(repeating: " ", count: indent)
        return wrapped(text, to: width - indent).enumerated().map { index, line in
            (index == 0 ? padded(mark, to: indent) : blanks) + line
        }
    }
}
