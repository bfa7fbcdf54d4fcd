import FaregateProviders
import GRDB

/// A notice to an address that the task's owner named: it waits, was delivered, or was given up.
public struct OutboxNotice: Sendable, Hashable {
    /// The same each time it is sent.
    public let id: String
    public let task: String
    /// May hold what only the owner and the receiver know: show its origin.
    public let address: String
    public let body: String
    public let createdAt: Timestamp
    /// Attempts that count towards giving up.
    public let attemptCount: Int
    /// When it is sent next; `nil` where it is not sent any more.
    public let nextAt: Timestamp?
    public let deliveredAt: Timestamp?
    /// Why the last attempt did not deliver it.
    public let problem: String?
}

extension OutboxNotice {
    /// Where it goes, without what may be confidential: `https://hooks.example.com`.
    public var origin: String { WebAddress(address)?.origin ?? "an address that cannot be read" }

    init(_ row: Row) {
        self.init(
            id: row["id"], task: row["task_id"], address: row["address"], body: row["body"],
            createdAt: Timestamp(milliseconds: row["created_at"]), attemptCount: row["attempt_count"],
            nextAt: row.timestamp("next_at"), deliveredAt: row.timestamp("delivered_at"), problem: row["problem"])
    }
}

extension StoreReader {
    /// The notice that is due first and goes to none of these addresses; `nil` where none waits. A later notice of a
    /// task waits for the earlier ones: the last word that a receiver gets is the newest.
    func nextNotice(except addresses: Set<String> = []) throws -> OutboxNotice? {
        let places = databaseQuestionMarks(count: addresses.count)
        return try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT * FROM outbox WHERE next_at IS NOT NULL AND address NOT IN (\(places)) AND NOT EXISTS (
                        SELECT 1 FROM outbox AS earlier WHERE earlier.task_id = outbox.task_id
                        AND earlier.next_at IS NOT NULL AND (earlier.created_at, earlier.id) < (outbox.created_at, outbox.id))
                    ORDER BY next_at, id LIMIT 1
                    """), arguments: StatementArguments(addresses)
        ).map(OutboxNotice.init)
    }

    /// When the next waiting notice is due, of a task or of all; `nil` where none waits.
    func nextNoticeAt(task: String?) throws -> Timestamp? {
        try Int64.fetchOne(
            db, sql: "SELECT min(next_at) FROM outbox WHERE next_at IS NOT NULL AND (:task IS NULL OR task_id = :task)",
            arguments: ["task": task]
        ).map { Timestamp(milliseconds: $0) }
    }

    /// The notices of a task, in the order in which they came to be.
    func notices(of task: String) throws -> [OutboxNotice] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM outbox WHERE task_id = ? ORDER BY created_at, id", arguments: [task]
        ).map(OutboxNotice.init)
    }
}

extension StoreTransaction {
    /// Makes every notice that waits due at once. An attempt is given back for the one that this costs, so that many
    /// starts give nothing up early.
    func hastenNotices() throws {
        try run(
            "UPDATE outbox SET next_at = ?, attempt_count = max(attempt_count - 1, 0) WHERE next_at > ?",
            [now.milliseconds, now.milliseconds])
    }

    /// Stores that a notice was taken.
    func delivered(_ notice: OutboxNotice) throws {
        try run(
            """
            UPDATE outbox SET attempt_count = attempt_count + 1, next_at = NULL, delivered_at = ?, problem = NULL
            WHERE id = ?
            """, [now.milliseconds, notice.id])
    }

    /// Stores that a notice was not taken.
    ///
    /// - Parameters:
    ///   - attemptCount: Attempts so far that count.
    ///   - nextAt: When to try again; `nil` gives up.
    func undelivered(_ notice: OutboxNotice, _ problem: String, attemptCount: Int, nextAt: Timestamp?) throws {
        try run(
            "UPDATE outbox SET attempt_count = ?, next_at = ?, problem = ? WHERE id = ?",
            [attemptCount, nextAt?.milliseconds, problem, notice.id])
    }
}
