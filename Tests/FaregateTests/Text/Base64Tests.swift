import Testing

@testable import Faregate

@Suite("Base64 as RFC 4648 has it")
struct Base64Tests {
    /// The test vectors of RFC 4648, section 10.
    static let vectors = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]

    @Test("A text is written and read", arguments: vectors)
    func vector(_ text: String, _ encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test("Every byte comes back")
    func allBytes() {
        for count in 0...256 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + count) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
        #expect(Base64.encode([0xFB, 0xFF, 0xBF]) == "+/+/")
    }

    @Test(
        "Anything else is refused: missing padding, padding elsewhere, stray bits, other alphabets, blanks",
        arguments: ["Zg", "Zg=", "Zg=a", "=g==", "====", "Zg==Zg==", "Zh==", "Zm9=", "-_-_", "Zm9v\n", "Zm 9v", "Zm9ü"])
    func refused(_ text: String) { #expect(Base64.decode(text) == nil) }
}
