import Faregate
import FaregateProviders
import Synchronization

extension TaskEngine {
    /// Sends an attempt that is reserved, once.
    func submit(_ id: Attempt.ID) async throws {
        let host = try host(id)
        let (task, attempt) = try await store.read { (try $0.task(id.task), try $0.attempt(id)) }
        guard attempt.state == .reserved else { return plan(attempt) }
        if let problem = misdirection(task.offers[attempt.offer], host) {
            return follow(try await conclude(.proveNotSent(problem, isRetryable: false), of: id))
        }
        let request = request(of: attempt, task, host)
        do throws(PluginError) { _ = try host.prepare(.submit(request.task)) } catch {
            return follow(try await conclude(.proveNotSent(error.message, isRetryable: false), of: id))
        }
        // From here on a crash leaves "may have been sent" behind, and the next start treats it so.
        let outcome = try await store.transact(at: now()) { [meansless] in
            try $0.begin(id, request.marks, meansless: meansless)
        }
        guard outcome.attempt.state == .submitting else { return follow(outcome) }
        say(id.task, .submitting(provider: attempt.provider))
        let answer = await answer(to: request.task, at: host)
        follow(try await stored(hinted(answer, of: id), of: id))
    }

    /// An unclear answer, with the id that a callback brought meanwhile.
    func hinted(_ answer: AttemptEvent, of id: Attempt.ID) -> AttemptEvent {
        guard case .lose(let ambiguity) = answer, ambiguity.taskID == nil,
            let taskID = state.withLock({ $0.followings[id]?.calledBackID })
        else { return answer }
        return .lose(Ambiguity(code: ambiguity.code, message: ambiguity.message, taskID: taskID))
    }

    /// Why an offer must not go to where the provider is reached now; `nil` where it may.
    private func misdirection(_ offer: Offer, _ host: ProviderHost) -> String? {
        guard let meant = offer.destination, !meant.isSameAccount(as: host.destination) else { return nil }
        let now = host.destination
        return meant.origin == now.origin
            ? "it was meant for another account: \(host.access.keyName) is another key now. Order it again, or set the key that it was ordered with"
            : "it was meant for \(meant.origin), and \(offer.provider) is reached at \(now.origin) now. Order it again, or set the address that it was ordered with"
    }

    private func request(
        of attempt: Attempt, _ task: DurableTask, _ host: ProviderHost
    ) -> (task: ProviderTask, marks: SubmissionMarks) {
        let offer = task.offers[attempt.offer]
        var marks = SubmissionMarks(
            idempotencyKey: "\(attempt.id.task)-\(attempt.id.number)", callbackToken: identifiers.token(),
            requestDigest: "")
        let request = self.request(offer, marks, host)
        marks.requestDigest = sha256(request.body.text())
        return (request, marks)
    }

    /// The request as it is sent, the same for the same marks.
    func request(_ offer: Offer, _ marks: SubmissionMarks, _ host: ProviderHost) -> ProviderTask {
        offer.request(
            marks,
            callbackPlace: host.codec.traits.callback.flatMap { JSONPointer(parsing: $0.addressAt) },
            callbackBase: settings.callbackBase)
    }

    /// Sends, and says what came of it.
    private func answer(to request: ProviderTask, at host: ProviderHost) async -> AttemptEvent {
        let submission: Submission
        do throws(PluginError) { submission = try await host.submit(request) } catch {
            return .proveNotSent(error.message, isRetryable: false)
        }
        switch submission {
        case .accepted(let handle, let charge):
            return .accept(providerTaskID: handle.id, charge: charge)
        case .rejected(let rejection):
            if let pause = rejection.retryAfter { self.pause(host.codec.traits.id, for: pause) }
            return .reject(rejection, billed: host.codec.traits.billing.rejected)
        case .notSent(let error): return .proveNotSent(error.message, isRetryable: true)
        case .unknown(let ambiguity): return .lose(ambiguity)
        }
    }

    private func pause(_ provider: String, for wait: Duration) {
        let until = watch.elapsed + min(wait, .seconds(3600))
        state.withLock { $0.agenda.pause(provider, until: until) }
    }

    /// Stores what came of a submit, however long the disk takes: without it, the next start would not know.
    func stored(_ event: AttemptEvent, of id: Attempt.ID) async throws -> Outcome {
        var wait = Duration.milliseconds(250)
        while true {
            do {
                let outcome = try await conclude(event, of: id)
                if let handle = outcome.attempt.handle, outcome.attempt.state == .accepted {
                    say(id.task, .accepted(handle, charge: outcome.attempt.statedCharge))
                }
                return outcome
            } catch let error as StoreError where error.code == .diskFull || error.code == .writeFailed {
                say(id.task, .alarm(Alarm(code: error.code.rawValue, message: notStored(event, error))))
                if state.withLock({ $0.isStopping }), wait > .seconds(2) { throw error }
                try await clock.sleep(for: wait)
                wait = min(wait * 2, .seconds(30))
            }
        }
    }

    private func notStored(_ event: AttemptEvent, _ error: StoreError) -> String {
        guard case .accept(let id, _) = event else { return "\(error.message); what came of the submit waits for it" }
        return "\(error.message); the provider accepted the task as \(id), which is not stored yet"
    }

    /// Moves an attempt, decides what follows from it, and stores both.
    func conclude(_ event: AttemptEvent, of id: Attempt.ID) async throws -> Outcome {
        try await store.transact(at: now()) { [meansless] in try $0.conclude(event, of: id, meansless: meansless) }
    }

    /// Goes on from what was stored.
    func follow(_ outcome: Outcome) {
        say(outcome.task.id, .attempt(outcome.attempt))
        if let next = outcome.next { say(outcome.task.id, .attempt(next)) }
        plan(outcome.attempt)
        if let next = outcome.next { plan(next) }
        if outcome.isMoved, outcome.task.state.isEnded { closed() }
        if outcome.isMoved { say(outcome.task.id, .task(outcome.task)) }
    }

    func closed() { state.withLock { $0.openTaskCount = max(0, $0.openTaskCount - 1) } }
}
