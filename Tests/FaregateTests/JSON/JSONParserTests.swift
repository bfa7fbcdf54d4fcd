import Faregate
import Testing

/// A text and what the parser must make of it. The text is written `latin` for bytes that are not UTF-8: one character,
/// one byte.
struct ParserCase: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    /// The code it is refused with; `nil` where it is accepted.
    let code: String?

    var testDescription: String { name }

    static let all = Fixtures.list("json-texts") { item -> ParserCase? in
        guard let name = item["name"]?.string, let text = item["text"]?.string ?? item["latin"]?.string else {
            return nil
        }
        let bytes =
            item["latin"] == nil
            ? Array(text.utf8) : text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        return ParserCase(name: name, bytes: bytes, code: item["code"]?.string)
    }
}

@Suite("The parser reads JSON (RFC 8259) and nothing else")
struct JSONParserTests {
    @Test("There are accepted and refused texts")
    func casesExist() {
        #expect(ParserCase.all.count > 150)
        #expect(ParserCase.all.filter { $0.code == nil }.count > 50)
        #expect(Set(ParserCase.all.map(\.name)).count == ParserCase.all.count)
    }

    @Test(
        "Integers past 64 bits keep every digit",
        arguments: ["9223372036854775808", "-9223372036854775809", "123456789012345678901234567890"])
    func bigIntegers(_ digits: String) throws {
        let text = #"{"a":[1,\#(digits),-1],"\#(digits)":"\#(digits)"}"#
        let value = try JSONValue(parsing: text)
        #expect(value["a"]?.array?[1] == .bigInteger(digits))
        #expect(value["a"]?.array?[1].isInteger == true)
        #expect(value[digits] == .string(digits))
        #expect(value.text() == text)
    }

    @Test(
        "No text can pass for a number",
        arguments: [
            "\u{FFFE}\u{FFFF}1,\"x\":2", "\u{FFFE}\u{FFFF}12345678901234567890", "\u{FFFE}\u{FFFF}",
        ])
    func forgedIntegers(_ text: String) throws {
        let written = JSONValue.object(JSONObject([("a", .string(text))])).text()
        #expect(try JSONValue(parsing: written)["a"] == .string(text))
        let escaped = written.replacing("\u{FFFE}\u{FFFF}", with: "\\ufffe\\uFFFF")
        #expect(try JSONValue(parsing: escaped)["a"] == .string(text))
        // Beside an integer past 64 bits the text is refused rather than misread.
        for text in [written, escaped] {
            #expect(throws: JSONError.self) { try JSONValue(parsing: "[99999999999999999999,\(text)]") }
        }
    }

    @Test("A text is accepted, or refused with its code", arguments: ParserCase.all)
    func verdict(_ example: ParserCase) {
        do throws(JSONError) {
            let value = try JSONValue(parsing: example.bytes)
            #expect(example.code == nil, "\(example.name) was read as \(value.text())")
        } catch {
            #expect(error.code.rawValue == example.code, "\(example.name): \(error.message)")
            #expect(error.position != nil)
        }
    }

