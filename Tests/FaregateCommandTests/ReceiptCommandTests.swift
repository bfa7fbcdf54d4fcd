import Foundation
import Testing

@Suite("Receipts on the command line: written once, run exactly, held against the charge", .serialized)
struct ReceiptCommandTests {
    private static let portable = #"{"model": "google/nano-banana", "prompt": "A matte ceramic kettle"}"#
    private static let native =
        #"{"tool_type": "sora2-image-to-video-api", "input": {"prompt": "She smiles", "image": "https://example.com/she.png"}}"#

    /// Makes a receipt in a folder of its own.
    private func withReceipt(
        _ arguments: [String] = ["quote", "-p", "sjinn", native],
        _ body: (URL, CommandRunner.Result) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("receipt.json")
            let result = try await CommandRunner.runAside(arguments + ["--receipt", file.path])
            try await body(file, result)
        }
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test(
        "quote and route write one that only its owner can read, and never over another file",
        arguments: [
            ["quote", "-p", "sjinn", native], ["quote", portable], ["route", portable],
            ["route", "--format", "json", portable],
        ])
    func writes(_ arguments: [String]) async throws {
        try await withReceipt(arguments) { file, result in
            #expect(result.status == 0, "\(result.errors)")
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let receipt = try json(String(contentsOf: file, encoding: .utf8))
            #expect(receipt["receipt"] as? Int == 1)
            #expect((receipt["alternatives"] as? [Any])?.isEmpty == arguments.contains("sjinn"))
            let again = try await CommandRunner.runAside(arguments + ["--receipt", file.path])
            #expect(again.status == 2 && again.errors.contains("receipt.unwritable"), "\(again.errors)")
        }
    }

