public import Faregate
public import FaregateProviders

/// One submission to one provider. Every id, hold and token of the provider's side belongs to an attempt, never to
/// the task.
public struct Attempt: Sendable, Hashable {
    /// Names an attempt: the task and the attempt's number, from 1.
    public struct ID: Sendable, Hashable, CustomStringConvertible {
        public var task: String
        public var number: Int

        public init(task: String, number: Int) { (self.task, self.number) = (task, number) }

        public var description: String { "\(task)/\(number)" }
    }

    public let id: ID
    /// Which of the task's offers it takes.
    public let offer: Int
    public let provider: String
    /// The provider's own id of the model.
    public let model: String
    public let medium: Medium

    public internal(set) var state = AttemptState.planned
    public internal(set) var money: AttemptMoney
    public internal(set) var marks: SubmissionMarks?
    public internal(set) var providerTaskID: String?
    /// What the provider stated at acceptance.
    public internal(set) var statedCharge: StatedAmount?
    /// How far it was last noted to be, where the provider tells.
    public internal(set) var progressPercent: Int?
    /// Why it ended without a result, or why nobody knows.
    public internal(set) var trouble: Trouble?
    public internal(set) var isCancelRequested = false
    /// It was taken for spent, or for absent, and turned up after all.
    public internal(set) var isLate = false
    public let plannedAt: Timestamp
    public internal(set) var reservedAt: Timestamp?
    public internal(set) var submittedAt: Timestamp?
    public internal(set) var acceptedAt: Timestamp?
    public internal(set) var endedAt: Timestamp?
    /// Not to be sent before, as the provider asks.
    public let notBefore: Timestamp?

    public init(
        id: ID, offer: Int, provider: String, model: String, medium: Medium, money: AttemptMoney,
        plannedAt: Timestamp, notBefore: Timestamp? = nil
    ) {
        (self.id, self.offer, self.provider, self.model) = (id, offer, provider, model)
        (self.medium, self.money, self.plannedAt, self.notBefore) = (medium, money, plannedAt, notBefore)
    }

    /// Enough to ask the provider; `nil` before it has an id.
    public var handle: TaskHandle? { providerTaskID.map { TaskHandle(id: $0, model: model, medium: medium) } }
}

/// Why an attempt has no result, the same for every way of having none.
public struct Trouble: Sendable, Hashable {
    /// A kind of failure or a code of an ambiguity.
    public var code: String
    /// The provider's words or ours; no key.
    public var message: String
    /// Whether the same request may succeed later.
    public var isRetryable: Bool
    /// What the provider does about money.
    public var billed: Billing
    /// How long the provider asks us to wait.
    public var retryAfter: Duration?

    public init(code: String, message: String, isRetryable: Bool, billed: Billing, retryAfter: Duration? = nil) {
        (self.code, self.message, self.isRetryable) = (code, message, isRetryable)
        (self.billed, self.retryAfter) = (billed, retryAfter)
    }
}

/// An event that cannot happen in the state at hand. Nothing was changed.
public struct IllegalTransition: Error, Sendable, Hashable, CustomStringConvertible {
    public let state: String
    public let event: String

    public var description: String { "\(event) cannot happen to what is \(state)" }
}
