import Faregate

/// Runs tasks at one provider: does all the I/O that its codec describes, the same way for every provider.
///
/// Guarantees:
/// - A submit is sent **once**. Whatever happens to the reply, the host never sends it again.
/// - What proves neither acceptance nor refusal is reported as unknown, never as success or failure.
/// - Polls are free and repeated; an unclear one means that the task still runs.
/// - The key goes only to the allowed hosts, never along a redirect, and stands in no event, outcome or error.
public struct ProviderHost: Sendable {
    public let codec: any PluginCodec
    public let access: ProviderAccess
    public let settings: HostSettings
    package let transport: any HTTPTransport
    let clock: any Clock<Duration>
    let random: @Sendable () -> Double

    /// - Parameters:
    ///   - random: Numbers from 0 to 1, for jitter.
    public init(
        codec: any PluginCodec, access: ProviderAccess, transport: any HTTPTransport,
        settings: HostSettings = HostSettings(),
        clock: any Clock<Duration> = ContinuousClock(),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        (self.codec, self.access, self.settings) = (codec, access, settings)
        (self.transport, self.clock, self.random) = (transport, clock, random)
    }

    /// Makes something: submits once, polls until the task ends, fetches what it made.
    ///
    /// - Parameters:
    ///   - folder: Where the files go; made where it does not exist. No file in it is overwritten.
    ///   - events: Called as things happen, in order.
    /// - Returns: How it ended. Cancelling the surrounding task ends the waiting, not the provider's work: the
    ///   outcome is then `stillRunning`, or `unknown` while the submit was under way.
    /// - Throws: ``PluginError`` before anything is sent: no key, a host that is not allowed, a task that fits no
    ///   request.
    public func run(
        _ task: ProviderTask, into folder: String, events: (RunEvent) -> Void = { _ in }
    ) async throws(PluginError) -> RunOutcome {
        try probe(folder)
        switch try await submit(task, events: events) {
        case .accepted(let handle, let charge):
            return await follow(handle, charge: charge, into: folder, events: events)
        case .rejected(let rejection): return .rejected(rejection)
        case .notSent(let error): return .notSent(error)
        case .unknown(let ambiguity): return .unknown(ambiguity)
        }
    }

    /// Follows a task that was just accepted. From here on nothing is thrown: the task exists, whatever is wrong with
    /// its id.
    private func follow(
        _ handle: TaskHandle, charge: StatedAmount?, into folder: String, events: (RunEvent) -> Void
    ) async -> RunOutcome {
        do throws(PluginError) {
            let question = try prepare(.poll(handle))
            return await follow(
                handle, asking: question, charge: charge, into: folder, isResumed: false, events: events)
        } catch {
            let reason = Rejection(
                kind: .invalidRequest, isRetryable: false, message: error.message, retryAfter: nil, rule: "")
            return .stillRunning(handle, .refused(reason))
        }
    }

    /// Makes the folder, before anything is paid for that could not be kept.
    package func probe(_ folder: String) throws(PluginError) {
        do throws(DownloadError) {
            try makeFolder(folder)
        } catch {
            throw PluginError(.folderUnwritable, "results cannot be kept in \(folder): \(error.message)")
        }
        guard isWritable(folder) else {
            throw PluginError(.folderUnwritable, "results cannot be kept in \(folder): it cannot be written to")
        }
        if let problem = linkProblem(in: folder) {
            throw PluginError(
                .folderUnwritable,
                "results cannot be kept in \(folder): its file system takes no hard links (\(problem)), by which files get "
                    + "their names; choose a folder on another")
        }
    }

    /// Takes up a task that was accepted before: polls at once, and goes on as ``run(_:into:events:)`` does.
    public func resume(
        _ handle: TaskHandle, into folder: String, events: (RunEvent) -> Void = { _ in }
    ) async throws(PluginError) -> RunOutcome {
        await follow(
            handle, asking: try prepare(.poll(handle)), charge: nil, into: folder, isResumed: true, events: events)
    }

