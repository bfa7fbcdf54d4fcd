import Faregate
import GRDB

/// An order for what an open task of the project asks for already. Nothing was stored and nothing sent.
public struct OrderRepetition: Error, Sendable, Hashable {
    /// The task that is open.
    public let taskID: String
    public let state: TaskState
    public let createdAt: Timestamp

    init(of task: DurableTask) { (taskID, state, createdAt) = (task.id, task.state, task.createdAt) }
}

extension StoreReader {
    /// The newest open task of the order's project whose first offer is the same request.
    func openTask(asking order: TaskOrder) throws -> DurableTask? {
        try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT * FROM tasks WHERE ended_at IS NULL AND project = ? AND request_digest = ?
                    ORDER BY id DESC LIMIT 1
                    """), arguments: [order.project, order.offers[0].requestDigest]
        ).map(Self.task)
    }
}

extension Offer {
    /// The same where the same body goes to the same model of the same provider, at whatever price.
    var requestDigest: String { sha256("\(provider)\n\(model)\n\(body.text())") }
}
