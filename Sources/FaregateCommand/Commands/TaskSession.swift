import Faregate
import FaregateProviders
import FaregateTasks

/// An engine for the length of one command.
struct TaskSession {
    let store: TaskStore
    let hosts: ProviderHosts
    /// It can take orders at once; nothing is sent before ``work(_:)``.
    let engine: TaskEngine
    /// What it tells, in order.
    private let notices: AsyncStream<TaskNotice>
    private let feed: AsyncStream<TaskNotice>.Continuation

    /// - Parameters:
    ///   - transport: Sends notices to the addresses in --webhook.
    ///   - signer: Signs them; `nil`: they go to this machine only.
    init(
        _ store: TaskStore, hosts: ProviderHosts, pace: Double, transport: any HTTPTransport, signer: WebhookSigner?
    ) {
        (self.store, self.hosts) = (store, hosts)
        let (notices, feed) = AsyncStream.makeStream(of: TaskNotice.self)
        (self.notices, self.feed) = (notices, feed)
        var settings = EngineSettings()
        settings.reconcileEvery /= pace
        settings.webhookSigner = signer
        engine = TaskEngine(
            store: store, hosts: hosts.open, settings: settings, now: { .now }, webhooks: transport,
            notices: { feed.yield($0) })
    }

    /// Lets the engine work while the body runs, on what it took up before or else on everything that the store holds;
    /// then it is stopped, and what is under way is waited for, so that every answer is stored.
    func work<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await store.hastenNotices(at: .now)
        // Ends below: it is stopped and waited for, whatever happens.
        let running = Task {
            defer { feed.finish() }
            try await engine.run()
        }
        do {
            let result = try await body()
            engine.stop()
            try await running.value
            return result
        } catch {
            engine.stop()
            _ = await running.result
            throw error
        }
    }

    /// Waits until each of these tasks has ended, needs a person, or is not worth waiting for.
    ///
    /// - Parameters:
    ///   - timeout: How long to wait; `nil` waits as long as the providers say that such tasks take.
    ///   - show: Told everything that happens, to other tasks too.
    /// - Returns: Why the waiting for a task ended before the task did.
    func wait(
        for tasks: Set<String>, timeout: Duration?, show: (TaskNotice) -> Void
    ) async -> [String: StillRunningReason] {
        // Ends with this function, which cancels it.
        let reminder = timeout.map { timeout in
            Task {
                try await Task.sleep(for: timeout)
                feed.finish()
            }
        }
        defer { reminder?.cancel() }
        var open = tasks
        var reasons: [String: StillRunningReason] = [:]
        if open.isEmpty { return reasons }
        for await notice in notices {
            show(notice)
            switch notice.event {
            case .overdue(let elapsed) where timeout == nil: reasons[notice.task] = .timeout(after: elapsed)
            case .refused(let rejection): reasons[notice.task] = .refused(rejection)
            case .attempt(let attempt) where attempt.state.isOpen && hosts.open[attempt.provider] == nil:
                reasons[notice.task] = .refused(hosts.refusal(by: attempt.provider))
            case .task(let task) where task.state.isEnded || task.state == .unresolved: open.remove(task.id)
            default: break
            }
            if reasons[notice.task] != nil { open.remove(notice.task) }
            if open.isEmpty { return reasons }
        }
        let rest = Task.isCancelled ? StillRunningReason.cancelled : timeout.map { .timeout(after: $0) } ?? .cancelled
        for id in open { reasons[id] = rest }
        return reasons
    }

    /// Works until one task has ended, needs a person, or is not worth waiting for.
    ///
    /// - Throws: ``CommandFailure`` where the engine ended by an error: with what is known of the task.
    func follow(_ id: String, timeout: Duration?, report: RunReport) async throws -> RunEnding {
        do {
            let reasons = try await work {
                let reasons = await wait(for: [id], timeout: timeout) { notice in
                    if notice.task == id {
                        report.show(notice.event)
                    } else if case .submitting(let provider) = notice.event {
                        report.showOther(notice.task, provider: provider)
                    }
                }
                await deliverNotices(of: id)
                return reasons
            }
            return RunEnding(try await record(id), reason: reasons[id] ?? .cancelled, isKept: store.folder != nil)
        } catch {
            throw CommandFailure(brokenOff: error, task: id, report.known(try? await record(id)))
        }
    }

    /// Waits a little for notices to be delivered, of a task or of all, as far as they are due. What was not delivered
    /// stays in the outbox for the next start.
    func deliverNotices(of task: String?) async {
        let deadline = Timestamp.now.advanced(by: .seconds(10))
        while Timestamp.now < deadline, let next = try? await store.nextNoticeAt(task: task), next < deadline {
            guard (try? await Task.sleep(for: .milliseconds(50))) != nil else { return }
        }
    }

    /// Open tasks that the engine carries on when it works: those that need no person and whose provider is there.
    func workableTasks() async throws -> Set<String> {
        let tasks = try await store.tasks(openOnly: true).filter { task, attempts in
            !task.needsPerson(attempts) && hosts.obstacle(to: task, attempts) == nil
        }
        return Set(tasks.map(\.task.id))
    }

    /// Everything that is known of a task, also when the command was cancelled.
    func record(_ id: String) async throws -> TaskRecord {
        try await Task { try await store.record(id) }.value  // not cancelled with us; ends here
    }
}

