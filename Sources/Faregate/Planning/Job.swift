/// More than one task makes: so many seconds of footage, or so many clips, images or songs.
public struct Job: Sendable, Hashable {
    /// What is counted.
    public enum Measure: String, Sendable, CaseIterable {
        /// Whole seconds of footage, of clips of any length.
        case seconds
        /// Results, one for each task.
        case items
    }

    public let measure: Measure
    /// At least one, at most ``Job/amountMax``.
    public let amount: Int
    /// Seconds until it must be done; `nil`: no hurry.
    public let deadlineSeconds: Int?
    /// The most it may cost, in US dollars.
    public let maximumUSD: ExactDecimal?

    /// The largest job that is planned at once.
    public static let amountMax = 10_000

    public init(_ measure: Measure, _ amount: Int, deadlineSeconds: Int? = nil, maximumUSD: ExactDecimal? = nil) {
        (self.measure, self.amount) = (measure, amount)
        (self.deadlineSeconds, self.maximumUSD) = (deadlineSeconds, maximumUSD)
    }
}

/// One way to make a part of a job: an offering with all its settings.
public struct PlanOption: Sendable {
    public let provider: String
    /// The provider's own id.
    public let offering: String
    /// What is made, wherever it is bought: `google/veo-3.1-fast`.
    public let model: String
    /// The native request of one task.
    public let body: JSONValue
    /// What distinguishes it from the offering's other settings: `8 s`.
    public let label: String
    /// Seconds or results that one task makes.
    public let yield: Int
    /// What one task costs in dollars; `nil` where nobody can say.
    public let usd: Quote.Total?
    /// The quote that this rests on.
    public let quote: Quote?
    /// How long a task typically takes, in whole seconds; `nil` where nobody says.
    public var typicalSeconds: ClosedRange<Int>?
    /// What is to be known about it: warnings, and what its price and its time rest on.
    public var notes: [String]

    public init(
        provider: String, offering: String, model: String, body: JSONValue, label: String, yield: Int,
        usd: Quote.Total?, quote: Quote? = nil, typicalSeconds: ClosedRange<Int>?, notes: [String] = []
    ) {
        (self.provider, self.offering, self.model) = (provider, offering, model)
        (self.body, self.label) = (body, label)
        (self.yield, self.usd, self.quote) = (yield, usd, quote)
        (self.typicalSeconds, self.notes) = (typicalSeconds, notes)
    }
}

/// Something that was not planned with, and why.
public struct LeftOut: Sendable, Hashable {
    public let provider: String
    public let offering: String
    /// Stable: `plan.price_unknown`, `plan.time_unknown`, …
    public let code: String
    public let reason: String

    public init(provider: String, offering: String, code: String, reason: String) {
        (self.provider, self.offering, self.code, self.reason) = (provider, offering, code, reason)
    }
}
