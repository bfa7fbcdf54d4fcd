import Faregate
import FaregateProviders
import FaregateTasks

/// `faregate run --resume`: takes up what earlier runs left.
struct RunResume {
    let request: RequestOptions
    let options: RunOptions
    let output: OutputOptions
    let snapshot: Snapshot
    let opener: ProviderOpener

    /// - Parameter task: One of our tasks, or a provider's own id with --provider and --model; `all` for all tasks.
    func run(_ task: String) async throws {
        let known = try await known(task)
        if task != "all", request.provider != nil, known == nil { return try await adopt(task) }
        try options.checkFolderOfResumed()
        let store = try options.state.open(for: .resume)
        try await AsyncHTTPTransport.with { transport in
            let hosts = ProviderHosts(snapshot, opener, transport: transport, settings: options.settings)
            let session = TaskSession(
                store, hosts: hosts, pace: options.settings.pace, transport: transport,
                signer: try opener.configuration.webhookSigner())
            Interruption.endsWaiting()
            do {
                if task == "all" { return try await all(session) }
                let id = if let known { known } else { try await store.taskID(task) }
                try await one(id, session)
            } catch let error as StoreError {
                throw CommandFailure(error)
            } catch is CancellationError {
                throw CommandFailure(
                    code: "run.interrupted", message: "broken off before the work began",
                    hint: "The tasks are as they were.")
            }
        }
    }

    /// The task of ours that holds a provider's own id.
    private func known(_ id: String) async throws -> String? {
        guard let provider = request.provider, id != "all" else { return nil }
        return try await options.state.look()?.taskID(provider: provider, providerTaskID: id)
    }

    private func one(_ id: String, _ session: TaskSession) async throws {
        let record = try await session.record(id)
        let report = RunReport(
            snapshot, offers: record.task.offers, format: output.format, pace: options.settings.pace)
        if let (provider, problem) = session.hosts.obstacle(to: record) {
            throw CommandFailure(
                code: problem.code,
                message: "the task \(id) waits for \(snapshot.name(of: provider)): \(problem.message)",
                hint:
                    "\(record.standing(snapshot)) Mend that, and `faregate run --resume \(id)\(options.state.repeated)` "
                    + "goes on with it.")
        }
        let isOver = record.task.state.isEnded || record.needsPerson
        let others = isOver ? [] : try await session.workableTasks().subtracting([id])
        let ending = try await report.follow {
            report.begin(id, in: session.store, options.state, otherCount: others.count)
            if isOver {
                try await tell(id, session)
                return RunEnding(try await session.record(id), isKept: true)
            }
            if let attempt = record.telling {
                report.show(.attempt(attempt))
                if let handle = attempt.handle, attempt.state.isAtProvider {
                    report.show(TaskNotice.Event.accepted(handle, charge: nil))
                }
            }
            return try await session.follow(id, timeout: options.waitMax, report: report)
        }
        try report.end(ending)
    }

    /// Tells whoever is still to be told, of a task or of all: nothing else is left to do.
    private func tell(_ id: String?, _ session: TaskSession) async throws {
        guard try await session.store.nextNoticeAt(task: id) != nil else { return }
        try await session.work { await session.deliverNotices(of: id) }
    }

    /// Carries every open task on until each has ended, needs a person or is not worth waiting for.
    ///
    /// - Throws: ``ExitStatus/no`` where one of them has no complete result.
    private func all(_ session: TaskSession) async throws {
        let report = TasksReport(output.format, options.state)
        let ids = try await session.store.tasks(openOnly: true).map(\.task.id).reversed()
        guard !ids.isEmpty else {
            try await tell(nil, session)
            return report.nothingOpen()
        }
        let waiting = try await session.workableTasks()
        if !waiting.isEmpty { report.takenUp(waiting.count) }
        for id in ids {
            let record = try await session.record(id)
            if let (provider, problem) = session.hosts.obstacle(to: record) {
                report.waits(id, for: snapshot.name(of: provider), problem, record.standing(snapshot))
            }
        }
        var reasons: [String: StillRunningReason] = [:]
        do {
            reasons = try await session.work {
                let reasons = await session.wait(for: waiting, timeout: options.waitMax) { report.show($0) }
                await session.deliverNotices(of: nil)
                return reasons
            }
        } catch {
            throw CommandFailure(
                code: (error as? StoreError)?.code.rawValue ?? "run.broken_off",
                message: "the work on the tasks ended by an error: \((error as? StoreError)?.message ?? "\(error)")",
                hint:
                    "What was sent is stored, and nothing is sent twice: `faregate tasks list\(options.state.repeated)` "
                    + "tells how they stand, `faregate run --resume\(options.state.repeated)` goes on.", status: .no)
        }
        var records: [TaskRecord] = []
        for id in ids { records.append(try await session.record(id)) }
        report.end(records, reasons, session.hosts, snapshot)
        if records.contains(where: { $0.task.state != .succeeded }) { throw ExitStatus.no }
    }

    /// Follows a task that no store of ours knows: it was begun elsewhere.
    private func adopt(_ task: String) async throws {
        guard
            let provider = request.provider.flatMap(snapshot.provider),
            let offering = request.model.flatMap(provider.offering)
        else {
            throw CommandFailure(
                code: "usage.resume",
                message: "--resume with a provider's own id needs the --provider and the --model of the task",
                hint: "Both were shown when the task was accepted.")
        }
        let handle = TaskHandle(id: task, model: offering.id, medium: offering.medium)
        let offer = Offer(
            provider: provider.id, model: offering.id, medium: offering.medium, body: .object(JSONObject()), quote: nil)
        var settings = options.settings
        settings.timeout = options.waitMax
        let report = RunReport(snapshot, offers: [offer], format: output.format, pace: settings.pace)
        let outcome = try await AsyncHTTPTransport.with { transport in
            let host = try opener.host(provider, transport: transport, settings: settings)
            Interruption.endsWaiting()
            return try await report.follow {
                do throws(PluginError) {
                    return try await host.resume(handle, into: options.outputFolder) { report.show($0) }
                } catch {
                    throw CommandFailure(error, provider: provider)
                }
            }
        }
        try report.end(RunEnding(outcome))
    }
}
