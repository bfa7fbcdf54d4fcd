extension JSONPosition {
    /// Where a byte stands in a text.
    init(ofByte offset: Int, in bytes: [UInt8]) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(line: line, column: column)
    }

    /// Where a text first opens as many arrays and objects inside one another.
    init?(ofDepth depth: Int, in bytes: [UInt8]) {
        var scanner = JSONScanner(bytes)
        guard let offset = scanner.offset(ofDepth: depth) else { return nil }
        self.init(ofByte: offset, in: bytes)
    }

    /// Where the token begins that ends at a byte; `nil` where none ends there, such as inside a string that is broken.
    ///
    /// - Parameter bytes: A text whose tokens are well formed as far as that byte.
    init?(ofTokenEndingAt end: Int, in bytes: [UInt8]) {
        var scanner = JSONScanner(bytes)
        guard let start = scanner.offset(ofTokenEndingAt: end) else { return nil }
        self.init(ofByte: start, in: bytes)
    }

    /// Where the value (or, for a member, its name) at a pointer begins. The nearest parent where there is none.
    ///
    /// libjansson keeps no positions, so this reads the text again; only a finding pays for it.
    ///
    /// - Parameter bytes: A document that the parser accepted.
    package init(of pointer: JSONPointer, in bytes: [UInt8]) {
        var scanner = JSONScanner(bytes)
        self.init(ofByte: scanner.offset(of: pointer), in: bytes)
    }
}

/// Walks over a text that is known to be JSON, without building anything.
private struct JSONScanner {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The offset of the name or element that a pointer leads to, or of the last that exists on the way.
    mutating func offset(of pointer: JSONPointer) -> Int {
        skipBlanks()
        var found = index
        for token in pointer.tokens {
            guard let next = enter(token) else { break }
            found = next
        }
        return found
    }

    mutating func offset(ofTokenEndingAt end: Int) -> Int? {
        while true {
            skipBlanks()
            guard index < min(end, bytes.count) else { return nil }
            let start = index
            skipToken()
            if index == end { return start }
        }
    }

    /// A string, a word, a number, or a single character of any other kind.
    private mutating func skipToken() {
        let first = bytes[index]
        if first == UInt8(ascii: "\"") { return skipString() }
        let isWord = Self.isLetter(first)
        let isNumber = Self.isNumeric(first)
        repeat {
            index += 1
        } while index < bytes.count
            && (isWord && Self.isLetter(bytes[index]) || isNumber && Self.isNumeric(bytes[index])
                || bytes[index] & 0xC0 == 0x80)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Digits, signs, point and exponent.
    private static func isNumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(
                byte)
    }

    mutating func offset(ofDepth depth: Int) -> Int? {
        var open = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                skipString()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open += 1
                if open == depth { return index }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): open -= 1
            default: break
            }
            index += 1
        }
        return nil
    }

    /// Moves to the value of a member or element, and returns where its name (or itself) begins.
    private mutating func enter(_ token: String) -> Int? {
        guard index < bytes.count else { return nil }
        let isObject = bytes[index] == UInt8(ascii: "{")
        guard isObject || bytes[index] == UInt8(ascii: "[") else { return nil }
        index += 1
        var position = 0
        while true {
            skipBlanks()
            guard index < bytes.count, bytes[index] != UInt8(ascii: "}"), bytes[index] != UInt8(ascii: "]") else {
                return nil
            }
            let start = index
            var isWanted = String(position) == token
            if isObject {
                skipString()
                let name = bytes[start..<index]
                isWanted = (try? JSONValue(parsing: Array(name))) == .string(token)
                skipBlanks()
                index += 1  // the colon
                skipBlanks()
            }
            if isWanted { return start }
            skipValue()
            skipBlanks()
            if index < bytes.count, bytes[index] == UInt8(ascii: ",") { index += 1 }
            position += 1
        }
    }

    private mutating func skipBlanks() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    private mutating func skipString() {
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        index += 1
    }

    private mutating func skipValue() {
        var open = 0
        repeat {
            guard index < bytes.count else { return }
            switch bytes[index] {
            case UInt8(ascii: "\""):
                skipString()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): open += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if open == 0 { return }
                open -= 1
                if open == 0 {
                    index += 1
                    return
                }
            case UInt8(ascii: ","): if open == 0 { return }
            default: break
            }
            index += 1
        } while index < bytes.count
    }
}
