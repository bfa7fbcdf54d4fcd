import Foundation
import Testing

@Suite("A run that is told to end says how the task stands", .serialized)
struct InterruptionTests {
    static let request = TasksCommandTests.request

    @Test(
        "Ctrl-C, SIGTERM and a closed terminal wait for the submit that is under way",
        arguments: [SIGINT, SIGTERM, SIGHUP])
    @MainActor func submit(_ signal: Int32) throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--speed", "0.1"])
            shell.pause()
            var run = try shell.begin(Self.request, until: "submitting to")
            kill(run.process.processIdentifier, signal)
            usleep(500_000)
            #expect(run.process.isRunning)
            shell.goOn()
            let (status, said) = run.end()
            #expect(status == 1 && run.process.terminationReason == .exit)
            #expect(said.contains("the waiting was broken off"), "\(said)")
            let tasks = try shell.run(["tasks", "list", "--format", "json"])
            #expect(tasks.output.contains(#""state": "accepted""#), "\(tasks.output)")
            #expect(try shell.ledger().contains(#""paid_tasks":1"#))
        }
    }

    @Test("Under nohup a closed terminal ends nothing")
    @MainActor func nohup() throws {
        try withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--speed", "0.1"])
            var run = try shell.begin(Self.request, until: "accepted as", hangup: "SIG_IGN")
            kill(run.process.processIdentifier, SIGHUP)
            usleep(500_000)
            #expect(run.process.isRunning)
            #expect(run.interrupt().status == 1)
        }
    }
}
