/// Fetches one file: no key, https only, at most five redirects each checked anew, bounded, `.part` until it is
/// whole.
struct Download {
    let taskID: String
    let number: Int
    let folder: String
    let settings: HostSettings
    /// Results on this machine, in clear, are fine: its base address leads here.
    let isLocal: Bool
    let transport: any HTTPTransport

    private static let redirectCountMax = 5

    func run(from text: String, events: (RunEvent) -> Void) async throws(DownloadError) -> Artifact {
        guard var address = WebAddress(text) else {
            throw DownloadError(.addressNotAllowed, "the result's address is not an http or https one")
        }
        for _ in 0...Self.redirectCountMax {
            try check(address)
            switch try await fetch(address, events: events) {
            case .file(let artifact): return artifact
            case .redirect(let location):
                guard let next = address.following(location) else {
                    throw DownloadError(.redirect, "\(address.origin) redirects to what is no address")
                }
                address = next
            }
        }
        throw DownloadError(.redirect, "more than \(Self.redirectCountMax) redirects")
    }

    private func check(_ address: WebAddress) throws(DownloadError) {
        if address.scheme == .https || (isLocal && address.isLoopback) { return }
        throw DownloadError(.addressNotAllowed, "\(address.origin) is not https")
    }

    private enum Step {
        case file(Artifact)
        case redirect(String)
    }

    private func fetch(_ address: WebAddress, events: (RunEvent) -> Void) async throws(DownloadError) -> Step {
        var writing = Writing(self, address: address)
        do {
            let limits = CallLimits(total: settings.downloadTimeout, idle: settings.askTimeout)
            try await transport.fetch(
                OutgoingRequest(method: "GET", address: address), publicOnly: !(isLocal && address.isLoopback),
                limits: limits,
                begin: { status, headers in try writing.begin(HTTPReply(status: status, headers: headers)) },
                receive: { bytes in
                    guard try writing.receive(bytes) else { return }
                    events(.downloading(name: writing.name, bytes: writing.byteCount, total: writing.total))
                })
        } catch let error as DownloadError {
            throw error
        } catch let error as TransportError where error.code == .refused {
            throw DownloadError(.addressNotAllowed, error.message)
        } catch {
            throw DownloadError(.transport, "\(address.origin): \(error)")
        }
        if let location = writing.location { return .redirect(location) }
        return .file(try writing.finish())
    }
}

/// One transfer under way. Confined to the call that fetches.
private struct Writing: ~Copyable {
    private let download: Download
    private let address: WebAddress
    private var file: PartFile?
    private(set) var name = ""
    private(set) var total: Int?
    private var type: String?
    private(set) var byteCount = 0
    /// Where a redirect leads.
    private(set) var location: String?

    init(_ download: Download, address: WebAddress) { (self.download, self.address) = (download, address) }

    mutating func begin(_ head: HTTPReply) throws(DownloadError) {
        if [301, 302, 303, 307, 308].contains(head.status), let target = head.header("Location") {
            location = target
            return
        }
        guard head.status == 200 else { throw DownloadError(.status, "\(address.origin) answered HTTP \(head.status)") }
        guard !head.isHTML else { throw DownloadError(.html, "\(address.origin) sent a web page instead of a file") }
        total = head.header("Content-Length").flatMap { Int($0) }
        if let total { try bound(total) }
        let ending = MediaType.fileExtension(type: head.contentType, address: address)
        type = head.contentType ?? MediaType.type(forExtension: ending)
        name = safeFileName(taskID: download.taskID, number: download.number, fileExtension: ending)
        file = try PartFile(named: name, in: download.folder)
    }

    /// - Returns: Whether anything was written; what stands in the body of a redirect is dropped.
    mutating func receive(_ bytes: [UInt8]) throws(DownloadError) -> Bool {
        guard location == nil, !bytes.isEmpty else { return false }
        try bound(byteCount + bytes.count)
        if byteCount == 0, HTTPReply(status: 200, body: bytes).isHTML, type != "image/svg+xml" {
            throw DownloadError(.html, "\(address.origin) sent a web page instead of a file")
        }
        byteCount += bytes.count
        try file?.write(bytes)
        return true
    }

    private func bound(_ count: Int) throws(DownloadError) {
        guard count > download.settings.artifactBytesMax else { return }
        throw DownloadError(.tooLarge, "the result has more than \(download.settings.artifactBytesMax) bytes")
    }

    /// The whole file, under its name.
    consuming func finish() throws(DownloadError) -> Artifact {
        guard let file = file.take(), byteCount > 0 else {
            throw DownloadError(.incomplete, "\(address.origin) sent an empty file")
        }
        if let total, total != byteCount {
            throw DownloadError(.incomplete, "\(byteCount) of \(total) bytes came from \(address.origin)")
        }
        let path = try file.finish(as: name)
        return Artifact(path: path, bytes: byteCount, mediaType: type ?? "application/octet-stream")
    }
}
