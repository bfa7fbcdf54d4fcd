import Faregate
import FaregateProviders
import FaregateTasks

/// A change of one task by a person, after which an engine carries on that task alone for as long as it moves at once.
struct TaskChange {
    let state: StateOptions
    let catalog: CatalogOptions
    let output: OutputOptions
    let id: String
    let use: StateUse
    let snapshot: Snapshot

    init(state: StateOptions, catalog: CatalogOptions, output: OutputOptions, id: String, use: StateUse) throws {
        (self.state, self.catalog, self.output, self.id, self.use) = (state, catalog, output, id, use)
        snapshot = try catalog.load()
    }

    func run(_ change: (TaskSession, TaskRecord) async throws -> Void) async throws {
        let store = try state.open(for: use)
        let id = try await store.taskID(id)
        let opener = ProviderOpener(pluginFolder: try catalog.pluginFolder(), configuration: try Configuration.load())
        let hosts = try await AsyncHTTPTransport.with { transport in
            let hosts = ProviderHosts(snapshot, opener, transport: transport, settings: HostSettings())
            let session = TaskSession(
                store, hosts: hosts, pace: 1, transport: transport, signer: try opener.configuration.webhookSigner())
            Interruption.endsWaiting()
            do {
                // Before anything can be sent: what is to be withdrawn must not go out meanwhile.
                try await session.engine.recover(only: id)
                try await change(session, try await session.record(id))
                try await session.work {
                    await settle(id, session)
                    await session.deliverNotices(of: id)
                }
            } catch let error as StoreError where error.code == .notAtProvider {
                throw CommandFailure(
                    code: error.code.rawValue, message: error.message,
                    hint:
                        "The id stands in your account with the provider; `faregate tasks show \(id)\(state.repeated)` tells "
                        + "what is known of the task.", status: .no)
            } catch let error as StoreError {
                let known =
                    (try? await session.record(id))?.standing(snapshot) ?? "What is stored of it cannot be read."
                let goOn = "It is kept; `faregate tasks show \(id)\(state.repeated)` tells more."
                throw CommandFailure(brokenOff: error, task: id, "\(known) \(goOn)")
            }
            return hosts
        }
        let record = try await Task { try await store.record(id) }.value  // not cancelled with us; ends here
        let report = TasksReport(output.format, state)
        report.show(record)
        if let rest = rest(of: record, hosts) { report.note(rest) }
        if case .cancel = use, record.task.state != .cancelled { throw ExitStatus.no }
    }

    /// How long what moves at once is waited for.
    private static let patience = Duration.seconds(15)

    /// Waits for what moves at once: a withdrawal, a cancel that the provider confirms, a result that is there.
    private func settle(_ id: String, _ session: TaskSession) async {
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            guard let record = try? await session.record(id) else { return }
            // A second one that was paid goes on although its task has ended.
            let isMoving =
                record.attempts.contains { $0.state.isAtProvider && $0.state != .unknown }
                || record.results.contains { $0.state != .delivered }
            if !isMoving, rest(of: record, session.hosts) == nil || record.task.state == .unresolved { return }
            if session.hosts.obstacle(to: record) != nil || cannotStop(record, session.hosts) { return }
            if (try? await Task.sleep(for: .milliseconds(50))) == nil { return }
        }
    }

    /// A provider that cannot stop the task that somebody wants stopped.
    private func cannotStop(_ record: TaskRecord, _ hosts: ProviderHosts) -> Bool {
        guard record.task.isCancelRequested, let attempt = record.telling, attempt.state.isAtProvider,
            attempt.state != .submitting, let host = hosts.open[attempt.provider]
        else { return false }
        return !host.codec.traits.operations.contains(.cancel)
    }

    /// What is left of a task that did not end at once: for people. `nil` where it ended or needs a person.
    private func rest(of record: TaskRecord, _ hosts: ProviderHosts) -> String? {
        guard !record.task.state.isEnded, let attempt = record.telling else { return nil }
        let name = snapshot.name(of: attempt.provider)
        if record.task.state == .unresolved {
            guard record.task.isCancelRequested, attempt.state == .unknown else { return nil }
            return "Nothing can be stopped at \(name) while nobody knows whether a task exists there. "
                + "\(attempt.money.sentence(isKept: true))"
        }
        let goingOn = "`faregate run --resume \(record.task.id)\(state.repeated)` goes on with it."
        if let (_, problem) = hosts.obstacle(to: record) {
            let wish = record.task.isCancelRequested ? "That it is to be stopped is noted. " : ""
            return "\(wish)It waits for \(name): \(problem.message). \(record.standing(snapshot)) \(goingOn)"
        }
        guard record.task.isCancelRequested else { return "\(record.standing(snapshot)) \(goingOn)" }
        let stop =
            cannotStop(record, hosts) ? "\(name) cannot stop a task." : "\(name) did not say yet that it stopped."
        return "\(stop) \(record.standing(snapshot)) \(goingOn)"
    }
}

/// Runs the body of a command that looks at tasks, and says what a problem with the store means.
func answering(_ body: () async throws -> Void) async throws {
    do { try await body() } catch let error as StoreError {
        var failure = CommandFailure(error)
        if error.code == .taskUnknown { failure.status = .no }
        throw failure
    } catch let error as IllegalTransition {
        throw CommandFailure(
            code: "task.not_in_doubt", message: "nothing of the task is in doubt: its last attempt is \(error.state)",
            hint: "`faregate tasks show` tells what is known of it.", status: .no)
    }
}
