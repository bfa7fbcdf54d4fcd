import ArgumentParser
import Faregate
import FaregateProviders
import FaregateSandbox
import FaregateTasks
import FaregateTesting
import Foundation
import GRDB

/// Many tasks in flight at one engine, and durable admissions beside plain SQLite, in one run.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "load")

    @Option(help: "Tasks in flight.")
    var tasks = 100_000

    @Option(help: "How long the polls are counted, in seconds.")
    var seconds = 30

    @Option(help: "Clients that ask for admission at once.")
    var clients = 64

    func run() async throws {
        let folder = NSTemporaryDirectory() + "/faregate-load-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try TaskStore(folder: folder + "/state")
        let (engine, provider) = try engine(store)
        let running = Task { try await engine.run() }  // ends below: it is stopped and waited for
        try await admit(engine, store, folder: folder)
        try await submitAll(provider)
        try await measure(provider)
        try await end(store, provider, folder: folder)
        engine.stop()
        try await running.value
        try store.close()
    }

    private func engine(_ store: TaskStore) throws -> (TaskEngine, SimulatedProvider) {
        let manifest = try InventedProvider.manifest()
        var sandbox = SandboxSettings()
        // Tasks end when they are told to.
        sandbox.progress = .time(speed: 0.000_01)
        let provider = SimulatedProvider(manifest, settings: sandbox) { _, _ in
            .accept(charge: StatedAmount(amount: "0.0004", unit: "USD"), medium: .image)
        }
        let host = ProviderHost(
            codec: ManifestCodec(manifest), access: try ProviderAccess(simulated: manifest.traits),
            transport: SandboxTransport([provider], clock: ContinuousClock()))
        var settings = EngineSettings()
        settings.downloadCountMax = 16
        let engine = TaskEngine(
            store: store, hosts: [manifest.id: host], settings: settings, now: { .now })
        return (engine, provider)
    }

    // MARK: Admissions

    private func order(_ folder: String, _ number: Int) -> TaskOrder {
        TaskOrder(
            project: "load",
            offers: [
                Offer(
                    provider: "acme", model: "clip", medium: .video,
                    body: ["prompt": .string("A paper boat drifts from dawn to dusk, take \(number)")],
                    worstCase: "0.0004", unit: "USD")
            ], outputFolder: folder + "/out")
    }

    /// Admits all tasks, and puts what SQLite alone manages for the same rows beside it.
    private func admit(_ engine: TaskEngine, _ store: TaskStore, folder: String) async throws {
        // Before the engine's load: the same rows, a transaction each, the same durability.
        let sample = try TaskStore(folder: folder + "/sample")
        let plain = try await PlainAdmissions(folder: folder + "/plain", sample: sample, order: order(folder, 0))
        let plainRate = try plain.run(count: 5000)
        let probe = try TaskStore(folder: folder + "/probe")
        let idle = try self.engine(probe).0
        let alone = try await rate(count: 20_000) { try await idle.admit(order(folder, $0)) }
        let one = try await rate(count: 2000, clients: 1) { try await idle.admit(order(folder, $0)) }
        let working = try await rate(count: tasks) { try await engine.admit(order(folder, $0)) }
        say("durable admissions a second (WAL, synchronous FULL)")
        say("  plain SQLite, the same rows, a transaction each   \(plainRate)")
        say("  engine, 1 client                                  \(one)")
        say("  engine, \(clients) clients                                \(alone)")
        say("  engine, \(clients) clients, while it submits and polls    \(working)")
    }

    private func rate(
        count: Int, clients: Int? = nil, _ admit: @escaping @Sendable (Int) async throws -> Admission
    ) async throws -> Int {
        let clock = ContinuousClock()
        let start = clock.now
        let clients = clients ?? self.clients
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<clients {
                group.addTask {
                    for number in stride(from: client, to: count, by: clients) { _ = try await admit(number) }
                }
            }
            try await group.waitForAll()
        }
        return Int(Double(count) / ((clock.now - start) / .seconds(1)))
    }

    // MARK: In flight

    private func submitAll(_ provider: SimulatedProvider) async throws {
        while provider.ledger.submitCount < tasks { try await Task.sleep(for: .milliseconds(200)) }
        try await Task.sleep(for: .seconds(6))
    }

    private func measure(_ provider: SimulatedProvider) async throws {
        let (polls, cpu, clock) = (provider.ledger.pollCount, Self.cpuSeconds, ContinuousClock())
        let start = clock.now
        try await Task.sleep(for: .seconds(seconds))
        let elapsed = (clock.now - start) / .seconds(1)
        let rate = Double(provider.ledger.pollCount - polls) / elapsed
        say("\(tasks) tasks in flight, each polled every 5 s, engine and simulated provider in one process")
        say("  polls a second    \(Int(rate)) of \(tasks / 5) that are due")
        say("  CPU               \(String(format: "%.2f", (Self.cpuSeconds - cpu) / elapsed)) cores")
        say("  memory            \(Self.residentMegabytes) MB")
    }

    /// Lets every task end, and counts those that were forgotten.
    private func end(_ store: TaskStore, _ provider: SimulatedProvider, folder: String) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        for task in provider.ledger.tasks { provider.finish(task.id) }
        while try await store.openTaskCount() > 0, clock.now - start < .seconds(900) {
            try await Task.sleep(for: .milliseconds(500))
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/out").filter { !$0.hasPrefix(".") }
        say(
            "  ended             \(tasks - (try await store.openTaskCount())) tasks, \(files.count) files, in \((clock.now - start).components.seconds) s"
        )
        say("  forgotten         \(try await store.openTaskCount())")
        say("  submitted twice   \(provider.ledger.submitCount - tasks)")
    }

    private static var cpuSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1_000_000
    }

    private static var residentMegabytes: Int {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
    }
}

