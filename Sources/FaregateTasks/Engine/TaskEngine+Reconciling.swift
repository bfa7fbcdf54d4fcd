import Faregate
import FaregateProviders
import Synchronization

/// A way to learn what became of an attempt that is unknown. In the order in which they are tried.
enum Means: Sendable, Hashable, CaseIterable {
    /// The unclear reply named a task: ask for that.
    case namedTask
    /// Send again with the same key, which the provider recognises.
    case replay
    /// Look for our reference.
    case find
    /// The provider reports back to an address that only it knows.
    case callback
    /// Look for the one task in the provider's list that can only be this.
    case list
}

/// An attempt that may or may not exist at its provider.
private struct Doubt {
    let attempt: Attempt
    /// As it was sent.
    let request: ProviderTask
    let marks: SubmissionMarks
    /// Where it was sent, and on whose account; `nil` where that was not noted.
    let destination: Destination?
    /// Since it was sent; `nil` where that was not noted.
    let age: Age?
}

extension TaskEngine {
    /// Whether anything but a person can find out about an attempt at a provider.
    func hasMeans(at host: ProviderHost) -> Bool {
        !means(at: host).isEmpty
    }

    private func means(at host: ProviderHost) -> [Means] {
        let traits = host.codec.traits
        let isMarked = traits.idempotency != .none
        return Means.allCases.filter { means in
            switch means {
            case .namedTask: false
            case .replay: isMarked
            case .find: isMarked && traits.operations.contains(.find)
            case .callback: traits.callback != nil && settings.callbackBase != nil
            case .list: traits.operations.contains(.list)
            }
        }
    }

    /// Tries every means that the provider has, once; plans the next round; at last takes it for spent.
    func reconcile(_ id: Attempt.ID) async throws {
        let host = try host(id)
        let (task, attempt) = try await store.read { (try $0.task(id.task), try $0.attempt(id)) }
        guard attempt.state == .unknown, let marks = attempt.marks else { return plan(attempt) }
        let offer = task.offers[attempt.offer]
        let doubt = Doubt(
            attempt: attempt, request: request(offer, marks, host), marks: marks, destination: offer.destination,
            age: state.withLock { $0.followings[id]?.submitted })
        for means in [Means.namedTask] + means(at: host) {
            try Task.checkCancellation()
            if let event = try await found(by: means, doubt, host) {
                if case .accept(let taskID, let charge) = event {
                    let handle = TaskHandle(id: taskID, model: attempt.model, medium: attempt.medium)
                    say(id.task, .accepted(handle, charge: charge))
                }
                let outcome = try await conclude(event, of: id)
                follow(outcome)
                if outcome.attempt.state != .unknown { return }
            }
        }
        let limit = host.codec.traits.polling(for: attempt.medium).timeout + patience(host)
        try Task.checkCancellation()
        let age = doubt.age?.likely(moment) ?? .zero
        if age > limit, isOutOfPatience(doubt, host) {
            let reason = "no word of it for \(age.components.seconds) s: \(attempt.trouble?.message ?? "no reply")"
            return try await giveUp(attempt, reason)
        }
        planNextRound(id, remaining: limit > age ? limit - age : nil)
    }

    /// Takes an attempt for spent, as it was when it was looked for.
    ///
    /// - Throws: ``IllegalTransition`` where a callback or a person has brought it back since.
    func giveUp(_ attempt: Attempt, _ reason: String) async throws {
        follow(
            try await store.transact(at: now()) { store in
                try store.check(attempt)
                return try store.conclude(.assumeSpent(reason), of: attempt.id, hasMeans: false)
            })
    }

    /// Whether this process has looked long and often enough, whatever the wall clock says: a search may lag behind.
    private func isOutOfPatience(_ doubt: Doubt, _ host: ProviderHost) -> Bool {
        let roundCount = state.withLock { $0.followings[doubt.attempt.id]?.reconcileCount ?? 0 }
        let own = doubt.age?.atLeast(moment) ?? .zero
        return own >= settings.ownPatience.duration / host.settings.pace && roundCount >= settings.ownPatience.count
    }

    /// - Parameter remaining: Until it may be given up; `nil` where only our own patience counts.
    private func planNextRound(_ id: Attempt.ID, remaining: Duration?) {
        let count = state.withLock { state in
            state.followings[id]?.reconcileCount += 1
            return state.followings[id]?.reconcileCount ?? 1
        }
        let wait = settings.reconcileEvery * (1 << min(count - 1, 6)) * (1 + jitter / 10)
        retry(Errand(kind: .reconcile, attempt: id), after: remaining.map { min(wait, $0 + .seconds(1)) } ?? wait)
    }

