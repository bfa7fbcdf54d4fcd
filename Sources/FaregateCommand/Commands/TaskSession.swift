import Faregate
import FaregateProviders
import FaregateTasks

/// An engine for the length of one command.
struct TaskSession {
    let store: TaskStore
    let engine: TaskEngine
    /// What it tells, in order.
    let notices: AsyncStream<TaskNotice>
    private let feed: AsyncStream<TaskNotice>.Continuation
    /// The engine at work.
    private let running: Task<Void, any Error>

    /// Lends an engine that works on a store, with every provider that can be opened; then it is stopped, and what is
    /// under way is waited for.
    ///
    /// - Parameters:
    ///   - transport: Sends notices.
    ///   - signer: Signs them; `nil`: they go to this machine only.
    static func with<Result>(
        _ store: TaskStore, hosts: [String: ProviderHost], pace: Double, transport: any HTTPTransport,
        signer: WebhookSigner?, _ body: (TaskSession) async throws -> Result
    ) async throws -> Result {
        do { try await store.hastenNotices(at: .now) } catch let error as StoreError { throw CommandFailure(error) }
        let (notices, feed) = AsyncStream.makeStream(of: TaskNotice.self)
        var settings = EngineSettings()
        settings.reconcileEvery /= pace
        settings.webhookSigner = signer
        let engine = TaskEngine(
            store: store, hosts: hosts, settings: settings, now: { .now }, webhooks: transport,
            notices: { feed.yield($0) })
        // Ends below: it is stopped and waited for, whatever happens.
        let running = Task {
            defer { feed.finish() }
            try await engine.run()
        }
        let session = TaskSession(store: store, engine: engine, notices: notices, feed: feed, running: running)
        do {
            let result = try await body(session)
            engine.stop()
            try await running.value
            return result
        } catch {
            engine.stop()
            try await running.value
            throw error
        }
    }

    /// The hosts of all providers. One without a key is there too: it cannot send. One that is set up wrongly is left
    /// out unless it is needed.
    static func hosts(
        _ snapshot: Snapshot, _ opener: ProviderOpener, needed: Set<String>, transport: any HTTPTransport,
        settings: HostSettings
    ) throws -> [String: ProviderHost] {
        var hosts: [String: ProviderHost] = [:]
        for provider in snapshot.providers {
            if needed.contains(provider.id) {
                hosts[provider.id] = try opener.host(provider, transport: transport, settings: settings)
            } else {
                hosts[provider.id] = try? opener.host(provider, transport: transport, settings: settings)
            }
        }
        return hosts
    }

    /// Follows one task until it ends, needs a person, or is not worth waiting for.
    ///
    /// - Parameters:
    ///   - timeout: How long to wait; `nil` waits as long as the provider says that such tasks take.
    func follow(
        _ id: String, typical: ClosedRange<Duration>?, timeout: Duration?, show: (RunEvent) -> Void
    ) async throws -> RunOutcome {
        let reminder = timeout.map { timeout in
            // Ends with this function, which cancels it.
            Task {
                try await Task.sleep(for: timeout)
                feed.yield(TaskNotice(task: id, event: .overdue(elapsed: timeout)))
            }
        }
        defer { reminder?.cancel() }
        var handle: TaskHandle?
        var overdue: Duration?
        for await notice in notices where notice.task == id {
            switch notice.event {
            case .overdue(let elapsed): if timeout == nil || elapsed == timeout { overdue = elapsed }
            case .refused(let rejection): if let handle { return .stillRunning(handle, .refused(rejection)) }
            case .accepted(let task, _): handle = task
            case .attempt(let attempt):
                handle = attempt.handle ?? handle
                if let alarm = Self.pause(attempt) { show(.alarm(alarm)) }
            case .task(let task):
                if task.state.isEnded || task.state == .unresolved {
                    return RunOutcome(try await store.record(id))
                }
            default: break
            }
            if let event = RunEvent(notice.event, typical: typical) { show(event) }
            if let handle, let overdue { return .stillRunning(handle, .timeout(after: overdue)) }
        }
        // The waiting was broken off. An answer that is on its way is waited for and stored, and that is what is known.
        engine.stop()
        try await running.value
        let record = try await Task { try await store.record(id) }.value  // not cancelled with us; ends here
        guard let handle = record.attempts.last?.handle, record.attempts.last?.state.isOpen == true,
            record.attempts.last?.state != .unknown
        else { return RunOutcome(record) }
        return .stillRunning(handle, .cancelled)
    }

