public import FaregateProviders
import Synchronization

extension Ambiguity.Code {
    /// The program ended while the request may have been on its way.
    public static let interrupted = Ambiguity.Code(rawValue: "submit.interrupted")
}

extension TaskEngine {
    /// Takes up what an earlier process left. **What may have been sent is unknown now, and is not sent again.** Nothing
    /// is sent before ``run()``.
    ///
    /// - Parameter task: The only one to be worked on; the others are left as they are, for another start.
    public func recover(only task: String? = nil) async throws {
        let interrupted = Ambiguity(
            code: .interrupted, message: "the program ended while the request may have been on its way")
        let latest = try await store.read { try $0.latestEvent() }
        if let latest, latest > now() { state.withLock { $0.isClockBehind = true } }
        let (outcomes, attempts, made) = try await store.transact(at: now()) { [meansless] store in
            let outcomes = try store.reader.openAttempts(of: task).filter { $0.state == .submitting }.map { attempt in
                try store.conclude(.lose(interrupted), of: attempt.id, meansless: meansless)
            }
            return (outcomes, try store.reader.openAttempts(of: task), try store.reader.undelivered(of: task))
        }
        let count = try await store.read { try $0.openTaskCount() }
        state.withLock { ($0.openTaskCount, $0.isRecovered) = (count, true) }
        for outcome in outcomes {
            say(outcome.task.id, .attempt(outcome.attempt))
            if outcome.isMoved { say(outcome.task.id, .task(outcome.task)) }
        }
        for attempt in attempts { plan(attempt) }
        for attempt in made { planDelivery(of: attempt, after: .zero) }
    }
}