    static let readings: [(String, JSONValue)] = [
        ("0", JSONValue.integer(0)), ("-0", .integer(0)), ("8", .integer(8)), ("8.0", .real(8)),
        ("1e2", .real(100)), ("1E+2", .real(100)), ("25e-1", .real(2.5)), ("-0.5", .real(-0.5)),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("0.1", .real(0.1)), ("1.7976931348623157e308", .real(.greatestFiniteMagnitude)),
        ("true", .bool(true)), ("false", .bool(false)), ("null", .null), (#""""#, .string("")),
        (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
        (#""\u00e9 \u20AC \ud83d\ude00""#, .string("é € 😀")), ("\"e\u{301}\"", .string("e\u{301}")),
        ("[]", .array([])), ("[1, [2], {}]", .array([1, [2], [:]])), (" {\"a\" : [null] } ", ["a": [nil]]),
    ]

    @Test("A text is read as the value it stands for", arguments: readings)
    func value(_ text: String, _ expected: JSONValue) throws {
        let value = try JSONValue(parsing: text)
        #expect(value == expected)
        #expect(value.kind == expected.kind)
    }

    @Test("Members keep their order")
    func order() throws {
        let value = try JSONValue(parsing: #"{"zebra":1,"apple":2,"m":3,"10":4,"9":5}"#)
        #expect(value.object?.members.map(\.name) == ["zebra", "apple", "m", "10", "9"])
    }

    @Test("Letters that look the same but are different code points make two members")
    func canonicallyEquivalentNames() throws {
        let value = try JSONValue(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value.object?.count == 2)
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
        #expect(value == value)
    }

    // MARK: Positions

    @Test(
        "An error says where the word begins that is to blame",
        arguments: [
            "[1,«x]", "{\"a\":1,\n  \"b\": «nul}", "[1\n,\n  2,«]", "{\"é\": \"漢字😀\", \"x\": 0«x}", "[«01]",
            "{\"a\" «1}", "{\"a\" «\"a longer text than libjansson shows\"}", "{\"a\":1}«}",
            "[1] «[", "«nothing", "[1 «-2.5e3]", "{\"é\":1, \"e\":2 «3}", "[«漢]", "[«'a']",
        ])
    func syntaxPosition(_ marked: String) throws {
        let (text, positions) = markers(in: marked)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.code == .syntax)
        #expect(error?.position == positions[0])
    }

    @Test("A word that is put between any two others is where the error is")
    func strayWord() throws {
        var random = SeededGenerator(seed: 77)
        var generator = JSONGenerator(seed: 78)
        for round in 0..<400 {
            let text = generator.value().text(pretty: round % 2 == 0)
            var places: [String.UnicodeScalarView.Index] = []
            var (isInString, isEscaped) = (false, false)
            for index in text.unicodeScalars.indices {
                let scalar = text.unicodeScalars[index]
                if !isInString, "{}[]:,\"".unicodeScalars.contains(scalar) { places.append(index) }
                if scalar == "\"", !isEscaped { isInString.toggle() }
                isEscaped = isInString && scalar == "\\" && !isEscaped
            }
            guard let place = places.randomElement(using: &random) else { continue }
            var marked = text.unicodeScalars
            marked.insert(contentsOf: " «oops ".unicodeScalars, at: place)
            let (wrong, positions) = markers(in: String(marked))
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: wrong) }
            #expect(error?.position == positions[0], "\(wrong)")
        }
    }

    @Test("Inside a text, the error is where the text breaks, and at the end of a document at its end")
    func brokenText() {
        for (text, column) in [("[\"a\\x\"]", 4...5), ("{\"a\": 1", 6...7), ("[1, 2", 5...5), ("[\"a\u{1}\"]", 3...4)] {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
            #expect(column.contains(error?.position?.column ?? 0), "\(text) \(String(describing: error))")
        }
    }

    @Test(
        "A NUL byte is refused wherever it stands, at its place",
        arguments: [
            "{\"a\":56«0}", "[1«0,2]", "{\"a\":true«0}", "[null«0]", "\"a«0b\"", "«0", "1«0", "{\"a«0\":1}", "{}«0",
            "{\n  \"é漢😀\": 1«0}", "[\"\n\"«0]",
        ])
    func nul(_ marked: String) throws {
        let (text, positions) = markers(in: marked)
        let bytes = text.utf8.enumerated().map { $1 == UInt8(ascii: "0") ? 0 : $1 }
        #expect(bytes.contains(0))
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(bytes)) }
        #expect(error?.code == .encoding)
        #expect(error?.position == positions[0])
    }

    @Test(
        "A name that comes twice is refused, however it is written",
        arguments: [
            #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"{"\u0061":1,"a":1}"#, #"{"x":{"y":[{"k":1,"k":1}]}}"#,
            #"{"":1,"":2}"#, #"{"/":1,"\/":2}"#, "{\"é\":1,\"\\u00e9\":2}", "{\"a\":1,\"b\":2,\"c\":3,\"b\":4}",
        ])
    func duplicateNames(_ text: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.code == .duplicateKey)
    }

    @Test(
        "Names that differ are no duplicates",
        arguments: [
            #"{"a":1,"A":2}"#, #"{"a":1,"a ":2}"#, #"[{"a":1},{"a":2}]"#, #"{"a":{"a":{"a":1}}}"#,
            #"{"a":"a","b":"a"}"#,
        ])
    func noDuplicateNames(_ text: String) throws { _ = try JSONValue(parsing: text) }

    @Test("A duplicate is told at its line")
    func duplicateLine() {
        let text = "{\n  \"name\": 1,\n  \"other\": 2,\n  \"name\": 3\n}"
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.position == JSONPosition(line: 4, column: 3))
    }

    // MARK: Limits

    static func nested(_ depth: Int, _ open: String = "[", _ close: String = "]") -> String {
        String(repeating: open, count: depth) + String(repeating: close, count: depth)
    }

    @Test("64 levels are read, 65 are not")
    func depthLimit() throws {
        _ = try JSONValue(parsing: Self.nested(64))
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Self.nested(65)) }
        #expect(error?.code == .tooDeep)
        #expect(error?.position == JSONPosition(line: 1, column: 65))
        let object = String(repeating: "{\"[\":", count: 65) + "1" + String(repeating: "}", count: 65)
        let inObject = #expect(throws: JSONError.self) { try JSONValue(parsing: object) }
        #expect(inObject?.code == .tooDeep)
        #expect(inObject?.position == JSONPosition(line: 1, column: 64 * 5 + 1))
    }

    @Test("Many siblings are not deep")
    func wideIsNotDeep() throws {
        let text = "[" + Array(repeating: Self.nested(63), count: 200).joined(separator: ",") + "]"
        #expect(try JSONValue(parsing: text).array?.count == 200)
    }

    @Test("The limit of depth is a choice", arguments: [1, 2, 10, 500])
    func chosenDepth(_ depth: Int) throws {
        let limits = JSONValue.Limits(depthMax: depth)
        _ = try JSONValue(parsing: Self.nested(depth), limits: limits)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Self.nested(depth + 1), limits: limits) }
        #expect(error?.code == .tooDeep)
    }

    @Test("A scalar needs no depth")
    func noDepth() throws {
        #expect(try JSONValue(parsing: "7", limits: JSONValue.Limits(depthMax: 0)) == 7)
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[]", limits: JSONValue.Limits(depthMax: 0)) }
    }

    @Test("A hundred thousand levels are refused without a crash", arguments: ["[", "{\"a\":", "[{\"a\":"])
    func absurdDepth(_ open: String) {
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: String(repeating: open, count: 100_000))
        }
        #expect(error?.code == .tooDeep)
    }

    @Test("As many bytes as the limit are read, one more is not")
    func size() throws {
        let limits = JSONValue.Limits(bytesMax: 10)
        #expect(try JSONValue(parsing: "\"12345678\"", limits: limits) == "12345678")
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "\"123456789\"", limits: limits) }
        #expect(error?.code == .tooLarge)
        #expect(error?.position == nil)
        #expect(throws: JSONError.self) { try JSONValue(parsing: "\"é234567é\"", limits: limits) }
    }

    @Test("A document that is refused for its size is not looked at")
    func sizeComesFirst() {
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: [0, 0, 0], limits: JSONValue.Limits(bytesMax: 2))
        }
        #expect(error?.code == .tooLarge)
    }

    @Test("The empty text has a place, too")
    func empty() {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "") }
        #expect(error?.code == .syntax)
        #expect(error?.position == JSONPosition(line: 1, column: 1))
    }

    @Test("Bytes changed at random never crash the parser, and what is read can be written and read again")
    func mutations() throws {
        var generator = JSONGenerator(seed: 2026)
        var accepted = 0
        for _ in 0..<12_000 {
            var bytes = Array(generator.value().text().utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator.random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &generator.random)
                bytes[index] = UInt8.random(in: 0...255, using: &generator.random)
            }
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            accepted += 1
            #expect(try JSONValue(parsing: value.text()) == value)
        }
        #expect(accepted > 100)
    }
}

extension JSONValue {
    /// The case, which equality looks through for numbers.
    fileprivate var kind: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .integer: "integer"
        case .bigInteger: "big integer"
        case .real: "real"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
