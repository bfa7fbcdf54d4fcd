import Foundation
import Testing

@Suite("A catalog is exported for other tools")
struct CatalogExportTests {
    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("One offering goes to standard output as it is")
    @MainActor func single() throws {
        let arguments = ["catalog", "export", "--provider", "unifically", "--model", "google/veo-3.1-fast"]
        let schema = try CommandRunner.run(arguments + ["--as", "json-schema"])
        #expect(schema.status == 0)
        #expect(try json(schema.output)["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        let page = try CommandRunner.run(arguments + ["--as", "markdown"])
        #expect(page.output.hasPrefix("# Veo 3.1 Fast at Unifically\n"))
        let document = try CommandRunner.run(arguments + ["--as", "openapi"])
        #expect(try json(document.output)["openapi"] as? String == "3.1.0")
    }

    @Test("Several documents are lines, or files in a folder")
    @MainActor func several() throws {
        let arguments = ["catalog", "export", "--as", "json-schema", "--provider", "ninjachat"]
        let lines = try CommandRunner.run(arguments).lines.filter { !$0.isEmpty }
        #expect(lines.count > 5)
        for line in lines { #expect(try json(line)["x-faregate-provider"] as? String == "ninjachat") }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try CommandRunner.run(arguments + ["-o", folder.path + "/a/b"])
        #expect(result.status == 0)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a/b/ninjachat")
        #expect(files.count == lines.count)
    }

    @Test("An unknown name is told, with the nearest", arguments: [["-p", "ninjachatt"], ["-m", "kling-vide"]])
    @MainActor func unknown(_ options: [String]) throws {
        let result = try CommandRunner.run(["catalog", "export", "--as", "markdown"] + options)
        #expect(result.status == 2)
        #expect(result.errors.contains("Did you mean"))
    }
}
