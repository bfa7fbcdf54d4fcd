import Testing

@testable import Faregate

@Suite("Absolute http and https addresses")
struct HTTPAddressTests {
    @Test(
        "Addresses with a host are accepted",
        arguments: [
            "https://example.com", "http://example.com", "HTTPS://EXAMPLE.COM/A.PNG", "https://example.com/",
            "http://a",
            "https://example.com/a/b.png?x=1&y=%20#top", "https://example.com:8443/a", "https://example.com:/a",
            "https://example.com:65535", "http://localhost:3000", "http://127.0.0.1/a", "http://[::1]/a",
            "http://[::1]:80/a",
            "https://user:pass@example.com/a", "https://münchen.example/ä", "https://例え.jp/画像.png",
            "https://example.com.",
            "https://example.com?x=1", "https://example.com#x", "https://a-b.c_d.example", "https://example.com/a//b",
            "https://example.com/a:b@c", "https://example.com/a[1].png", "https://example.com/'a'(b)!*~;,=+$",
            // A mark that joins the character before it leaves a slash a slash, a dot a dot.
            "https://\u{301}.example/", "https://a.\u{301}/", "https://a/\u{301}b", "https://u@\u{301}/",
        ])
    func accepted(_ text: String) { #expect(HTTPAddress.isAbsolute(text)) }

    @Test(
        "Everything else is not",
        arguments: [
            "", "https://", "http://", "https:///a", "https:/example.com", "https:example.com", "example.com",
            "//example.com",
            "/a.png", "a.png", "ftp://example.com", "file:///etc/passwd", "data:image/png;base64,AAAA",
            "javascript:alert(1)",
            "blob:https://example.com/a", "https//example.com", "http s://example.com", " https://example.com",
            "https://example.com ", "https://exam ple.com", "https://example.com/a b.png", "https://example.com/a\nb",
            "https://example.com/\u{0}", "https://example.com/\u{7F}", "https://?x", "https://#x", "https://:80",
            "https://@",
            "https://user@", "https://user@:80", "https://example.com:65536",
            "https://example.com:99999999999999999999",
            "https://example.com:8a", "https://example.com:-1", "https://example.com:80:80", "https://.example.com",
            "https://example..com", "https://..", "https://.", "http://[]", "http://[::1", "http://[::1]a",
            "http://[::1]:x",
            "https://example.com/<a>", "https://example.com/\"a\"", "https://example.com\\a", "https://example.com/a|b",
            "https://example.com/{id}", "https://example.com/a^b", "https://example.com/`a`", "s3://bucket/key",
            "https://a:\u{301}80/", "https://..\u{301}", "https:/\u{301}/a",
            "mailto:a@b.c", "@Image1",
        ])
    func refused(_ text: String) { #expect(!HTTPAddress.isAbsolute(text)) }

    static let endings: [(String, String?)] = [
        ("https://example.com/a.png", "png"), ("https://example.com/a.PNG?x=b.gif#c.jpg", "png"),
        ("https://example.com/a.b.webp", "webp"), ("https://example.com/a.png/b", nil),
        ("https://example.com/png", nil),
        ("https://example.com/a.", nil), ("https://example.com", nil), ("https://example.png", nil),
        ("https://example.com/a.v2", nil), ("https://example.com/.gif", "gif"), ("https://example.com/a.png/", "png"),
        ("https://example.com/漢.jpeg", "jpeg"),
    ]

    @Test("The kind of file is the ending of the path, where it is one of a media file", arguments: endings)
    func ending(_ text: String, _ expected: String?) { #expect(HTTPAddress.mediaExtension(text) == expected) }
}
