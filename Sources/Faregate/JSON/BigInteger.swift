/// Integers past 64 bits, which libjansson refuses: they are put before it as strings behind a mark.
enum BigInteger {
    /// Two noncharacters (U+FFFE, U+FFFF), which no interchanged text holds.
    private static let mark = "\u{FFFE}\u{FFFF}"

    /// The digits of a marked string; `nil` for any other.
    static func digits(_ text: String) -> String? {
        guard text.unicodeScalars.first == "\u{FFFE}", text.hasPrefix(mark) else { return nil }
        let digits = text.unicodeScalars.dropFirst(2)
        return digits.dropFirst(digits.first == "-" ? 1 : 0).allSatisfy { ("0"..."9").contains($0) }
            ? String(digits) : nil
    }

    /// The text with every integer past 64 bits as a marked string; `nil` where there is none, and where the text may
    /// hold the mark itself.
    static func marked(_ bytes: [UInt8]) -> [UInt8]? {
        guard !holdsMark(bytes) else { return nil }
        var out: [UInt8] = []
        var isFound = false
        var index = 0
        while index < bytes.count {
            let start = index
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
                    index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
                }
                index = min(index + 1, bytes.count)
                out += bytes[start..<index]
            case UInt8(ascii: "-"), 48...57:
                while index < bytes.count, isPartOfNumber(bytes[index]) { index += 1 }
                let token = bytes[start..<index]
                if isPastBounds(token) {
                    isFound = true
                    out += Array("\"\(mark)".utf8) + token + [UInt8(ascii: "\"")]
                } else {
                    out += token
                }
            default:
                out.append(bytes[index])
                index += 1
            }
        }
        return isFound ? out : nil
    }

    /// Whether the mark's characters stand in the text, as they are or escaped.
    private static func holdsMark(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.unicodeScalars.contains("\u{FFFE}") || text.lowercased().contains("\\ufffe")
    }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || "+-.eE".utf8.contains(byte)
    }

    /// Whether a token is an integer of JSON's grammar that does not fit 64 bits.
    private static func isPastBounds(_ token: ArraySlice<UInt8>) -> Bool {
        let digits = token.first == UInt8(ascii: "-") ? token.dropFirst() : token
        guard digits.count >= 19, digits.allSatisfy({ (48...57).contains($0) }), digits.first != 48 else {
            return false
        }
        return Int64(String(decoding: token, as: UTF8.self)) == nil
    }
}
