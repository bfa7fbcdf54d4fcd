import Foundation
import Testing

/// The README's section on the catalog is generated. `FAREGATE_RECORD=1` writes it anew.
@Suite("The README says what the catalog holds", .serialized)
struct CatalogSummaryTests {
    private static let file = CommandRunner.root.appendingPathComponent("README.md")
    private static let (begin, end) = ("<!-- catalog:begin -->\n", "<!-- catalog:end -->")
    private var catalog: String { CommandRunner.root.appendingPathComponent("catalog").path }

    @Test("The section between the marks is what `faregate catalog summary --markdown` prints")
    @MainActor func readme() throws {
        let result = try CommandRunner.run(["catalog", "summary", "--markdown", catalog])
        #expect(result.status == 0, "\(result.errors)")
        var text = try String(contentsOf: Self.file, encoding: .utf8)
        let begin = try #require(text.range(of: Self.begin))
        let end = try #require(text.range(of: Self.end, range: begin.upperBound..<text.endIndex))
        if ProcessInfo.processInfo.environment["FAREGATE_RECORD"] != nil {
            text.replaceSubrange(begin.upperBound..<end.lowerBound, with: result.output)
            try Data(text.utf8).write(to: Self.file)
        } else {
            #expect(
                text[begin.upperBound..<end.lowerBound] == result.output,
                "record it anew: FAREGATE_RECORD=1 swift test --filter CatalogSummaryTests")
        }
    }

    @Test("The figures add up")
    @MainActor func json() throws {
        let result = try CommandRunner.run(["catalog", "summary", "--format", "json", catalog])
        let json = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let providers = try #require(json["providers"] as? [String: [String: Any]])
        let total = try #require(json["total"] as? [String: Any])
        for name in ["offerings", "priced", "constraints", "rates", "rates_known", "cases", "sourced"] {
            let sum = providers.values.compactMap { $0[name] as? Int }.reduce(0, +)
            #expect(total[name] as? Int == sum, "\(name)")
        }
        let files = FileManager.default.enumerator(atPath: catalog + "/providers")?.compactMap { $0 as? String } ?? []
        let offerings = files.filter {
            $0.contains("/offerings/") && $0.hasSuffix(".json") && !$0.hasSuffix(".cases.json")
        }
        #expect(total["offerings"] as? Int == offerings.count)
    }
}

@Suite("catalog diff compares two folders")
struct CatalogDiffTests {
    private let files = FileManager.default
    private var catalog: URL { CommandRunner.root.appendingPathComponent("catalog") }

    /// A copy of the catalog in which a price went up.
    private func withDearerCopy(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let copy = folder.appendingPathComponent("catalog")
            try files.copyItem(at: catalog, to: copy)
            let file = copy.appendingPathComponent("providers/sjinn/offerings/sora2-image-to-video-api.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            try Data(text.replacing("\"420\"", with: "\"525\"").utf8).write(to: file)
            try body(folder)
        }
    }

    @Test("Exit status, text, JSON and Markdown")
    @MainActor func formats() throws {
        let same = try CommandRunner.run(["catalog", "diff", catalog.path, catalog.path])
        #expect(same.status == 0 && same.lines == ["the same meaning"], "\(same.output)")
        try withDearerCopy { folder in
            let command = ["catalog", "diff", catalog.path, folder.appendingPathComponent("catalog").path]
            let text = try CommandRunner.run(command)
            #expect(text.status == 1)
            #expect(text.output.contains("▲ price std up +25%"), "\(text.output)")
            let markdown = try CommandRunner.run(command + ["--markdown"])
            #expect(markdown.status == 1)
            #expect(markdown.output.contains("### sjinn sora2-image-to-video-api"), "\(markdown.output)")
            let json = try CommandRunner.run(command + ["--format", "json"])
            let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
            let changes = try #require(document?["changes"] as? [[String: Any]])
            #expect(changes.compactMap { $0["kind"] as? String } == ["price.up"])
            let broken = try CommandRunner.run(["catalog", "diff", catalog.path, folder.path])
            #expect(broken.status == 2)
        }
    }

    @Test("A witness whose text is long is cut, and stays within 80 columns; as JSON it is whole")
    func longWitness() throws {
        try withTemporaryFolder { folder in
            let copy = folder.appendingPathComponent("catalog")
            try FileManager.default.copyItem(at: catalog, to: copy)
            let file = copy.appendingPathComponent("providers/unifically/offerings/alibaba/z-image-turbo.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            try Data(text.replacing("\"maxLength\": 800", with: "\"maxLength\": 700").utf8).write(to: file)
            let command = ["catalog", "diff", catalog.path, copy.path]
            let shown = try CommandRunner.run(command)
            #expect(shown.output.contains("aaa… ("), "\(shown.output)")
            #expect(shown.output.contains(" characters)\""), "\(shown.output)")
            #expect(!shown.output.contains(String(repeating: "a", count: 41)), "\(shown.output)")
            #expect(shown.lines.allSatisfy { $0.count <= 80 }, "\(shown.output)")
            let whole = try CommandRunner.run(command + ["--format", "json"])
            #expect(whole.output.contains(String(repeating: "a", count: 701)))
        }
    }

    @Test("--usage adds up what the user's requests cost before and after")
    @MainActor func usage() throws {
        try withDearerCopy { folder in
            let line =
                #"{"id": "a", "provider": "sjinn", "body": {"tool_type": "sora2-image-to-video-api", "#
                + #""input": {"prompt": "She smiles", "image": "https://example.com/she.png"}}}"#
            let usage = folder.appendingPathComponent("requests.jsonl")
            try Data("\(line)\n\(line)\nno request\n".utf8).write(to: usage)
            let result = try CommandRunner.run([
                "catalog", "diff", catalog.path, folder.appendingPathComponent("catalog").path, "--usage", usage.path,
            ])
            #expect(result.output.contains("2 requests: 0 become invalid, 0 become valid, 2 cost something else"))
            #expect(result.output.contains("before: 840 credits for 2 requests"), "\(result.output)")
            #expect(result.output.contains("after:  1050 credits for 2 requests"), "\(result.output)")
            #expect(result.output.contains("1 line could not be read as a request: 3"), "\(result.output)")
            #expect(result.lines.allSatisfy { $0.count <= 80 }, "\(result.output)")
        }
    }
}
