public import Faregate

/// What a provider is like, apart from its messages: where it is, what it promises, what it advises.
public struct ProviderTraits: Sendable {
    /// The provider's id, which names its settings in the environment.
    public var id: String
    /// For people.
    public var name: String
    /// Scheme and host of the documented API; no path.
    public var baseAddress: WebAddress
    /// The only hosts that a key may go to.
    public var hosts: [String]
    public var authentication: AuthenticationScheme
    public var operations: Set<OperationName>
    public var idempotency: Idempotency
    /// How long a key is recognised; `nil` where the provider does not say.
    public var idempotencyWindow: Duration?
    public var callback: CallbackTraits?
    /// Advice for each medium; see ``polling(for:)``.
    public var polling: [Medium: PollingAdvice]
    public var billing: BillingTraits
    /// Days for which results can be fetched; `nil` where the provider does not say.
    public var retentionDays: Int?
    /// Tasks at once; `nil` where the provider does not say.
    public var concurrentTasksMax: Int?
    /// Requests in a minute; `nil` where the provider does not say.
    public var requestsPerMinuteMax: Int?

    /// The advice for a medium, or the most patient of those that the provider gives.
    public func polling(for medium: Medium) -> PollingAdvice {
        polling[medium] ?? polling.values.max { $0.timeout < $1.timeout } ?? .cautious
    }
}

/// Whether a provider recognises a repeated submit.
public enum Idempotency: Sendable, Hashable {
    case none
    /// A key of ours in a header makes a repetition return the first task.
    case header(name: String)
    /// The same, in a member of the body.
    case body(at: String)
}

/// How a provider reports back.
public struct CallbackTraits: Sendable, Hashable {
    public enum Verification: String, Sendable, CaseIterable {
        /// Anybody can send one.
        case none
        /// A fixed word that whoever has seen one callback knows.
        case staticSecret = "static_secret"
        /// A signature over the body.
        case signature
    }
    public var verification: Verification
    /// Where the body of a submit names the address, as a JSON Pointer.
    public var addressAt: String
}

/// When to ask for a task, as the provider advises.
public struct PollingAdvice: Sendable, Hashable {
    public var firstAfter: Duration
    public var every: Duration
    /// How long to keep asking. A task that takes longer is not lost: it can be resumed.
    public var timeout: Duration
    /// How long a task usually takes; `nil` where nobody says.
    public var typical: ClosedRange<Duration>?

    public init(firstAfter: Duration, every: Duration, timeout: Duration, typical: ClosedRange<Duration>? = nil) {
        (self.firstAfter, self.every, self.timeout, self.typical) = (firstAfter, every, timeout, typical)
    }

    /// For a provider that gives none.
    public static let cautious = PollingAdvice(firstAfter: .seconds(10), every: .seconds(10), timeout: .seconds(1800))
}

/// What is billed on each outcome.
public struct BillingTraits: Sendable, Hashable {
    /// What the provider counts in: an ISO currency or `credits`.
    public var unit: String
    public var succeeded: Billing
    public var failed: Billing
    public var rejected: Billing
    public var cancelled: Billing
}
