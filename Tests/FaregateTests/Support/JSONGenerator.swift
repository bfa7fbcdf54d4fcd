import Faregate

/// Makes JSON documents of every kind of value, the awkward ones more often than people write them.
struct JSONGenerator {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func value(depth: Int = 4) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(integer())
        case 3: return .real(real())
        case 4, 5: return .string(text())
        case 6: return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth - 1) })
        default:
            let names = Set((0..<Int.random(in: 0...5, using: &random)).map { _ in Name(text()) })
            return .object(JSONObject(names.map(\.text).sorted().map { ($0, value(depth: depth - 1)) }))
        }
    }

    /// Names are different where their code points are.
    private struct Name: Hashable {
        let text: String
        init(_ text: String) { self.text = text }
        static func == (a: Name, b: Name) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }
        func hash(into hasher: inout Hasher) { hasher.combine(Array(text.utf8)) }
    }

    mutating func integer() -> Int64 {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: [0, -1, 1, .max, .min, 1 << 53, (1 << 53) + 1].randomElement(using: &random) ?? 0
        case 1: Int64.random(in: -1000...1000, using: &random)
        default: Int64.random(in: .min ... .max, using: &random)
        }
    }

    mutating func real() -> Double {
        let special: [Double] = [
            0.1, -0.0, 8.0, 1e21, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.00001, -2.5, 9.3e18,
        ]
        guard Bool.random(using: &random) else { return special.randomElement(using: &random) ?? 0 }
        while true {
            let value = Double(bitPattern: random.next())
            if value.isFinite { return value }
        }
    }

    /// Short texts in which the characters that need care are frequent. No NUL: the parser refuses it.
    mutating func text() -> String {
        let awkward: [Unicode.Scalar] = [
            "\"", "\\", "/", "~", "{", "}", "[", "]", ":", ",", "\n", "\r", "\t", "\u{1}", "\u{1F}", "\u{7F}", "é", "e",
            "\u{301}", "\u{308}", "ß", "漢", "\u{2028}", "\u{FEFF}", "\u{FFFF}", "😀", "\u{200D}", "\u{10FFFF}", "0", "1",
        ]
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            scalars.append(awkward.randomElement(using: &random) ?? "a")
        }
        return String(scalars)
    }
}
