import Foundation
import Testing

@Suite("Batches: one line out for each line in, in order, as they come")
struct BatchTests {
    static let good =
        #"{"id": "good", "provider": "ninjachat", "model": "seedance-2", "body": {"prompt": "x", "model": "seedance-2"}}"#

    private func answers(_ command: String, _ lines: [String]) throws -> (Int32, [[String: Any]]) {
        let result = try CommandRunner.run([command, "--batch"], input: lines.joined(separator: "\n") + "\n")
        let answers = try result.lines.map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        return (result.status, answers)
    }

    private func codes(_ answer: [String: Any]) -> [String] {
        (answer["diagnostics"] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let line: String
        let code: String
        var testDescription: String { code + ": " + line.prefix(50) }
    }

    static let bad = [
        Bad(line: #"{"id": "x", "#, code: "json.syntax"),
        Bad(line: "", code: "json.syntax"),
        Bad(line: "null", code: "batch.type"),
        Bad(line: #"{"provider": "sjinn", "provider": "apixo", "body": {}}"#, code: "json.duplicate_key"),
        Bad(line: #"{"provider": "sjinn", "body": {}, "boddy": {}}"#, code: "batch.unknown_member"),
        Bad(line: #"{"provider": "sjinn"}"#, code: "batch.missing_member"),
        Bad(line: #"{"body": {}}"#, code: "batch.missing_member"),
        Bad(line: #"{"provider": 3, "body": {}}"#, code: "batch.type"),
        Bad(line: #"{"provider": "nobody", "body": {}}"#, code: "provider.unknown"),
        Bad(line: #"{"provider": "apixo", "body": {}}"#, code: "model.unknown"),
        Bad(line: #"{"provider": "unifically", "body": []}"#, code: "value.type"),
        Bad(line: String(repeating: "[", count: 100_000), code: "json.too_deep"),
        Bad(
            line: "{\"provider\": \"sjinn\", \"body\": \"" + String(repeating: "x", count: 9 << 20) + "\"}",
            code: "json.too_large"),
    ]

    @Test("A bad line is answered, and the batch goes on", arguments: bad)
    @MainActor func goesOn(_ bad: Bad) throws {
        let (status, answers) = try answers("quote", [Self.good, bad.line, Self.good])
        #expect(status == 1)
        try #require(answers.count == 3)
        #expect(answers[0]["valid"] as? Bool == true)
        #expect(codes(answers[1]).first == bad.code)
        #expect(answers[1]["valid"] as? Bool == false)
        #expect(answers[1]["quote"] is NSNull)
        #expect(answers[2]["id"] as? String == "good")
        #expect(answers[2]["quote"] is [String: Any])
    }

    @Test("A syntax error names the line of the batch and the column in it")
    @MainActor func position() throws {
        let (_, answers) = try answers("validate", [Self.good, #"{"id": 1 2}"#])
        let diagnostic = try #require((answers[1]["diagnostics"] as? [[String: Any]])?.first)
        #expect(diagnostic["line"] as? Int == 2)
        #expect(diagnostic["column"] as? Int == 10)
    }

    @Test("All lines valid gives status 0, and an empty batch too")
    @MainActor func allValid() throws {
        let (status, answers) = try answers("validate", [Self.good, Self.good])
        #expect(status == 0)
        #expect(answers.count == 2)
        #expect(answers[0]["quote"] == nil)
        #expect(try CommandRunner.run(["validate", "--batch"], input: "").status == 0)
    }

    @Test("The answer to a line comes before the next line is written")
    @MainActor func streams() throws {
        let process = Process()
        process.executableURL = CommandRunner.executable
        process.arguments = ["validate", "--batch"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        for _ in 0..<3 {
            try input.fileHandleForWriting.write(contentsOf: Data((Self.good + "\n").utf8))
            var answer = Data()
            while answer.last != UInt8(ascii: "\n") {
                let more = output.fileHandleForReading.availableData
                try #require(!more.isEmpty)
                answer += more
            }
            #expect(String(decoding: answer, as: UTF8.self).contains(#""valid":true"#))
        }
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
