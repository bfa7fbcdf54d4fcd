import Faregate

/// Where one result comes from.
package enum ResultSource: Sendable {
    /// A file at an address that the provider named.
    case address(String)
    /// A result that is no file: its text.
    case data(String)
}

extension ProviderHost {
    /// Brings one result into a folder. Fetching is free: passing trouble is tried again.
    package func bring(
        _ source: ResultSource, number: Int, of task: TaskHandle, into folder: String, events: (RunEvent) -> Void
    ) async throws(DownloadError) -> Artifact {
        switch source {
        case .address(let text): try await fetch(text, number: number, of: task, into: folder, events: events)
        case .data(let text): try keep(text, number: number, of: task, in: folder)
        }
    }
}
