import GRDB

/// A notice that waits to be sent to an address that the task's owner named.
struct OutboxNotice: Sendable {
    let id: String
    let address: String
    let body: String
    let attemptCount: Int
    let nextAt: Timestamp
}

extension StoreReader {
    /// The notice that is due first; `nil` where none waits.
    func nextNotice() throws -> OutboxNotice? {
        try Row.fetchOne(
            db.cachedStatement(sql: "SELECT * FROM outbox WHERE next_at IS NOT NULL ORDER BY next_at, id LIMIT 1")
        ).map {
            OutboxNotice(
                id: $0["id"], address: $0["address"], body: $0["body"], attemptCount: $0["attempt_count"],
                nextAt: Timestamp(milliseconds: $0["next_at"]))
        }
    }
}

extension StoreTransaction {
    /// Stores what came of sending a notice.
    ///
    /// - Parameters:
    ///   - problem: `nil` where it was taken.
    ///   - nextAt: When to try again; `nil` gives up.
    func sent(_ notice: OutboxNotice, problem: String?, nextAt: Timestamp?) throws {
        try run(
            "UPDATE outbox SET attempt_count = ?, next_at = ?, delivered_at = ?, problem = ? WHERE id = ?",
            [
                notice.attemptCount + 1, nextAt?.milliseconds, problem == nil ? now.milliseconds : nil, problem,
                notice.id,
            ])
    }
}
