import Faregate
import FaregateProviders
import Foundation
import GRDB
import Synchronization
import Testing

@testable import FaregateTasks

@Suite("The store of tasks")
struct TaskStoreTests {
    static let now = Timestamp(milliseconds: 1_795_000_000_000)

    static func order(_ cost: ExactDecimal? = "2", project: String = "default", unit: String = "USD") -> TaskOrder {
        TaskOrder(
            project: project,
            offers: [
                Offer(
                    provider: "acme", model: "clip", medium: .video, body: ["prompt": "a boat"], worstCase: cost,
                    unit: cost == nil ? nil : unit)
            ], outputFolder: "/nowhere")
    }

    @Test("What is stored is on the disk: WAL, synchronous FULL as the connection itself says")
    func durability() async throws {
        try await withTemporaryFolder { folder in
            let store = try TaskStore(folder: folder)
            #expect(try await store.pragma("synchronous") == "2")
            #expect(try await store.pragma("journal_mode") == "wal")
            #expect(try await store.pragma("foreign_keys") == "1")
        }
    }

    @Test("One process at a time: a second is told who has the folder")
    func lock() async throws {
        try await withTemporaryFolder { folder in
            let store = try TaskStore(folder: folder)
            let error = #expect(throws: StoreError.self) { try TaskStore(folder: folder) }
            #expect(error?.code == .locked)
            #expect(error?.message.contains("in use by process") == true, "\(error?.message ?? "")")
            try store.close()
        }
    }

    @Test("Who looks can tell whether a process works on the tasks, and keeps none from it")
    func workedOn() async throws {
        try await withTemporaryFolder { folder in
            #expect(!StateLock.isHeld(folder + "/none"))
            let store = try TaskStore(folder: folder)
            let look = try #require(try TaskStore(lookingAt: folder))
            #expect(store.isWorkedOn && look.isWorkedOn)
            try store.close()
            #expect(!look.isWorkedOn)
            try TaskStore(folder: folder).close()
            #expect(try TaskStore().isWorkedOn)
        }
    }

