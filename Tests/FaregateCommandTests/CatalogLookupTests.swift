import Foundation
import Testing

@Suite("The catalog is found, or its faults are told")
struct CatalogLookupTests {
    private let files = FileManager.default
    private var catalog: URL { CommandRunner.root.appendingPathComponent("catalog") }

    private func folderNamed(_ result: CommandRunner.Result) -> String? {
        result.lines.first { $0.hasPrefix("catalog") }?.split(separator: " ").last.map(String.init)
    }

    @Test("--catalog goes before FAREGATE_CATALOG, which goes before what lies beside the executable")
    @MainActor func order() throws {
        try withTemporaryFolder { folder in
            let (first, second) = (folder.appendingPathComponent("first"), folder.appendingPathComponent("second"))
            try files.copyItem(at: catalog, to: first)
            try files.copyItem(at: catalog, to: second)
            let environment = ["FAREGATE_CATALOG": second.path]
            let named = try CommandRunner.run(["--version", "--catalog", first.path], environment: environment)
            #expect(folderNamed(named) == first.path)
            #expect(folderNamed(try CommandRunner.run(["--version"], environment: environment)) == second.path)
            #expect(folderNamed(try CommandRunner.run(["--version"]))?.hasSuffix("/catalog") == true)
        }
    }

    @Test("An installed program finds the catalog and the plugins in its share folder, from anywhere")
    @MainActor func installed() throws {
        try withTemporaryFolder { folder in
            let (bin, share) = (folder.appendingPathComponent("bin"), folder.appendingPathComponent("share/faregate"))
            try files.createDirectory(at: bin, withIntermediateDirectories: true)
            try files.createDirectory(at: share, withIntermediateDirectories: true)
            let program = bin.appendingPathComponent("faregate")
            try files.copyItem(at: CommandRunner.executable, to: program)
            let alone = try CommandRunner.run(["models"], program: program, folder: URL(fileURLWithPath: "/"))
            #expect(alone.status == 2)
            #expect(alone.errors.contains("catalog.not_found"))
            for name in ["catalog", "plugins"] {
                try files.copyItem(
                    at: CommandRunner.root.appendingPathComponent(name), to: share.appendingPathComponent(name))
            }
            let found = try CommandRunner.run(["--version"], program: program, folder: URL(fileURLWithPath: "/"))
            #expect(folderNamed(found) == share.appendingPathComponent("catalog").path)
            let dryRun = try CommandRunner.run(
                ["run", "--dry-run", ExitStatusTests.portable], program: program, folder: URL(fileURLWithPath: "/"))
            #expect(dryRun.status == 0, "\(dryRun.errors)")
        }
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let about: String
        let file: String
        /// What the file holds instead; `nil` takes it away.
        let contents: String?
        let says: String
        var testDescription: String { about }
    }

    static let offering = "providers/apixo/offerings/veo-3-1.json"
    static let faults = [
        Fault(about: "a file is missing", file: "units.json", contents: nil, says: "units.json: catalog.missing_file"),
        Fault(
            about: "a file is no JSON", file: "units.json", contents: "{\n  \"units\": }",
            says: "units.json:2:12: json.syntax"),
        Fault(
            about: "an unknown member", file: "units.json", contents: #"{"units": {}, "unit": {}}"#,
            says: "units.json:1:15: document.unknown_member"),
        Fault(
            about: "a duplicate member", file: "parameters.json", contents: #"{"parameters": {}, "parameters": {}}"#,
            says: "json.duplicate_key"),
        Fault(
            about: "a file that does not belong", file: "notes.txt", contents: "x",
            says: "notes.txt: catalog.unexpected_file"),
    ]

    @Test("A broken catalog is refused whole, with file, line, column and code", arguments: faults)
    @MainActor func refuses(_ fault: Fault) throws {
        try withTemporaryFolder { folder in
            let copy = folder.appendingPathComponent("catalog")
            try files.copyItem(at: catalog, to: copy)
            let file = copy.appendingPathComponent(fault.file)
            if let contents = fault.contents {
                try Data(contents.utf8).write(to: file)
            } else {
                try files.removeItem(at: file)
            }
            let request = ["quote", "-p", "ninjachat", ExitStatusTests.seedance, "--catalog", copy.path]
            let result = try CommandRunner.run(request)
            #expect(result.status == 2)
            #expect(result.output.isEmpty)
            #expect(result.errors.contains(fault.says), "\(result.errors)")
            let lint = try CommandRunner.run(["catalog", "lint", copy.path, "--format", "json"])
            #expect(lint.status == 1)
            #expect(lint.output.contains(#""valid": false"#))
        }
    }

