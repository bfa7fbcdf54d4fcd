import Faregate
import FaregateProviders
import Synchronization

extension TaskEngine {
    /// Plans to bring the results of an attempt.
    func planDelivery(of attempt: Attempt, after wait: Duration) {
        guard let host = hosts[attempt.provider] else { return drop(attempt.id) }
        let moment = moment
        state.withLock { state in
            var following =
                state.followings[attempt.id]
                ?? Following(attempt, host, isResumed: true, at: moment, isTrusted: !state.isClockBehind)
            following.update(attempt, at: moment)
            let isPlanned = following.isDelivering
            following.isDelivering = true
            state.followings[attempt.id] = following
            if isPlanned { return }
            state.agenda.plan(
                Errand(kind: .deliver, attempt: attempt.id), for: attempt.provider, due: moment.elapsed + wait,
                isAtProvider: false)
        }
        signal()
    }

    /// Brings what an attempt made to where it belongs. The task succeeds when all of it is there.
    func deliver(_ id: Attempt.ID) async throws {
        let host = try host(id)
        guard let handle = state.withLock({ $0.followings[id]?.handle }) else { throw CancellationError() }
        let (task, known) = try await store.read { (try $0.task(id.task), try $0.results(of: id)) }
        let files = try await refreshed(known, of: handle, at: host)
        var problems: [String] = []
        for file in files where file.state != .delivered {
            do {
                try await bring(file, of: handle, at: host, into: task.outputFolder)
            } catch let error as DownloadError {
                if Task.isCancelled { throw CancellationError() }
                problems.append(error.description)
                alarm(id, error.code.rawValue, error.message)
                var file = file
                file.problem = error.description
                try await put(file)
            }
        }
        if problems.isEmpty { return try await delivered(id, task) }
        try await undelivered(id, task, problems)
    }

    /// Asks for the addresses anew where a fetch failed before: addresses of results expire.
    private func refreshed(
        _ files: [TaskResultFile], of handle: TaskHandle, at host: ProviderHost
    ) async throws -> [TaskResultFile] {
        guard files.contains(where: { $0.mustBeFetched && $0.problem != nil && $0.address != nil }),
            case .decoded(.succeeded(let result), _) = try? await ask(.poll(handle), host)
        else { return files }
        let places = files.indices.filter { files[$0].address != nil }
        guard places.count == min(result.addresses.count, host.settings.artifactCountMax) else { return files }
        var files = files
        for (index, address) in zip(places, result.addresses) where files[index].address != address {
            files[index].address = address
            if files[index].mustBeFetched { try await put(files[index]) }
        }
        return files
    }

    private func delivered(_ id: Attempt.ID, _ task: DurableTask) async throws {
        let moved = try await store.transact(at: now()) { store in
            let state = try store.reader.task(task.id).state
            return state == .active || state == .unresolved ? try store.apply(.succeed, to: task.id) : nil
        }
        drop(id)
        guard let moved else { return }
        closed()
        say(task.id, .task(moved))
    }

    /// Tries again, after some times more slowly and with a word for a person.
    private func undelivered(_ id: Attempt.ID, _ task: DurableTask, _ problems: [String]) async throws {
        let count = state.withLock { state in
            state.followings[id]?.deliveryCount += 1
            return state.followings[id]?.deliveryCount ?? 1
        }
        let pace = try host(id).settings.pace
        retry(Errand(kind: .deliver, attempt: id), after: .seconds(min(1 << min(count, 20), 3600)) / pace)
        guard count >= settings.deliveryCountMax else { return }
        let note = "It is made and billed, and not everything could be fetched: \(problems.joined(separator: "; "))."
        let moved = try await store.transact(at: now()) { store in
            let task = try store.reader.task(task.id)
            return task.state == .active ? try store.apply(.stall, to: task.id, note: note) : task
        }
        say(task.id, .task(moved))
    }

    private func put(_ file: TaskResultFile) async throws {
        try await store.transact(at: now()) { try $0.update(file) }
    }

    /// Fetches one result under a name of our own, notes it, and gives it its name.
    ///
    /// A crash between any two steps leaves what the next start completes: no result is lost, none is there twice.
    private func bring(
        _ file: TaskResultFile, of handle: TaskHandle, at host: ProviderHost, into folder: String
    ) async throws {
        var file = file
        if file.mustBeFetched {
            let staging = DeliveredFile.stagingFolder(of: file.attempt, position: file.position, in: folder)
            try DeliveredFile.prepare(staging)
            let artifact = try await host.bring(
                file.address.map { .address($0) } ?? .data(file.data ?? ""), number: file.position, of: handle,
                into: staging
            ) { event in
                switch event {
                case .downloading(let name, let bytes, let total):
                    say(file.attempt.task, .downloading(name: name, bytes: bytes, total: total))
                case .alarm(let trouble): say(file.attempt.task, .alarm(trouble))
                case .submitting, .accepted, .progress: break
                }
            }
            (file.state, file.staged, file.bytes) = (.staged, artifact.path, artifact.bytes)
            (file.mediaType, file.problem) = (artifact.mediaType, nil)
            file.path = try DeliveredFile.freePath(for: artifact.path, in: folder)
            try await put(file)
        }
        file.path = try DeliveredFile(file).finish(in: folder)
        file.state = .delivered
        try await put(file)
        DeliveredFile.remove(DeliveredFile.stagingFolder(of: file.attempt, position: file.position, in: folder))
    }
}
