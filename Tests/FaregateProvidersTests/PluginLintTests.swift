import Faregate
import FaregateProviders
import Foundation
import Testing

@Suite("Lint looks into the plugins that a catalog names")
struct PluginLintTests {
    /// A mistake in one plugin of the real ones.
    struct Seed: Sendable, CustomTestStringConvertible {
        let code: String
        let plugin: String
        let find: String
        /// `«` stands where the finding points.
        let with: String
        var testDescription: String { "\(code): \(with)" }
    }

    static let seeds = [
        Seed(
            code: "document.unknown_member", plugin: "ninjachat", find: #""idempotency": {"#,
            with: #"«"retries": 3, "idempotency": {"#),
        Seed(
            code: "json.duplicate_key", plugin: "sjinn", find: #""protocol": 1,"#,
            with: #""protocol": 1, "protocol": 1,"#),
        Seed(
            code: "manifest.source", plugin: "ninjachat", find: #""source": "errors","#, with: #"«"source": "erors","#),
        Seed(code: "plugin.protocol_unsupported", plugin: "apixo", find: #""protocol": 1"#, with: #"«"protocol": 2"#),
        Seed(
            code: "plugin.model_unsaid", plugin: "apixo", find: #""path": "/api/v1/generateTask/{model}""#,
            with: #"«"path": "/api/v1/generateTask""#),
        Seed(
            code: "plugin.request_unsent", plugin: "ninjachat",
            find: #""request": { "method": "POST", "path": "/api/v1/video", "body": "task" }"#,
            with: #"«"request": { "method": "POST", "path": "/api/v1/video" }"#),
        Seed(
            code: "plugin.unknown_member", plugin: "unifically", find: #""/dry_run": true"#,
            with: #"«"/dryrun": true"#),
        Seed(
            code: "plugin.unknown_member", plugin: "unifically", find: #""url_at": "/callback_url""#,
            with: #"«"url_at": "/hook""#),
        Seed(
            code: "plugin.unknown_member", plugin: "sjinn", find: #""idempotency": {\#n    "kind": "none","#,
            with: #""idempotency": {\#n    "kind": "body", «"at": "/key","#),
        Seed(code: "plugin.medium_unadvised", plugin: "sjinn", find: #""image": {"#, with: #""audio": {"#),
        Seed(
            code: "plugin.other_unit", plugin: "ninjachat", find: #""unit": "USD", "succeeded""#,
            with: #"«"unit": "credits", "succeeded""#),
    ]

    private func problems(plugins: String) throws -> [CatalogProblem] {
        let files = try CatalogFolder.files(of: Plugins.folder + "/../catalog")
        return PluginLint.problems(
            files, snapshot: try Snapshot(files: files), plugins: plugins, named: "../plugins")
    }

    /// A copy of the plugins with one of them changed.
    private func problems(_ change: (URL) throws -> Void) throws -> [CatalogProblem] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.copyItem(at: URL(fileURLWithPath: Plugins.folder), to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        try change(folder)
        return try problems(plugins: folder.path)
    }

    @Test("The plugins that are shipped fit the catalog that is shipped")
    func clean() throws {
        let found = try problems(plugins: Plugins.folder)
        #expect(found.isEmpty, "\(found)")
    }

    @Test("A mistake is found in the plugin's file, with line and column", arguments: seeds)
    func finds(_ seed: Seed) throws {
        var mark: (line: Int, column: Int)?
        let found = try problems { folder in
            let file = folder.appendingPathComponent("\(seed.plugin)/plugin.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            let range = try #require(text.range(of: seed.find), "\(seed.plugin) has no \(seed.find)")
            let marked = text.replacingCharacters(in: range, with: seed.with)
            if let place = marked.range(of: "«")?.lowerBound {
                let lines = marked[..<place].split(separator: "\n", omittingEmptySubsequences: false)
                mark = (lines.count, (lines.last ?? "").unicodeScalars.count + 1)
            }
            try Data(marked.replacing("«", with: "").utf8).write(to: file)
        }
        let hit = try #require(found.first { $0.code == seed.code }, "\(found)")
        #expect(hit.file == "../plugins/\(seed.plugin)/plugin.json")
        #expect(hit.severity == .error && hit.position != nil)
        if let mark { #expect(hit.position == JSONPosition(line: mark.line, column: mark.column)) }
    }

    @Test("A plugin that is not there is told where the provider names it")
    func missing() throws {
        let found = try problems { try FileManager.default.removeItem(at: $0.appendingPathComponent("sjinn")) }
        #expect(found.map(\.code) == ["plugin.file_unreadable"])
        #expect(found.first?.description.hasPrefix("providers/sjinn/provider.json:4:3: ") == true, "\(found)")
    }

    @Test("Every code of how catalog and plugin go together has its seed")
    func codes() {
        let seeded = Set(Self.seeds.map(\.code))
        for code in PluginLint.Code.allCases { #expect(seeded.contains(code.rawValue)) }
    }

    @Test("The documentation lists every one of them")
    func documented() throws {
        let page = Plugins.folder + "/../Sources/Faregate/Documentation.docc/CatalogFindings.md"
        let text = try String(contentsOfFile: page, encoding: .utf8)
        let section = try #require(
            text.components(separatedBy: "## Plugins").last?.components(separatedBy: "\n## ").first)
        let codes = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
            .flatMap { $0.split(separator: "|")[0].split(separator: "`") }
            .filter { $0.contains(".") }.map(String.init)
        let ours = codes.filter { $0.hasPrefix("plugin.") && PluginLint.Code(rawValue: $0) != nil }
        #expect(ours.sorted() == PluginLint.Code.allCases.map(\.rawValue).sorted())
        let loading = Set(codes).subtracting(ours)
        #expect(
            loading == [
                "plugin.file_unreadable", "plugin.protocol_unsupported", "manifest.condition", "manifest.rule",
                "manifest.placeholder", "manifest.source", "manifest.example",
            ])
    }
}
