import Foundation
import Testing

@Suite("Exit status: 0 fine, 1 the answer is no, 2 it could not be asked")
struct ExitStatusTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let status: Int32
        /// Stands in the output or the errors.
        let says: String
        var testDescription: String { arguments.joined(separator: " ").prefix(70) + " → \(status)" }
    }

    static let seedance = #"{"model": "seedance-2", "prompt": "A barn owl"}"#
    static let portable = #"{"model": "google/veo-3.1-fast", "prompt": "A barn owl"}"#
    static let image = #"{"want": {"operation": "text-to-image"}}"#

    static let cases = [
        Case(arguments: [], status: 0, says: "SUBCOMMANDS"),
        Case(arguments: ["--help"], status: 0, says: "SUBCOMMANDS"),
        Case(arguments: ["--version"], status: 0, says: "digest"),
        Case(arguments: ["--generate-completion-script", "bash"], status: 0, says: "complete"),
        Case(arguments: ["--generate-completion-script", "zsh"], status: 0, says: "#compdef faregate"),
        Case(arguments: ["--generate-completion-script", "fish"], status: 0, says: "faregate"),
        Case(arguments: ["fly"], status: 2, says: "Unexpected argument"),
        Case(arguments: ["validate", "--format", "yaml"], status: 2, says: "--format"),
        Case(arguments: ["validate", "-p", "ninjachat", seedance], status: 0, says: "valid"),
        Case(
            arguments: ["validate", "-p", "ninjachat", #"{"model": "seedance-2"}"#], status: 1,
            says: "parameter.missing"),
        Case(arguments: ["validate", seedance], status: 2, says: "usage.provider"),
        Case(arguments: ["validate", "-p", "ninjacat", seedance], status: 1, says: "did you mean ninjachat?"),
        Case(
            arguments: ["validate", "-p", "ninjachat", "-m", "seedence-2", "{}"], status: 1,
            says: "did you mean seedance-2?"),
        Case(arguments: ["validate", "/no/such/file"], status: 2, says: "input.unreadable"),
        Case(arguments: ["validate", "/"], status: 2, says: "is a folder"),
        Case(arguments: ["validate", "-p", "ninjachat", "--date", "soon", seedance], status: 2, says: "usage.date"),
        Case(arguments: ["quote", "-p", "ninjachat", seedance], status: 0, says: "$3.00"),
        Case(arguments: ["quote", portable], status: 0, says: "ninjachat"),
        Case(arguments: ["quote", "--credit-rate", "sjinn", portable], status: 2, says: "usage.credit_rate"),
        Case(arguments: ["route", portable], status: 0, says: "▸"),
        Case(arguments: ["route", "-p", "sjinn", portable], status: 2, says: "--only sjinn"),
        Case(
            arguments: ["route", #"{"model": "veo-3.1-fast", "prompt": "x"}"#], status: 1, says: "google/veo-3.1-fast"),
        Case(
            arguments: ["route", #"{"model": "google/veo-3.1-fast", "promt": "x"}"#], status: 1,
            says: "did you mean prompt?"),
        Case(arguments: ["route", "--max-price", "0.01", portable], status: 1, says: "above the maximum"),
        Case(arguments: ["route", "--prefer", "ninja", portable], status: 2, says: "provider.unknown"),
        Case(
            arguments: ["route", "--exclude-model", "google/veo-3.1-fast", portable], status: 1,
            says: "google/veo-3.1-fast is excluded"),
        Case(
            arguments: ["route", "--only-model", "google/veo-3.1-quality", portable], status: 1,
            says: "not among the allowed models"),
        Case(arguments: ["route", "--only-model", "google/veo-3.1-fast", portable], status: 0, says: "▸"),
        Case(
            arguments: ["route", "--only-model", "google/veo-3.1-fst", portable], status: 2,
            says: "Did you mean google/veo-3.1-fast?"),
        Case(arguments: ["route", "--only", "sjinn", image], status: 0, says: "no price is known in dollars; this"),
        Case(arguments: ["route", "--prefer", "sjinn", image], status: 0, says: "50 credits: preferred"),
        Case(arguments: ["explain", "-p", "ninjachat", seedance], status: 0, says: "units   one"),
        Case(arguments: ["explain", "-p", "ninjachat", "--price", seedance], status: 0, says: "$3.00"),
        Case(arguments: ["explain", "-p", "ninjachat", #"{"model": "seedance-2"}"#], status: 0, says: "say prompt"),
        Case(arguments: ["explain", "-p", "ninjachat", "-m", "seedence-2", "{}"], status: 1, says: "seedance-2?"),
        Case(arguments: ["explain", "-p", "ninjachat", "{"], status: 1, says: "json.syntax"),
        Case(arguments: ["explain", "-p", "ninjachat", "--rule", "none", seedance], status: 2, says: "rule.unknown"),
        Case(arguments: ["explain", "-p", "ninjachat", "--not", "sjinn", seedance], status: 2, says: "usage.explain"),
        Case(arguments: ["explain", portable], status: 0, says: "why not"),
        Case(arguments: ["explain", "--price", portable], status: 2, says: "usage.explain"),
        Case(arguments: ["explain", "--not", "sjinn", portable], status: 2, says: "does not sell"),
        Case(arguments: ["explain", "--not", "apixo", portable], status: 0, says: "veo-3-1-extend"),
        Case(arguments: ["models", "-p", "nobody"], status: 2, says: "provider.unknown"),
        Case(arguments: ["models", "google/veo-9"], status: 2, says: "model.unknown"),
        Case(arguments: ["catalog", "lint"], status: 0, says: "4 providers"),
        Case(arguments: ["catalog", "lint", "/no/such/folder"], status: 1, says: "catalog.folder_unreadable"),
        Case(arguments: ["catalog", "lint", "one", "--catalog", "other"], status: 2, says: "usage.catalog"),
        Case(arguments: ["catalog", "summary", "one", "--catalog", "other"], status: 2, says: "usage.catalog"),
        Case(arguments: ["models", "--catalog", "/no/such/folder"], status: 2, says: "catalog.invalid"),
        Case(arguments: ["run", "--dry-run", portable], status: 0, says: "nothing was sent"),
        Case(arguments: ["run", portable], status: 2, says: "provider.key_missing"),
        Case(arguments: ["run", "--only", "unifically", portable], status: 2, says: "run.price_unknown"),
        Case(arguments: ["run", "-p", "ninjachat", #"{"model": "seedance-2"}"#], status: 1, says: "parameter.missing"),
        Case(
            arguments: ["run", "--sandbox", "-p", "ninjachat", "--max-price", "0.10", seedance], status: 1,
            says: "policy.over_max_price"),
        Case(arguments: ["run", "-p", "ninjachat", "--only", "sjinn", seedance], status: 2, says: "usage.policy"),
        Case(
            arguments: [
                "quote", "-p", "ninjachat", "--exclude-model", "bytedance/seedance-2", "--with-keys", seedance,
            ],
            status: 2, says: "--exclude-model and --with-keys are for portable requests"),
        Case(
            arguments: ["run", "-p", "ninjachat", "--only-model", "bytedance/seedance-2", seedance], status: 2,
            says: "--only-model is for portable requests"),
        Case(arguments: ["quote", "-p", "ninjachat", "--max-price", "1", seedance], status: 2, says: "usage.policy"),
        Case(arguments: ["run", "--fault", "html", portable], status: 2, says: "Add --sandbox"),
        Case(arguments: ["run", "--resume", "t1", "--sandbox"], status: 2, says: "usage.resume"),
        Case(arguments: ["run", "--resume", "t1", "--again"], status: 2, says: "usage.resume"),
        Case(arguments: ["run", "--resume", "t1", "--fallback"], status: 2, says: "usage.resume"),
        Case(arguments: ["run", "--resume", "t1", "--project", "default"], status: 2, says: "usage.resume"),
        Case(arguments: ["run", "--resume", "--max-duplicate-cost", "1"], status: 2, says: "usage.resume"),
        Case(arguments: ["run", "--resume", "t1", "-o", "."], status: 2, says: "--output-folder"),
        Case(
            arguments: ["run", "--sandbox", "-o", "/proc/nowhere", "--only", "ninjachat", portable], status: 2,
            says: "run.folder_unwritable"),
        Case(
            arguments: [
                "run", "--sandbox", "-p", "unifically",
                #"{"model": "alibaba/wan-2.6-image", "input": {"prompt": "x"}, "dry_run": true}"#,
            ], status: 2, says: "asks for a price"),
        Case(arguments: ["route", #" {"model": "google/veo-3.1-fast", "prompt": "x"}"#], status: 0, says: "▸"),
    ]

    @Test("Each way to ask ends as it should, and says why", arguments: cases)
    func ends(_ example: Case) async throws {
        let result = try await CommandRunner.runAside(example.arguments)
        #expect(result.status == example.status, "\(result.errors)\(result.output.prefix(500))")
        #expect((result.output + result.errors).contains(example.says), "\(result.errors)\(result.output.prefix(500))")
        // A command that could not be asked answers nothing that could be taken for an answer.
        if example.status == 2, example.arguments.first != "run" { #expect(result.output.isEmpty) }
    }

    @Test("A key from the environment is masked in a dry run, and nowhere else")
    @MainActor func masksKeys() throws {
        let key = "nj_sk_0123456789abcdef"
        let result = try CommandRunner.run(
            ["run", "--dry-run", "--only", "ninjachat", Self.portable],
            environment: ["FAREGATE_NINJACHAT_API_KEY": key])
        #expect(result.status == 0)
        #expect(result.output.contains("Authorization: Bearer nj_…(masked)"))
        #expect(!(result.output + result.errors).contains(key))
    }

    @Test("A base URL from the environment replaces scheme and host and keeps the documented path")
    @MainActor func replacesBase() throws {
        let result = try CommandRunner.run(
            ["run", "--dry-run", "--only", "ninjachat", Self.portable],
            environment: ["FAREGATE_NINJACHAT_BASE_URL": "http://127.0.0.1:9/prefix"])
        #expect(result.output.contains("POST http://127.0.0.1:9/prefix/api/v1/video"))
    }

    @Test("A run against the simulated providers leaves a file; a lost reply is unknown and says what it may cost")
    @MainActor func sandboxRuns() throws {
        try withTemporaryFolder { folder in
            let run = ["run", "--sandbox", "--only", "ninjachat", "-o", folder.path, "--format", "json"]
            let done = try CommandRunner.run(run + [Self.portable])
            #expect(done.status == 0, "\(done.errors)")
            #expect(done.output.contains(#""outcome": "succeeded""#))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
            let lost = try CommandRunner.run(run + ["--fault", "reply-lost-after-accept", Self.portable])
            #expect(lost.status == 1)
            #expect(lost.output.contains(#""outcome": "unknown""#))
            #expect(lost.output.contains(#""code": "reply.lost""#))
            let misspelt = try CommandRunner.run(run + ["--fault", "htlm", Self.portable])
            #expect(misspelt.status == 2)
            #expect(misspelt.errors.contains("Did you mean html?"))
        }
    }

    @Test("Ctrl-C ends the waiting: the task is told, and how to take it up again")
    @MainActor func interruption() throws {
        let sandbox = Process()
        sandbox.executableURL = CommandRunner.executable
        sandbox.arguments = ["sandbox", "--port", "0", "--only", "ninjachat", "--speed", "0.1"]
        let ready = Pipe()
        sandbox.standardOutput = ready
        try sandbox.run()
        defer { sandbox.terminate() }
        var text = ""
        while !text.contains("_API_KEY=") {
            let more = ready.fileHandleForReading.availableData
            try #require(!more.isEmpty)
            text += String(decoding: more, as: UTF8.self)
        }
        let state = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: state) }
        var environment = ["PATH": "/usr/bin:/bin", "FAREGATE_STATE": state.path]
        for word in text.split(whereSeparator: \.isWhitespace) where word.hasPrefix("FAREGATE_") {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            environment[parts[0]] = parts[1]
        }
        let run = Process()
        run.executableURL = CommandRunner.executable
        run.arguments = ["run", "-p", "ninjachat", "-o", NSTemporaryDirectory(), Self.seedance]
        run.environment = environment
        let output = Pipe()
        run.standardOutput = output
        run.standardError = FileHandle.nullDevice
        try run.run()
        var said = ""
        while !said.contains("accepted as") {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "\(said)")
            said += String(decoding: more, as: UTF8.self)
        }
        run.interrupt()
        said += String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        run.waitUntilExit()
        #expect(run.terminationStatus == 1)
        #expect(said.contains("the waiting was broken off"), "\(said)")
        #expect(said.contains("faregate run --resume "), "\(said)")
    }

    @Test("A simulated provider serves other programs, and its price check stands beside the catalog's price")
    @MainActor func sandboxServes() throws {
        let process = Process()
        process.executableURL = CommandRunner.executable
        process.arguments = ["sandbox", "--port", "0", "--only", "unifically"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        defer { process.terminate() }
        var text = ""
        while !text.contains("_API_KEY=") {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty)
            text += String(decoding: more, as: UTF8.self)
        }
        var environment: [String: String] = [:]
        for word in text.split(whereSeparator: \.isWhitespace) where word.hasPrefix("FAREGATE_") {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            environment[parts[0]] = parts[1]
        }
        let live = try CommandRunner.run(
            [
                "quote", "--live", "-p", "unifically",
                #"{"model": "alibaba/wan-2.6-image", "input": {"prompt": "x"}}"#,
            ], environment: environment)
        #expect(live.status == 0, "\(live.errors)")
        #expect(live.output.contains("agrees with the catalog"), "\(live.output)")
    }

    @Test("A configuration file sets a credit's worth; the environment goes before it")
    @MainActor func configures() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("config.json")
            try Data(#"{"providers": {"sjinn": {"usd_per_credit": "0.01"}}}"#.utf8).write(to: file)
            let request = #"{"tool_type": "veo3-text-to-video-fast-api", "input": {"prompt": "x"}}"#
            func quote(_ more: [String: String]) throws -> String {
                try CommandRunner.run(
                    ["quote", "-p", "sjinn", request], environment: ["FAREGATE_CONFIG": file.path].merging(more) { $1 }
                ).output
            }
            #expect(try quote([:]).contains("= $4.20 at $0.01 a credit"))
            #expect(try quote(["FAREGATE_SJINN_USD_PER_CREDIT": "0.005"]).contains("= $2.10 at $0.005 a credit"))
            try Data(#"{"providers": {"sjinn": {"usd": "0.01"}}}"#.utf8).write(to: file)
            let broken = try CommandRunner.run(
                ["quote", "-p", "sjinn", request], environment: ["FAREGATE_CONFIG": file.path])
            #expect(broken.status == 2)
            #expect(broken.errors.contains("config.json:1:26"))
        }
    }
}
