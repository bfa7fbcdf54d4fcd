/// What somebody wants made. It outlives the process that admitted it.
public struct DurableTask: Sendable {
    public let id: String
    /// Whose budget it draws on.
    public let project: String
    public internal(set) var state = TaskState.queued
    /// Ways to do it, best first.
    public let offers: [Offer]
    public let policy: AttemptPolicy
    /// Where its results go; an absolute path.
    public let outputFolder: String
    public let createdAt: Timestamp
    public internal(set) var endedAt: Timestamp?
    public internal(set) var isCancelRequested = false
    /// Why it stands where it stands, in a sentence.
    public internal(set) var note: String?

    public init(
        id: String, project: String, offers: [Offer], policy: AttemptPolicy = AttemptPolicy(), outputFolder: String,
        createdAt: Timestamp
    ) {
        (self.id, self.project, self.offers, self.policy) = (id, project, offers, policy)
        (self.outputFolder, self.createdAt) = (outputFolder, createdAt)
    }

    /// The task after an event.
    ///
    /// - Throws: ``IllegalTransition`` for an event that cannot happen in this state.
    public func applying(_ event: TaskEvent, note: String? = nil, at now: Timestamp) throws(IllegalTransition)
        -> DurableTask
    {
        var task = self
        task.state = try state.applying(event)
        task.endedAt = task.state.isEnded ? now : nil
        task.note = note
        return task
    }
}
