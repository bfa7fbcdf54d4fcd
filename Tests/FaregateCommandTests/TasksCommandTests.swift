import Foundation
import Testing

/// Simulated providers in a process of their own, and a state folder: what a person has who tries things out.
final class SandboxShell {
    private let process = Process()
    /// Leads to the simulated providers and the state.
    let environment: [String: String]
    let folder: URL

    init(_ folder: URL, _ options: [String] = [], only: [String] = ["ninjachat"]) throws {
        self.folder = folder
        process.executableURL = CommandRunner.executable
        process.arguments = ["sandbox", "--port", "0"] + only.flatMap { ["--only", $0] } + options
        let ready = Pipe()
        process.standardOutput = ready
        try process.run()
        var text = ""
        while text.split(separator: "\n").filter({ $0.contains("_API_KEY=") }).count < only.count {
            let more = ready.fileHandleForReading.availableData
            if more.isEmpty { break }
            text += String(decoding: more, as: UTF8.self)
        }
        var variables = ["FAREGATE_STATE": folder.path + "/state", "PATH": "/usr/bin:/bin", "COLUMNS": "80"]
        for word in text.split(whereSeparator: \.isWhitespace) where word.hasPrefix("FAREGATE_") {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            variables[parts[0]] = parts[1]
        }
        environment = variables
    }

    deinit {
        goOn()
        process.terminate()
    }

    /// The simulated providers take requests and answer none until they go on.
    func pause() { kill(process.processIdentifier, SIGSTOP) }

    func goOn() { kill(process.processIdentifier, SIGCONT) }

    /// - Parameter environment: On top of the shell's; an empty value takes one away.
    func run(_ arguments: [String], environment more: [String: String] = [:]) throws -> CommandRunner.Result {
        try CommandRunner.run(arguments, environment: environment.merging(more) { $1 }, folder: folder)
    }

    /// A run that was begun.
    struct Begun {
        let process: Process
        let pipe: Pipe
        /// What it said so far, on standard output and standard error.
        var said = ""

        mutating func wait(until text: String) throws {
            while !said.contains(text) {
                let more = pipe.fileHandleForReading.availableData
                try #require(!more.isEmpty, "\(said)")
                said += String(decoding: more, as: UTF8.self)
            }
        }

        /// Presses Ctrl-C, and waits until it has ended.
        mutating func interrupt() -> (status: Int32, said: String) {
            process.interrupt()
            return end()
        }

        mutating func end() -> (status: Int32, said: String) {
            said += String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return (process.terminationStatus, said)
        }
    }

    /// Begins a run, and returns when it has said a text.
    ///
    /// - Parameter hangup: What becomes of SIGHUP, by the name that Python has for it; `SIG_IGN` is what nohup does.
    func begin(_ arguments: [String], until text: String, hangup: String = "SIG_DFL") throws -> Begun {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        let start =
            "import os, signal, sys; signal.signal(signal.SIGHUP, signal.\(hangup)); os.execv(sys.argv[1], sys.argv[1:])"
        process.arguments = ["-c", start, CommandRunner.executable.path] + arguments
        process.environment = environment
        process.currentDirectoryURL = folder
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, pipe)
        try process.run()
        var begun = Begun(process: process, pipe: pipe)
        try begun.wait(until: text)
        return begun
    }

    /// Begins a run and ends the process with kill -9 when its output holds a text.
    func killed(_ arguments: [String], at text: String) throws -> String {
        var begun = try begin(arguments, until: text)
        kill(begun.process.processIdentifier, SIGKILL)
        return begun.end().said
    }

    /// The id of the newest task.
    func taskID() throws -> String {
        let list = try run(["tasks", "list", "--all", "--format", "json"]).output
        return String(try #require(list.split(separator: "\"").first { $0.hasPrefix("t1") && $0.count == 19 }))
    }

    /// Changes the store behind the program's back.
    func change(_ sql: String) throws {
        let result = try CommandRunner.run(
            [
                "-c",
                "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=10); c.execute(sys.argv[2]); c.commit()",
                folder.path + "/state/tasks.sqlite", sql,
            ], program: URL(fileURLWithPath: "/usr/bin/python3"))
        try #require(result.status == 0, "\(result.errors)")
    }

    /// What the simulated provider has seen and sold.
    func ledger() throws -> String {
        let base = try #require(environment["FAREGATE_NINJACHAT_BASE_URL"])
        return try CommandRunner.run(
            [
                "-c", "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())",
                base + "/_sandbox/ledger",
            ], program: URL(fileURLWithPath: "/usr/bin/python3")
        ).output
    }

    var videos: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".mp4") }
    }
}

