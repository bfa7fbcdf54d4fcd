import Foundation
import Testing

@Suite("Proofs about the catalog, on the command line")
struct CatalogProofTests {
    private static let offering = "providers/apixo/offerings/veo-3-1.json"

    /// A copy of the catalog with one text replaced in an offering.
    private func withCatalog(_ old: String, _ new: String, _ body: (String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let copy = folder.appendingPathComponent("catalog")
            try FileManager.default.copyItem(at: CommandRunner.root.appendingPathComponent("catalog"), to: copy)
            let file = copy.appendingPathComponent(Self.offering)
            let text = try String(contentsOf: file, encoding: .utf8)
            try #require(text.contains(old))
            try Data(text.replacing(old, with: new).utf8).write(to: file)
            try body(copy.path)
        }
    }

    @Test("The catalog that is shipped is clean: a line for each offering, within 80 columns")
    @MainActor func clean() throws {
        let result = try CommandRunner.run(["catalog", "coverage"])
        #expect(result.status == 0)
        #expect(result.output.contains("✓ nothing open"))
        #expect(result.lines.allSatisfy { $0.count <= 80 })
        #expect(result.lines.filter { $0.hasPrefix("✓ ") }.count > 70)
    }

    @Test("A finding is shown with its request, and the exit status is 1")
    @MainActor func finding() throws {
        try withCatalog(#""equals": "fast" }"#, #""equals": "quality" }"#) { catalog in
            let arguments = ["catalog", "coverage", "--catalog", catalog, "-p", "apixo", "-m", "veo-3-1"]
            let text = try CommandRunner.run(arguments)
            #expect(text.status == 1)
            #expect(text.output.contains("coverage.unpriced") && text.output.contains("coverage.conflicting_rates"))
            #expect(text.lines.allSatisfy { $0.count <= 80 })
            let json = try CommandRunner.run(arguments + ["--format", "json"])
            #expect(json.status == 1)
            let report = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
            let offerings = report?["offerings"] as? [[String: Any]]
            let findings = offerings?.first?["findings"] as? [[String: Any]] ?? []
            #expect(offerings?.first?["exact"] as? Bool == true)
            #expect(findings.count == 2 && findings.allSatisfy { $0["witness"] is [String: Any] })
        }
    }

    @Test("An unknown provider or model cannot be asked about")
    @MainActor func unknown() throws {
        for arguments in [["-p", "apix"], ["-m", "veo-3-2"]] {
            for command in ["coverage", "cases"] {
                let result = try CommandRunner.run(["catalog", command] + arguments)
                #expect(result.status == 2)
                #expect(result.errors.contains("Did you mean"))
            }
        }
    }

    @Test("Cases that are left out are counted on standard error, and listed on request with their reasons")
    func leftOut() throws {
        let cases = try CommandRunner.run(["catalog", "cases", "-p", "apixo"])
        let listed = try CommandRunner.run(["catalog", "cases", "-p", "apixo", "--left-out"])
        #expect(listed.status == 0 && listed.errors.isEmpty)
        var count = 0
        for line in listed.lines {
            let json = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(json["left_out"] is String && json["message"] is String && json["model"] is String)
            count += try #require(json["count"] as? Int)
        }
        #expect(count > 0)
        #expect(cases.errors.hasPrefix("\(count) case"), "\(cases.errors)")
        #expect(cases.errors.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("Cases can be replayed as a batch, and come out as they say")
    @MainActor func replay() throws {
        let cases = try CommandRunner.run(["catalog", "cases", "-p", "apixo"])
        #expect(cases.status == 0 && cases.lines.count > 50)
        let answers = try CommandRunner.run(["validate", "--batch"], input: cases.output)
        #expect(answers.status == 1)
        func valid(_ lines: [String], _ path: [String]) throws -> [Bool?] {
            try lines.map { line in
                var value: Any? = try JSONSerialization.jsonObject(with: Data(line.utf8))
                for name in path { value = (value as? [String: Any])?[name] }
                return value as? Bool
            }
        }
        let wanted = try valid(cases.lines, ["expect", "valid"])
        #expect(wanted == (try valid(answers.lines, ["valid"])))
        #expect(wanted.contains(true) && wanted.contains(false))
    }
}
