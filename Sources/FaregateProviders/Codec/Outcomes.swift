public import Faregate

/// Why a provider refused or a task failed, the same word for every provider. An open set.
public struct FailureKind: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The account holds too little.
    public static let insufficientBalance = FailureKind(rawValue: "insufficient_balance")
    /// The plan of the account does not include this.
    public static let planRequired = FailureKind(rawValue: "plan_required")
    /// The request breaks the provider's rules.
    public static let invalidRequest = FailureKind(rawValue: "invalid_request")
    /// The provider could not read a file that the request names.
    public static let inputUnreadable = FailureKind(rawValue: "input_unreadable")
    /// No key, or not a valid one.
    public static let unauthorized = FailureKind(rawValue: "unauthorized")
    /// A valid key that may not do this.
    public static let forbidden = FailureKind(rawValue: "forbidden")
    /// No such task, model or address.
    public static let notFound = FailureKind(rawValue: "not_found")
    /// Too many requests or too many tasks at once.
    public static let rateLimited = FailureKind(rawValue: "rate_limited")
    /// Prompt or result against the provider's content rules.
    public static let contentPolicy = FailureKind(rawValue: "content_policy")
    /// The provider, or the model behind it, broke down.
    public static let providerError = FailureKind(rawValue: "provider_error")
    /// The provider gave up on the task after its own time limit.
    public static let timeout = FailureKind(rawValue: "timeout")

    /// The kinds a manifest may name.
    package static let known: [FailureKind] = [
        insufficientBalance, planRequired, invalidRequest, inputUnreadable, unauthorized, forbidden, notFound,
        rateLimited,
        contentPolicy, providerError, timeout,
    ]

    public var description: String { rawValue }
}

/// An amount that the provider itself stated: a price, a charge, a balance.
public struct StatedAmount: Sendable, Hashable, CustomStringConvertible {
    public let amount: ExactDecimal
    /// An ISO currency or `credits`.
    public let unit: String

    public init(amount: ExactDecimal, unit: String) { (self.amount, self.unit) = (amount, unit) }

    public var description: String {
        guard unit == "USD" else { return "\(amount) \(unit)" }
        let text = amount.text(decimalsMin: 2)
        return text.hasPrefix("-") ? "-$" + text.dropFirst() : "$" + text
    }
}

/// Whether an outcome costs money, as the provider's pages say.
public enum Billing: String, Sendable, CaseIterable {
    case charged
    case notCharged = "not_charged"
    /// Charged at first, given back on its own.
    case refunded
    case unknown
}

/// The provider said no: no task exists.
public struct Rejection: Sendable, Hashable {
    public let kind: FailureKind
    /// Whether the same request may succeed later. Only such a rejection allows another attempt.
    public let isRetryable: Bool
    /// The provider's words, with the key masked; empty where it gave none.
    public let message: String
    /// How long the provider asks us to wait.
    public let retryAfter: Duration?
    /// The rule of the manifest that recognised it.
    public let rule: String

    public init(kind: FailureKind, isRetryable: Bool, message: String, retryAfter: Duration?, rule: String) {
        (self.kind, self.isRetryable, self.message) = (kind, isRetryable, message)
        (self.retryAfter, self.rule) = (retryAfter, rule)
    }
}

/// A task that was accepted and came to nothing.
public struct TaskFailure: Sendable, Hashable {
    public let kind: FailureKind
    /// The provider's words, with the key masked.
    public let message: String
    public let billed: Billing
    public let rule: String

    public init(kind: FailureKind, message: String, billed: Billing, rule: String) {
        (self.kind, self.message, self.billed, self.rule) = (kind, message, billed, rule)
    }
}

/// A reply that is neither a yes nor a no, or no reply at all.
public struct Ambiguity: Sendable, Hashable {
    /// An open set of stable codes.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The connection ended, or time ran out, after the request may have been sent.
        public static let replyLost = Code(rawValue: "reply.lost")
        /// 5xx without words that the provider's pages explain.
        public static let serverError = Code(rawValue: "reply.server_error")
        /// 3xx: redirects are never followed with a key.
        public static let redirect = Code(rawValue: "reply.redirect")
        /// A web page instead of an answer.
        public static let html = Code(rawValue: "reply.html")
        /// Not JSON.
        public static let unreadable = Code(rawValue: "reply.unreadable")
        /// JSON that no rule of the manifest describes, such as a new status word.
        public static let unrecognised = Code(rawValue: "reply.unrecognised")
        /// A rule fits, and what it promises is missing: no task id, no result, the id of another task.
        public static let contradictory = Code(rawValue: "reply.contradictory")
    }

    public let code: Code
    public let message: String
    /// The id that an otherwise unclear reply carries: something to ask about.
    public let taskID: String?

    public init(code: Code, message: String, taskID: String? = nil) {
        (self.code, self.message, self.taskID) = (code, message, taskID)
    }
}
