public import FaregateProviders

/// Where one submission to one provider stands. The raw value stands in the store and in every export.
public enum AttemptState: String, Sendable, CaseIterable {
    /// Chosen; nothing is set aside yet.
    case planned
    /// Its worst-case price is set aside; nothing was sent.
    case reserved
    /// **The request may be on its way.** Stored before the first byte is; never sent from here again.
    case submitting
    /// The provider gave it an id.
    case accepted
    /// The provider was seen to work on it.
    case running
    case succeeded
    case failed
    case cancelled
    /// The provider said no: no task exists.
    case rejected
    /// Proved: the provider never saw the request.
    case notSent = "not_sent"
    /// It may exist and be paid for. Only a look can tell.
    case unknown
    /// It was unknown, and is proved not to exist.
    case absent
    /// It was unknown for so long that it is taken for spent.
    case orphaned

    /// Whether something may still come of it without anybody's doing.
    public var isOpen: Bool {
        switch self {
        case .planned, .reserved, .submitting, .accepted, .running, .unknown: true
        case .succeeded, .failed, .cancelled, .rejected, .notSent, .absent, .orphaned: false
        }
    }

    /// Whether the provider has it, or may have it.
    public var isAtProvider: Bool {
        switch self {
        case .submitting, .accepted, .running, .unknown: true
        default: false
        }
    }
}

/// Something that happened to an attempt.
public enum AttemptEvent: Sendable, Hashable {
    /// Its worst-case price is set aside.
    case reserve
    /// It is about to be sent, with these.
    case submit(SubmissionMarks)
    /// The provider has it, under this id.
    case accept(providerTaskID: String, charge: StatedAmount?)
    /// The provider refused it: no task exists.
    case reject(Rejection, billed: Billing)
    /// The transport proves that the provider never saw it, or it could not be sent at all.
    case proveNotSent(String, isRetryable: Bool)
    /// No reply says what became of it.
    case lose(Ambiguity)
    /// The provider works on it.
    case observeRunning
    case succeed(charge: StatedAmount?)
    case fail(TaskFailure)
    /// Somebody wants it stopped.
    case requestCancel
    /// The provider stopped it.
    case confirmCancel(billed: Billing)
    /// Somebody wants it stopped, and it was never sent.
    case withdraw
    /// A complete list, or a person, says that there is no such task.
    case proveAbsent(LedgerEntry.Basis)
    /// Every means and all time are used up: it is taken for spent.
    case assumeSpent(String)
    /// A better word on what it cost.
    case correct(StatedAmount, LedgerEntry.Basis)

    /// The word for it in the store.
    public var name: String {
        switch self {
        case .reserve: "reserve"
        case .submit: "submit"
        case .accept: "accept"
        case .reject: "reject"
        case .proveNotSent: "prove_not_sent"
        case .lose: "lose"
        case .observeRunning: "observe_running"
        case .succeed: "succeed"
        case .fail: "fail"
        case .requestCancel: "request_cancel"
        case .confirmCancel: "confirm_cancel"
        case .withdraw: "withdraw"
        case .proveAbsent: "prove_absent"
        case .assumeSpent: "assume_spent"
        case .correct: "correct"
        }
    }
}

/// What a submission carries so that it can be found again.
public struct SubmissionMarks: Sendable, Hashable {
    /// Sent where the provider takes one.
    public var idempotencyKey: String
    /// Ends the address that the provider reports back to; nobody can guess it.
    public var callbackToken: String
    /// SHA-256 of the body.
    public var requestDigest: String

    public init(idempotencyKey: String, callbackToken: String, requestDigest: String) {
        (self.idempotencyKey, self.callbackToken) = (idempotencyKey, callbackToken)
        self.requestDigest = requestDigest
    }
}
