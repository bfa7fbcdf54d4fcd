import Foundation
import Testing

/// Expects that a text holds all of these, however its lines are broken.
private func expect(
    _ text: String, says words: [String], never others: [String] = [],
    at place: SourceLocation = #_sourceLocation
) {
    let flat = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for word in words { #expect(flat.contains(word), "\(text)", sourceLocation: place) }
    for word in others { #expect(!flat.contains(word), "\(text)", sourceLocation: place) }
}

@Suite("What a run says about money that is set aside, sent or in doubt", .serialized)
struct RunWordsTests {
    static let request = TasksCommandTests.request
    static let other = ["run", "-p", "ninjachat", #"{"model": "veo-3.1-fast", "prompt": "A tawny owl"}"#]

    @Test("After Ctrl-C an attempt that waits is not sent yet: it is said when it is, and how to withdraw it")
    func reserved() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--fault", "too-many-requests", "--speed", "30"])
            var run = try shell.begin(Self.request, until: "attempt 2 follows")
            let (status, said) = run.interrupt()
            let id = try shell.taskID()
            #expect(status == 1)
            expect(
                said,
                says: [
                    "not sent yet", "Up to $3.00 stays set aside", "next works on this state folder",
                    "faregate run --resume \(id)", "faregate tasks cancel \(id)",
                ], never: ["--only", "was not sent:"])
            let resumed = try shell.run(["run", "--resume", id, "--timeout", "0", "--format", "json"])
            expect(
                resumed.output,
                says: [#""outcome": "reserved""#, #""reason": "timeout""#, #""standing": "held""#, #""number": 2"#])
            #expect(resumed.status == 1)
            let cancelled = try shell.run(["tasks", "cancel", id])
            #expect(cancelled.status == 0, "\(cancelled.output)\(cancelled.errors)")
            expect(cancelled.output, says: ["cancelled"])
            expect(try shell.ledger(), says: [#""paid_tasks":0"#])
        }
    }

    @Test("--timeout ends the waiting for what is not sent, for a task that is taken up, and for all of them")
    func timeouts() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--fault", "too-many-requests*1", "--fault", "never-ends"])
            let waits = try shell.run(Self.request + ["--timeout", "1"])
            #expect(waits.status == 1)
            expect(waits.output, says: ["not sent within 1 s", "faregate tasks cancel"])
            let id = try shell.taskID()
            var run = try shell.begin(["run", "--resume"], until: "accepted as")
            #expect(run.interrupt().status == 1)
            let one = try shell.run(["run", "--resume", id, "--timeout", "1"])
            #expect(one.status == 1)
            expect(one.output, says: ["no end within 1 s", "Up to $3.00 stays set aside", "goes on at NinjaChat"])
            let all = try shell.run(["run", "--resume", "--timeout", "1"])
            #expect(all.status == 1)
            expect(all.output, says: ["\(id) no end within 1 s", "faregate run --resume takes them up again"])
        }
    }

    @Test("A task of a provider without a key is told with the variable, not waited for, and not ended")
    func obstacle() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--speed", "1"])
            _ = try shell.killed(Self.request, at: "accepted as")
            let id = try shell.taskID()
            let missing = ["FAREGATE_NINJACHAT_API_KEY": ""]
            let one = try shell.run(["run", "--resume", id], environment: missing)
            #expect(one.status == 2)
            expect(
                one.errors,
                says: [
                    "\(id) waits for NinjaChat: no key: set FAREGATE_NINJACHAT_API_KEY", "provider.key_missing",
                    "NinjaChat has it as", "$3.00 stays set aside", "run --resume \(id)",
                ], never: ["Nothing was sent"])
            let all = try shell.run(["run", "--resume"], environment: missing)
            #expect(all.status == 1)
            expect(all.output, says: ["\(id) waits for NinjaChat: no key: set FAREGATE_NINJACHAT_API_KEY"])
            let json = try shell.run(["run", "--resume", "--format", "json"], environment: missing)
            expect(json.output, says: [#""waits_for": "no key: set FAREGATE_NINJACHAT_API_KEY""#])
            let cancelled = try shell.run(["tasks", "cancel", id], environment: missing)
            #expect(cancelled.status == 1)
            expect(cancelled.output, says: ["That it is to be stopped is noted", "waits for NinjaChat: no key"])
        }
    }

    @Test("What was set aside and not sent is withdrawn without a key")
    func withdrawal() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--fault", "too-many-requests"])
            #expect(try shell.run(Self.request + ["--timeout", "1"]).status == 1)
            let cancelled = try shell.run(
                ["tasks", "cancel", try shell.taskID()], environment: ["FAREGATE_NINJACHAT_API_KEY": ""])
            #expect(cancelled.status == 0, "\(cancelled.output)\(cancelled.errors)")
            let again = try shell.run(["tasks", "cancel", try shell.taskID()])
            #expect(again.status == 0, "\(again.output)\(again.errors)")
        }
    }

    @Test("A refused word and a withdrawal send nothing, however long the task has been due")
    func changesSendNothing() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--fault", "too-many-requests"])
            for extra in [[], ["--again"]] {
                #expect(try shell.run(Self.request + ["--timeout", "1"] + extra).status == 1)
            }
            let ids = try shell.run(["tasks", "list", "--format", "json"]).output.split(separator: "\"").map(
                String.init
            )
            .filter { $0.hasPrefix("t1") && $0.count == 19 }
            try #require(ids.count == 2)
            func submitCount() throws -> Int {
                try ids.reduce(0) { count, id in
                    let shown = try shell.run(["tasks", "show", id, "--format", "json"]).output
                    return count + shown.split(separator: "\n").filter { $0.contains(#""event": "submit""#) }.count
                }
            }
            Thread.sleep(forTimeInterval: 4)
            let before = try submitCount()
            #expect(before >= 2)
            let refused = try shell.run(["tasks", "resolve", ids[0], "--absent"])
            #expect(refused.status == 1 && refused.errors.contains("Nothing was changed"), "\(refused.errors)")
            #expect(try shell.run(["tasks", "cancel", ids[0]]).status == 0)
            #expect(try submitCount() == before)
            expect(try shell.run(["tasks", "list"]).output, says: [ids[1]], never: [ids[0]])
        }
    }

    @Test("With --fallback the words are those of the provider that has it, at its price")
    func fallback() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(
                folder, ["--fault", "too-many-requests*1", "--fault", "reply-lost-after-accept"],
                only: ["apixo", "unifically"])
            let run = [
                "run", "--fallback", "--only", "apixo", "--only", "unifically",
                #"{"model": "google/nano-banana", "prompt": "A kettle", "aspect_ratio": "16:9"}"#,
            ]
            let said = try shell.run(run)
            #expect(said.status == 1)
            expect(
                said.output,
                says: [
                    "submitting to APIXO, once", "submitting attempt 2 to Unifically, once", "sent once to Unifically",
                    "your account with Unifically", "up to $0.03", "$0.03 stays set aside",
                ], never: ["your account with APIXO"])
            let id = try shell.taskID()
            let json = try shell.run(["run", "--resume", id, "--format", "json"]).output
            expect(
                json,
                says: [
                    #""provider": "unifically", "model": "google/nano-banana""#, #""outcome": "unknown""#,
                    #""worst_case": "0.03""#,
                ])
            try shell.change(
                "UPDATE attempts SET state = 'orphaned', standing = 'spent', spent = worst_case, ended_at = 1, "
                    + "trouble_code = 'assumed_spent' WHERE state = 'unknown'")
            try shell.change("UPDATE tasks SET state = 'failed', ended_at = 1")
            expect(
                try shell.run(["run", "--resume", id]).output, says: ["given up", "$0.03 is counted as spent"],
                never: ["stays set aside"])
            try shell.change("UPDATE attempts SET state = 'absent', standing = 'released' WHERE state = 'orphaned'")
            expect(
                try shell.run(["run", "--resume", id]).output,
                says: ["Unifically has no such task", "sent once", "set aside is free again"], never: ["was not sent"])
            expect(
                try shell.run(["run", "--resume", id, "--format", "json"]).output, says: [#""outcome": "absent""#])
        }
    }

    @Test("A fallback to a provider without a key is left out, and said to be")
    func fallbackWithoutKey() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(
                folder, ["--fault", "too-many-requests*1", "--speed", "1000"], only: ["apixo"])
            let said = try shell.run([
                "run", "--fallback", "--timeout", "1",
                #"{"model": "google/nano-banana", "prompt": "A kettle", "aspect_ratio": "16:9"}"#, "--only", "apixo",
                "--only", "unifically",
            ])
            expect(said.errors, says: ["--fallback leaves unifically out: no key: set FAREGATE_UNIFICALLY_API_KEY"])
            expect(said.output, says: ["not sent within 1 s", "APIXO"], never: ["submitting to Unifically"])
        }
    }

    @Test("The same request is not ordered twice while it is open; --again says what else is carried on")
    func again() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--speed", "10"])
            _ = try shell.killed(Self.request, at: "accepted as")
            let id = try shell.taskID()
            let refused = try shell.run(Self.request)
            #expect(refused.status == 2)
            expect(
                refused.errors, says: ["task.under_way", id, "Nothing was sent", "run --resume \(id)", "--again"])
            #expect(try shell.run(["tasks", "list", "--all"]).lines.count == 2)
            let another = try shell.run(Self.request + ["--again"])
            #expect(another.status == 0, "\(another.output)\(another.errors)")
            expect(another.output, says: ["another open task of this folder is carried on"])
            // Both may be done by now; what has ended is no repetition.
            #expect([0, 1].contains(try shell.run(["run", "--resume"]).status))
            #expect(try shell.run(Self.request).status == 0)
            expect(try shell.ledger(), says: [#""paid_tasks":3"#])
        }
    }

    @Test("Another task of the folder that this process sends is said in a line; JSON stays one document")
    func others() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--fault", "too-many-requests*1", "--speed", "10"])
            #expect(try shell.run(Self.request + ["--timeout", "1"]).status == 1)
            let first = try shell.taskID()
            let second = try shell.run(Self.other + ["--format", "json"])
            #expect(second.status == 0, "\(second.output)\(second.errors)")
            expect(second.errors, says: ["another task of this folder, \(first): submitting to NinjaChat, once"])
            #expect(throws: Never.self) {
                try JSONSerialization.jsonObject(with: Data(second.output.utf8))
            }
        }
    }

    @Test("A state folder in use: cancel, resolve and budget set say what to do instead")
    func locked() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--speed", "0.1"])
            var run = try shell.begin(Self.request, until: "accepted as")
            let id = try shell.taskID()
            for (arguments, words) in [
                (["tasks", "cancel", id], ["The task was not cancelled", "faregate tasks cancel \(id)"]),
                (["tasks", "resolve", id, "--absent"], ["Nothing was changed", "faregate tasks resolve \(id)"]),
                (["budget", "set", "5"], ["No budget was changed"]),
                (["run", "--resume", id], ["carries every open task", "faregate run --resume"]),
            ] {
                let refused = try shell.run(arguments)
                #expect(refused.status == 2)
                expect(refused.errors, says: ["state.locked", "Ctrl-C there"] + words)
            }
            _ = run.interrupt()
            let cancelled = try shell.run(["tasks", "cancel", id])
            #expect(cancelled.status == 1)
            expect(cancelled.output, says: ["NinjaChat cannot stop a task", "$3.00 stays set aside"])
            let resolved = try shell.run(["tasks", "resolve", id, "--absent"])
            #expect(resolved.status == 1)
            expect(resolved.errors, says: ["task.not_in_doubt", "Nothing was changed", "NinjaChat has it"])
        }
    }

    @Test("An error that ends the work after the submit never says that nothing was sent")
    func brokenOff() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--speed", "30"])
            var run = try shell.begin(Self.request, until: "accepted as")
            try shell.change("UPDATE attempts SET state = 'odd'")
            let (status, said) = run.end()
            let id = try #require(said.split(separator: " ").first { $0.hasPrefix("t1") }).dropLast()
            #expect(status == 1)
            expect(
                said, says: ["\(id) ended by an error", "NinjaChat has it as", "faregate run --resume \(id)"],
                never: ["Nothing was sent"])
        }
    }

    @Test("A refusal that is billed is told with the amount; what has ended is not cancelled")
    func billedRefusal() throws {
        try withTemporaryFolder { folder in
            let plugins = folder.appendingPathComponent("plugins")
            try FileManager.default.copyItem(at: CommandRunner.root.appendingPathComponent("plugins"), to: plugins)
            let file = plugins.appendingPathComponent("ninjachat/plugin.json")
            let manifest = try String(contentsOf: file, encoding: .utf8)
                .replacingOccurrences(of: #""rejected": "not_charged""#, with: #""rejected": "charged""#)
            try Data(manifest.utf8).write(to: file)
            let shell = try SandboxShell(folder, ["--fault", "error-in-200"])
            let said = try shell.run(Self.request, environment: ["FAREGATE_PLUGINS": plugins.path])
            #expect(said.status == 1)
            expect(
                said.output, says: ["NinjaChat refused it", "bills the refusal", "$3.00 is counted as spent"],
                never: ["Nothing was made or billed"])
            let ended = try shell.run(["tasks", "cancel", try shell.taskID()])
            #expect(ended.status == 1)
            expect(ended.errors, says: ["task.ended", "NinjaChat refused it. $3.00 is counted as spent"])
        }
    }

    @Test("The commands that are advised name the folder where --state named it")
    func namedFolder() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--fault", "reply-lost-after-accept"])
            let state = folder.path + "/elsewhere"
            let said = try shell.run(Self.request + ["--state", state])
            expect(said.output, says: ["--state \(state)", "Up to $3.00 stays set aside"])
        }
    }
}
