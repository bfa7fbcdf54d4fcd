import FaregateProviders
import Synchronization

extension TaskEngine {
    /// Sends what waits in the outbox, each notice until it is taken, is refused for good or has been tried often
    /// enough. The headers are those of Standard Webhooks; the id is the same each time, so that a receiver can tell a
    /// repetition. A notice is a hint and carries no signature: the receiver asks for the task.
    func announce(_ transport: any HTTPTransport) async {
        while !state.withLock({ $0.isStopping }) {
            do {
                guard let notice = try await store.read({ try $0.nextNotice() }) else {
                    await outboxWake.wait()
                    continue
                }
                let wait = notice.nextAt.since(now())
                if wait > .zero {
                    try await clock.sleep(for: min(wait, .seconds(3600)))
                    continue
                }
                try await send(notice, transport)
            } catch let error as StoreError where error.code == .diskFull || error.code == .writeFailed {
                if (try? await clock.sleep(for: .seconds(30))) == nil { return }
            } catch is CancellationError {
                return
            } catch {
                return fail(error)
            }
        }
    }

    private func send(_ notice: OutboxNotice, _ transport: any HTTPTransport) async throws {
        let problem = await post(notice, transport)
        // Broken off by our own end: it is sent again, with the same id.
        try Task.checkCancellation()
        let isGivenUp = problem == Self.gone || notice.attemptCount + 1 >= settings.noticeCountMax
        let pause = Self.pauses[min(notice.attemptCount, Self.pauses.count - 1)]
        let next = problem == nil || isGivenUp ? nil : now().advanced(by: pause * (1 + jitter / 10))
        try await store.transact(at: now()) { try $0.sent(notice, problem: problem, nextAt: next) }
    }

    /// - Returns: Why it was not taken; `nil` where it was.
    private func post(_ notice: OutboxNotice, _ transport: any HTTPTransport) async -> String? {
        guard let address = WebAddress(notice.address), address.scheme == .https || address.isLoopback else {
            return Self.gone
        }
        let headers = [
            HTTPHeader("Content-Type", "application/json"), HTTPHeader("webhook-id", notice.id),
            HTTPHeader("webhook-timestamp", String(now().seconds)), HTTPHeader("User-Agent", "faregate"),
        ]
        let request = OutgoingRequest(
            method: "POST", address: address, headers: headers, body: Array(notice.body.utf8))
        do throws(TransportError) {
            let reply = try await transport.send(request, limits: CallLimits(total: .seconds(20), idle: .seconds(20)))
            if (200..<300).contains(reply.status) { return nil }
            return reply.status == 410 ? Self.gone : "HTTP \(reply.status)"
        } catch {
            return error.message
        }
    }

    /// The receiver wants no more, or the address is none that is sent to.
    private static let gone = "gone"

    /// Before each further attempt.
    private static let pauses: [Duration] = [5, 300, 1800, 7200, 18_000, 36_000].map { .seconds($0) }
}
