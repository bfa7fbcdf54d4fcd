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
        let order = bound(order)
        let isFull = state.withLock { state in
            state.openTaskCount += 1
            return state.openTaskCount > settings.openTaskCountMax
        }
        do {
            let (admission, attempt) = try await store.transact(at: now()) { [settings] store in
                let (admission, attempt) = try store.admit(order, id: id)
                // An order that was given before is answered, however many are open.
                if isFull, attempt != nil { throw StoreError.queueFull(settings.openTaskCountMax) }
                return (admission, attempt)
            }
            if let attempt { plan(attempt) } else { closed() }
            return admission
        } catch {
            closed()
            throw error
        }
    }

    /// The order with every offer tied to where its provider is reached now, and to the account there.
    private func bound(_ order: TaskOrder) -> TaskOrder {
        var order = order
        for index in order.offers.indices {
            order.offers[index].destination = hosts[order.offers[index].provider]?.destination
        }
        return order
    }

    /// Wants a task stopped. What was not sent is not sent; what is at the provider is asked to stop, and may be
    /// billed all the same.
    public func cancel(_ id: String) async throws {
        let (withdrawn, ended, attempts) = try await store.transact(at: now()) { [meansless] store in
            let task = try store.reader.task(id)
            if !task.state.isEnded, !task.isCancelRequested { try store.requestCancel(id) }
            var withdrawn: [Outcome] = []
            for attempt in try store.reader.attempts(of: id) {
                if attempt.state == .reserved {
                    withdrawn.append(try store.conclude(.withdraw, of: attempt.id, meansless: meansless))
                } else if attempt.state.isAtProvider, !attempt.isCancelRequested {
                    try store.apply(.requestCancel, to: attempt.id)
                }
            }
            return (withdrawn, try store.abandonResults(of: id), try store.reader.attempts(of: id))
        }
        withdrawn.forEach(follow)
        if let ended {
            for attempt in attempts { drop(attempt.id) }
            closed()
            say(id, .task(ended))
        }
        for attempt in attempts where attempt.state.isAtProvider {
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
        case .submitting:
            // Its submit has no answer yet. Should that be lost, this is the id.
            guard let taskID = hosts[attempt.provider]?.codec.hint(inCallback: body) else { return .ignored }
            state.withLock { $0.followings[attempt.id]?.calledBackID = taskID }
            return .noted
        case .unknown, .orphaned, .absent: return try await turnedUp(attempt, body)
        default: return .ignored
        }
    }

    /// A callback for an attempt whose id was lost brings the id; whether there is such a task, the provider says.
    private func turnedUp(_ attempt: Attempt, _ body: [UInt8]) async throws -> CallbackVerdict {
        guard let host = hosts[attempt.provider], let taskID = host.codec.hint(inCallback: body) else {
            return .ignored
        }
        let handle = TaskHandle(id: taskID, model: attempt.model, medium: attempt.medium)
        guard await isThere(handle, host) == true else { return .ignored }
        return try await accept(attempt.id, taskID) ? .noted : .ignored
    }

    private func accept(_ id: Attempt.ID, _ taskID: String) async throws -> Bool {
        do {
            let outcome = try await conclude(.accept(providerTaskID: taskID, charge: nil), of: id)
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

    /// Takes a person's word for what became of an attempt.
    ///
    /// - Throws: ``IllegalTransition`` where the attempt is not in doubt; ``StoreError``: `.notAtProvider` for an id that
    ///   the provider does not know, or that belongs to another attempt.
    public func resolve(_ id: Attempt.ID, _ resolution: Resolution) async throws {
        let attempt = try await store.read { try $0.attempt(id) }
        guard resolution.isAbout(attempt.state) else {
            throw IllegalTransition(state: attempt.state.rawValue, event: "resolve")
        }
        switch resolution {
        case .accepted(let taskID): try await identify(attempt, as: taskID)
        case .absent:
            follow(
                try await store.transact(at: now()) { [meansless] store in
                    try store.check(attempt)
                    return try store.explained(
                        try store.conclude(.proveAbsent(.person), of: id, meansless: meansless))
                })
        case .spent(let charge):
            follow(
                try await store.transact(at: now()) { [meansless] store in
                    try store.check(attempt)
                    var outcome = Outcome(attempt: attempt, task: try store.reader.task(id.task))
                    if attempt.state != .orphaned {
                        outcome = try store.conclude(.assumeSpent("a person looked"), of: id, meansless: meansless)
                    }
                    if let charge { outcome.attempt = try store.apply(.correct(charge, .person), to: id) }
                    return try store.explained(outcome)
                })
        }
    }

    /// Takes a person's word for the id of a lost task, after the provider said that it knows it.
    private func identify(_ attempt: Attempt, as taskID: String) async throws {
        guard let host = hosts[attempt.provider] else {
            throw PluginError(.fileUnreadable, "there is no plugin for \(attempt.provider)")
        }
        let owner = try await store.read { try $0.attempt(provider: attempt.provider, providerTaskID: taskID)?.id }
        if let owner, owner != attempt.id {
            throw StoreError(
                .notAtProvider,
                "the task \(taskID) is that of attempt \(owner.number) at \(owner.task); nothing was changed")
        }
        let handle = TaskHandle(id: taskID, model: attempt.model, medium: attempt.medium)
        guard await isThere(handle, host) == true else {
            throw StoreError(
                .notAtProvider,
                "\(host.codec.traits.name) does not say that it has a task \(taskID); nothing was changed")
        }
        _ = try await accept(attempt.id, taskID)
    }
}

extension Resolution {
    /// Whether it can be said of an attempt in this state.
    fileprivate func isAbout(_ state: AttemptState) -> Bool {
        switch self {
        case .accepted: state == .unknown || state == .orphaned || state == .absent
        // Who said that nothing was there can be mistaken.
        case .spent: state == .unknown || state == .orphaned || state == .absent
        case .absent: state == .unknown || state == .orphaned
        }
    }
}

extension StoreTransaction {
    /// Refuses what was decided about an attempt that has moved meanwhile.
    func check(_ attempt: Attempt) throws {
        let state = try reader.attempt(attempt.id).state
        guard state == attempt.state else { throw IllegalTransition(state: state.rawValue, event: "resolve") }
    }
}
