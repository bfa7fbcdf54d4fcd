import Foundation
import Testing

/// Every `console` block of the README and of pages with examples is a command and its output. `FAREGATE_RECORD=1` writes
/// the outputs anew.
@Suite("The README and pages with examples show what the program prints", .serialized)
struct ReadmeTests {
    struct Block: Sendable {
        let command: String
        let output: String
        /// In the README, of the output without the command.
        let range: Range<String.Index>
    }

    /// The pages, with the least number of blocks that each has.
    static let pages = [
        ("README.md", 8), ("Sources/Faregate/Documentation.docc/Plans.md", 4),
        ("Sources/Faregate/Documentation.docc/Search.md", 3),
    ]

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
    private func output(of command: String) throws -> String {
        let typed = command == "make run" ? "make -s --no-print-directory demo" : command
        let folder = CommandRunner.executable.deletingLastPathComponent().path
        let result = try CommandRunner.run(
            ["-c", "(\(typed)) 2>&1"], environment: ["PATH": "\(folder):/usr/bin:/bin", "FAREGATE": "faregate"],
            program: URL(fileURLWithPath: "/bin/sh"), folder: CommandRunner.root)
        return result.output.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in
                var line = line
                while line.last == " " { line.removeLast() }
                return String(line)
            }
            .joined(separator: "\n").trimmingCharacters(in: .newlines)
    }

    @Test("Every console block is true", arguments: pages)
    @MainActor func blocks(page: String, blocksMin: Int) throws {
        let file = CommandRunner.root.appendingPathComponent(page)
        let blocks = Self.blocks(try String(contentsOf: file, encoding: .utf8))
        #expect(blocks.count >= blocksMin)
        let outputs = try blocks.map { try output(of: $0.command) }
        guard ProcessInfo.processInfo.environment["FAREGATE_RECORD"] != nil else {
            for (block, output) in zip(blocks, outputs) {
                #expect(block.output == output, "record it anew: FAREGATE_RECORD=1 swift test --filter ReadmeTests")
            }
            return
        }
        // Read again: CatalogSummaryTests may have written its section while the commands ran.
        var text = try String(contentsOf: file, encoding: .utf8)
        for (block, output) in zip(Self.blocks(text), outputs).reversed() {
            text.replaceSubrange(block.range, with: "\n" + output)
        }
        try Data(text.utf8).write(to: file)
    }
}
