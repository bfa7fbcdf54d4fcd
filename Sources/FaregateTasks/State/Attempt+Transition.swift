import Faregate
import FaregateProviders

/// What an event makes of an attempt, and the lines it adds to the ledger. Both are stored together or not at all.
public struct Transition: Sendable, Hashable {
    public var attempt: Attempt
    public var entries: [LedgerEntry]
}

extension Attempt {
    /// The whole state machine of an attempt. Pure: the instant is an argument.
    ///
    /// - Throws: ``IllegalTransition`` for an event that cannot happen in this state.
    public func applying(_ event: AttemptEvent, at now: Timestamp) throws(IllegalTransition) -> Transition {
        guard let next = next(on: event) else {
            throw IllegalTransition(state: state.rawValue, event: event.name)
        }
        var attempt = self
        attempt.state = next
        attempt.note(event, from: state, at: now)
        let entries = attempt.account(for: event)
        if !next.isOpen, state.isOpen { attempt.endedAt = now }
        if next.isOpen { attempt.endedAt = nil }
        return Transition(attempt: attempt, entries: entries)
    }

    /// The state that an event leads to; `nil` where it cannot happen.
    private func next(on event: AttemptEvent) -> AttemptState? {
        switch (state, event) {
        case (.planned, .reserve): .reserved
        case (.planned, .withdraw), (.reserved, .withdraw): .cancelled
        case (.reserved, .submit): .submitting
        case (.planned, .proveNotSent), (.reserved, .proveNotSent), (.submitting, .proveNotSent): .notSent
        case (.submitting, .accept), (.unknown, .accept), (.orphaned, .accept), (.absent, .accept): .accepted
        case (.submitting, .reject): .rejected
        case (.submitting, .lose), (.unknown, .lose): .unknown
        case (.accepted, .observeRunning), (.running, .observeRunning): .running
        case (.accepted, .succeed), (.running, .succeed): .succeeded
        case (.accepted, .fail), (.running, .fail): .failed
        case (.accepted, .confirmCancel), (.running, .confirmCancel): .cancelled
        case (.accepted, .requestCancel), (.running, .requestCancel), (.submitting, .requestCancel),
            (.unknown, .requestCancel):
            state
        case (.unknown, .proveAbsent), (.orphaned, .proveAbsent): .absent
        case (.unknown, .assumeSpent), (.accepted, .assumeSpent), (.running, .assumeSpent), (.absent, .assumeSpent):
            .orphaned
        case (.succeeded, .correct), (.failed, .correct), (.cancelled, .correct), (.orphaned, .correct): state
        default: nil
        }
    }

    /// Keeps what an event tells.
    private mutating func note(_ event: AttemptEvent, from before: AttemptState, at now: Timestamp) {
        switch event {
        case .reserve: reservedAt = now
        case .submit(let marks): (self.marks, submittedAt) = (marks, now)
        case .accept(let id, let charge):
            (providerTaskID, statedCharge, acceptedAt, trouble) = (id, charge ?? statedCharge, now, nil)
            isLate = before == .orphaned || before == .absent
        case .requestCancel: isCancelRequested = true
        case .reject(let rejection, let billed):
            trouble = Trouble(
                code: rejection.kind.rawValue, message: rejection.message, isRetryable: rejection.isRetryable,
                billed: billed, retryAfter: rejection.retryAfter)
        case .fail(let failure):
            trouble = Trouble(
                code: failure.kind.rawValue, message: failure.message, isRetryable: false, billed: failure.billed)
        case .proveNotSent(let message, let isRetryable):
            trouble = Trouble(code: "not_sent", message: message, isRetryable: isRetryable, billed: .notCharged)
        case .lose(let ambiguity):
            trouble = Trouble(
                code: ambiguity.code.rawValue, message: ambiguity.message, isRetryable: false, billed: .unknown)
            providerTaskID = ambiguity.taskID ?? providerTaskID
        case .assumeSpent(let reason):
            trouble = Trouble(code: "assumed_spent", message: reason, isRetryable: false, billed: .unknown)
        case .confirmCancel(let billed):
            trouble = Trouble(code: "cancelled", message: "it was stopped", isRetryable: false, billed: billed)
        case .observeRunning, .succeed, .withdraw, .proveAbsent, .correct: break
        }
    }

    /// Moves the money that an event moves.
    private mutating func account(for event: AttemptEvent) -> [LedgerEntry] {
        switch event {
        case .reserve: money.hold()
        case .withdraw, .proveNotSent: money.release(.quoted)
        case .proveAbsent(let basis): money.release(basis)
        // A refusal costs nothing unless the provider's pages say that it does.
        case .reject(_, let billed): billed == .charged ? money.settle(nil, otherwise: .quoted) : money.release(.quoted)
        case .succeed(let charge): money.settle(charge ?? statedCharge, otherwise: .quoted)
        case .fail(let failure): settle(failure.billed)
        case .confirmCancel(let billed): settle(billed)
        case .assumeSpent: money.reopen() + money.settle(statedCharge, otherwise: .assumed)
        case .correct(let amount, let basis): correct(amount, basis)
        case .accept: money.reopen()
        case .submit, .lose, .observeRunning, .requestCancel: []
        }
    }

    /// The bill for a task that ended without a result. Where no page says, it is taken for spent.
    private mutating func settle(_ billed: Billing) -> [LedgerEntry] {
        switch billed {
        case .charged: money.settle(statedCharge, otherwise: .quoted)
        case .unknown: money.settle(statedCharge, otherwise: .assumed)
        case .notCharged, .refunded: money.release(.quoted)
        }
    }

    private mutating func correct(_ amount: StatedAmount, _ basis: LedgerEntry.Basis) -> [LedgerEntry] {
        _ = money.reopen()
        return money.settle(amount, otherwise: basis).map {
            var entry = $0
            entry.basis = basis
            return entry
        }
    }
}