/// One row to insert: the statement and its values.
struct PlainRow: Sendable {
    let sql: String
    let values: [DatabaseValue]
    let names: [String]
}

/// What SQLite alone manages: the rows of one admission, copied with prepared statements, a transaction each, one
/// after the other.
struct PlainAdmissions {
    private let queue: DatabasePool
    private let rows: [PlainRow]

    /// - Parameter sample: A store to take the rows of one admission from.
    init(folder: String, sample: TaskStore, order: TaskOrder) async throws {
        let id = try await sample.admit(order)
        try sample.close()
        try TaskStore(folder: folder).close()
        queue = try DatabasePool(path: folder + "/tasks.sqlite")
        try await queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        let source = try DatabasePool(path: sample.folder! + "/tasks.sqlite")
        rows = try await source.read { db in
            try [("tasks", "id"), ("attempts", "task_id"), ("events", "task_id"), ("ledger", "task_id")].flatMap {
                table, key in
                try Row.fetchAll(db, sql: "SELECT * FROM \(table) WHERE \(key) = ?", arguments: [id]).map { row in
                    let names = row.columnNames.filter { $0 != "sequence" }
                    let places = names.map { _ in "?" }.joined(separator: ", ")
                    return PlainRow(
                        sql: "INSERT INTO \(table) (\(names.joined(separator: ", "))) VALUES (\(places))",
                        values: names.map { row[$0] as DatabaseValue }, names: Array(names))
                }
            }
        }
        try source.close()
    }

    /// - Returns: Transactions a second.
    func run(count: Int) throws -> Int {
        let clock = ContinuousClock()
        let elapsed = try clock.measure {
            try queue.writeWithoutTransaction { db in
                for number in 0..<count {
                    try db.inTransaction(.immediate) {
                        for row in rows {
                            var values = row.values
                            for (index, name) in row.names.enumerated() where name == "id" || name == "task_id" {
                                values[index] = "t\(number)".databaseValue
                            }
                            try db.cachedStatement(sql: row.sql).execute(arguments: StatementArguments(values))
                        }
                        return .commit
                    }
                }
            }
        }
        return Int(Double(count) / (elapsed / .seconds(1)))
    }
}
