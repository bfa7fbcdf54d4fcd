import Faregate
import Testing

@Suite("JSON Pointers name places (RFC 6901)")
struct JSONPointerTests {
    /// The document and the pointers of RFC 6901, section 5.
    static let document: JSONValue = [
        "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8,
    ]

    static let references: [(String, JSONValue)] = [
        ("", document), ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/e^f", 3),
        ("/g|h", 4), ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8),
    ]

    @Test("The examples of the RFC lead where it says", arguments: references)
    func examples(_ text: String, _ expected: JSONValue) throws {
        let pointer = try #require(JSONPointer(parsing: text))
        #expect(Self.document[pointer] == expected)
        #expect(pointer.description == text)
    }

    @Test("What is no pointer is refused", arguments: ["a", "a/b", "#/a", "/a~", "/a~2", "/~", "/a/~~", "~0", " /a"])
    func malformed(_ text: String) { #expect(JSONPointer(parsing: text) == nil) }

    @Test(
        "An escape is read once: ~01 is ~1",
        arguments: [("/~01", "~1"), ("/~10", "/0"), ("/~0~1", "~/"), ("/~00", "~0")])
    func escapeOrder(_ text: String, _ token: String) { #expect(JSONPointer(parsing: text)?.tokens == [token]) }

    @Test(
        "A place that is not there is nothing",
        arguments: [
            "/foo/2", "/foo/-1", "/foo/00", "/foo/01", "/foo/+0", "/foo/0x0", "/foo/", "/foo/-", "/foo/bar", "/fo",
            "/foo/0/0",
            "/a", "//", "/foo/99999999999999999999", "/foo/٠",
        ])
    func nothing(_ text: String) throws {
        let pointer = try #require(JSONPointer(parsing: text))
        #expect(Self.document[pointer] == nil)
    }

    @Test("Every list of names survives being written and read")
    func roundTrip() {
        var generator = JSONGenerator(seed: 6901)
        for _ in 0..<2000 {
            let tokens = (0..<Int.random(in: 0...4, using: &generator.random)).map { _ in generator.text() }
            let text = JSONPointer(tokens).description
            let back = JSONPointer(parsing: text)?.tokens
            #expect(back?.map { Array($0.utf8) } == tokens.map { Array($0.utf8) }, "\(text.debugDescription)")
        }
    }

    @Test(
        "A tilde or a slash is escaped whatever follows it",
        arguments: ["~\u{308}", "/\u{301}", "a/\u{200D}b", "\u{301}"])
    func combiningMarks(_ token: String) {
        let bytes = token.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "~"): Array("~0".utf8)
            case UInt8(ascii: "/"): Array("~1".utf8)
            default: [byte]
            }
        }
        let text = JSONPointer([token]).description
        #expect(Array(text.utf8) == [UInt8(ascii: "/")] + bytes)
        #expect(JSONPointer(parsing: text)?.tokens.first.map { Array($0.utf8) } == Array(token.utf8))
    }

    @Test("Pointers are put together")
    func putTogether() {
        let pointer: JSONPointer = "/input"
        #expect((pointer / "a/b" / 3).description == "/input/a~1b/3")
        #expect((pointer + "/x/y").description == "/input/x/y")
        #expect((pointer / "x").last == "x")
        #expect(JSONPointer().last == "")
        #expect(JSONPointer().description == "")
    }
}

@Suite("The position of a place in a text")
struct JSONPositionTests {
    /// Every place of a document.
    static func places(_ value: JSONValue, at pointer: JSONPointer = JSONPointer()) -> [JSONPointer] {
        switch value {
        case .array(let elements):
            [pointer] + elements.enumerated().flatMap { places($1, at: pointer / $0) }
        case .object(let object): [pointer] + object.members.flatMap { places($0.value, at: pointer / $0.name) }
        default: [pointer]
        }
    }

    /// Writes a document with a marker before the name (or element) at a place, spread over lines at random.
    struct MarkedWriter {
        let place: JSONPointer
        var random: SeededGenerator
        var text = ""

        mutating func blanks() {
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                text += ["", " ", "\n", "\t", "\r\n"].randomElement(using: &random) ?? ""
            }
        }

        mutating func write(_ value: JSONValue, at pointer: JSONPointer) {
            blanks()
            switch value {
            case .array(let elements):
                text += "["
                for (index, element) in elements.enumerated() {
                    if index > 0 { text += "," }
                    blanks()
                    if pointer / index == place { text += "«" }
                    write(element, at: pointer / index)
                }
                blanks()
                text += "]"
            case .object(let object):
                text += "{"
                for (index, member) in object.members.enumerated() {
                    if index > 0 { text += "," }
                    blanks()
                    if pointer / member.name == place { text += "«" }
                    text += JSONValue.string(member.name).text()
                    blanks()
                    text += ":"
                    write(member.value, at: pointer / member.name)
                }
                blanks()
                text += "}"
            default: text += value.text()
            }
            blanks()
        }
    }

    @Test("Every place of a generated document is found where it was written", arguments: 1...6)
    func everyPlace(_ seed: UInt64) throws {
        var generator = JSONGenerator(seed: seed)
        var checked = 0
        for round in 0..<250 {
            let value = generator.value()
            for place in Self.places(value) where !place.tokens.isEmpty {
                var writer = MarkedWriter(place: place, random: SeededGenerator(seed: seed &* 1000 + UInt64(round)))
                writer.write(value, at: JSONPointer())
                let (text, positions) = markers(in: writer.text)
                let marker = try #require(positions.first)
                // The marker stands before the blanks that come before an element.
                let rest = Self.skippingBlanks(text, from: marker)
                #expect(JSONPosition(of: place, in: Array(text.utf8)) == rest, "\(place) in \(text)")
                checked += 1
            }
        }
        #expect(checked > 300)
    }

    /// The first place at or after a position that holds no blank.
    static func skippingBlanks(_ text: String, from position: JSONPosition) -> JSONPosition {
        var (line, column) = (1, 1)
        for scalar in text.unicodeScalars {
            let isReached = (line, column) >= (position.line, position.column)
            if isReached, ![" ", "\n", "\t", "\r"].contains(scalar) { break }
            (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
        }
        return JSONPosition(line: line, column: column)
    }

    @Test(
        "Where there is no such place, the nearest parent is named",
        arguments: [
            (#"«{"a": 1}"#, "/b"), (#"{«"a": {"x": 1}}"#, "/a/y"), (#"{«"a": {"x": 1}}"#, "/a/y/z"),
            (#"{«"a": 1}"#, "/a/b"),
            (#"{"a": [1, «2]}"#, "/a/1/x"), (#"{«"a": [1, 2]}"#, "/a/2"), (#"{«"a": [1, 2]}"#, "/a/-"),
            (#"  «[]"#, "/0"),
            (#"{«"a": []}"#, "/a/0"), ("«7", ""), (" \n «7", "/a"), (#"{«"a": "b"}"#, "/a/b"),
            (#"{"b": {"a": 1}, «"a": 2}"#, "/a"), (#"{"x": "\"a\":", «"a": 2}"#, "/a"), (#"{«"\u0061": 2}"#, "/a"),
            (#"{"é": "漢😀", «"a": 2}"#, "/a"), (#"{"x": "\\", «"a": 2}"#, "/a"),
            (#"{"x": [1, "]", {}], «"a": 2}"#, "/a"),
        ])
    func nearest(_ marked: String, _ pointer: String) throws {
        let (text, positions) = markers(in: marked)
        let place = try #require(JSONPointer(parsing: pointer))
        #expect(JSONPosition(of: place, in: Array(text.utf8)) == positions[0])
    }
}
