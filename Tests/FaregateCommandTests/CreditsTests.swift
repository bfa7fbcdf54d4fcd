import Foundation
import Testing

@Suite("credits: packs, the cheapest purchase, and what a credit is worth", .serialized)
struct CreditsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let status: Int32
        let says: String
        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let cases = [
        Case(arguments: ["credits"], status: 0, says: "Nobody says how credits are sold|never expires"),
        Case(
            arguments: ["credits", "ninjachat", "4200"], status: 0,
            says: "$45.00 for 4500 credits: $0.01 a credit|300 credits remain; they never expire"),
        Case(arguments: ["credits", "ninjachat", "$42"], status: 0, says: "$45.00 for 4500 credits"),
        Case(
            arguments: ["credits", "ninjachat", "4200", "--balance", "4200"], status: 0, says: "nothing to buy"),
        Case(arguments: ["credits", "ninjachat", "4200", "--last", "365", "--max", "45"], status: 0, says: "✓ $45.00"),
        Case(
            arguments: ["credits", "ninjachat", "4200", "--max", "44.99"], status: 1,
            says: "above the maximum of $44.99"),
        Case(arguments: ["credits", "sjinn", "100"], status: 2, says: "nobody says how SJinn sells credits"),
        Case(arguments: ["credits", "ninjacat", "100"], status: 2, says: "Did you mean ninjachat?"),
        Case(arguments: ["credits", "ninjachat", "many"], status: 2, says: "usage.amount"),
        Case(arguments: ["credits", "ninjachat", "100", "--last=-1"], status: 2, says: "usage.amount"),
    ]

    @Test("Each way to ask ends as it should, and says why", arguments: cases)
    @MainActor func ends(_ example: Case) throws {
        let result = try CommandRunner.run(example.arguments)
        #expect(result.status == example.status, "\(result.errors)\(result.output)")
        for part in example.says.split(separator: "|") {
            #expect((result.output + result.errors).contains(part), "\(result.errors)\(result.output)")
        }
        #expect(result.lines.allSatisfy { $0.count <= 80 }, "\(result.output)")
    }

    /// Runs with SJinn's packs as a user would configure them.
    private func configured(
        _ settings: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> CommandRunner.Result {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("config.json")
            try Data(#"{"providers": {"sjinn": {\#(settings)}}}"#.utf8).write(to: file)
            return try CommandRunner.run(
                arguments, environment: ["FAREGATE_CONFIG": file.path].merging(environment) { $1 })
        }
    }

    private static let packs = #"""
        "packs": [
          {"id": "starter", "credits": "1000", "bonus": "100", "usd": "11", "expires": {"days": 365}},
          {"id": "plan", "credits": "5000", "usd": "25", "renews": "month", "expires": {"days": 30}}]
        """#
    private static let quote = [
        "quote", "-p", "sjinn", #"{"tool_type": "veo3-text-to-video-fast-api", "input": {"prompt": "x"}}"#,
    ]

    @Test(
        "With configured packs, credits compare in dollars: at the smallest purchase, or at the volume that is bought")
    @MainActor func worth() throws {
        // 1,100 credits for $11, and 5,000 for $25.
        #expect(try configured(Self.packs, Self.quote).output.contains("= $4.20 at $0.01 a credit"))
        let volume = try configured(Self.packs + #", "volume": "5000""#, Self.quote)
        #expect(volume.output.contains("= $2.10 at $0.005 a credit"), "\(volume.output)")
        #expect(volume.output.contains("when 5000 are bought"), "\(volume.output)")
        let stated = try configured(Self.packs + #", "usd_per_credit": "0.02""#, Self.quote)
        #expect(stated.output.contains("= $8.40 at $0.02 a credit"), "what is stated outright goes first")
        let route = try configured(
            Self.packs, ["route", #"{"model": "google/nano-banana", "prompt": "A kettle"}"#])
        #expect(route.output.contains("$0.50 (50 credits)"), "\(route.output)")
        #expect(!route.output.contains("ranked after"), "\(route.output)")
    }

    @Test("Configured packs are bought like the catalog's")
    @MainActor func buys() throws {
        let now = try configured(Self.packs, ["credits", "sjinn", "6000", "--format", "json"])
        let json = try #require(try JSONSerialization.jsonObject(with: Data(now.output.utf8)) as? [String: Any])
        let purchase = try #require(json["purchase"] as? [String: Any])
        #expect(purchase["usd"] as? String == "36.00")
        #expect(purchase["remaining"] as? String == "100")
        #expect(purchase["usd_per_credit"] as? String == "0.00590164", "36 / 6100, rounded up")
        let lasting = try configured(Self.packs, ["credits", "sjinn", "6000", "--last", "60"])
        #expect(lasting.output.contains("$66.00 for 6600 credits"), "\(lasting.output)")
        #expect(lasting.output.contains("plan is left out: its credits expire after 30 days"), "\(lasting.output)")
    }

    @Test("A plan says why its credits cannot be bought")
    @MainActor func notEnough() throws {
        let settings = #""packs": [{"id": "a", "credits": "60", "usd": "0.60", "limit": 1}]"#
        let arguments = [
            "plan", "--count", "3", "--only", "sjinn", #"{"model": "google/nano-banana", "prompt": "A kettle"}"#,
        ]
        // 3 × 50 credits.
        let reason = "all its packs together give 60 of the 150 credits that this takes"
        let text = try configured(settings, arguments)
        let said = text.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(said.contains("cannot be bought at sjinn: \(reason)"), "\(text.errors)\(text.output)")
        let form = try configured(settings, arguments + ["--format", "json"])
        let json = try #require(try JSONSerialization.jsonObject(with: Data(form.output.utf8)) as? [String: Any])
        let purchase = try #require((json["purchases"] as? [[String: Any]])?.first)
        #expect(purchase["purchase"] is NSNull)
        #expect(purchase["code"] as? String == "plan.packs_not_enough")
        #expect(purchase["reason"] as? String == reason)
    }

    @Test("A mistake among configured packs is told with its place")
    @MainActor func mistake() throws {
        let result = try configured(#""packs": [{"id": "a", "credits": "0", "usd": "1"}]"#, ["credits", "sjinn", "1"])
        #expect(result.status == 2)
        #expect(result.errors.contains("config.json:1:"), "\(result.errors)")
        let volume = try configured(
            #""packs": [{"id": "a", "credits": "10", "usd": "1", "limit": 1}], "volume": "11""#, Self.quote)
        #expect(volume.status == 2)
        #expect(volume.errors.contains("the volume of 11 credits"), "\(volume.errors)")
    }
}
