/// What happens while a task runs, for people and logs. No event holds a key, a prompt or a body.
public enum RunEvent: Sendable, Hashable {
    /// The request is about to be sent. From here on money may be spent.
    case submitting
    /// A task exists. The handle is all that is needed to resume.
    case accepted(TaskHandle, charge: StatedAmount?)
    /// The task goes on: the fraction done where the provider tells, the time since it was accepted (or resumed), and
    /// how long such a task usually takes.
    case progress(fraction: Double?, elapsed: Duration, typical: ClosedRange<Duration>?)
    /// Something that should not be, which the host lived with: an unknown status, an unreadable reply, a lost poll.
    case alarm(Alarm)
    /// A result is being fetched; the total where the server tells.
    case downloading(name: String, bytes: Int, total: Int?)
}

/// Something out of the ordinary that did not end the run.
public struct Alarm: Sendable, Hashable {
    /// Stable: a code of ``Ambiguity``, ``TransportError`` or a kind of failure.
    public let code: String
    public let message: String

    public init(code: String, message: String) { (self.code, self.message) = (code, message) }
}

/// How a run ended. Only `succeeded` is success.
public enum RunOutcome: Sendable {
    /// Everything the task made is in the folder.
    case succeeded(Delivery)
    /// The task is done and billed, and something of it could not be fetched. Resuming fetches it again.
    case undelivered(Delivery, problems: [DownloadError])
    /// The provider said no; nothing was made or billed.
    case rejected(Rejection)
    /// Proved: the provider never saw the request.
    case notSent(TransportError)
    /// The task ended without a result. See `billed` for whether it costs.
    case failed(TaskHandle, TaskFailure)
    /// The request may have been acted on, and no reply says so. **It must not be sent again** before somebody has
    /// looked.
    case unknown(Ambiguity)
    /// The task exists and was not seen to end: time ran out here, the caller gave up, or the provider does not let
    /// us ask.
    case stillRunning(TaskHandle, StillRunningReason)
}

/// What a finished task left in the folder.
public struct Delivery: Sendable, Hashable {
    public let task: TaskHandle
    public let artifacts: [Artifact]
    /// What the provider says it took; `nil` where it says nothing.
    public let charge: StatedAmount?

    public init(task: TaskHandle, artifacts: [Artifact], charge: StatedAmount?) {
        (self.task, self.artifacts, self.charge) = (task, artifacts, charge)
    }
}

/// One file of a result.
public struct Artifact: Sendable, Hashable {
    public let path: String
    public let bytes: Int
    /// As the server states it, or as the file's name suggests.
    public let mediaType: String

    public init(path: String, bytes: Int, mediaType: String) {
        (self.path, self.bytes, self.mediaType) = (path, bytes, mediaType)
    }
}

/// Why the host stopped asking for a task that may still be running.
public enum StillRunningReason: Sendable, Hashable {
    /// The time to wait is up here. The provider goes on, and may bill.
    case timeout(after: Duration)
    /// The caller gave up. The provider goes on, and may bill.
    case cancelled
    /// The provider refuses to tell: a wrong key, a task that it says it does not know, an id that fits no request.
    case refused(Rejection)
}

/// What a provider says a task would cost.
public enum LivePrice: Sendable, Hashable {
    case priced(StatedAmount)
    /// The provider would not accept the task.
    case rejected(Rejection)
    /// There was a reply, and no price in it that could be read; or no reply.
    case unreadable(Ambiguity)
    /// The provider made a task although it was only asked for the price.
    case taskMade(TaskHandle)
}