    @Test("A link that leads nowhere is no offering that is silently left out")
    func danglingLink() throws {
        try withTemporaryFolder { folder in
            let copy = folder.appendingPathComponent("catalog")
            try files.copyItem(at: catalog, to: copy)
            let link = copy.appendingPathComponent("providers/sjinn/offerings/gone.json")
            try files.createSymbolicLink(at: link, withDestinationURL: folder.appendingPathComponent("nowhere.json"))
            let lint = try CommandRunner.run(["catalog", "lint", copy.path])
            #expect(lint.status == 1)
            #expect(
                lint.output.contains(
                    "/providers/sjinn/offerings/gone.json: catalog.file_unreadable: No such file or directory"))
        }
    }

    /// What lint says of a copy of the catalog and its plugins with one text changed: in lines, and as JSON.
    private func lint(_ file: String, _ find: String, _ with: String) throws -> (CommandRunner.Result, String) {
        try withTemporaryFolder { folder in
            for name in ["catalog", "plugins"] {
                try files.copyItem(
                    at: CommandRunner.root.appendingPathComponent(name), to: folder.appendingPathComponent(name))
            }
            let url = folder.appendingPathComponent(file)
            let text = try String(contentsOf: url, encoding: .utf8)
            try #require(text.contains(find))
            try Data(text.replacing(find, with: with).utf8).write(to: url)
            let catalog = folder.appendingPathComponent("catalog").path
            let json = try CommandRunner.run(["catalog", "lint", catalog, "--format", "json"])
            return (try CommandRunner.run(["catalog", "lint", catalog]), json.output)
        }
    }

    @Test("Lint looks into the plugins beside the catalog; a warning alone is no failure")
    func lint() throws {
        let (broken, json) = try lint("plugins/ninjachat/plugin.json", "\"base_url\"", "\"bass_url\"")
        #expect(broken.status == 1)
        #expect(broken.output.contains("/../plugins/ninjachat/plugin.json:"), "\(broken.output)")
        #expect(broken.output.contains(": document.unknown_member: "))
        #expect(json.contains(#""file": "../plugins/ninjachat/plugin.json""#), "\(json)")
        let page = #""pages": { "blog": { "title": "Blog", "checked_on": "2026-11-21" },"#
        let (warned, warning) = try lint("catalog/providers/sjinn/provider.json", #""pages": {"#, page)
        #expect(warned.status == 0, "\(warned.output)")
        #expect(warned.lines.first?.contains(":6:14: warning: source.uncited: ") == true, "\(warned.output)")
        #expect(warned.lines.last?.hasSuffix("; 1 warning") == true)
        #expect(warning.contains(#""severity": "warning""#) && warning.contains(#""valid": true"#))
        let (missing, _) = try lint(
            "catalog/providers/sjinn/provider.json", #""plugin": "sjinn""#, #""plugin": "sjin""#)
        #expect(missing.status == 1)
        #expect(missing.output.contains("providers/sjinn/provider.json:4:3: plugin.file_unreadable: "))
    }

    @Test("A plugin with an unknown member is refused with its place")
    @MainActor func brokenPlugin() throws {
        try withTemporaryFolder { folder in
            for name in ["catalog", "plugins"] {
                try files.copyItem(
                    at: CommandRunner.root.appendingPathComponent(name), to: folder.appendingPathComponent(name))
            }
            let manifest = folder.appendingPathComponent("plugins/ninjachat/plugin.json")
            let text = try String(contentsOf: manifest, encoding: .utf8)
            try Data(text.replacing("\"base_url\"", with: "\"bass_url\"").utf8).write(to: manifest)
            let result = try CommandRunner.run([
                "run", "--dry-run", "-p", "ninjachat", ExitStatusTests.seedance, "--catalog",
                folder.appendingPathComponent("catalog").path,
            ])
            #expect(result.status == 2)
            #expect(result.errors.contains("plugin.manifest_invalid"), "\(result.errors)")
            #expect(result.errors.contains("did you mean base_url?"), "\(result.errors)")
        }
    }
}
