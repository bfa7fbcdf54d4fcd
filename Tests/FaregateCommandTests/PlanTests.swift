import Foundation
import Testing

@Suite("plan: jobs larger than one clip; quote --usage: files of requests", .serialized)
struct PlanTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let status: Int32
        /// What it says, whatever the line ends; several parts stand between bars.
        let says: String
        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let clip = #"{"model": "google/veo-3.1-fast", "prompt": "A paper boat drifts"}"#
    static let six = #"{"model": "google/veo-3.1-fast", "prompt": "A paper boat drifts", "duration": 6}"#
    static let takes = ["--takes", "ninjachat=3m"]
    /// What a local clock shows in twelve hours, whenever the tests run.
    static let halfADayOn: String = {
        let hour = Calendar.current.component(.hour, from: Date(timeIntervalSinceNow: 12 * 3600))
        return "\(hour):30"
    }()

    static let cases = [
        Case(
            arguments: ["plan", "--seconds", "80", "--max", "30", clip], status: 0,
            says: "10 tasks make 80 s for $30.00|when it is done is not known|3 × 1,000 credits for $30.00"),
        Case(
            arguments: ["plan", "--seconds", "80", "--max", "29.99", clip], status: 1,
            says: "above the maximum of $29.99"),
        Case(arguments: ["plan", "--count", "40", six], status: 0, says: "40 tasks for $120.00"),
        Case(
            arguments: ["plan", "--count", "1", six, "--within", "1h"], status: 1, says: "cannot be held to a deadline"),
        Case(
            arguments: ["plan", "--count", "20", six, "--within", "1h"] + takes, status: 0, says: "done in about 1 h"),
        Case(
            arguments: ["plan", "--count", "20", six, "--by", halfADayOn] + takes, status: 0, says: "20 clips, within"),
        Case(
            arguments: ["plan", "--count", "21", six, "--within", "1h"] + takes, status: 1,
            says: "20 of 21 at most|can be done in 1 h 3 min"),
        Case(
            arguments: ["plan", "--count", "80", six, "--within", "1h", "--concurrency", "ninjachat=4"] + takes,
            status: 0,
            says: "80 tasks for $240.00, done in about 1 h"),
        Case(
            arguments: [
                "plan", "--count", "1", "--within", "10m", "--credit-rate", "sjinn=0.001", "--only", "sjinn",
                #"{"model": "openai/sora-2", "prompt": "x", "start_image": "https://example.com/a.png"}"#,
            ],
            status: 0, says: "2 min to 4 min"),
        Case(
            arguments: [
                "plan", "--count", "1", "--within", "4m", "--credit-rate", "sjinn=0.001",
                #"{"model": "openai/sora-2-pro", "prompt": "x", "start_image": "https://example.com/a.png"}"#,
            ],
            status: 1, says: "0 of 1 at most"),
        Case(
            arguments: ["plan", "--count", "2", "--operation", "text-to-image", #"{"prompt": "A kettle"}"#], status: 0,
            says: "text-to-image: 2 images"),
        Case(
            arguments: [
                "plan", "--count", "2", "-m", "google/nano-banana", "-m", "google/nano-banana-pro", #"{"prompt": "x"}"#,
            ],
            status: 0, says: "unifically"),
        Case(
            arguments: [
                "plan", "--count", "2", "--only", "sjinn", "-m", "google/nano-banana-pro", #"{"prompt": "x"}"#,
            ], status: 1,
            says: "nobody says what they are worth in dollars"),
        Case(
            arguments: ["plan", "--seconds", "8", "--allow-drop", "all", "--only", "apixo", clip], status: 1,
            says: "neither states the length"),
        Case(arguments: ["plan", clip], status: 2, says: "--seconds or --count"),
        Case(arguments: ["plan", "--seconds", "0", clip], status: 2, says: "usage.job"),
        Case(arguments: ["plan", "--seconds", "10001", clip], status: 2, says: "usage.job"),
        Case(arguments: ["plan", "--seconds", "8", "--by", "25:00", clip], status: 2, says: "usage.deadline"),
        Case(arguments: ["plan", "--seconds", "8", "--within", "soon", clip], status: 2, says: "usage.deadline"),
        Case(arguments: ["plan", "--seconds", "8", "--takes", "ninjachat", clip], status: 2, says: "usage.takes"),
        Case(
            arguments: ["plan", "--seconds", "8", "--concurrency", "x=1", clip], status: 2, says: "usage.concurrency"),
        Case(arguments: ["plan", "--seconds", "8", "--max", "much", clip], status: 2, says: "usage.amount"),
        Case(
            arguments: [
                "plan", "--seconds", "8", #"{"model": "google/veo-3.1-fast", "prompt": "x", "duration": 7.5}"#,
            ],
            status: 2, says: "whole seconds"),
        Case(
            arguments: ["plan", "--seconds", "8", "--operation", "text-to-video", clip], status: 2,
            says: "usage.operation"),
        Case(
            arguments: ["plan", "--count", "8", "--operation", "text-to-vidoe", #"{"prompt": "x"}"#], status: 2,
            says: "Did you mean text-to-video?"),
        Case(arguments: ["quote", "--by", "project", clip], status: 2, says: "--by and --max are for --usage"),
        Case(arguments: ["quote", "--usage", "x.jsonl", clip], status: 2, says: "--usage stands alone"),
        Case(arguments: ["quote", "--usage", "/nowhere/x.jsonl"], status: 2, says: "cannot be read"),
    ]

    @Test("Each way to ask ends as it should, and says why", arguments: cases)
    @MainActor func ends(_ example: Case) throws {
        let result = try CommandRunner.run(example.arguments)
        #expect(result.status == example.status, "\(result.errors)\(result.output)")
        let said = (result.output + result.errors).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for part in example.says.split(separator: "|") {
            #expect(said.contains(part), "\(result.errors)\(result.output)")
        }
        #expect(result.lines.allSatisfy { $0.count <= 80 }, "\(result.output)")
    }

    private func json(_ result: CommandRunner.Result) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(result.errors)")
    }

    @Test("The JSON form has the requests to send, the sum and what is left out")
    @MainActor func form() throws {
        let plan = try json(
            try CommandRunner.run(["plan", "--seconds", "80", "--max", "60", "--format", "json", Self.clip]))
        #expect(plan["met"] as? Bool == true)
        let tasks = try #require(plan["tasks"] as? [[String: Any]])
        #expect(tasks.compactMap { $0["count"] as? Int } == [10])
        #expect(tasks[0]["model"] as? String == "veo-3.1-fast")
        #expect(tasks[0]["of"] as? String == "google/veo-3.1-fast")
        #expect((tasks[0]["body"] as? [String: Any])?["duration"] as? Int == 8)
        let totals = try #require(plan["totals"] as? [String: Any])
        #expect((totals["usd"] as? [String: String])?["max"] == "30.00")
        #expect(totals["makespan_seconds"] is NSNull)
        let leftOut = try #require(plan["left_out"] as? [[String: String]])
        #expect(leftOut.contains { $0["model"] == "google/veo-3.1-fast" && $0["code"] == "plan.price_unknown" })
    }

    // MARK: Files of requests

    private static let lines = [
        #"{"project": "ads", "count": 3, "provider": "ninjachat", "body": {"model": "veo-3.1", "prompt": "An owl"}}"#,
        #"{"project": "ads", "body": {"model": "google/veo-3.1-fast", "prompt": "A boat", "duration": 6}}"#,
        #"{"provider": "sjinn", "count": 2, "body": {"tool_type": "veo3-text-to-video-fast-api", "input": {"prompt": "x"}}}"#,
    ]

    private func quote(_ lines: [String], _ arguments: [String]) throws -> CommandRunner.Result {
        try CommandRunner.run(["quote", "--usage", "-"] + arguments, input: lines.joined(separator: "\n") + "\n")
    }

    @Test("A file is added up by project, each line as often as it counts")
    @MainActor func projects() throws {
        let usage = try json(try quote(Self.lines, ["--by", "project", "--format", "json"]))
        let groups = try #require(usage["groups"] as? [[String: Any]])
        #expect(groups.map { $0["name"] as? String } == ["ads", nil])
        #expect(groups.map { $0["requests"] as? Int } == [4, 2])
        // 3 × $5.00 + $3.00
        #expect((groups[0]["usd"] as? [String: String])?["max"] == "18.00")
        let credits = try #require(groups[1]["totals"] as? [[String: String]])
        #expect(credits == [["unit": "credits", "min": "840", "max": "840"]])
        #expect(groups[1]["without_dollars"] as? Int == 2)
        #expect(usage["worst_case_usd"] is NSNull, "840 credits have no known worth")
        let worth = try json(try quote(Self.lines, ["--credit-rate", "sjinn=0.01", "--format", "json"]))
        #expect(worth["worst_case_usd"] as? String == "26.40")
    }

    @Test(
        "--max holds only where everything certainly costs no more",
        arguments: [
            (["--max", "26.40", "--credit-rate", "sjinn=0.01"], Int32(0), "within $26.40"),
            (["--max", "26.39", "--credit-rate", "sjinn=0.01"], 1, "above $26.39"),
            (["--max", "1000"], 1, "cannot be held against $1000.00"),
            (["--by", "provider"], 0, "ninjachat"),
            (["--by", "model"], 0, "google/veo-3.1-fast"),
        ])
    @MainActor func maximum(_ arguments: [String], _ status: Int32, _ says: String) throws {
        let result = try quote(Self.lines, arguments)
        #expect(result.status == status, "\(result.output)\(result.errors)")
        #expect(result.output.contains(says), "\(result.output)")
        #expect(result.lines.allSatisfy { $0.count <= 80 }, "\(result.output)")
    }

    @Test(
        "A line that is no valid request is named, and the exit status is 1",
        arguments: [
            ("{", "line 2 is no request"),
            ("[]", "a line is an object"),
            (#"{"provider": "sjinn"}"#, "the line has no body"),
            (#"{"body": {}, "counts": 2}"#, #""counts" is not known here"#),
            (#"{"body": {}, "count": 0}"#, "count must be 1 to 1000000"),
            (#"{"body": {}, "count": 1.5}"#, "count must be 1 to 1000000"),
            (#"{"body": {}, "project": 7}"#, "project must be a string"),
            (#"{"provider": "ninjachat", "body": {"model": "veo-3.1"}}"#, "line 2: prompt is required"),
            (#"{"body": {"model": "google/veo-9", "prompt": "x"}}"#, "line 2: no model is called"),
            (#"{"body": {"model": "google/veo-2", "prompt": "x", "duration": 99}}"#, "line 2: "),
        ])
    @MainActor func troubles(_ line: String, _ says: String) throws {
        let result = try quote([Self.lines[0], line], [])
        #expect(result.status == 1, "\(result.output)\(result.errors)")
        #expect(result.output.contains(says), "\(result.output)")
    }
}
