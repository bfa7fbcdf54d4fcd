import Foundation
import Testing

/// Every `console` block of the README and of the documentation is a command and its output. `FAREGATE_RECORD=1` writes
/// the outputs anew.
@Suite("The README and the documentation show what the program prints", .serialized)
struct ReadmeTests {
    struct Block: Sendable {
        let command: String
        let output: String
        /// In the page, of the output without the command.
        let range: Range<String.Index>
    }

    /// A text with console blocks.
    struct Page: Sendable, CustomTestStringConvertible {
        let path: String
        var url: URL { CommandRunner.root.appendingPathComponent(path) }
        var testDescription: String { path }
    }

    private static let documentation = "Sources/Faregate/Documentation.docc"

    /// The README, and every page of the documentation that has a console block.
    static let pages: [Page] = {
        let folder = CommandRunner.root.appendingPathComponent(documentation).path
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        let documents = names.filter { $0.hasSuffix(".md") }.sorted().map { Page(path: "\(documentation)/\($0)") }
        return [Page(path: "README.md")]
            + documents.filter { page in
                (try? String(contentsOf: page.url, encoding: .utf8)).map { !blocks($0).isEmpty } ?? false
            }
    }()

    private static func blocks(_ text: String) -> [Block] {
        var blocks: [Block] = []
        var start = text.startIndex
        while let open = text.range(of: "```console\n$ ", range: start..<text.endIndex),
            let end = text.range(of: "\n```", range: open.upperBound..<text.endIndex)
        {
            let body = text[open.upperBound..<end.lowerBound]
            let newline = body.firstIndex(of: "\n") ?? body.endIndex
            let output = newline == body.endIndex ? "" : String(body[body.index(after: newline)...])
            blocks.append(Block(command: String(body[..<newline]), output: output, range: newline..<body.endIndex))
            start = end.upperBound
        }
        return blocks
    }

    /// What a person sees who types it. `make run` stands for its last step: the building is done.
    private func output(of command: String, in workingFolder: URL) async throws -> String {
        let typed = command == "make run" ? "make -s --no-print-directory demo" : command
        let folder = CommandRunner.executable.deletingLastPathComponent().path
        let result = try await CommandRunner.runAside(
            ["-c", "(\(typed)) 2>&1"], environment: ["PATH": "\(folder):/usr/bin:/bin", "FAREGATE": "faregate"],
            program: URL(fileURLWithPath: "/bin/sh"), folder: workingFolder)
        return result.output.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in
                var line = line
                while line.last == " " { line.removeLast() }
                return String(line)
            }
            .joined(separator: "\n").trimmingCharacters(in: .newlines)
    }

    @Test("There are pages with console blocks")
    func pagesExist() throws {
        let readme = Self.blocks(try String(contentsOf: Self.pages[0].url, encoding: .utf8))
        #expect(readme.count >= 8)
        #expect(Self.pages.count >= 3)
    }

    /// Each page in a folder of its own files: a block may write a file that a later one reads.
    @Test("Every console block is true", arguments: pages)
    func blocks(_ page: Page) async throws {
        let blocks = Self.blocks(try String(contentsOf: page.url, encoding: .utf8))
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let folder = page.path == "README.md" ? CommandRunner.root : scratch
        var outputs: [String] = []
        for block in blocks { outputs.append(try await output(of: block.command, in: folder)) }
        guard ProcessInfo.processInfo.environment["FAREGATE_RECORD"] != nil else {
            for (block, output) in zip(blocks, outputs) {
                #expect(block.output == output, "record it anew: FAREGATE_RECORD=1 swift test --filter ReadmeTests")
            }
            return
        }
        // Read again: CatalogSummaryTests may have written its section while the commands ran.
        var text = try String(contentsOf: page.url, encoding: .utf8)
        for (block, output) in zip(Self.blocks(text), outputs).reversed() {
            text.replaceSubrange(block.range, with: "\n" + output)
        }
        try Data(text.utf8).write(to: page.url)
    }
}
