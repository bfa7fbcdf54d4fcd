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
    /// The providers at which nobody but a person can find out about an attempt. Of one that is not among the hosts
    /// nobody knows.
    var meansless: Set<String> { Set(hosts.filter { means(at: $0.value).isEmpty }.keys) }

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
        var isAnswered = true
        for means in [Means.namedTask] + means(at: host) {
            try Task.checkCancellation()
            switch try await look(by: means, doubt, host) {
            case .moved(let outcome): return follow(outcome)
            case .nothing: break
            case .noAnswer: isAnswered = false
            }
        }
        try Task.checkCancellation()
        let (age, timeout) = (
            doubt.age?.likely(moment) ?? .zero, host.codec.traits.polling(for: attempt.medium).timeout
        )
        let limit = timeout + patience(host)
        if isAnswered, isOutOfPatience(id, doubt.age, limit: limit, host) {
            let reason = "no word of it for \(age.components.seconds) s: \(attempt.trouble?.message ?? "no reply")"
            return try await giveUp(attempt, reason)
        }
        if age > timeout { sayOverdue(id, age) }
        planNextRound(id, remaining: limit > age ? limit - age : nil)
    }

    /// Takes an attempt for spent, as it was when it was looked for.
    ///
    /// - Throws: ``IllegalTransition`` where a callback or a person has brought it back since.
    func giveUp(_ attempt: Attempt, _ reason: String) async throws {
        follow(
            try await store.transact(at: now()) { [meansless] store in
                try store.check(attempt)
                return try store.conclude(.assumeSpent(reason), of: attempt.id, meansless: meansless)
            })
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

    /// What one means brought.
    private enum Finding {
        /// What it told is stored, and the attempt is not unknown any more.
        case moved(Outcome)
        /// It told nothing, or there was nothing to ask.
        case nothing
        /// It was asked, and nothing that can be understood came back.
        case noAnswer
    }

    private func look(by means: Means, _ doubt: Doubt, _ host: ProviderHost) async throws -> Finding {
        let id = doubt.attempt.id
        switch means {
        case .namedTask:
            guard let handle = doubt.attempt.handle else { return .nothing }
            guard let isThere = await isThere(handle, host) else { return .noAnswer }
            return isThere ? try await store(.accept(providerTaskID: handle.id, charge: nil), of: id) : .nothing
        case .replay:
            guard isRecognised(doubt, host), try await isWanted(id.task) else { return .nothing }
            return try await replay(doubt, host)
        case .find:
            switch try? await ask(.find(reference: doubt.marks.idempotencyKey, model: doubt.attempt.model), host) {
            case .decoded(.found(let taskID), _):
                return try await store(.accept(providerTaskID: taskID, charge: nil), of: id)
            case .decoded(.absent(let completeAfter?), _) where isComplete(after: completeAfter, doubt, host):
                return try await store(.proveAbsent(.stated), of: id)
            case .decoded(.absent, _): return .nothing
            default: return .noAnswer
            }
        case .callback: return .nothing
        case .list:
            guard case .decoded(.listed(let tasks), _) = try? await ask(.list(like: doubt.request), host) else {
                return .noAnswer
            }
            guard let taskID = try await onlyMatch(among: tasks, doubt, host) else { return .nothing }
            return try await store(.accept(providerTaskID: taskID, charge: nil), of: id)
        }
    }

    /// Stores what a means told. An id that belongs to another attempt tells nothing.
    private func store(_ event: AttemptEvent, of id: Attempt.ID) async throws -> Finding {
        let outcome = try await stored(event, of: id)
        if outcome.attempt.state != .unknown { return .moved(outcome) }
        say(id.task, .attempt(outcome.attempt))
        return .nothing
    }

    /// Sends the request again. Where the first never arrived, this makes the task: it is waited for, and its answer
    /// is stored, like a submit's.
    private func replay(_ doubt: Doubt, _ host: ProviderHost) async throws -> Finding {
        let id = doubt.attempt.id
        let finding = Mutex(Finding.noAnswer)
        try await uninterrupted {
            let answer = try? await host.submit(doubt.request)
            let elapsed = self.watch.elapsed
            self.state.withLock { state in
                state.followings[id]?.replayedAt = elapsed
                state.agenda.tookCall(at: doubt.attempt.provider, elapsed)
            }
            guard case .accepted(let handle, let charge) = answer else { return }
            let found = try await self.store(.accept(providerTaskID: handle.id, charge: charge), of: id)
            finding.withLock { $0 = found }
        }
        return finding.withLock { $0 }
    }

    /// Asks beside the call that an errand is planned as, and counts it for the provider's limits.
    func ask(_ call: ProviderCall, _ host: ProviderHost) async throws -> ProviderHost.Exchange {
        let elapsed = watch.elapsed
        state.withLock { $0.agenda.tookCall(at: host.codec.traits.id, elapsed) }
        return try await host.ask(call)
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
    ) async throws -> String? {
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
            return free[0].id
        }
    }

    /// Whether the provider knows a task of this id; `nil` where it gave no answer.
    func isThere(_ handle: TaskHandle, _ host: ProviderHost) async -> Bool? {
        switch try? await ask(.poll(handle), host) {
        case .decoded(.running, _), .decoded(.succeeded, _), .decoded(.failed, _), .decoded(.cancelled, _): true
        case .decoded(.rejected(let rejection), _) where rejection.kind == .notFound: false
        default: nil
        }
    }
}
