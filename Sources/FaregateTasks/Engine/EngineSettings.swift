/// Bounds and pace of an engine.
public struct EngineSettings: Sendable {
    /// Tasks that are open at once; an order beyond is refused before anything is stored.
    public var openTaskCountMax = 200_000
    /// Questions under way at one provider.
    public var callCountMax = 64
    /// Results that are fetched at once.
    public var downloadCountMax = 4
    /// The first wait before an unknown attempt is looked for again; doubled each time.
    public var reconcileEvery: Duration = .seconds(5)
    /// How long after the submit a provider is trusted to recognise a repeated key, where its pages do not say.
    public var replayWindow: Duration = .seconds(600)
    /// How far a provider's wall clock may be from ours, for the times in its list of tasks.
    public var clockDifferenceMax: Duration = .seconds(120)
    /// How long an attempt is asked for, beyond the provider's advice and retention, before it is taken for spent.
    public var patience: Duration = .seconds(86_400)
    /// For how long, and how often, a process itself must have asked before it takes an attempt for spent.
    public var ownPatience: (duration: Duration, count: Int) = (.seconds(600), 5)
    /// How often the rest of a task is asked for when the provider's advice is used up.
    public var tailEvery: Duration = .seconds(120)
    /// Attempts at fetching a task's results before a person is told; they go on, at most an hour apart.
    public var deliveryCountMax = 6
    /// Attempts at telling a task's end.
    public var noticeCountMax = 10
    /// Notices under way at once, each to another address.
    public var noticesAtOnceMax = 16
    /// Signs notices; without it they go to this machine only.
    public var webhookSigner: WebhookSigner?
    /// Where this program is reached by providers that report back, without the token; `nil` where it is not.
    public var callbackBase: String?

    public init() {}
}
