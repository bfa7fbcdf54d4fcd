public import FaregateProviders
import Synchronization

extension Ambiguity.Code {
    /// The program ended while the request may have been on its way.
    public static let interrupted = Ambiguity.Code(rawValue: "submit.interrupted")
}

extension TaskEngine {
    /// Takes up what an earlier process left. **What may have been sent is unknown now, and is not sent again.**
    func recover() async throws {
        let interrupted = Ambiguity(
            code: .interrupted, message: "the program ended while the request may have been on its way")
        // Of a provider that is not among the hosts nobody knows what can be found out there.
        let meansless = Set(hosts.filter { !hasMeans(at: $0.value) }.keys)
        let latest = try await store.read { try $0.latestEvent() }
        if let latest, latest > now() { state.withLock { $0.isClockBehind = true } }
        let (outcomes, attempts, made) = try await store.transact(at: now()) { store in
            let outcomes = try store.reader.openAttempts().filter { $0.state == .submitting }.map { attempt in
                try store.conclude(.lose(interrupted), of: attempt.id, hasMeans: !meansless.contains(attempt.provider))
            }
            return (outcomes, try store.reader.openAttempts(), try store.reader.undelivered())
        }
        let count = try await store.read { try $0.openTaskCount() }
        state.withLock { $0.openTaskCount = count }
        for outcome in outcomes {
            say(outcome.task.id, .attempt(outcome.attempt))
            if outcome.isMoved { say(outcome.task.id, .task(outcome.task)) }
        }
        for attempt in attempts { plan(attempt) }
        for attempt in made { planDelivery(of: attempt, after: .zero) }
    }
}
