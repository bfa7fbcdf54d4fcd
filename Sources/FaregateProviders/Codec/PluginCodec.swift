public import Faregate

/// What somebody wants a provider to make.
public struct ProviderTask: Sendable {
    /// The provider's own id of the model, for providers whose address names it.
    public var model: String
    /// The native request: the exact JSON body.
    public var body: JSONValue
    /// What is made, for the advice on polling: `video`, `image`, `audio` or `text`.
    public var medium: Medium
    /// Sent where the provider takes one (see ``ProviderTraits/idempotency``), so that it can tell a repetition.
    public var idempotencyKey: String?

    public init(model: String, body: JSONValue, medium: Medium, idempotencyKey: String? = nil) {
        (self.model, self.body, self.medium, self.idempotencyKey) = (model, body, medium, idempotencyKey)
    }
}

/// An accepted task: enough to ask for it again, also after a restart.
public struct TaskHandle: Sendable, Hashable {
    /// The provider's id.
    public var id: String
    public var model: String
    public var medium: Medium

    public init(id: String, model: String, medium: Medium) { (self.id, self.model, self.medium) = (id, model, medium) }
}

/// One question to a provider.
public enum ProviderCall: Sendable {
    /// Makes a task and may cost money: sent once, never repeated by the host.
    case submit(ProviderTask)
    case poll(TaskHandle)
    case cancel(TaskHandle)
    /// Looks for the task that was submitted with a reference of ours.
    case find(reference: String, model: String)
    /// Asks for the latest tasks of the account, to see those that are like this one.
    case list(like: ProviderTask)
    /// Asks what a task would cost, without making it.
    case dryRun(ProviderTask)
    case balance

    public var operation: OperationName {
        switch self {
        case .submit: .submit
        case .poll: .poll
        case .cancel: .cancel
        case .find: .find
        case .list: .list
        case .dryRun: .dryRun
        case .balance: .balance
        }
    }
}

/// What a manifest can describe. `callback` is the provider asking us.
public enum OperationName: String, Sendable, CaseIterable {
    case submit, poll, cancel, find, list, balance
    case dryRun = "dry_run"
    case callback
}

/// What a reply means.
public enum CallOutcome: Sendable, Hashable {
    /// A task exists, and is paid for or will be.
    case accepted(taskID: String, charge: StatedAmount?, balance: StatedAmount?)
    /// The provider refused this call. For a submit: no task exists.
    case rejected(Rejection)
    /// The task goes on; the fraction done, from 0 to 1, where the provider tells.
    case running(fraction: Double?)
    case succeeded(TaskResult)
    case failed(TaskFailure)
    case cancelled
    case found(taskID: String)
    /// The search does not hold the task. It proves something only where it is known to be complete by then.
    ///
    /// - Parameter completeAfter: How long after a submit the provider's search is complete; `nil` where no page says.
    case absent(completeAfter: Duration?)
    /// Those of the latest tasks that are like the one asked about, by whatever the list repeats of a request.
    case listed([ListedTask])
    case priced(StatedAmount)
    case balance(StatedAmount)
    /// A callback spoke of a task: a hint to poll it, never a result.
    case notified(taskID: String)
    /// Neither one nor the other. For a submit: a task may exist.
    case unknown(Ambiguity)
}

/// A task as a provider's list shows it.
public struct ListedTask: Sendable, Hashable {
    /// The provider's id.
    public let id: String
    public let createdAt: UTCTime

    public init(id: String, createdAt: UTCTime) { (self.id, self.createdAt) = (id, createdAt) }
}

/// What a finished task left.
public struct TaskResult: Sendable, Hashable {
    /// Addresses of the files, in the provider's order, each once.
    public let addresses: [String]
    /// A result that is no file: lyrics, a transcript.
    public let data: JSONValue?
    public let charge: StatedAmount?

    public init(addresses: [String], data: JSONValue? = nil, charge: StatedAmount? = nil) {
        (self.addresses, self.data, self.charge) = (addresses, data, charge)
    }
}

/// Speaks one provider's language: turns a call into a request and a reply into an outcome.
///
/// Obligations: both functions are pure and quick; they are called from anywhere, any number of times. They see no
/// key, open no connection, read no clock. **What is not plainly a yes or a no is `.unknown`**: an outcome decides
/// about money.
public protocol PluginCodec: Sendable {
    /// What the provider is like. Constant for the life of the codec.
    var traits: ProviderTraits { get }

    /// The request that asks this.
    ///
    /// - Throws: `PluginError.Code.notOffered` for an operation the provider does not have, `.requestInvalid` for a
    ///   task that cannot be put into its form. Nothing was sent then.
    func plan(_ call: ProviderCall) throws(PluginError) -> RequestPlan

    /// What an answer to a call means. Every reply has a meaning, `.unknown` at least.
    func decode(_ reply: HTTPReply, to call: ProviderCall) -> CallOutcome

    /// The task that a callback speaks of; `nil` where it cannot be told. The rest of its body is nobody's word.
    func hint(inCallback body: [UInt8]) -> String?
}
