import Faregate

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
        try tasks(openOnly: true, project: order.project, limit: .max)
            .first { $0.offers.first?.isSameRequest(as: order.offers[0]) == true }
    }
}

extension Offer {
    /// Whether both send the same body to the same model of the same provider, at whatever price.
    fileprivate func isSameRequest(as other: Offer) -> Bool {
        provider == other.provider && model == other.model && body.text() == other.body.text()
    }
}
