/// Bounds and pace of a host.
public struct HostSettings: Sendable {
    /// How long to wait for the answer to a submit. What comes later is lost, and the outcome unknown.
    public var submitTimeout: Duration = .seconds(60)
    /// How long to wait for the answer to any other question.
    public var askTimeout: Duration = .seconds(30)
    /// Bytes of one answer.
    public var replyBytesMax = 4 << 20
    /// Replaces the manifest's advice on how long to keep asking, whatever the pace; `nil` keeps it.
    public var timeout: Duration?
    /// Every wait that the manifest advises is divided by this: more than 1 against a simulator that is faster than
    /// life.
    public var pace = 1.0
    /// The longest wait between two polls, whatever the provider or the backoff asks for.
    public var pollWaitMax: Duration = .seconds(300)
    /// Polls in a row that the provider may refuse before the host stops asking: right after a submit it may not know
    /// the task.
    public var refusalCountMax = 3
    /// Bytes of one result.
    public var artifactBytesMax = 1 << 30
    /// Results of one task.
    public var artifactCountMax = 64
    /// How long fetching one result may take.
    public var downloadTimeout: Duration = .seconds(3600)
    /// Attempts at one result.
    public var downloadAttemptCountMax = 3

    public init() {}
}
