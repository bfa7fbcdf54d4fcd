import FaregateProviders
import FaregateTasks
import Foundation
import Testing

@testable import FaregateChaos

@Suite("Chaos: nothing is paid twice, nothing is lost, the books balance")
struct ChaosTests {
    private static let plugins: String = {
        let parts = #filePath.split(separator: "/").dropLast(4)
        return "/" + parts.joined(separator: "/") + "/plugins"
    }()

    /// The program beside these tests.
    private static let program: String = {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("FaregateChaos").path
    }()

    @Test("Seeded runs with crashes simulated in process")
    func runs() async throws {
        let totals = try await ChaosTotals.ofRuns(1..<61, plugins: Self.plugins)
        #expect(totals.isClean, "\(totals.paidTwice + totals.lost + totals.mismatches + totals.doubleCaptures)")
        #expect(totals.paidMax == 1 && totals.runCount == 60)
        // The harness does its harm: there were crashes, doubts and successes.
        #expect(totals.crashCount > 30 && totals.assumedCount > 0 && totals.succeededCount > 30)
    }

    @Test("Processes ended by kill -9")
    func kills() async throws {
        let totals = try await KillsCommand.totals(1..<9, program: Self.program)
        #expect(totals.isClean, "\(totals.paidTwice + totals.lost + totals.mismatches + totals.doubleCaptures)")
        #expect(totals.crashCount >= 8)
    }

    @Test("The judge sees what is wrong: a double payment, a missing file, books that do not agree")
    func judge() async throws {
        let folder = NSTemporaryDirectory() + "faregate-judge-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let plugins = try ["apixo", "ninjachat", "sjinn", "unifically"].map {
            try Manifest(named: $0, in: Self.plugins)
        }
        let world = ChaosWorld(try ChaosPlan(seed: 6, plugins: plugins), folder: folder)
        let clean = try await ChaosRun(world: world).run()
        #expect(clean.lost.isEmpty && clean.mismatches.isEmpty && clean.paidTwice.isEmpty)
        let prompt = try #require(world.made.all.keys.first)
        world.made.add(prompt)
        try? FileManager.default.removeItem(atPath: folder + "/out")
        let store = try TaskStore(folder: folder + "/state")
        let id = try await store.tasks(openOnly: false)[0].0.id
        try await store.execute(
            """
            INSERT INTO ledger (task_id, number, project, provider, model, at, held_at, kind, amount, basis)
            VALUES ('\(id)', 1, 'chaos', 'x', 'clip', 0, 0, 'adjust', -1, 'quoted')
            """)
        let judge = ChaosJudge(
            providers: world.providers, made: { world.made.all }, taskCount: world.plan.taskCount + 1, crashCount: 0,
            folder: folder, store: store)
        let spoiled = try await judge.judge()
        #expect(spoiled.paidTwice.count == 1)
        #expect(spoiled.mismatches.count == 1, "\(spoiled.mismatches)")
        #expect(spoiled.lost.count >= 1, "\(spoiled.lost)")
        try store.close()
    }
}
