import Faregate

extension ProviderHost {
    /// Brings a finished task's results into a folder.
    func deliver(
        _ result: TaskResult, of task: TaskHandle, charge: StatedAmount?, into folder: String,
        events: (RunEvent) -> Void
    ) async -> RunOutcome {
        var artifacts: [Artifact] = []
        var problems: [DownloadError] = []
        do throws(DownloadError) {
            try makeFolder(folder)
            if result.addresses.count > settings.artifactCountMax {
                problems.append(
                    DownloadError(
                        .tooLarge,
                        "\(result.addresses.count) results; the first \(settings.artifactCountMax) are fetched"))
            }
            if let data = result.data { artifacts.append(try keep(data.text(pretty: true), of: task, in: folder)) }
        } catch {
            return .undelivered(Delivery(task: task, artifacts: [], charge: charge), problems: [error])
        }
        for (index, address) in result.addresses.prefix(settings.artifactCountMax).enumerated() {
            do throws(DownloadError) {
                artifacts.append(try await fetch(address, number: index + 1, of: task, into: folder, events: events))
            } catch {
                problems.append(error)
            }
        }
        let delivery = Delivery(task: task, artifacts: artifacts, charge: charge)
        return problems.isEmpty ? .succeeded(delivery) : .undelivered(delivery, problems: problems)
    }

    /// Writes a result that is no file.
    func keep(
        _ text: String, number: Int = 1, of task: TaskHandle, in folder: String
    ) throws(DownloadError) -> Artifact {
        let name = safeFileName(taskID: task.id, number: number, fileExtension: "json")
        var file = try PartFile(named: name, in: folder)
        try file.write(Array((text + "\n").utf8))
        let bytes = file.byteCount
        return Artifact(path: try file.finish(as: name), bytes: bytes, mediaType: "application/json")
    }

    /// Fetches one result. Fetching is free: passing trouble is tried again.
    func fetch(
        _ text: String, number: Int, of task: TaskHandle, into folder: String, events: (RunEvent) -> Void
    ) async throws(DownloadError) -> Artifact {
        var attempt = 1
        while true {
            do throws(DownloadError) {
                let download = Download(
                    taskID: task.id, number: number, folder: folder, settings: settings,
                    // A simulator on this machine serves its files from here, in clear.
                    isLocal: access.isOverridden && access.baseAddress.isLoopback, transport: transport)
                return try await download.run(from: text, events: events)
            } catch {
                guard error.isPassing, attempt < settings.downloadAttemptCountMax, !Task.isCancelled else {
                    throw error
                }
                events(.alarm(Alarm(code: error.code.rawValue, message: error.message)))
                try? await clock.sleep(for: .seconds(1 << attempt) / settings.pace)
                attempt += 1
            }
        }
    }
}
