import Faregate
import FaregateProviders
import FaregateTesting
import Foundation
import Testing

@Suite("A result is fetched carefully")
struct DownloadTests {
    private static func result(_ addresses: [String]) -> HTTPReply {
        HTTPReply(
            status: 200,
            json: [
                "code": 200, "success": true,
                "data": [
                    "task_id": "t/1", "status": "completed",
                    "output": ["video_urls": .array(addresses.map(JSONValue.string))],
                ],
            ])
    }

    private static func file(_ bytes: String, type: String = "video/mp4", length: Int? = nil) -> HTTPReply {
        var headers = [HTTPHeader("Content-Type", type)]
        if let length { headers.append(HTTPHeader("Content-Length", String(length))) }
        return HTTPReply(status: 200, headers: headers, body: Array(bytes.utf8))
    }

    private static func redirect(_ location: String) -> HTTPReply {
        HTTPReply(status: 302, headers: [HTTPHeader("Location", location)])
    }

    /// Fetches the results that a finished task names, from scripted servers.
    private func fetch(
        _ addresses: [String], _ replies: [HTTPReply], settings: HostSettings = HostSettings(), into folder: String
    ) async throws -> (outcome: RunOutcome, requests: [OutgoingRequest]) {
        let codec = try Plugins.codec("unifically")
        let transport = ScriptedTransport(([Self.result(addresses)] + replies).map(ScriptedTransport.Step.reply))
        let host = ProviderHost(
            codec: codec,
            access: try ProviderAccess(
                codec.traits, environment: ["FAREGATE_UNIFICALLY_API_KEY": "sk-0123456789abcdef"]),
            transport: transport, settings: settings, clock: ManualClock(.skipping))
        let outcome = try await host.resume(TaskHandle(id: "t/1", model: "m", medium: .video), into: folder)
        return (outcome, transport.requests)
    }

    private func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test("under a safe name, without the key, and never over another file")
    func saves() async throws {
        try await withTemporaryFolder { folder in
            let files = [Self.file("one", length: 3), Self.file("two", type: "application/octet-stream")]
            let addresses = ["https://cdn.example/a", "https://cdn.example/b.webm"]
            for _ in 1...2 {
                let (outcome, requests) = try await fetch(addresses, files, into: folder + "/new")
                guard case .succeeded = outcome else { return #expect(Bool(false), "\(outcome)") }
                #expect(requests.dropFirst().allSatisfy { $0.credential == nil })
            }
            #expect(try names(in: folder + "/new") == ["t-1-1.mp4", "t-1-1_2.mp4", "t-1-2.webm", "t-1-2_2.webm"])
        }
    }

    /// What a server can do instead of serving a file, and what is said of it.
    static let refusals: [(replies: [HTTPReply], code: DownloadError.Code)] = [
        ([file("<html>login</html>", type: "text/html")], .html), ([file(" <html>")], .html),
        ([HTTPReply(status: 404)], .status), ([file("12345678901")], .tooLarge), ([file("x", length: 11)], .tooLarge),
        ([redirect("http://cdn.example/plain")], .addressNotAllowed), ([redirect("file:///etc/passwd")], .redirect),
        ([HTTPReply](repeating: redirect("/again"), count: 6), .redirect),
        ([HTTPReply](repeating: file("short", length: 9), count: 3), .incomplete),
        ([HTTPReply](repeating: file(""), count: 3), .incomplete),
    ]

    @Test("and what is no file is not kept", arguments: refusals)
    func refuses(replies: [HTTPReply], code: DownloadError.Code) async throws {
        var settings = HostSettings()
        settings.artifactBytesMax = 10
        try await withTemporaryFolder { folder in
            let (outcome, _) = try await fetch(["https://cdn.example/v.mp4"], replies, settings: settings, into: folder)
            guard case .undelivered(let delivery, let problems) = outcome else {
                return #expect(Bool(false), "\(outcome)")
            }
            #expect(problems.map(\.code) == [code])
            #expect(delivery.artifacts.isEmpty)
            #expect(try names(in: folder).isEmpty)
        }
    }

    @Test("and an address in clear is not even asked")
    func clear() async throws {
        try await withTemporaryFolder { folder in
            let (outcome, requests) = try await fetch(["http://cdn.example/v.mp4"], [], into: folder)
            guard case .undelivered(_, let problems) = outcome else { return #expect(Bool(false), "\(outcome)") }
            #expect(problems.map(\.code) == [.addressNotAllowed])
            #expect(requests.count == 1)
        }
    }

    @Test("and five redirects are followed, each checked anew")
    func redirects() async throws {
        try await withTemporaryFolder { folder in
            let hops = (1...5).map { Self.redirect("https://h\($0).example/v.mp4") }
            let (outcome, requests) = try await fetch(
                ["https://cdn.example/v.mp4"], hops + [Self.file("film")], into: folder)
            guard case .succeeded = outcome else { return #expect(Bool(false), "\(outcome)") }
            #expect(requests.last?.address.host == "h5.example")
        }
    }

    @Test(
        "and not from a machine inside",
        arguments: ["https://localhost/x", "https://127.0.0.1/x", "https://[::1]:8443/x", "https://169.254.169.254/x"])
    func inside(address: String) async throws {
        let address = try #require(WebAddress(address))
        let error = try await #require(throws: TransportError.self) {
            try await AsyncHTTPTransport.with { transport in
                try await transport.fetch(
                    OutgoingRequest(method: "GET", address: address), publicOnly: true, limits: CallLimits(),
                    begin: { _, _ in }, receive: { _ in })
            }
        }
        #expect(error.code == .refused && error.phase == .notSent)
    }
}
