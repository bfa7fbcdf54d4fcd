import Faregate
import FaregateProviders
import GRDB

/// One result of an attempt: from the provider's address to a file where it belongs.
public struct TaskResultFile: Sendable, Hashable {
    public enum State: String, Sendable {
        /// To be fetched.
        case pending
        /// On the disk, under a name of our own.
        case staged
        /// Where it belongs, under its name.
        case delivered
    }

    public var attempt: Attempt.ID
    /// From 1, in the provider's order.
    public var position: Int
    public var state: State
    /// Where it is fetched; `nil` for a result that is no file.
    public var address: String?
    /// A result that is no file, as JSON.
    public var data: String?
    /// Where it lies before it has its name.
    public var staged: String?
    /// Where it belongs.
    public var path: String?
    public var bytes: Int?
    public var mediaType: String?
    /// Why it could not be brought so far.
    public var problem: String?
}

extension StoreTransaction {
    /// Keeps what a finished task left, to be fetched.
    ///
    /// - Returns: How many results are beyond the most that are fetched.
    func keep(_ result: TaskResult, of id: Attempt.ID, countMax: Int) throws -> Int {
        var files: [(address: String?, data: String?)] = result.data.map { [(nil, $0.text(pretty: true))] } ?? []
        files += result.addresses.prefix(countMax).map { ($0, nil) }
        for (index, file) in files.enumerated() {
            try run(
                "INSERT INTO results (task_id, number, position, state, address, data) VALUES (?, ?, ?, 'pending', ?, ?)",
                [id.task, id.number, index + 1, file.address, file.data])
        }
        return max(0, result.addresses.count - countMax)
    }

    /// Stores how far a result is.
    func update(_ file: TaskResultFile) throws {
        try run(
            """
            UPDATE results SET state = ?, address = ?, staged = ?, path = ?, bytes = ?, media_type = ?, problem = ?
            WHERE task_id = ? AND number = ? AND position = ?
            """,
            [
                file.state.rawValue, file.address, file.staged, file.path, file.bytes, file.mediaType, file.problem,
                file.attempt.task, file.attempt.number, file.position,
            ])
    }
}

extension StoreReader {
    /// The results of an attempt, in the provider's order.
    func results(of id: Attempt.ID) throws -> [TaskResultFile] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT * FROM results WHERE task_id = ? AND number = ? ORDER BY position"),
            arguments: [id.task, id.number]
        ).map { row in
            TaskResultFile(
                attempt: id, position: row["position"], state: try row.word("state"), address: row["address"],
                data: row["data"], staged: row["staged"], path: row["path"], bytes: row["bytes"],
                mediaType: row["media_type"], problem: row["problem"])
        }
    }
}
