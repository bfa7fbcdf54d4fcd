import Faregate
public import FaregateProviders
import Synchronization

/// What a callback came to.
public enum CallbackVerdict: String, Sendable {
    /// We never gave this token to anybody.
    case unknownToken = "unknown_token"
    /// The provider is asked now.
    case noted
    /// The attempt is over, or the body names a task that the provider does not know.
    case ignored
}

/// What a person found out about an attempt that is unknown or was taken for spent.
public enum Resolution: Sendable, Hashable {
    /// It exists at the provider, under this id.
    case accepted(providerTaskID: String)
    /// It does not exist, and was not billed.
    case absent
    /// It is gone, and was billed; the charge where it is known.
    case spent(StatedAmount?)
}

extension TaskEngine {
    /// Takes a task on: stores it with its budget's hold, and sends it as soon as the provider's limits allow.
    ///
    /// - Throws: ``BudgetRefusal``; ``OrderRepetition``; ``StoreError``; `PluginError` for a request that could not be
    ///   sent, such as a missing key. Nothing is stored or sent then.
    public func admit(_ order: TaskOrder) async throws -> Admission {
        guard let host = hosts[order.offers[0].provider] else {
            throw PluginError(.fileUnreadable, "there is no plugin for \(order.offers[0].provider)")
        }
        let marks = SubmissionMarks(idempotencyKey: "x", callbackToken: "x", requestDigest: "")
        _ = try host.prepare(.submit(request(order.offers[0], marks, host)))
        let id = identifiers.task(at: now())
        try count(order)
        do {
            let (admission, attempt) = try await store.admit(order, id: id, at: now())
            if let attempt { plan(attempt) } else { uncount() }
            return admission
        } catch {
            uncount()
            throw error
        }
    }

    private func count(_ order: TaskOrder) throws {
        let isFull = state.withLock { state in
            if state.openTaskCount < settings.openTaskCountMax { state.openTaskCount += 1 } else { return true }
            return false
        }
        if isFull {
            throw StoreError(
                .queueFull,
                "\(settings.openTaskCountMax) tasks are open, which is the most at once; nothing was stored or sent")
        }
    }

    private func uncount() { state.withLock { $0.openTaskCount -= 1 } }

    /// Wants a task stopped. What was not sent is withdrawn at once, whether or not its provider can be reached; what
    /// is at the provider is asked to stop, and may be billed all the same.
    public func cancel(_ id: String) async throws {
        let (withdrawn, asked) = try await store.transact(at: now()) { store in
            let task = try store.reader.task(id)
            if !task.state.isEnded, !task.isCancelRequested { try store.requestCancel(id) }
            let attempts = try store.reader.attempts(of: id)
            for attempt in attempts where attempt.state.isAtProvider && !attempt.isCancelRequested {
                try store.apply(.requestCancel, to: attempt.id)
            }
            let withdrawn = try attempts.filter { $0.state == .reserved }.map {
                try store.conclude(.withdraw, of: $0.id, hasMeans: false)
            }
            return (withdrawn, task.state.isEnded ? [] : attempts.filter(\.state.isAtProvider))
        }
        for outcome in withdrawn { follow(outcome) }
        for attempt in asked {
            state.withLock { $0.followings[attempt.id]?.isCancelRequested = true }
            hasten(attempt.id)
        }
    }

    /// Takes a provider's callback: a hint to ask, never a result.
    ///
    /// - Parameters:
    ///   - token: The end of the address that was called.
    public func callback(token: String, body: [UInt8]) async throws -> CallbackVerdict {
        let found = try await store.transact(at: now()) { store in
            try store.attempt(forToken: token).map { try store.reader.attempt($0) }
        }
        guard let attempt = found else { return .unknownToken }
        switch attempt.state {
        case .accepted, .running:
            hasten(attempt.id)
            return .noted
        case .unknown, .orphaned: return try await turnedUp(attempt, body)
        default: return .ignored
        }
    }

    /// A callback for an attempt whose id was lost brings the id; whether there is such a task, the provider says.
    private func turnedUp(_ attempt: Attempt, _ body: [UInt8]) async throws -> CallbackVerdict {
        guard let host = hosts[attempt.provider], let taskID = host.codec.hint(inCallback: body) else {
            return .ignored
        }
        let handle = TaskHandle(id: taskID, model: attempt.model, medium: attempt.medium)
        guard await isThere(handle, host) else { return .ignored }
        return try await accept(attempt.id, taskID) ? .noted : .ignored
    }

    private func accept(_ id: Attempt.ID, _ taskID: String) async throws -> Bool {
        do {
            let outcome = try await store.transact(at: now()) {
                try $0.conclude(.accept(providerTaskID: taskID, charge: nil), of: id, hasMeans: true)
            }
            if let handle = outcome.attempt.handle, outcome.attempt.state == .accepted {
                say(id.task, .accepted(handle, charge: nil))
            }
            follow(outcome)
            return outcome.attempt.state == .accepted
        } catch is IllegalTransition {
            // Another callback, or the reconciling itself, was quicker.
            return false
        }
    }

    /// Takes a person's word for what became of a task's attempt.
    ///
    /// - Throws: ``IllegalTransition`` where no attempt of the task is in doubt; ``StoreError``.
    public func resolve(_ id: String, _ resolution: Resolution) async throws {
        let attempts = try await store.read { try $0.attempts(of: id) }
        guard let attempt = attempts.last(where: { $0.state == .unknown || $0.state == .orphaned }) else {
            throw IllegalTransition(state: attempts.last?.state.rawValue ?? "unknown", event: "resolve")
        }
        switch resolution {
        case .accepted(let taskID): _ = try await accept(attempt.id, taskID)
        case .absent:
            follow(
                try await store.transact(at: now()) { store in
                    try store.requestCancel(id)
                    return try store.conclude(.proveAbsent(.person), of: attempt.id, hasMeans: false)
                })
        case .spent(let charge):
            follow(
                try await store.transact(at: now()) { store in
                    var outcome: Outcome?
                    if attempt.state == .unknown {
                        outcome = try store.conclude(
                            .assumeSpent("a person looked"), of: attempt.id, hasMeans: false)
                    }
                    if let charge { _ = try store.apply(.correct(charge, .person), to: attempt.id) }
                    return try outcome
                        ?? Outcome(attempt: store.reader.attempt(attempt.id), task: store.reader.task(id))
                })
        }
    }
}
