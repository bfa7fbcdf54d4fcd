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
            }
        }
    }

    /// Tries every means that the provider has, once; plans the next round; at last takes it for spent.
    func reconcile(_ id: Attempt.ID) async throws {
        let host = try host(id)
        let (task, attempt) = try await store.read { (try $0.task(id.task), try $0.attempt(id)) }
        guard attempt.state == .unknown, let marks = attempt.marks else { return plan(attempt) }
        let age = attempt.submittedAt.map { now().since($0) } ?? .zero
        for means in [Means.namedTask] + means(at: host) {
            try Task.checkCancellation()
            if let event = await found(by: means, attempt, task, marks, host, age: age) {
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
        if age > limit {
            let reason = "no word of it for \(age.components.seconds) s: \(attempt.trouble?.message ?? "no reply")"
            return follow(try await conclude(.assumeSpent(reason), of: id))
        }
        planNextRound(id, remaining: limit - age)
    }

    private func planNextRound(_ id: Attempt.ID, remaining: Duration) {
        let count = state.withLock { state in
            state.followings[id]?.reconcileCount += 1
            return state.followings[id]?.reconcileCount ?? 1
        }
        let wait = min(settings.reconcileEvery * (1 << min(count - 1, 6)) * (1 + jitter / 10), remaining + .seconds(1))
        retry(Errand(kind: .reconcile, attempt: id), after: wait)
    }

    private func found(
        by means: Means, _ attempt: Attempt, _ task: DurableTask, _ marks: SubmissionMarks, _ host: ProviderHost,
        age: Duration
    ) async -> AttemptEvent? {
        switch means {
        case .namedTask:
            guard let handle = attempt.handle else { return nil }
            return await isThere(handle, host) ? .accept(providerTaskID: handle.id, charge: nil) : nil
        case .replay:
            guard age < settings.replayWindow else { return nil }
            let request = request(task.offers[attempt.offer], marks, host)
            guard case .accepted(let handle, let charge) = try? await host.submit(request) else { return nil }
            return .accept(providerTaskID: handle.id, charge: charge)
        case .find:
            let call = ProviderCall.find(reference: marks.idempotencyKey, model: attempt.model)
            switch try? await host.ask(call) {
            case .decoded(.found(let id), _): return .accept(providerTaskID: id, charge: nil)
            case .decoded(.absent, _) where age >= settings.absenceDelay: return .proveAbsent(.stated)
            default: return nil
            }
        case .callback: return nil
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
