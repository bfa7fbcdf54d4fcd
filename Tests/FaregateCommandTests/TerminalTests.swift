import Foundation
import Testing

@Suite("What people see")
struct TerminalTests {
    static let commands: [[String]] = [
        ["models"], ["models", "google/veo-3.1-fast"], ["models", "-p", "unifically", "google/veo-3.1-fast"],
        [
            "route",
            #"{"model": "google/veo-3.1-fast", "prompt": "A barn owl glides over a frosted field at dawn", "duration": 8}"#,
        ],
        [
            "quote",
            #"{"model": "google/nano-banana", "prompt": "A kettle", "reference_images": ["https://example.com/a.png"]}"#,
        ],
        [
            "validate", "-p", "unifically",
            #"{"model": "google/veo-3.1-fast", "input": {"prompt": "x", "voice": "a", "end_image_url": "b"}}"#,
        ],
        [
            "quote", "-p", "sjinn",
            #"{"tool_type": "sora2-image-to-video-api", "input": {"prompt": "x", "image": "https://e.com/a.png", "mode": "Pro"}}"#,
        ],
        ["run", "--help"],
    ]

    @Test("No line is wider than the terminal", arguments: commands, [80, 120])
    @MainActor func fits(_ command: [String], _ columns: Int) throws {
        let result = try CommandRunner.run(command, environment: ["COLUMNS": String(columns)])
        let wide = result.lines.filter { $0.unicodeScalars.count > columns }
        #expect(!result.output.isEmpty)
        #expect(wide.isEmpty, "\(wide)")
    }

    @Test("Colour is only for terminals, and NO_COLOR is honoured")
    @MainActor func colours() throws {
        let command = ["models", "google/veo-3.1-fast"]
        func hasColour(_ environment: [String: String]) throws -> Bool {
            try CommandRunner.run(command, environment: environment).output.contains("\u{1B}[")
        }
        #expect(try !hasColour([:]))
        #expect(try hasColour(["CLICOLOR_FORCE": "1"]))
        #expect(try !hasColour(["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]))
    }

    @Test("Every command that answers has a JSON form", arguments: commands.dropLast())
    @MainActor func json(_ command: [String]) throws {
        let result = try CommandRunner.run(command + ["--format", "json"])
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(result.output.utf8)) }
    }
}
