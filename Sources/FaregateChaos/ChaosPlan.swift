import Faregate
import FaregateProviders
import FaregateSandbox
import FaregateTasks
import FaregateTesting
import Foundation

/// Everything that happens in one run, decided by its seed.
struct ChaosPlan: Sendable {
    /// The disk has no room for a while.
    struct FullDisk: Sendable {
        /// Steps of the store, counted over all starts.
        let steps: Range<Int>
        /// SQLite itself finds no page, instead of an error that is raised at the step.
        let isReal: Bool
    }

    let seed: UInt64
    let manifests: [Manifest]
    /// Tasks that are wanted.
    let taskCount: Int
    /// What a provider takes, where it says so; else the quote.
    let charge: ExactDecimal
    /// Steps of the store at which the process dies, counted anew after each start.
    let crashes: [Int]
    let fullDisk: FullDisk?
    /// How far the wall clock jumps, at which step.
    let jump: (step: Int, by: Duration)?
    let faultRate: Double
    /// Polls that a simulated task takes.
    let pollCount: Int
    /// How long a search does not see a new task; less than the manifest says.
    let searchDelay: Duration
    /// How long the address of a result leads to it.
    let addressLife: Duration?
    /// The task that somebody wants stopped, at which step.
    let cancel: (task: Int, step: Int)?
    /// A person looks at the provider's account and says what became of tasks in doubt.
    let hasPerson: Bool
    /// The budget has room for the tasks that are wanted, and for no more.
    let isBudgetTight: Bool
    /// A duplicate is allowed to cost its price.
    let allowsDuplicates: Bool
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
        charge = [ChaosWorld.price.amount, "0.25", "0.55"][Int.random(in: 0..<3, using: &random)]
        crashes =
            chance(0.75)
            ? (0..<Int.random(in: 1...4, using: &random)).map { _ in Int.random(in: 1...60, using: &random) } : []
        let start = Int.random(in: 1...120, using: &random)
        let steps = start..<(start + Int.random(in: 1...12, using: &random))
        fullDisk = chance(0.25) ? FullDisk(steps: steps, isReal: chance(0.5)) : nil
        jump =
            chance(0.2)
            ? (Int.random(in: 1...80, using: &random), .seconds(Int.random(in: -200_000...400_000, using: &random)))
            : nil
        faultRate = chance(0.85) ? Double.random(in: 0.05...0.5, using: &random) : 0
        pollCount = Int.random(in: 0...4, using: &random)
        searchDelay = chance(0.5) ? .seconds(Int.random(in: 1...55, using: &random)) : .zero
        addressLife = chance(0.3) ? .seconds(Int.random(in: 1...60, using: &random)) : nil
        cancel =
            chance(0.12) ? (Int.random(in: 0..<taskCount, using: &random), Int.random(in: 1...60, using: &random)) : nil
        hasPerson = chance(0.3)
        isBudgetTight = chance(0.3)
        allowsDuplicates = chance(0.06)
        callbackCopies = Int.random(in: 0...2, using: &random)
        forgesCallbacks = chance(0.3)
    }

    /// A real plugin, or the invented provider with some of what can help to find a lost task.
    private static func manifest(_ random: inout SeededGenerator, _ plugins: [Manifest]) throws -> Manifest {
        if Bool.random(using: &random) { return plugins[Int.random(in: 0..<plugins.count, using: &random)] }
        let key = [InventedProvider.keyInHeader, InventedProvider.keyInBody].randomElement(using: &random)!
        let statesCharge = Bool.random(using: &random)
        return switch Int.random(in: 0..<6, using: &random) {
        case 0: try InventedProvider.manifest(idempotency: key, statesCharge: statesCharge)
        case 1:
            try InventedProvider.manifest(
                idempotency: key, statesCharge: statesCharge, operations: InventedProvider.find)
        case 2: try InventedProvider.manifest(statesCharge: statesCharge, operations: InventedProvider.list)
        case 3:
            try InventedProvider.manifest(
                statesCharge: statesCharge, operations: InventedProvider.callback + InventedProvider.cancel)
        case 4:
            try InventedProvider.manifest(
                statesCharge: statesCharge, operations: InventedProvider.list + InventedProvider.callback)
        default:
            try InventedProvider.manifest(
                idempotency: key, limits: #"{"concurrent_tasks": 1, "requests_per_minute": 60, "source": "p"}"#,
                statesCharge: statesCharge,
                operations: InventedProvider.find + InventedProvider.callback + InventedProvider.cancel)
        }
    }

    /// What goes wrong between client and provider: every fault, in every exchange.
    var faults: FaultPlan {
        faultRate == 0 ? .none : FaultPlan(rate: faultRate, seed: seed &* 31 &+ 7)
    }

    /// What a provider takes for a task.
    func charge(at manifest: Manifest) -> StatedAmount {
        let amount = manifest.statesCharge ? charge : ChaosWorld.price.amount
        return StatedAmount(amount: amount, unit: manifest.traits.billing.unit)
    }
}

extension Manifest {
    /// Whether a task that is done says what it cost.
    fileprivate var statesCharge: Bool {
        operations[.poll]?.rules.contains {
            if case .succeeded(let places) = $0.outcome { places.charge != nil } else { false }
        } ?? false
    }

    /// Every plugin of a folder, by name.
    static func all(in folder: String) throws -> [Manifest] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/plugin.json") }
            .map { try Manifest(named: $0, in: folder) }
    }
}
