import FaregateProviders
import Synchronization

extension TaskEngine {
    /// Asks for a task that has an id, once, and goes on from the answer.
    func poll(_ id: Attempt.ID) async throws {
        let host = try host(id)
        guard let handle = state.withLock({ $0.followings[id]?.handle }) else { throw CancellationError() }
        let answer: ProviderHost.Exchange
        do throws(PluginError) { answer = try await host.ask(.poll(handle)) } catch {
            // An id that fits no request, or no key: a person must mend that; the task goes on at the provider.
            say(id.task, .alarm(Alarm(code: error.code.rawValue, message: error.message)))
            return try await again(id, host, isTold: false) { $0.seenTrouble(retryAfter: .seconds(60)) }
        }
        switch answer {
        case .decoded(.running(let fraction), _): try await seenRunning(id, host, fraction)
        case .decoded(.succeeded(let result), _): try await succeeded(id, host, result)
        case .decoded(.failed(let failure), _): follow(try await conclude(.fail(failure), of: id))
        case .decoded(.cancelled, _):
            follow(try await conclude(.confirmCancel(billed: host.codec.traits.billing.cancelled), of: id))
        case .decoded(.rejected(let rejection), let retryAfter):
            try await refused(id, host, rejection, retryAfter: retryAfter)
        case .decoded(.unknown(let ambiguity), let retryAfter):
            alarm(id, ambiguity.code.rawValue, "a poll was unclear: \(ambiguity.message)")
            try await again(id, host, isTold: false) { $0.seenTrouble(retryAfter: retryAfter) }
        case .decoded(_, let retryAfter):
            try await again(id, host, isTold: false) { $0.seenTrouble(retryAfter: retryAfter) }
        case .failed(let error):
            try Task.checkCancellation()
            alarm(id, error.code.rawValue, "a poll was lost: \(error.message)")
            try await again(id, host, isTold: false) { $0.seenTrouble(retryAfter: nil) }
        }
    }

    func alarm(_ id: Attempt.ID, _ code: String, _ message: String) {
        say(id.task, .alarm(Alarm(code: code, message: message)))
    }

    private func seenRunning(_ id: Attempt.ID, _ host: ProviderHost, _ fraction: Double?) async throws {
        let following = state.withLock { state in
            state.followings[id]?.refusalCount = 0
            return state.followings[id]
        }
        guard let following else { return }
        if following.state == .accepted {
            let outcome = try await conclude(.observeRunning, of: id)
            let moment = moment
            state.withLock { $0.followings[id]?.update(outcome.attempt, at: moment) }
        }
        say(id.task, .progress(fraction: fraction, elapsed: elapsed(following)))
        if let fraction { try await note(fraction, of: id) }
        if following.isCancelRequested, !following.wasCancelAsked, let handle = following.handle {
            if try await cancel(id, handle, host) { return }
        }
        try await again(id, host, isTold: true) { $0.seenRunning() }
    }

    /// Keeps how far an attempt is, and stores what was kept of all where that is due.
    private func note(_ fraction: Double, of id: Attempt.ID) async throws {
        let percent = Int((min(1, max(0, fraction)) * 100).rounded())
        let elapsed = watch.elapsed
        let due = state.withLock { state in
            if let following = state.followings[id],
                following.progressPercent.map({ abs($0 - percent) >= ProgressNotes.stepMin }) ?? true
            {
                state.followings[id]?.progressPercent = percent
                state.progress.note(id, percent: percent)
            }
            return state.progress.takeDue(at: elapsed)
        }
        if due.isEmpty { return }
        do {
            try await store.transact(at: now()) { try $0.note(progressPercent: due) }
        } catch let error as StoreError where error.code == .diskFull || error.code == .writeFailed {
            // Nothing depends on it; the next step is stored, or the one after.
        }
    }

    /// Asks the provider to stop a task that was just seen to run. `true` where it says that it did.
    private func cancel(_ id: Attempt.ID, _ handle: TaskHandle, _ host: ProviderHost) async throws -> Bool {
        guard host.codec.traits.operations.contains(.cancel) else {
            state.withLock { $0.followings[id]?.wasCancelAsked = true }
            alarm(
                id, "cancel.not_offered", "\(host.codec.traits.name) cannot stop a task; it goes on and may be billed")
            return false
        }
        do {
            let elapsed = watch.elapsed
            state.withLock { $0.agenda.tookCall(at: host.codec.traits.id, elapsed) }
            let isStopped = try await host.cancel(handle)
            state.withLock { $0.followings[id]?.wasCancelAsked = true }
            guard isStopped else {
                alarm(id, "cancel.refused", "\(host.codec.traits.name) does not stop it; it goes on and may be billed")
                return false
            }
        } catch {
            try Task.checkCancellation()
            alarm(
                id, "cancel.unclear",
                "\(host.codec.traits.name) was asked to stop it and gave no clear answer; it is asked again")
            return false
        }
        follow(try await conclude(.confirmCancel(billed: host.codec.traits.billing.cancelled), of: id))
        return true
    }

