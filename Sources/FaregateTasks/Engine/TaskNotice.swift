public import FaregateProviders

/// Something that happened to a task, as it happens: for people and logs. No key, prompt or body stands in it.
public struct TaskNotice: Sendable {
    public enum Event: Sendable {
        /// The request is about to be sent, once.
        case submitting(provider: String)
        /// The provider has it.
        case accepted(TaskHandle, charge: StatedAmount?)
        /// It goes on: the fraction done where the provider tells, and the time since it was accepted.
        case progress(fraction: Double?, elapsed: Duration)
        /// It takes longer than the provider says such tasks take; the engine keeps asking.
        case overdue(elapsed: Duration)
        /// The provider does not tell about it; the engine keeps asking.
        case refused(Rejection)
        /// Something that should not be, which the engine lived with.
        case alarm(Alarm)
        case downloading(name: String, bytes: Int, total: Int?)
        /// An attempt moved.
        case attempt(Attempt)
        /// The task moved.
        case task(DurableTask)
    }

    public let task: String
    public let event: Event

    package init(task: String, event: Event) { (self.task, self.event) = (task, event) }
}