    @Test("A file of the first version is looked at as it is, and gets what is new when it is worked on")
    func firstVersion() async throws {
        try await withTemporaryFolder { folder in
            let pool = try DatabasePool(path: folder + "/tasks.sqlite")
            try Schema.migrator.migrate(pool, upTo: "1 tasks")
            let offers = JSONValue.array(Self.order().offers.map(\.json)).text()
            try await pool.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO tasks VALUES ('t-1', 'default', 'active', ?, 3, 0, 0, 2000, '/out', NULL, 0, NULL, 0, NULL)
                        """, arguments: [offers])
                try db.execute(
                    sql: """
                        INSERT INTO attempts (task_id, number, offer, provider, model, medium, state, standing,
                            is_cancel_requested, is_late, planned_at)
                        VALUES ('t-1', 1, 0, 'acme', 'clip', 'video', 'running', 'none', 0, 0, 0)
                        """)
            }
            try pool.close()
            let look = try #require(try TaskStore(lookingAt: folder))
            #expect(try await look.record("t-1").attempts.map(\.progressPercent) == [nil])
            let store = try TaskStore(folder: folder)
            let id = Attempt.ID(task: "t-1", number: 1)
            try await store.transact(at: Self.now) { try $0.note(progressPercent: [id: 40]) }
            #expect(try await store.record("t-1").attempts.map(\.progressPercent) == [40])
            var order = Self.order()
            order.refusesRepetition = true
            let again = order
            let repetition = await #expect(throws: OrderRepetition.self) {
                _ = try await store.admit(again, id: "t-2", at: Self.now)
            }
            #expect(repetition?.taskID == "t-1")
        }
    }

    @Test("A folder that cannot be, and a file that is none of ours, are refused in words")
    func unusable() async throws {
        expect(.folderUnwritable) { try TaskStore(folder: "/dev/null/x") }
        try await withTemporaryFolder { folder in
            try await TaskStore(folder: folder).execute("PRAGMA user_version = 1")
            let text = String(repeating: "no database at all. ", count: 300)
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/tasks.sqlite"))
            expect(.unreadable) { try TaskStore(folder: folder) }
        }
    }

    @Test("A file of a later release is refused, not guessed at")
    func later() async throws {
        try await withTemporaryFolder { folder in
            try await TaskStore(folder: folder).execute("INSERT INTO grdb_migrations (identifier) VALUES ('9 later')")
            expect(.tooNew) { try TaskStore(folder: folder) }
        }
    }

    @Test("The ledger is only added to", arguments: ["UPDATE ledger SET amount = 0", "DELETE FROM ledger"])
    func appendOnly(_ statement: String) async throws {
        let store = try TaskStore()
        _ = try await store.admit(Self.order(), id: "t1", at: Self.now)
        await #expect(throws: DatabaseError.self) { try await store.execute(statement) }
    }

    @Test("The file itself refuses a second hold and a second capture")
    func once() async throws {
        let store = try TaskStore()
        _ = try await store.admit(Self.order(), id: "t1", at: Self.now)
        func line(_ kind: String) -> String {
            """
            INSERT INTO ledger (task_id, number, project, provider, model, at, held_at, kind, basis)
            VALUES ('t1', 1, 'default', 'acme', 'clip', 0, 0, '\(kind)', 'quoted')
            """
        }
        await #expect(throws: DatabaseError.self) { try await store.execute(line("hold")) }
        try await store.execute(line("capture"))
        await #expect(throws: DatabaseError.self) { try await store.execute(line("capture")) }
    }

    @Test("Everything that is stored comes back as it was", arguments: AttemptState.allCases)
    func roundTrip(_ state: AttemptState) async throws {
        try await withTemporaryFolder { folder in
            var store = try TaskStore(folder: folder)
            let attempt = Attempt.sample(in: state, number: 2)
            _ = try await store.admit(Self.order(), id: "t-1", at: Self.now)
            try await store.transact(at: Self.now) { try $0.insert(attempt) }
            try store.close()
            store = try TaskStore(folder: folder)
            #expect(try await store.read { try $0.attempt(attempt.id) } == attempt)
        }
    }

    @Test("A transition and its ledger lines are stored together or not at all")
    func together() async throws {
        let store = try TaskStore()
        _ = try await store.admit(Self.order(), id: "t1", at: Self.now)
        struct Stop: Error {}
        let id = Attempt.ID(task: "t1", number: 1)
        await #expect(throws: Stop.self) {
            try await store.transact(at: Self.now) { store in
                try store.apply(.withdraw, to: id)
                throw Stop()
            }
        }
        #expect(try await store.read { try $0.attempt(id) }.state == .reserved)
        #expect(try await store.ledger().map(\.entry.kind) == [.hold])
        await #expect(throws: IllegalTransition.self) {
            try await store.transact(at: Self.now) { try $0.apply(.succeed(charge: nil), to: id) }
        }
        try await store.transact(at: Self.now) { _ = try $0.apply(.withdraw, to: id) }
        #expect(try await store.ledger().map(\.entry.kind) == [.hold, .release])
    }

    @Test("Transactions that come together share commits; one that fails takes no other with it")
    func group() async throws {
        try await withTemporaryFolder { folder in
            let commits = Mutex(0)
            let store = try TaskStore(folder: folder) { point in
                if point == .beforeCommit { commits.withLock { $0 += 1 } }
            }
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<400 {
                    group.addTask {
                        // Every tenth comes with an id that is taken.
                        let id = number % 10 == 9 ? "t0" : "t\(number)"
                        return (try? await store.admit(Self.order(), id: id, at: Self.now)) != nil
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let count = try await store.read { try $0.tasks(openOnly: false, project: nil, limit: 1000) }.count
            #expect(outcomes.filter(\.self).count == count)
            #expect(count == 360)
            #expect(commits.withLock { $0 } < 200, "\(commits.withLock { $0 }) commits")
        }
    }

    @Test("A full disk stores nothing and says so; with room again, work goes on")
    func fullDisk() async throws {
        try await withTemporaryFolder { folder in
            let store = try TaskStore(folder: folder)
            try await store.limitSize(true)
            var order = Self.order()
            order.offers[0].body = ["prompt": .string(String(repeating: "a boat ", count: 20_000))]
            let big = order
            await expect(.diskFull) { _ = try await store.admit(big, id: "t1", at: Self.now) }
            #expect(try await store.read { try $0.tasks(openOnly: false, project: nil, limit: 10) }.isEmpty)
            #expect(try await store.ledger().isEmpty)
            try await store.limitSize(false)
            _ = try await store.admit(big, id: "t1", at: Self.now)
            #expect(try await store.ledger().count == 1)
        }
    }

    @Test("The same key is the same task; with another request it is refused")
    func idempotency() async throws {
        let store = try TaskStore()
        var order = Self.order()
        order.idempotencyKey = "k1"
        #expect(try await store.admit(order, id: "t1", at: Self.now).0 == .admitted("t1"))
        #expect(try await store.admit(order, id: "t2", at: Self.now).0 == .known("t1"))
        order.offers[0].body = ["prompt": "a plane"]
        let other = order
        await expect(.keyReused) { _ = try await store.admit(other, id: "t3", at: Self.now) }
        order.project = "another"
        #expect(try await store.admit(order, id: "t4", at: Self.now).0 == .admitted("t4"))
        #expect(try await store.ledger().count == 2)
    }

    @Test("An order may refuse to repeat an open task's request, whatever it costs now")
    func repetition() async throws {
        let store = try TaskStore()
        _ = try await store.admit(Self.order(), id: "t1", at: Self.now)
        var order = Self.order("3")
        order.refusesRepetition = true
        let (again, other) = (order, Self.order(project: "another"))
        let repetition = await #expect(throws: OrderRepetition.self) {
            _ = try await store.admit(again, id: "t2", at: Self.now)
        }
        #expect(repetition?.taskID == "t1" && repetition?.createdAt == Self.now)
        #expect(try await store.ledger().count == 1)
        #expect(try await store.admit(other, id: "t3", at: Self.now).0 == .admitted("t3"))
        order.offers[0].body = ["prompt": "a plane"]
        #expect(try await store.admit(order, id: "t4", at: Self.now).0 == .admitted("t4"))
        _ = try await store.transact(at: Self.now) {
            try $0.conclude(.withdraw, of: Attempt.ID(task: "t1", number: 1), meansless: ["acme"])
        }
        #expect(try await store.admit(again, id: "t5", at: Self.now).0 == .admitted("t5"))
    }
}

/// Expects that a call fails with a code.
func expect(_ code: StoreError.Code, _ body: () throws -> some Any, at place: SourceLocation = #_sourceLocation) {
    let error = #expect(throws: StoreError.self, sourceLocation: place) { try body() }
    #expect(error?.code == code, "\(error?.message ?? "")", sourceLocation: place)
}

/// Expects that a call fails with a code.
func expect(
    _ code: StoreError.Code, _ body: () async throws -> Void, at place: SourceLocation = #_sourceLocation
) async {
    let error = await #expect(throws: StoreError.self, sourceLocation: place) { try await body() }
    #expect(error?.code == code, "\(error?.message ?? "")", sourceLocation: place)
}

extension TaskStore {
    /// All lines of the ledger.
    func ledger(project: String? = nil) async throws -> [LedgerLine] {
        try await read { reader in
            var lines: [LedgerLine] = []
            try reader.ledger(project: project) { lines.append($0) }
            return lines
        }
    }
}