    private func found(by means: Means, _ doubt: Doubt, _ host: ProviderHost) async throws -> AttemptEvent? {
        switch means {
        case .namedTask:
            guard let handle = doubt.attempt.handle else { return nil }
            return await isThere(handle, host) ? .accept(providerTaskID: handle.id, charge: nil) : nil
        case .replay:
            guard isRecognised(doubt, host), try await isWanted(doubt.attempt.id.task) else { return nil }
            return await replay(doubt, host)
        case .find:
            let call = ProviderCall.find(reference: doubt.marks.idempotencyKey, model: doubt.attempt.model)
            switch try? await host.ask(call) {
            case .decoded(.found(let id), _): return .accept(providerTaskID: id, charge: nil)
            case .decoded(.absent(let completeAfter?), _):
                return isComplete(after: completeAfter, doubt, host) ? .proveAbsent(.stated) : nil
            default: return nil
            }
        case .callback: return nil
        case .list:
            guard case .decoded(.listed(let tasks), _) = try? await host.ask(.list(like: doubt.request)) else {
                return nil
            }
            return try await onlyMatch(among: tasks, doubt, host)
        }
    }

    /// Sends the request again. Where the first never arrived, this makes the task: it is waited for like a submit.
    private func replay(_ doubt: Doubt, _ host: ProviderHost) async -> AttemptEvent? {
        let id = doubt.attempt.id
        let answer = await Task { try? await host.submit(doubt.request) }.value  // ends here, whoever stops waiting
        let elapsed = watch.elapsed
        state.withLock { $0.followings[id]?.replayedAt = elapsed }
        guard case .accepted(let handle, let charge) = answer else { return nil }
        return .accept(providerTaskID: handle.id, charge: charge)
    }

    /// Whether a search that does not show it proves that it does not exist: it was asked of the same account, long
    /// enough after anything was sent, by the clock that nobody sets.
    private func isComplete(after delay: Duration, _ doubt: Doubt, _ host: ProviderHost) -> Bool {
        guard doubt.destination?.isSameAccount(as: host.destination) ?? true, let age = doubt.age else { return false }
        let (moment, id) = (moment, doubt.attempt.id)
        let replayedAt = state.withLock { $0.followings[id]?.replayedAt }
        return age.atLeast(moment) > delay && moment.elapsed - (replayedAt ?? .zero - delay * 2) > delay
    }

    /// Whether nobody stopped a task, and no other attempt made it meanwhile.
    private func isWanted(_ id: String) async throws -> Bool {
        try await store.read { store in
            let task = try store.task(id)
            return try !task.state.isEnded && !task.isCancelRequested
                && !store.attempts(of: id).contains(where: \.isMade)
        }
    }

    /// Whether the provider surely recognises the same request under the same key.
    private func isRecognised(_ doubt: Doubt, _ host: ProviderHost) -> Bool {
        guard doubt.destination ?? host.destination == host.destination,
            let age = doubt.age?.atMost(moment), sha256(doubt.request.body.text()) == doubt.marks.requestDigest
        else { return false }
        return age + host.settings.submitTimeout < host.codec.traits.idempotencyWindow ?? settings.replayWindow
    }

    /// The listed task that can only be the one in doubt: made while it was under way, no other attempt's, the only
    /// one, and no other attempt at the same model is in doubt that it could be.
    private func onlyMatch(
        among tasks: [ListedTask], _ doubt: Doubt, _ host: ProviderHost
    ) async throws -> AttemptEvent? {
        guard let sent = doubt.attempt.submittedAt else { return nil }
        let span = settings.clockDifferenceMax + host.settings.submitTimeout
        let earliest = sent.advanced(by: .zero - settings.clockDifferenceMax)
        let near = tasks.filter {
            (earliest.seconds...sent.advanced(by: span).seconds).contains($0.createdAt.secondsSince1970)
        }
        let attempt = doubt.attempt
        return try await store.read { store in
            let free = try near.filter {
                try store.attempt(provider: attempt.provider, providerTaskID: $0.id) == nil
            }
            let around = sent.advanced(by: .zero - span * 2)...sent.advanced(by: span * 2)
            let rivals = try store.doubtful(at: attempt.provider, submitted: around).filter {
                $0.id != attempt.id && $0.model == attempt.model
            }
            guard free.count == 1, rivals.isEmpty else { return nil }
            return .accept(providerTaskID: free[0].id, charge: nil)
        }
    }

    /// Whether the provider knows a task of this id.
    func isThere(_ handle: TaskHandle, _ host: ProviderHost) async -> Bool {
        switch try? await host.ask(.poll(handle)) {
        case .decoded(.running, _), .decoded(.succeeded, _), .decoded(.failed, _), .decoded(.cancelled, _): true
        default: false
        }
    }
}