    /// Waits a little for notices to be delivered, of a task or of all, as far as they are due. What was not delivered
    /// stays in the outbox for the next start.
    func deliverNotices(of task: String?) async {
        let deadline = Timestamp.now.advanced(by: .seconds(10))
        while Timestamp.now < deadline, let next = try? await store.nextNoticeAt(task: task), next < deadline {
            guard (try? await Task.sleep(for: .milliseconds(50))) != nil else { return }
        }
    }

    /// Another attempt that waits: said, because it looks like nothing happens.
    private static func pause(_ attempt: Attempt) -> Alarm? {
        guard attempt.state == .reserved, let notBefore = attempt.notBefore else { return nil }
        let wait = max(notBefore.since(.now), .seconds(1))
        return Alarm(
            code: "attempt.again",
            message: "\(attempt.provider) does not take it now; attempt \(attempt.id.number) follows in \(wait.shown)")
    }
}

extension RunEvent {
    /// What a run shows of it; `nil` for what it does not show.
    init?(_ event: TaskNotice.Event, typical: ClosedRange<Duration>?) {
        switch event {
        case .submitting: self = .submitting
        case .accepted(let task, let charge): self = .accepted(task, charge: charge)
        case .progress(let fraction, let elapsed):
            self = .progress(fraction: fraction, elapsed: elapsed, typical: typical)
        case .alarm(let alarm): self = .alarm(alarm)
        case .downloading(let name, let bytes, let total): self = .downloading(name: name, bytes: bytes, total: total)
        case .overdue, .refused, .attempt, .task: return nil
        }
    }
}

extension RunOutcome {
    /// How a task stands, in the words of a run.
    init(_ record: TaskRecord) {
        let attempt = record.attempts.last { $0.state == .succeeded } ?? record.attempts.last
        guard let attempt else { self = .notSent(TransportError(.notSent, .other, "nothing was sent")); return }
        let trouble = attempt.trouble
        let message = trouble?.message ?? record.task.note ?? ""
        let handle = attempt.handle ?? TaskHandle(id: "", model: attempt.model, medium: attempt.medium)
        switch attempt.state {
        case .succeeded:
            let delivery = Delivery(
                task: handle,
                artifacts: record.results.filter { $0.state == .delivered }.map {
                    Artifact(path: Path.shown($0.path ?? ""), bytes: $0.bytes ?? 0, mediaType: $0.mediaType ?? "")
                },
                charge: record.statedCharge)
            let problems = record.results.compactMap(\.problem).map { DownloadError(.transport, $0) }
            self = problems.isEmpty ? .succeeded(delivery) : .undelivered(delivery, problems: problems)
        case .rejected:
            self = .rejected(
                Rejection(
                    kind: FailureKind(rawValue: trouble?.code ?? ""), isRetryable: trouble?.isRetryable ?? false,
                    message: message, retryAfter: trouble?.retryAfter, rule: ""))
        case .failed,
            .cancelled where attempt.handle != nil:
            self = .failed(
                handle,
                TaskFailure(
                    kind: FailureKind(rawValue: trouble?.code ?? "cancelled"), message: message,
                    billed: trouble?.billed ?? .unknown, rule: ""))
        case .unknown, .orphaned:
            self = .unknown(
                Ambiguity(
                    code: Ambiguity.Code(rawValue: trouble?.code ?? "reply.lost"), message: message,
                    taskID: attempt.providerTaskID))
        case .submitting:
            self = .unknown(Ambiguity(code: .interrupted, message: "the answer to the submit was not waited for"))
        case .accepted, .running: self = .stillRunning(handle, .cancelled)
        default: self = .notSent(TransportError(.notSent, .other, message.isEmpty ? "it was stopped" : message))
        }
    }
}

extension TaskRecord {
    /// What the provider stated that it took; `nil` where it stated nothing.
    var statedCharge: StatedAmount? {
        guard ledger.contains(where: { $0.entry.basis == .stated && $0.entry.kind != .release }) else { return nil }
        let spent = ledger.filter { $0.entry.kind == .capture || $0.entry.kind == .adjust }
        guard let unit = spent.compactMap(\.entry.unit).last else { return nil }
        let sum = spent.compactMap(\.entry.amount).reduce(ExactDecimal.zero) { $0.adding($1) ?? $0 }
        return StatedAmount(amount: sum, unit: unit)
    }
}
