import Testing

@testable import FaregateTasks

@Suite("Notices are signed as Standard Webhooks has it")
struct WebhookSignerTests {
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    private static let other = "whsec_" + String(repeating: "A", count: 32)

    private static func signature(_ secrets: String) -> String? {
        WebhookSigner(secrets: secrets)?.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: #"{"test": 2432232314}"#)
    }

    @Test("The vector of the specification's libraries")
    func vector() { #expect(Self.signature(Self.secret) == Self.signature) }

    @Test("While one secret replaces another, there is a signature for each")
    func rotation() throws {
        let both = try #require(Self.signature("\(Self.secret) \(Self.other)"))
        let alone = try #require(Self.signature(Self.other))
        #expect(both == "\(Self.signature) \(alone)" && alone != Self.signature)
        #expect(Self.signature("\(Self.other)\n \(Self.secret) ") == "\(alone) \(Self.signature)")
    }

    @Test(
        "What is no secret is refused, one bad among good ones too",
        arguments: [
            "", " ", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64!",
            "whsec_" + String(repeating: "AAAA", count: 22), secret + " x",
        ])
    func refused(_ secrets: String) { #expect(WebhookSigner(secrets: secrets) == nil) }

    @Test("A signer shows no secret")
    func masked() throws {
        let signer = try #require(WebhookSigner(secrets: Self.secret))
        var dumped = ""
        dump(signer, to: &dumped)
        for text in ["\(signer)", String(reflecting: signer), dumped] {
            #expect(text.contains("1 secret") && !text.contains("MfKQ") && !text.contains("49"), "\(text)")
        }
    }
}