@Suite("Durable tasks on the command line", .serialized)
struct TasksCommandTests {
    static let request = ["run", "-p", "ninjachat", #"{"model": "veo-3.1-fast", "prompt": "A barn owl"}"#]

    @Test("kill -9 during a run, then run --resume: one paid task and the file on disk")
    func killAndResume() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--speed", "20"])
            let said = try shell.killed(Self.request, at: "accepted as")
            #expect(said.contains("task t"), "\(said)")
            let list = try shell.run(["tasks", "list"])
            #expect(list.output.contains("active"), "\(list.output)\(list.errors)")
            let resumed = try shell.run(["run", "--resume"])
            #expect(resumed.status == 0, "\(resumed.output)\(resumed.errors)")
            #expect(shell.videos.count == 1)
            let ledger = try shell.run(["ledger", "export", "--as", "jsonl"])
            #expect(ledger.output.contains(#""kind":"hold""#) && ledger.output.contains(#""kind":"capture""#))
            #expect(ledger.output.split(separator: "\n").count == 2)
            let sold = try shell.ledger()
            #expect(sold.contains(#""submits":1"#) || sold.contains(#""submits": 1"#), "\(sold)")
            #expect(try shell.run(["tasks", "list"]).output.contains("no task is open"))
            #expect(try shell.run(["tasks", "list", "--all"]).output.contains("succeeded"))
        }
    }

    @Test("A killed submit is unknown at the next start, with what it may cost and what to do; a person resolves it")
    func unknown() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--fault", "slow"])
            _ = try shell.killed(Self.request, at: "submitting to")
            // The transaction is stored before it is said.
            let resumed = try shell.run(["run", "--resume"])
            #expect(resumed.output.contains("needs you"), "\(resumed.output)\(resumed.errors)")
            let tasks = try shell.run(["tasks", "list", "--format", "json"]).output
            let id = try #require(tasks.split(separator: "\"").first { $0.hasPrefix("t1") && $0.count == 19 })
            let shown = try shell.run(["tasks", "show", String(id.prefix(12))])
            for words in ["sent once", "up to $3.00", "not sent again", "faregate tasks resolve"] {
                #expect(shown.output.contains(words), "\(words): \(shown.output)")
            }
            let mistaken = try shell.run(["tasks", "resolve", String(id), "--accepted", "nonsense"])
            #expect(mistaken.status == 1 && mistaken.errors.contains("task.not_at_provider"), "\(mistaken.errors)")
            let resolved = try shell.run(["tasks", "resolve", String(id), "--absent"])
            #expect(
                resolved.status == 0 && resolved.output.contains("cancelled"), "\(resolved.output)\(resolved.errors)")
            let again = try shell.run(["tasks", "resolve", String(id), "--absent"])
            #expect(again.status == 1 && again.errors.contains("task.not_in_doubt"), "\(again.errors)")
            #expect(try shell.run(["tasks", "resolve", String(id)]).errors.contains("usage.resolve"))
        }
    }

    @Test("A request over budget is refused before anything is sent, and says what is left")
    func budget() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--speed", "1000"])
            #expect(try shell.run(["budget", "show"]).output.contains("no budget is set"))
            let set = try shell.run(["budget", "set", "5", "--period", "day"])
            #expect(set.status == 0 && set.output.contains("$5.00"), "\(set.output)\(set.errors)")
            #expect(try shell.run(Self.request).status == 0)
            let refused = try shell.run(Self.request)
            #expect(refused.status == 1, "\(refused.output)\(refused.errors)")
            for words in ["budget.exceeded", "$3.00", "$2.00 is left", "Nothing was sent"] {
                #expect(refused.errors.contains(words), "\(words): \(refused.errors)")
            }
            #expect(
                try shell.ledger().contains(#""paid_tasks":1"#) || (try shell.ledger().contains(#""paid_tasks": 1"#)))
            let shown = try shell.run(["budget", "show", "--format", "json"])
            #expect(shown.output.contains(#""left": "2""#), "\(shown.output)")
            #expect(try shell.run(["budget", "set", "none", "--period", "day"]).status == 0)
            #expect(try shell.run(["budget", "set", "none", "--period", "day"]).status == 1)
            #expect(try shell.run(["budget", "set", "five"]).status == 2)
            #expect(try shell.run(["budget", "set", "5", "--credits"]).status == 2)
        }
    }

    @Test("A state folder in use is refused in words; looking works meanwhile")
    func locked() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--speed", "0.1"])
            let run = Process()
            run.executableURL = CommandRunner.executable
            run.arguments = Self.request
            run.environment = shell.environment
            run.currentDirectoryURL = folder
            let output = Pipe()
            run.standardOutput = output
            try run.run()
            defer { kill(run.processIdentifier, SIGKILL) }
            var said = ""
            while !said.contains("accepted as") {
                let more = output.fileHandleForReading.availableData
                try #require(!more.isEmpty, "\(said)")
                said += String(decoding: more, as: UTF8.self)
            }
            let second = try shell.run(Self.request)
            #expect(second.status == 2)
            for words in ["state.locked", "in use by process \(run.processIdentifier)", "Nothing was sent"] {
                #expect(second.errors.contains(words), "\(words): \(second.errors)")
            }
            #expect(try shell.run(["tasks", "list"]).output.contains("active"))
            #expect(try shell.run(["tasks", "list", "--format", "json"]).output.contains(#""state": "accepted""#))
        }
    }

    @Test("The ledger comes out as CSV, JSON Lines and FOCUS")
    func export() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--speed", "1000"])
            #expect(try shell.run(Self.request + ["--project", "a \"b\", c"]).status == 0)
            let csv = try shell.run(["ledger", "export"])
            #expect(csv.lines.count == 3)
            #expect(
                csv.lines.first
                    == "sequence,at,project,task,attempt,provider,model,kind,amount,unit,usd,basis,held_at")
            #expect(csv.output.contains(#""a ""b"", c""#), "\(csv.output)")
            let focus = try shell.run(["ledger", "export", "--as", "focus"])
            #expect(focus.lines.count == 2)
            #expect(focus.lines.first?.hasPrefix("BilledCost,BillingCurrency,ChargeCategory") == true)
            #expect(focus.lines.last?.hasPrefix("3,USD,Usage,") == true, "\(focus.output)")
            #expect(try shell.run(["ledger", "export", "--project", "none"]).lines.count == 1)
            #expect(try shell.run(["ledger", "export", "--format", "json"]).lines.count == 2)
            // Budgets count a capture for the period in which its money was set aside, whenever it was made.
            let lines = csv.lines.dropFirst().map { $0.split(separator: ",") }
            #expect(lines[0].last == lines[0][1] && lines[1].last == lines[0][1], "\(csv.output)")
        }
    }

    @Test("tasks watch says how a task ended, and that nobody works on an open one; list and show tell how far it is")
    func watch() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--speed", "4"])
            _ = try shell.killed(Self.request, at: "accepted as")
            let list = try shell.run(["tasks", "list", "--format", "json"]).output
            let id = try #require(list.split(separator: "\"").first { $0.hasPrefix("t1") && $0.count == 19 })
            let watch = Process()
            watch.executableURL = CommandRunner.executable
            watch.arguments = ["tasks", "watch", String(id)]
            watch.environment = shell.environment
            let errors = Pipe()
            watch.standardError = errors
            watch.standardOutput = FileHandle.nullDevice
            try watch.run()
            let said = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
            #expect(said.contains("no process works on these tasks; `faregate run --resume`"), "\(said)")
            // It goes on looking until the task ends, whoever carries it there.
            #expect(try shell.run(["run", "--resume"]).status == 0)
            watch.waitUntilExit()
            #expect(watch.terminationStatus == 0)
            let ended = try shell.run(["tasks", "watch", String(id)])
            #expect(ended.status == 0 && ended.output.contains("succeeded"), "\(ended.output)\(ended.errors)")
            let last = try shell.run(["tasks", "watch", String(id), "--format", "json"])
            #expect(last.output.contains(#""event":"succeed""#), "\(last.output)")
        }
    }

    @Test("However many tasks there are, all are listed, and an old one is watched")
    func many() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--speed", "0.1"])
            _ = try shell.killed(Self.request, at: "accepted as")
            let id = try shell.taskID()
            try shell.change(
                """
                WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000)
                INSERT INTO tasks SELECT 't2' || printf('%05d', n), project, state, offers, attempt_count_max,
                uses_alternatives, max_duplicate_usd, backoff, output_folder, webhook, created_at, ended_at,
                is_cancel_requested, note, request_digest FROM tasks, numbers
                """)
            #expect(try shell.run(["tasks", "list"]).lines.count == 1 + 1 + 1000)
            let json = try shell.run(["tasks", "list", "--all", "--format", "json"]).output
            #expect(try (JSONSerialization.jsonObject(with: Data(json.utf8)) as? [Any])?.count == 1 + 1000)
            var watch = try shell.begin(["tasks", "watch", id], until: "no process works on these tasks")
            #expect(watch.said.contains("accepted") && !watch.said.contains("ledger"), "\(watch.said)")
            _ = watch.interrupt()
        }
    }

    @Test("A sandbox that was started anew sells other tasks than before")
    func sandboxAnew() throws {
        try withTemporaryFolder { folder in
            for _ in 1...2 {
                let shell = try SandboxShell(folder, ["--speed", "1000", "--seed", "7"])
                let said = try shell.run(Self.request)
                #expect(said.status == 0, "\(said.output)\(said.errors)")
            }
        }
    }

    @Test("--ephemeral keeps nothing")
    func ephemeral() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--speed", "1000"])
            #expect(try shell.run(Self.request + ["--ephemeral"]).status == 0)
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/state"))
            #expect(shell.videos.count == 1)
            #expect(try shell.run(["run", "--resume"]).output.contains("no task is open"))
        }
    }
}
