import Faregate
import Testing

@Suite("What is written reads back the same")
struct JSONWriterTests {
    @Test("Generated documents survive, compact and pretty", arguments: 1...8)
    func roundTrip(_ seed: UInt64) throws {
        var generator = JSONGenerator(seed: seed)
        for _ in 0..<250 {
            let value = generator.value()
            let compact = try JSONValue(parsing: value.text())
            let pretty = try JSONValue(parsing: value.text(pretty: true))
            #expect(compact == value, "\(value.text())")
            #expect(pretty == value, "\(value.text())")
            #expect(compact.text() == value.text())
            #expect(pretty.text(pretty: true) == value.text(pretty: true))
        }
    }

    static let layouts: [(JSONValue, String, String)] = [
        (JSONValue.array([]), "[]", "[]"), ([:], "{}", "{}"), ([1, "a"], "[1,\"a\"]", "[\n  1,\n  \"a\"\n]"),
        (["a": ["b": []]], "{\"a\":{\"b\":[]}}", "{\n  \"a\": {\n    \"b\": []\n  }\n}"),
    ]

    @Test("Compact text has no blanks, pretty text two a level", arguments: layouts)
    func layout(_ value: JSONValue, _ compact: String, _ pretty: String) {
        #expect(value.text() == compact)
        #expect(value.text(pretty: true) == pretty)
    }

    static let numberTexts: [(JSONValue, String)] = [
        (JSONValue.integer(.max), "9223372036854775807"), (.integer(.min), "-9223372036854775808"), (.real(8), "8.0"),
        (.real(0.1), "0.1"), (.real(-0.0), "-0.0"), (.real(1e21), "1e+21"), (.real(.leastNonzeroMagnitude), "5e-324"),
    ]

    @Test("Numbers are written so that they read back exactly", arguments: numberTexts)
    func numbers(_ value: JSONValue, _ text: String) { #expect(value.text() == text) }

    @Test("What JSON has no number for is written as null", arguments: [Double.nan, .infinity, -.infinity])
    func notANumber(_ number: Double) { #expect(JSONValue.real(number).text() == "null") }

    @Test(
        "Only what must be escaped is",
        arguments: [
            ("\"\\/", #""\"\\/""#), ("\n\r\t", #""\n\r\t""#), ("\u{0}\u{8}\u{C}\u{1F}", #""\u0000\u0008\u000c\u001f""#),
            ("\u{7F}é漢😀\u{2028}", "\"\u{7F}é漢😀\u{2028}\""), ("\r\n", #""\r\n""#), ("\"\u{301}", "\"\\\"\u{301}\""),
        ])
    func escapes(_ string: String, _ text: String) {
        #expect(JSONValue.string(string).text().unicodeScalars.elementsEqual(text.unicodeScalars))
        #expect(JSONValue.object(JSONObject([(string, 1)])).text() == "{\(text):1}")
    }
}