    private func elapsed(_ following: Following) -> Duration {
        following.accepted?.likely(moment) ?? .zero
    }

    /// Says once that an attempt takes longer than the provider says that such tasks take.
    func sayOverdue(_ id: Attempt.ID, _ elapsed: Duration) {
        let isNew = state.withLock { state in
            defer { state.followings[id]?.isOverdue = true }
            return state.followings[id]?.isOverdue == false
        }
        if isNew { say(id.task, .overdue(elapsed: elapsed)) }
    }

    private func succeeded(_ id: Attempt.ID, _ host: ProviderHost, _ result: TaskResult) async throws {
        let countMax = host.settings.artifactCountMax
        let (outcome, leftCount) = try await store.transact(at: now()) { [meansless] store in
            let outcome = try store.conclude(.succeed(charge: result.charge), of: id, meansless: meansless)
            return (outcome, try store.keep(result, of: id, countMax: countMax))
        }
        if leftCount > 0 {
            alarm(
                id, "results.too_many",
                "it made \(countMax + leftCount) results; \(countMax) are fetched, the rest stay at \(host.codec.traits.name)"
            )
        }
        say(id.task, .attempt(outcome.attempt))
        planDelivery(of: outcome.attempt, after: .zero)
    }

    /// The provider does not tell. Three times in a row is worth a word; asking goes on, at a slow pace.
    private func refused(
        _ id: Attempt.ID, _ host: ProviderHost, _ rejection: Rejection, retryAfter: Duration?
    ) async throws {
        alarm(id, rejection.kind.rawValue, "a poll was refused: \(rejection.message)")
        let count = state.withLock { state in
            state.followings[id]?.refusalCount += rejection.isRetryable ? 0 : 1
            return state.followings[id]?.refusalCount ?? 0
        }
        if !rejection.isRetryable, count == host.settings.refusalCountMax { say(id.task, .refused(rejection)) }
        // Other refusals are about the account or the call, not about the task.
        try await again(id, host, isTold: rejection.kind == .notFound) { $0.seenTrouble(retryAfter: retryAfter) }
    }

    /// Plans the next poll, slower where the provider's advice is used up, until patience is at its end.
    ///
    /// - Parameter isTold: The provider said something about the task that can be understood, and no end of it.
    private func again(
        _ id: Attempt.ID, _ host: ProviderHost, isTold: Bool, _ update: @Sendable (inout PollSchedule) -> Void
    ) async throws {
        let jitter = jitter
        let next: (following: Following, wait: Duration)? = state.withLock { state in
            guard var following = state.followings[id] else { return nil }
            update(&following.schedule)
            state.followings[id] = following
            return (following, following.schedule.nextWait(random: jitter))
        }
        guard let following = next?.following, var wait = next?.wait else { return }
        let elapsed = elapsed(following)
        if elapsed > following.schedule.timeout {
            sayOverdue(id, elapsed)
            wait = max(wait, settings.tailEvery / host.settings.pace)
        }
        let limit = following.schedule.timeout + patience(host)
        if isTold, isOutOfPatience(id, following.accepted, limit: limit, host) {
            let reason = "\(host.codec.traits.name) never said how it ended, for \(elapsed.components.seconds) s"
            return follow(try await conclude(.assumeSpent(reason), of: id))
        }
        retry(Errand(kind: .poll, attempt: id), after: wait)
    }

    /// Takes note that an attempt was asked for and told about, without an end; whether it is to be taken for spent.
    ///
    /// Not because nobody asked for days, the wall clock was set, or answers were unclear or did not come: this process
    /// itself must have been told often enough beyond the limit, and have asked for long enough.
    ///
    /// - Parameter age: Since it was sent or accepted; `nil` where that was not noted.
    func isOutOfPatience(_ id: Attempt.ID, _ age: Age?, limit: Duration, _ host: ProviderHost) -> Bool {
        let moment = moment
        guard let age, age.likely(moment) > limit else { return false }
        let count = state.withLock { state in
            state.followings[id]?.wordCount += 1
            return state.followings[id]?.wordCount ?? 0
        }
        return age.atLeast(moment) >= settings.ownPatience.duration / host.settings.pace
            && count >= settings.ownPatience.count
    }

    /// How long an attempt is asked for, beyond the provider's advice.
    func patience(_ host: ProviderHost) -> Duration {
        max(settings.patience, .seconds(86_400 * (host.codec.traits.retentionDays ?? 0))) / host.settings.pace
    }
}
