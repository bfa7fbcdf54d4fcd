import Faregate
import FaregateProviders
import FaregateSandbox
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
        #expect(totals.isClean, "\(totals.problems)")
        #expect(totals.paidMax == 1 && totals.runCount == 60)
        // The harness does its harm: there were crashes, doubts and successes.
        #expect(totals.crashCount > 30 && totals.assumedCount > 0 && totals.succeededCount > 30)
    }

    @Test("Processes ended by kill -9")
    func kills() async throws {
        let totals = try await KillsCommand.totals(1..<9, program: Self.program)
        #expect(totals.isClean, "\(totals.problems)")
        #expect(totals.crashCount >= 8)
    }

    @Test("The judge sees what is wrong: a double payment, a missing file, books that do not agree")
    func judge() async throws {
        let folder = NSTemporaryDirectory() + "faregate-judge-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // A run in which every task succeeds.
        let plugins = try Manifest.all(in: Self.plugins)
        let plans = try (1...200).map { try ChaosPlan(seed: $0, plugins: plugins) }
        let plan = plans.first { plan in
            plan.faultRate == 0 && plan.crashes.isEmpty && plan.fullDisk == nil && plan.cancel == nil
        }
        let world = ChaosWorld(try #require(plan), folder: folder)
        let clean = try await ChaosRun(world: world).run()
        #expect(clean.lost.isEmpty && clean.mismatches.isEmpty && clean.paidTwice.isEmpty)
        #expect(clean.succeededCount == clean.taskCount)

        // Somebody buys the same again behind our back, the files vanish, a line is added to the ledger.
        let provider = world.providers[0]
        let order = world.order(0)
        provider.inject(.none)
        let host = try #require(try world.hosts()[provider.id])
        _ = try await host.submit(ProviderTask(model: "clip", body: order.offers[0].body, medium: .video))
        try? FileManager.default.removeItem(atPath: folder + "/out")
        let store = try TaskStore(folder: folder + "/state")
        let id = try await store.tasks(openOnly: false)[0].0.id
        try await store.execute(
            """
            INSERT INTO ledger (task_id, number, project, provider, model, at, held_at, kind, amount, basis)
            VALUES ('\(id)', 1, 'chaos', 'x', 'clip', 0, 0, 'adjust', -1, 'quoted')
            """)
        let spoiled = try await ChaosJudge(
            providers: world.providers, admitted: world.admitted.union(["never stored"]), crashCount: 0,
            folder: folder, store: store
        ).judge()
        #expect(spoiled.paidTwice.count == 1, "\(spoiled.paidTwice)")
        // The sale that no attempt stands for, and the line.
        #expect(spoiled.mismatches.count == 2, "\(spoiled.mismatches)")
        // What was never stored, and the files.
        #expect(spoiled.lost.contains { $0.contains("never stored was admitted and is not stored") })
        #expect(spoiled.lost.contains { $0.hasPrefix("0 files of") })
        try store.close()
    }
}
