import Testing

@testable import FaregateProviders

@Suite("An address is read strictly")
struct WebAddressTests {
    @Test(
        "what is plain is taken",
        arguments: [
            ("https://a.example", "https://a.example/"),
            ("HTTPS://A.Example:8443/x?y=1#z", "https://a.example:8443/x?y=1"),
            ("http://[::1]:80/é a", "http://[::1]:80/%C3%A9%20a"), ("https://a.example?q", "https://a.example/?q"),
        ])
    func takes(text: String, read: String) { #expect(WebAddress(text)?.description == read) }

    @Test(
        "what two readers could take differently is not",
        arguments: [
            "a.example", "//a.example", "ftp://a.example", "https://", "https://user@a.example",
            "https://a.example\\@b.example",
            "https://a.example:0", "https://a.example:99999", "https://a.example:8x", "https://a example",
            "https://[::1",
            "https://a.example/\"", "https://a.example/\u{0}", "javascript:alert(1)", "https://ä.example", "https://.",
        ])
    func refuses(text: String) { #expect(WebAddress(text) == nil) }

    @Test(
        "a redirect is followed from where it was",
        arguments: [
            ("/y?z=1", "https://a.example:81/y?z=1"), ("y", "https://a.example:81/x/y"),
            ("//b.example/y", "https://b.example/y"),
            ("http://b.example", "http://b.example/"),
        ])
    func follows(location: String, target: String) {
        #expect(WebAddress("https://a.example:81/x/w")?.following(location)?.description == target)
    }

    @Test(
        "loopback is this machine and nothing that looks like it",
        arguments: [
            ("http://127.0.0.1", true), ("http://127.8.9.10:1", true), ("http://localhost", true),
            ("http://[::1]", true),
            ("http://127.0.0.1.example", false), ("http://127.0.0", false), ("http://10.0.0.1", false),
        ])
    func loopback(text: String, isLoopback: Bool) { #expect(WebAddress(text)?.isLoopback == isLoopback) }

    @Test(
        "only the public internet is public",
        arguments: [
            ([8, 8, 8, 8], true), ([172, 15, 0, 1], true), ([172, 16, 0, 1], false), ([10, 0, 0, 1], false),
            ([127, 0, 0, 1], false), ([169, 254, 169, 254], false), ([192, 168, 1, 1], false),
            ([100, 64, 0, 1], false),
            ([0, 0, 0, 0], false), ([224, 0, 0, 1], false), ([255, 255, 255, 255], false), ([], false),
            ([0x26, 0x06, 0x47] + [UInt8](repeating: 0, count: 13), true),
            ([UInt8](repeating: 0, count: 15) + [1], false),
            ([UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 127, 0, 0, 1], false),
            ([0xFE, 0x80] + [UInt8](repeating: 0, count: 14), false),
            ([0xFD] + [UInt8](repeating: 0, count: 15), false),
            ([0x20, 0x02, 127, 0, 0, 1] + [UInt8](repeating: 0, count: 10), false),
        ] as [([UInt8], Bool)])
    func isPublic(bytes: [UInt8], expected: Bool) { #expect(PublicAddress.isPublic(bytes) == expected) }

    @Test("text in a path or query is percent-encoded, and comes back")
    func encodes() {
        #expect(percentEncoded("a/b c%é") == "a%2Fb%20c%25%C3%A9")
        #expect(percentDecoded("a%2Fb%20c%25%C3%A9") == "a/b c%é")
        #expect(percentDecoded("%zz") == nil)
    }
}
