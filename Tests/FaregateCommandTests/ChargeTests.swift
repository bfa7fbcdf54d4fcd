import Foundation
import Testing

@Suite("A person says what a lost task was billed, in the unit that is meant", .serialized)
struct ChargeTests {
    static let request = [
        "run", "-p", "sjinn", #"{"tool_type": "veo3-text-to-video-fast-api", "input": {"prompt": "A barn owl"}}"#,
    ]

    /// Resolves a task in doubt.
    ///
    /// - Parameters:
    ///   - isPriced: Its price is known, in credits.
    ///   - key: An empty one is none.
    /// - Returns: What was said, and the ledger.
    @MainActor private func resolve(
        charge: String, isPriced: Bool = true, key: String = "sandbox"
    ) throws -> (CommandRunner.Result, ledger: String) {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--fault", "reply-lost-after-accept"], only: ["sjinn"])
            #expect(try shell.run(Self.request).status == 1)
            if !isPriced {
                try shell.change("UPDATE attempts SET unit = NULL, worst_case = NULL, usd_per_unit = NULL")
            }
            let result = try shell.run(
                ["tasks", "resolve", try shell.taskID(), "--spent", "--charge=\(charge)"],
                environment: ["FAREGATE_SJINN_API_KEY": key])
            return (result, try shell.run(["ledger", "export"]).output)
        }
    }

    @Test(
        "A number alone is in the unit of the price, or in what the provider counts in",
        arguments: [("40", true), ("40", false), ("40 credits", true), ("40credits", false)])
    @MainActor func credits(_ charge: String, _ isPriced: Bool) throws {
        let (result, ledger) = try resolve(charge: charge, isPriced: isPriced)
        #expect(result.output.contains("orphaned  40 credits"), "\(result.output)\(result.errors)")
        let line = isPriced ? "adjust,\(40 - 420),credits," : "adjust,40,credits,"
        #expect(ledger.contains(line), "\(ledger)")
    }

    @Test("Without a price it is what was written", arguments: ["$0.40", "0.40 USD", "0.40usd"])
    @MainActor func dollars(_ charge: String) throws {
        let (result, ledger) = try resolve(charge: charge, isPriced: false)
        #expect(result.output.contains("orphaned  $0.40"), "\(result.output)\(result.errors)")
        #expect(ledger.contains(",0.4,USD,0.4,"), "\(ledger)")
    }

    @Test(
        "What is in another unit than the price, in none that anybody knows, or no amount is refused",
        arguments: [
            ("$0.40", true, "sandbox", "is in USD; the task is counted in credits"),
            ("40", false, "", "may be dollars or credits"), ("much", true, "sandbox", "is no amount"),
            ("-1", true, "sandbox", "is no amount"), ("$4 credits", true, "sandbox", "is no amount"),
            ("40 pounds", true, "sandbox", "is no amount"), ("4 0", true, "sandbox", "is no amount"),
            ("$", true, "sandbox", "is no amount"),
        ])
    @MainActor func refused(_ charge: String, _ isPriced: Bool, _ key: String, _ says: String) throws {
        let (result, ledger) = try resolve(charge: charge, isPriced: isPriced, key: key)
        let said = result.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(result.status == 2)
        for words in [says, "usage.charge", "40 credits"] { #expect(said.contains(words), "\(said)") }
        #expect(ledger.split(separator: "\n").count == 2, "\(ledger)")
    }
}
