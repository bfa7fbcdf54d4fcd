import Faregate
import FaregateProviders
import Synchronization

extension TaskEngine {
    /// Sends what waits in the outbox, each notice until it is taken, is refused for good or has been tried often
    /// enough. To one address goes one notice at a time, in order; a slow receiver holds up only its own.
    func announce(_ transport: any HTTPTransport) async {
        await withDiscardingTaskGroup { group in
            do {
                while !state.withLock({ $0.isStopping }) {
                    guard let notice = try await nextNotice() else { continue }
                    state.withLock { _ = $0.noticeAddresses.insert(notice.address) }
                    group.addTask {
                        await self.deliver(notice, transport)
                        self.state.withLock { _ = $0.noticeAddresses.remove(notice.address) }
                        self.outboxWake.set()
                    }
                }
            } catch is CancellationError {
                // Our own end: what waits is sent after the next start.
            } catch {
                fail(error)
            }
            group.cancelAll()
        }
    }

    /// The notice to send now. Otherwise waits until something changes or is due, and returns `nil`.
    private func nextNotice() async throws -> OutboxNotice? {
        let busy = state.withLock { $0.noticeAddresses }
        guard busy.count < settings.noticesAtOnceMax,
            let notice = try await store.read({ try $0.nextNotice(except: busy) }), let due = notice.nextAt
        else {
            await outboxWake.wait()
            return nil
        }
        let wait = due.since(now())
        if wait <= .zero { return notice }
        // Ends with this function, which cancels it.
        let timer = Task {
            try await clock.sleep(for: min(wait, .seconds(3600)))
            outboxWake.set()
        }
        defer { timer.cancel() }
        await outboxWake.wait()
        return nil
    }

    /// Sends a notice once and stores what came of it. Broken off by our own end it is sent again, with the same id.
    private func deliver(_ notice: OutboxNotice, _ transport: any HTTPTransport) async {
        do {
            let answer = try await post(notice, transport)
            try await note(answer, of: notice)
        } catch is CancellationError {
            return
        } catch let error as StoreError where error.code == .diskFull || error.code == .writeFailed {
            // Unless we end, there may be room later. Sent again is better than never.
            try? await clock.sleep(for: .seconds(30))
        } catch {
            fail(error)
        }
    }

    private func note(_ answer: NoticeAnswer, of notice: OutboxNotice) async throws {
        let now = now()
        let count = notice.attemptCount
        let pause = Self.pauses[min(count, Self.pauses.count - 1)] * (1 + jitter / 10)
        let next = count + 1 < settings.noticeCountMax ? now.advanced(by: pause) : nil
        try await store.transact(at: now) { store in
            switch answer {
            case .taken: try store.delivered(notice)
            case .notTaken(let problem):
                try store.undelivered(notice, problem, attemptCount: count + 1, nextAt: next)
            case .unwanted(let problem):
                try store.undelivered(notice, problem, attemptCount: count + 1, nextAt: nil)
            case .unsigned:
                try store.undelivered(
                    notice, "there is no secret to sign it with", attemptCount: count,
                    nextAt: now.advanced(by: .seconds(3600)))
            }
        }
    }

    private func post(_ notice: OutboxNotice, _ transport: any HTTPTransport) async throws -> NoticeAnswer {
        guard let address = WebAddress(notice.address), address.scheme == .https || address.isLoopback else {
            return .unwanted("the address is not https")
        }
        guard settings.webhookSigner != nil || address.isLoopback else { return .unsigned }
        let sentAt = now().seconds
        var headers = [
            HTTPHeader("Content-Type", "application/json"), HTTPHeader("User-Agent", "faregate"),
            HTTPHeader("webhook-id", notice.id), HTTPHeader("webhook-timestamp", String(sentAt)),
        ]
        if let signer = settings.webhookSigner {
            let signature = signer.signature(id: notice.id, timestamp: sentAt, body: notice.body)
            headers.append(HTTPHeader("webhook-signature", signature))
        }
        let request = OutgoingRequest(
            method: "POST", address: address, headers: headers, body: Array(notice.body.utf8))
        var answer = NoticeAnswer.notTaken("no reply")
        do {
            try await transport.fetch(
                request, publicOnly: !address.isLoopback, limits: CallLimits(total: .seconds(20), idle: .seconds(20)),
                begin: { status, _ in
                    answer = NoticeAnswer(status: status)
                    throw StatusRead()
                }, receive: { _ in })
        } catch is StatusRead {
        } catch {
            try Task.checkCancellation()
            return .notTaken((error as? TransportError)?.message ?? "\(type(of: error))")
        }
        return answer
    }

    /// The status is all that counts; what follows is not read.
    private struct StatusRead: Error {}

    /// Before each further attempt.
    private static let pauses: [Duration] = [5, 300, 1800, 7200, 18_000, 36_000].map { .seconds($0) }
}

/// What came of sending a notice once.
private enum NoticeAnswer {
    case taken
    case notTaken(String)
    /// It is never sent there again.
    case unwanted(String)
    /// It was not sent: without a signature it goes to this machine only.
    case unsigned

    init(status: Int) {
        self =
            switch status {
            case 200..<300: .taken
            case 410: .unwanted("HTTP 410: the receiver wants no more")
            default: .notTaken("HTTP \(status)")
            }
    }
}