    /// The exact request that ``run(_:into:events:)`` would send, with the key masked. Nothing is sent.
    ///
    /// - Throws: `PluginError.Code.requestInvalid` for a task that fits no request. A missing key is shown, not
    ///   thrown.
    public func describe(_ task: ProviderTask) throws(PluginError) -> RequestDescription {
        try describe(.submit(task))
    }

    /// The request of any call, with the key masked.
    public func describe(_ call: ProviderCall) throws(PluginError) -> RequestDescription {
        let plan = try codec.plan(call)
        let request = try outgoing(plan, key: access.key)
        return RequestDescription(request, scheme: codec.traits.authentication, keyName: access.keyName)
    }
}

extension ProviderHost {
    /// Puts address and key to a plan.
    ///
    /// - Throws: `PluginError.Code.hostNotAllowed` where the address is outside the allowed hosts, or not secure.
    func outgoing(_ plan: RequestPlan, key: Secret?) throws(PluginError) -> OutgoingRequest {
        let items = plan.query.map { percentEncoded($0.name) + "=" + percentEncoded($0.value) }
        let address = access.baseAddress.appending(path: plan.path, query: items)
        guard access.hosts.contains(address.host), address.scheme == .https || access.isOverridden else {
            throw PluginError(.hostNotAllowed, "\(codec.traits.name)'s plugin may not send to \(address.origin)")
        }
        var headers = plan.headers + [HTTPHeader("Accept", "application/json"), HTTPHeader("User-Agent", "faregate")]
        if plan.body != nil { headers.append(HTTPHeader("Content-Type", "application/json")) }
        return OutgoingRequest(
            method: plan.method, address: address, headers: headers,
            body: plan.body.map { Array($0.text().utf8) } ?? [],
            credential: key.map { Credential(scheme: codec.traits.authentication, key: $0) })
    }

    /// A question ready to be asked.
    package struct Question {
        package let call: ProviderCall
        let request: OutgoingRequest
        let key: Secret
    }

    /// Makes a question ready. Whatever can be wrong before anything is sent is thrown here.
    package func prepare(_ call: ProviderCall) throws(PluginError) -> Question {
        let key = try access.requiredKey()
        return Question(call: call, request: try outgoing(try codec.plan(call), key: key), key: key)
    }

    /// What came of one exchange.
    package enum Exchange {
        case decoded(CallOutcome, retryAfter: Duration?)
        case failed(TransportError)
    }

    /// Asks a question, once.
    package func ask(_ question: Question, timeout: Duration) async -> Exchange {
        let limits = CallLimits(total: timeout, idle: timeout, replyBytesMax: settings.replyBytesMax)
        do throws(TransportError) {
            let reply = try await transport.send(question.request, limits: limits)
            let outcome = codec.decode(reply, to: question.call).masked(question.key)
            return .decoded(outcome, retryAfter: reply.retryAfter)
        } catch {
            return .failed(TransportError(error.phase, error.code, question.key.masked(in: error.message)))
        }
    }

    /// Asks a question that costs nothing.
    package func ask(_ call: ProviderCall) async throws(PluginError) -> Exchange {
        await ask(try prepare(call), timeout: settings.askTimeout)
    }
}

extension CallOutcome {
    /// The same outcome with the key masked in whatever the provider wrote.
    func masked(_ key: Secret) -> CallOutcome {
        switch self {
        case .rejected(let rejection):
            .rejected(
                Rejection(
                    kind: rejection.kind, isRetryable: rejection.isRetryable,
                    message: key.masked(in: rejection.message),
                    retryAfter: rejection.retryAfter, rule: rejection.rule))
        case .failed(let failure):
            .failed(
                TaskFailure(
                    kind: failure.kind, message: key.masked(in: failure.message), billed: failure.billed,
                    rule: failure.rule))
        case .unknown(let ambiguity):
            .unknown(
                Ambiguity(
                    code: ambiguity.code, message: key.masked(in: ambiguity.message),
                    taskID: ambiguity.taskID.map(key.masked)))
        default: self
        }
    }
}