/// The providers that can be worked with, and why the others cannot.
struct ProviderHosts {
    private(set) var open: [String: ProviderHost] = [:]
    /// By provider.
    private(set) var problems: [String: CommandFailure] = [:]

    /// Opens all providers of a catalog. One without a key is not worked with: its tasks are kept as they are.
    init(_ snapshot: Snapshot, _ opener: ProviderOpener, transport: any HTTPTransport, settings: HostSettings) {
        for provider in snapshot.providers {
            do {
                let host = try opener.host(provider, transport: transport, settings: settings)
                if host.access.key == nil {
                    let missing = PluginError(.keyMissing, "no key: set \(host.access.keyName)")
                    problems[provider.id] = CommandFailure(missing, provider: provider)
                } else {
                    open[provider.id] = host
                }
            } catch {
                problems[provider.id] =
                    error as? CommandFailure
                    ?? CommandFailure(code: PluginError.Code.fileUnreadable.rawValue, message: "\(error)")
            }
        }
    }

    /// The host of a provider that must be there.
    ///
    /// - Throws: ``CommandFailure``: why it cannot be worked with.
    func host(_ provider: String) throws -> ProviderHost {
        if let host = open[provider] { return host }
        throw problem(of: provider)
    }

    private func problem(of provider: String) -> CommandFailure {
        problems[provider]
            ?? CommandFailure(
                code: "provider.unknown", message: "the catalog has no provider \(provider) any more",
                hint: "Use the catalog that the task was begun with: --catalog.")
    }

    /// The same in place of the provider's own word.
    func refusal(by provider: String) -> Rejection {
        Rejection(
            kind: .unauthorized, isRetryable: false, message: problem(of: provider).message, retryAfter: nil, rule: "")
    }

    /// The provider that a task waits for in vain, and why; `nil` where it can go on.
    func obstacle(to record: TaskRecord) -> (provider: String, problem: CommandFailure)? {
        obstacle(to: record.task, record.attempts)
    }

    func obstacle(to task: DurableTask, _ attempts: [Attempt]) -> (provider: String, problem: CommandFailure)? {
        guard !task.state.isEnded else { return nil }
        let providers = attempts.filter { $0.state.isOpen || $0.state == .succeeded }.map(\.provider)
        guard let provider = providers.last, !providers.contains(where: { open[$0] != nil }) else { return nil }
        return (provider, problem(of: provider))
    }
}
