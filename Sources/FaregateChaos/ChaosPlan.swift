import Faregate
import FaregateProviders
import FaregateSandbox
import FaregateTasks
import FaregateTesting

/// Everything that happens in one run, decided by its seed.
struct ChaosPlan: Sendable {
    let seed: UInt64
    let manifests: [Manifest]
    /// Tasks that are wanted.
    let taskCount: Int
    /// Steps of the store at which the process dies, counted anew after each start.
    let crashes: [Int]
    /// Steps at which the disk is full, counted over all starts.
    let fullDisk: Range<Int>?
    /// How far the wall clock jumps, at which step.
    let jump: (step: Int, by: Duration)?
    let faultRate: Double
    /// Polls that a simulated task takes.
    let pollCount: Int
    /// The task that somebody wants stopped, at which step.
    let cancel: (task: Int, step: Int)?
    /// Which callbacks arrive, of those that are posted, and how often.
    let callbackCopies: Int
    let forgesCallbacks: Bool

    init(seed: UInt64, plugins: [Manifest]) throws {
        var random = SeededGenerator(seed: seed)
        func chance(_ part: Double) -> Bool { Double.random(in: 0..<1, using: &random) < part }
        self.seed = seed
        let first = try Self.manifest(&random, plugins)
        let others = plugins.filter { $0.id != first.id }
        manifests = [first] + (chance(0.3) ? [others[Int.random(in: 0..<others.count, using: &random)]] : [])
        taskCount = Int.random(in: 1...3, using: &random)
        crashes =
            chance(0.75)
            ? (0..<Int.random(in: 1...4, using: &random)).map { _ in Int.random(in: 1...60, using: &random) } : []
        let start = Int.random(in: 1...120, using: &random)
        fullDisk = chance(0.2) ? start..<(start + Int.random(in: 1...12, using: &random)) : nil
        jump =
            chance(0.2)
            ? (Int.random(in: 1...80, using: &random), .seconds(Int.random(in: -200_000...400_000, using: &random)))
            : nil
        faultRate = chance(0.85) ? Double.random(in: 0.05...0.5, using: &random) : 0
        pollCount = Int.random(in: 0...4, using: &random)
        cancel =
            chance(0.12) ? (Int.random(in: 0..<taskCount, using: &random), Int.random(in: 1...60, using: &random)) : nil
        callbackCopies = Int.random(in: 0...2, using: &random)
        forgesCallbacks = chance(0.3)
    }

    /// A real plugin, or the invented provider with some of what can help to find a lost task.
    private static func manifest(_ random: inout SeededGenerator, _ plugins: [Manifest]) throws -> Manifest {
        let choice = Int.random(in: 0..<10, using: &random)
        if choice < 4 { return plugins[choice] }
        let key = [InventedProvider.keyInHeader, InventedProvider.keyInBody][choice % 2]
        return switch choice {
        case 4, 5: try InventedProvider.manifest(idempotency: key)
        case 6, 7: try InventedProvider.manifest(idempotency: key, operations: InventedProvider.find)
        case 8: try InventedProvider.manifest(operations: InventedProvider.callback + InventedProvider.cancel)
        default:
            try InventedProvider.manifest(
                idempotency: key, limits: #"{"concurrent_tasks": 1, "requests_per_minute": 60, "source": "p"}"#,
                operations: InventedProvider.find + InventedProvider.callback + InventedProvider.cancel)
        }
    }

    /// What goes wrong between client and provider: every fault, in every exchange.
    var faults: FaultPlan {
        faultRate == 0 ? .none : FaultPlan(rate: faultRate, seed: seed &* 31 &+ 7)
    }
}
