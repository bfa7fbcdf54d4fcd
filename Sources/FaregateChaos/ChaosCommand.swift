import ArgumentParser
import FaregateProviders
import FaregateTasks
import Foundation
import Synchronization

/// What `make chaos` and `make load` run.
@main
struct FaregateChaos: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faregate-chaos", abstract: "Proves, against simulated providers, that nothing is paid twice.",
        subcommands: [RunsCommand.self, KillsCommand.self, ChildCommand.self, LoadCommand.self])
}

/// Runs in this process: the process "dies" where its store says so, and everything in memory is dropped.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "runs")

    @Option(help: "How many seeds.")
    var count = 10_000

    @Option(help: "The first seed.")
    var seed: UInt64 = 1

    @Option(help: "The folder of the plugins.")
    var plugins = "plugins"

    func run() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let totals = try await ChaosTotals.ofRuns(seed..<(seed + UInt64(count)), plugins: plugins)
        totals.report("\(count) seeded runs, crashes simulated in process", after: clock.now - start)
        if !totals.isClean { throw ExitCode.failure }
    }
}

/// What many runs came to.
struct ChaosTotals: Sendable {
    var runCount = 0
    var taskCount = 0
    var succeededCount = 0
    var acceptedCount = 0
    var paidCount = 0
    var paidMax = 0
    var leaveCount = 0
    var paidWithLeaveCount = 0
    var unfoundCount = 0
    var crashCount = 0
    var assumedCount = 0
    var lost: [String] = []
    var mismatches: [String] = []
    var doubleCaptures: [String] = []
    var paidTwice: [String] = []

    /// Everything that was promised held.
    var isClean: Bool {
        problems.isEmpty && paidMax <= 1 && paidCount == acceptedCount && acceptedCount > 0
    }

    /// Everything that was promised and did not hold.
    var problems: [String] { paidTwice + lost + mismatches + doubleCaptures }

    mutating func add(_ result: ChaosResult, run: String) {
        runCount += 1
        taskCount += result.taskCount
        succeededCount += result.succeededCount
        acceptedCount += result.paid.count
        paidCount += result.paid.reduce(0, +)
        paidMax = max(paidMax, result.paid.max() ?? 0)
        crashCount += result.crashCount
        assumedCount += result.assumedCount
        leaveCount += result.paidWithLeave.count
        paidWithLeaveCount += result.paidWithLeave.reduce(0, +)
        unfoundCount += result.unfoundCount
        paidTwice += result.paidTwice.map { "run \(run): \($0)" }
        lost += result.lost.map { "run \(run): \($0)" }
        mismatches += result.mismatches.map { "run \(run): \($0)" }
        doubleCaptures += result.doubleCaptures.map { "run \(run): \($0)" }
    }

    /// Runs seeds, two at a time.
    static func ofRuns(_ seeds: Range<UInt64>, plugins folder: String) async throws -> ChaosTotals {
        let plugins = try Manifest.all(in: folder)
        var totals = ChaosTotals()
        try await withThrowingTaskGroup(of: (UInt64, ChaosResult).self) { group in
            var rest = seeds
            for seed in rest.prefix(2) { group.addTask { (seed, try await oneRun(seed, plugins)) } }
            rest = rest.dropFirst(2)
            while let (seed, result) = try await group.next() {
                totals.add(result, run: "\(seed)")
                if let seed = rest.popFirst() { group.addTask { (seed, try await oneRun(seed, plugins)) } }
            }
        }
        return totals
    }

    static func oneRun(_ seed: UInt64, _ plugins: [Manifest]) async throws -> ChaosResult {
        let folder = NSTemporaryDirectory() + "/faregate-chaos-\(getpid())-\(seed)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let world = ChaosWorld(try ChaosPlan(seed: seed, plugins: plugins), folder: folder)
        do { return try await ChaosRun(world: world).run() } catch {
            var result = ChaosResult()
            result.lost.append("the run itself failed: \(error)")
            return result
        }
    }

    /// Prints the table.
    func report(_ title: String, after elapsed: Duration) {
        let mean = acceptedCount == 0 ? 0 : Double(paidCount) / Double(acceptedCount)
        let rows = [
            ("crashes survived", "\(crashCount)"), ("tasks wanted", "\(taskCount)"),
            ("tasks with their file", "\(succeededCount)"), ("tasks that a provider accepted", "\(acceptedCount)"),
            ("paid submissions per accepted task, mean", String(format: "%.3f", mean)),
            ("paid submissions per accepted task, max", "\(paidMax)"), ("tasks lost", "\(lost.count)"),
            ("ledger mismatches", "\(mismatches.count)"), ("double captures", "\(doubleCaptures.count)"),
            ("attempts taken for spent", "\(assumedCount)"),
            ("  of them paid, and found by no means", "\(unfoundCount)"),
        ]
        say("\(title), \(elapsed.components.seconds) s")
        for (name, value) in rows {
            say("  " + name.padding(toLength: 44, withPad: " ", startingAt: 0) + value)
        }
        if leaveCount > 0 {
            say(
                "  beside them \(leaveCount) tasks that were allowed a duplicate: \(paidWithLeaveCount) paid, at most 2 each"
            )
        }
        for problem in problems.prefix(20) { say("  ! \(problem)") }
    }
}

/// A line of output, at once: also into a file, also when somebody ends the command.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

extension Timestamp {
    /// By the system's clock.
    static var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
}
