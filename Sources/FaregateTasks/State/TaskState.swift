/// Where a task stands: what somebody wants, whatever the attempts at it.
public enum TaskState: String, Sendable, CaseIterable {
    /// Admitted; nothing was sent.
    case queued
    /// Something is under way.
    case active
    /// Everything it made is where it belongs.
    case succeeded
    case failed
    case cancelled
    /// Nothing more happens by itself: a person must look, or say what to do.
    case unresolved

    public var isEnded: Bool { self == .succeeded || self == .failed || self == .cancelled }
}

/// Something that happened to a task.
public enum TaskEvent: String, Sendable, CaseIterable {
    /// An attempt is under way.
    case start
    case succeed
    case fail
    case cancel
    /// Nothing more can be done without a person.
    case stall
    /// An attempt that was given up or in doubt turned up again, or a person wants another look.
    case reopen
}

extension TaskState {
    /// The whole state machine of a task.
    ///
    /// - Throws: ``IllegalTransition`` for an event that cannot happen in this state.
    public func applying(_ event: TaskEvent) throws(IllegalTransition) -> TaskState {
        switch (self, event) {
        case (.queued, .start): .active
        case (.queued, .cancel), (.active, .cancel), (.unresolved, .cancel): .cancelled
        case (.queued, .fail), (.active, .fail), (.unresolved, .fail): .failed
        case (.active, .succeed), (.unresolved, .succeed): .succeeded
        case (.active, .stall): .unresolved
        // A task that was given up because its attempt was taken for spent can still bring its result.
        case (.unresolved, .reopen), (.failed, .reopen), (.cancelled, .reopen): .active
        default: throw IllegalTransition(state: rawValue, event: event.rawValue)
        }
    }
}