    @Test(
        "No receipt for what is refused, and none for several",
        arguments: [
            (["quote", "-p", "ninjachat", #"{"model": "seedance-2"}"#], 1), (["quote", "--batch"], 2),
            (["route", "--max-price", "0.001", portable], 1), (["quote", "--valid-for", "soon", portable], 2),
        ] as [([String], Int32)])
    func writesNone(_ arguments: [String], _ status: Int32) async throws {
        try await withReceipt(arguments) { file, result in
            #expect(result.status == status, "\(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test("run --receipt sends exactly what was quoted")
    func runs() async throws {
        try await withReceipt(["route", Self.portable]) { file, _ in
            let receipt = try json(String(contentsOf: file, encoding: .utf8))
            let result = try await CommandRunner.runAside([
                "run", "--dry-run", "--format", "json", "--receipt", file.path,
            ])
            #expect(result.status == 0, "\(result.errors)")
            let request = try json(result.output)
            let body = try #require(request["body"] as? NSDictionary)
            #expect(body == receipt["body"] as? NSDictionary)
            let text = try await CommandRunner.runAside(["run", "--dry-run", "--receipt", file.path, Self.portable])
            #expect(text.status == 0 && text.output.contains("exactly as quoted; the receipt holds for 24 h"))
        }
    }

    @Test(
        "run --receipt refuses what is not the same, and says what is different",
        arguments: [
            ("\"expires_at\": \"20", "\"expires_at\": \"19", [], "receipt.expired"),
            ("She smiles", "She frowns", [], "receipt.body_altered"),
            ("\"420\"", "\"400\"", [], "receipt.quote_changed"),
            ("", "", ["-p", "ninjachat"], "receipt.other_request"),
            ("", "", [native.replacingOccurrences(of: "smiles", with: "frowns")], "receipt.other_request"),
            ("", "", ["--max-price", "0.01"], "policy.price_not_comparable"),
        ] as [(String, String, [String], String)])
    func refuses(_ find: String, _ with: String, _ more: [String], _ code: String) async throws {
        try await withReceipt { file, _ in
            let text = try String(contentsOf: file, encoding: .utf8)
            let changed = find.isEmpty ? text : text.replacingOccurrences(of: find, with: with)
            #expect(find.isEmpty || changed != text)
            try Data(changed.utf8).write(to: file)
            let arguments = ["run", "--sandbox", "--accept-unknown-price", "--receipt", file.path] + more
            let result = try await CommandRunner.runAside(arguments)
            #expect(result.status == 1, "\(result.errors)")
            #expect(result.output.contains("nothing was sent") && result.output.contains(code), "\(result.output)")
            let data = try await CommandRunner.runAside(arguments + ["--format", "json"])
            #expect(data.status == 1)
            let answer = try json(data.output)
            let codes = (answer["differences"] as? [[String: Any]])?.compactMap { $0["code"] as? String }
            #expect(codes?.contains(code) == true)
        }
    }

    @Test("A catalog that changes nothing about the request is a note")
    func otherCatalog() async throws {
        try await withReceipt { file, _ in
            let copy = file.deletingLastPathComponent().appendingPathComponent("catalog")
            try FileManager.default.copyItem(at: CommandRunner.root.appendingPathComponent("catalog"), to: copy)
            let units = copy.appendingPathComponent("units.json")
            let text = try String(contentsOf: units, encoding: .utf8)
            try Data((text + "\n").utf8).write(to: units)
            let plugins = CommandRunner.root.appendingPathComponent("plugins").path
            func run() async throws -> CommandRunner.Result {
                try await CommandRunner.runAside(
                    ["run", "--dry-run", "--receipt", file.path, "--catalog", copy.path],
                    environment: ["FAREGATE_PLUGINS": plugins])
            }
            let same = try await run()
            #expect(same.status == 0 && same.output.contains("the verdict and the price"), "\(same.errors)")
            let offering = copy.appendingPathComponent("providers/sjinn/offerings/sora2-image-to-video-api.json")
            let dearer = try String(contentsOf: offering, encoding: .utf8).replacingOccurrences(
                of: "\"420\"", with: "\"525\"")
            try Data(dearer.utf8).write(to: offering)
            let changed = try await run()
            #expect(changed.status == 1)
            #expect(changed.output.contains("it costs 525 credits; it was quoted 420 credits"), "\(changed.output)")
        }
    }

    struct Charge: Sendable, CustomTestStringConvertible {
        let charged: String
        let status: Int32
        let says: String
        var testDescription: String { "\(charged) → \(status)" }
    }

    @Test(
        "receipt check: 1 when more was charged than quoted, 2 when it cannot be told",
        arguments: [
            Charge(charged: "420", status: 0, says: "charged 420 credits, quoted 420 credits"),
            Charge(charged: "420credits", status: 0, says: "✓"),
            Charge(charged: "400 credits", status: 0, says: "20 credits less"),
            Charge(charged: "2100credits", status: 1, says: "1680 credits more than quoted"),
            Charge(charged: "$2.10", status: 2, says: "nobody says how the two convert"),
            Charge(charged: "much", status: 2, says: "usage.charged"),
            Charge(charged: "-3", status: 2, says: "usage.charged"),
        ])
    func charges(_ example: Charge) async throws {
        try await withReceipt { file, _ in
            let result = try await CommandRunner.runAside([
                "receipt", "check", file.path, "--charged=\(example.charged)",
            ])
            #expect(result.status == example.status, "\(result.errors)")
            #expect((result.output + result.errors).contains(example.says), "\(result.output)\(result.errors)")
        }
    }

    @Test("What run printed is held against the receipts it belongs to, line by line; charged twice is told")
    func results() async throws {
        try await withReceipt { file, _ in
            let receipt = try json(String(contentsOf: file, encoding: .utf8))
            func line(_ outcome: String, _ credits: Int?, prompt: String? = nil) throws -> String {
                var body = try #require(receipt["body"] as? [String: Any])
                if let prompt { body["input"] = ["prompt": prompt] }
                var result: [String: Any] = [
                    "provider": "sjinn", "model": "sora2-image-to-video-api", "body": body, "outcome": outcome,
                ]
                result["charge"] = credits.map { ["amount": "\($0)", "unit": "credits"] }
                return String(decoding: try JSONSerialization.data(withJSONObject: result), as: UTF8.self)
            }
            func check(_ lines: [String]) async throws -> CommandRunner.Result {
                try await CommandRunner.runAside(
                    ["receipt", "check", file.path, "--result", "-"], input: lines.joined(separator: "\n"))
            }
            let fine = try await check([try line("succeeded", 420), try line("succeeded", 900, prompt: "x")])
            #expect(fine.status == 0 && fine.output.contains("1 result is of other requests"), "\(fine.output)")
            let unsaid = try await check([try line("succeeded", nil)])
            #expect(unsaid.status == 0 && unsaid.output.contains("does not say what was charged"))
            let more = try await check([try line("succeeded", 421)])
            #expect(more.status == 1 && more.output.contains("1 credits more than quoted"))
            let twice = try await check([try line("succeeded", 420), try line("succeeded", 420)])
            #expect(twice.status == 1 && twice.output.contains("charged 2 times"), "\(twice.output)")
            let none = try await check([try line("succeeded", 420, prompt: "x")])
            #expect(none.status == 2 && none.output.contains("no result is for it"))
            let broken = try await check(["{"])
            #expect(broken.status == 2)
        }
    }

    @Test("A run in the sandbox, from the quote to the charge")
    func wholeWay() async throws {
        try await withReceipt(["route", Self.portable]) { file, _ in
            let folder = file.deletingLastPathComponent()
            let run = try await CommandRunner.runAside([
                "run", "--sandbox", "--receipt", file.path, "--format", "json", "--output-folder", folder.path,
            ])
            #expect(run.status == 0, "\(run.errors)\(run.output)")
            let check = try await CommandRunner.runAside(
                ["receipt", "check", file.path, "--result", "-", "--format", "json"], input: run.output)
            #expect(check.status == 0, "\(check.errors)\(check.output)")
            let document = try json(check.output)
            let receipts = try #require(document["receipts"] as? [[String: Any]])
            #expect((receipts[0]["charges"] as? [Any])?.count == 1)
        }
    }
}
