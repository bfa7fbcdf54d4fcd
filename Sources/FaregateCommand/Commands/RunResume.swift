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
        if task != "all", request.provider != nil, try await known(task) == nil { return try await adopt(task) }
        let store = try options.state.open()
        let settings = options.settings
        let known = try await known(task)
        try await AsyncHTTPTransport.with { transport in
            let hosts = try TaskSession.hosts(
                snapshot, opener, needed: [], transport: transport, settings: settings)
            Interruption.endsWaiting()
            if task == "all" { return try await all(store, hosts, transport) }
            do {
                let id = if let known { known } else { try await store.taskID(task) }
                try await one(id, store, hosts, transport)
            } catch let error as StoreError {
                throw CommandFailure(error)
            }
        }
    }

    /// The task of ours that holds a provider's own id.
    private func known(_ id: String) async throws -> String? {
        guard let provider = request.provider, id != "all" else { return nil }
        return try await options.state.look()?.taskID(provider: provider, providerTaskID: id)
    }

    private func one(
        _ id: String, _ store: TaskStore, _ hosts: [String: ProviderHost], _ transport: any HTTPTransport
    ) async throws {
        let record = try await store.record(id)
        let order = try order(record)
        let report = RunReport(order: order, format: output.format, pace: options.settings.pace, isSimulated: false)
        report.begin(id, in: store)
        let isSettled = record.task.state.isEnded || record.isWaitingForPerson
        if isSettled, try await store.nextNoticeAt(task: id) == nil { return try report.end(RunOutcome(record)) }
        let outcome = try await working(store, hosts, transport) { session in
            if isSettled {
                try await report.note(id, session)
                return RunOutcome(record)
            }
            return try await report.follow { show in
                if let handle = record.attempts.last?.handle, record.attempts.last?.state.isAtProvider == true {
                    show(.accepted(handle, charge: nil))
                }
                let outcome = try await session.follow(
                    id, typical: order.typical, timeout: options.waitMax, show: show)
                try await report.note(id, session)
                return outcome
            }
        }
        try report.end(outcome)
    }

    private func working<Result>(
        _ store: TaskStore, _ hosts: [String: ProviderHost], _ transport: any HTTPTransport,
        _ body: (TaskSession) async throws -> Result
    ) async throws -> Result {
        try await TaskSession.with(
            store, hosts: hosts, pace: options.settings.pace, transport: transport,
            signer: try opener.configuration.webhookSigner(), body)
    }

    /// The request of a task, for the report.
    private func order(_ record: TaskRecord) throws -> RunOrder {
        let offer = record.task.offers[record.attempts.last?.offer ?? 0]
        guard let provider = snapshot.provider(offer.provider), let offering = provider.offering(offer.model) else {
            throw CommandFailure(
                code: "task.offering_gone",
                message: "the catalog has no \(offer.model) at \(offer.provider) any more",
                hint: "The task is kept. Use the catalog that it was begun with: --catalog.")
        }
        return RunOrder(provider: provider, offering: offering, body: offer.body, quote: nil, alternative: nil)
    }

    /// Carries every open task on until each has ended or needs a person.
    private func all(
        _ store: TaskStore, _ hosts: [String: ProviderHost], _ transport: any HTTPTransport
    ) async throws {
        let report = TasksReport(format: output.format)
        var open = Set(try await store.tasks(openOnly: true).map(\.0.id))
        guard !open.isEmpty else {
            // Nothing to follow, and perhaps somebody still to tell.
            if try await store.nextNoticeAt(task: nil) != nil {
                try await working(store, hosts, transport) { await $0.deliverNotices(of: nil) }
            }
            return report.nothingOpen()
        }
        report.takenUp(open.count)
        // What only a person can move is not waited for, unless results are still to be fetched.
        for id in open {
            let record = try await store.record(id)
            if record.isWaitingForPerson { open.remove(id) }
        }
        let waiting = open
        try await working(store, hosts, transport) { session in
            var open = waiting
            if !open.isEmpty {
                for await notice in session.notices {
                    report.show(notice)
                    if case .task(let task) = notice.event, task.state.isEnded || task.state == .unresolved {
                        open.remove(task.id)
                        if open.isEmpty { break }
                    }
                }
            }
            await session.deliverNotices(of: nil)
        }
        try await report.end(store)
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
        let order = RunOrder(
            provider: provider, offering: offering, body: .object(JSONObject()), quote: nil, alternative: nil)
        let handle = TaskHandle(id: task, model: offering.id, medium: offering.medium)
        var settings = options.settings
        settings.timeout = options.waitMax
        let report = RunReport(order: order, format: output.format, pace: settings.pace, isSimulated: false)
        let outcome = try await AsyncHTTPTransport.with { transport in
            let host = try opener.host(provider, transport: transport, settings: settings)
            Interruption.endsWaiting()
            return try await report.follow { show in
                do throws(PluginError) {
                    return try await host.resume(handle, into: options.outputFolder, events: show)
                } catch {
                    throw CommandFailure(error, provider: provider)
                }
            }
        }
        try report.end(outcome)
    }
}

extension TaskRecord {
    /// Nothing more happens to it before a person says what became of it.
    fileprivate var isWaitingForPerson: Bool { task.state == .unresolved && attempts.last?.state != .succeeded }
}
