@testable import FaregateTasks

extension TaskStore {
    /// Stores one order without an engine.
    func admit(_ order: TaskOrder, id: String, at now: Timestamp) async throws -> (Admission, Attempt?) {
        try await transact(at: now) { try $0.admit(order, id: id) }
    }
}
