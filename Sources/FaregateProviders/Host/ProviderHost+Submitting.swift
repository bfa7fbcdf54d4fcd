/// What came of one submission.
public enum Submission: Sendable {
    /// A task exists.
    case accepted(TaskHandle, charge: StatedAmount?)
    /// The provider said no: no task exists.
    case rejected(Rejection)
    /// Proved: the provider never saw the request.
    case notSent(TransportError)
    /// A task may exist. Never to be sent again without a look.
    case unknown(Ambiguity)
}

extension ProviderHost {
    /// Sends a task, once. A caller that stores its intent does so before this, and the outcome before anything else.
    ///
    /// - Throws: ``PluginError`` before anything is sent.
    public func submit(
        _ task: ProviderTask, events: (RunEvent) -> Void = { _ in }
    ) async throws(PluginError) -> Submission {
        let question = try prepare(.submit(task))
        if Task.isCancelled {
            return .notSent(TransportError(.notSent, .cancelled, "the caller gave up before the request was sent"))
        }
        events(.submitting)
        switch await ask(question, timeout: settings.submitTimeout) {
        case .failed(let error): return Self.submission(error)
        case .decoded(.accepted(let id, let charge, _), _):
            let handle = TaskHandle(id: id, model: task.model, medium: task.medium)
            events(.accepted(handle, charge: charge))
            return .accepted(handle, charge: charge)
        case .decoded(.rejected(let rejection), _): return .rejected(rejection)
        case .decoded(.unknown(let ambiguity), _): return .unknown(ambiguity)
        case .decoded:
            return .unknown(
                Ambiguity(code: .unrecognised, message: "the plugin gave an answer that no submit can have"))
        }
    }

    private static func submission(_ error: TransportError) -> Submission {
        switch error.phase {
        case .notSent: .notSent(error)
        case .perhapsSent: .unknown(Ambiguity(code: .replyLost, message: "sent, and no reply: \(error.message)"))
        }
    }
}
