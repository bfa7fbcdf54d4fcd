import Faregate
import FaregateProviders
import FaregateTesting
import Testing

@Suite("Keys and addresses from the environment")
struct AccessTests {
    private let key = "sk-live-0123456789abcdef"

    private func host(_ id: String, _ environment: [String: String]) throws -> ProviderHost {
        let codec = try Plugins.codec(id)
        return ProviderHost(
            codec: codec, access: try ProviderAccess(codec.traits, environment: environment),
            transport: ScriptedTransport([]))
    }

    /// The request line of each provider's submit.
    static let requests = [
        ("apixo", "POST https://api.apixo.ai/api/v1/generateTask/veo-3-1"),
        ("ninjachat", "POST https://ninjachat.ai/api/v1/video"),
        ("sjinn", "POST https://sjinn.ai/api/un-api/create_tool_task"),
        ("unifically", "POST https://api.unifically.com/v1/tasks"),
    ]

    @Test("the exact request is shown with the key masked", arguments: requests)
    func describes(id: String, line: String) throws {
        let shown = try host(id, ["FAREGATE_\(id.uppercased())_API_KEY": key]).describe(Plugins.task(id))
        #expect("\(shown.method) \(shown.url)" == line)
        #expect(shown.headers.first == HTTPHeader("Authorization", "Bearer sk-…(masked)"))
        #expect(shown.description.hasSuffix("\n\n" + Plugins.task(id).body.text()))
        #expect(!shown.description.contains("0123456789"))
    }

    @Test("without a key the request can be shown, not sent")
    func missingKey() async throws {
        let host = try host("sjinn", ["FAREGATE_SJINN_API_KEY": "  "])
        #expect(try host.describe(Plugins.task("sjinn")).description.contains("(FAREGATE_SJINN_API_KEY is not set)"))
        let error = try await #require(throws: PluginError.self) {
            try await host.run(Plugins.task("sjinn"), into: "/nowhere")
        }
        #expect(error.code == .keyMissing)
        #expect(error.message.contains("FAREGATE_SJINN_API_KEY"))
    }

    @Test("a base address replaces scheme and host; the documented path follows its own")
    func baseAddress() throws {
        let shown = try host("sjinn", ["FAREGATE_SJINN_BASE_URL": "https://gate.example/eu/"]).describe(
            Plugins.task("sjinn"))
        #expect(shown.url == "https://gate.example/eu/api/un-api/create_tool_task")
        let local = try host("sjinn", ["FAREGATE_SJINN_BASE_URL": "http://127.0.0.1:8080/sjinn"]).describe(
            Plugins.task("sjinn"))
        #expect(local.url == "http://127.0.0.1:8080/sjinn/api/un-api/create_tool_task")
    }

    @Test(
        "a base address that would show the key, or is none, is refused",
        arguments: [
            "http://gate.example", "gate.example", "ftp://127.0.0.1", "http://user@127.0.0.1", "https://a.example/?x=1",
            "http://127.0.0.1.example",
        ])
    func badBase(address: String) throws {
        let error = try #require(throws: PluginError.self) { try host("sjinn", ["FAREGATE_SJINN_BASE_URL": address]) }
        #expect(error.code == .baseURLInvalid)
    }

    @Test("a key with a line end is refused before it can split a header")
    func badKey() throws {
        let error = try #require(throws: PluginError.self) {
            try host("sjinn", ["FAREGATE_SJINN_API_KEY": "a\r\nX: y"])
        }
        #expect(error.code == .keyInvalid)
        #expect(!error.description.contains("X: y"))
    }

    @Test("a task id is one percent-encoded part of the address")
    func encodes() throws {
        let host = try host("ninjachat", [:])
        let handle = TaskHandle(id: "gemini-veo:operations/a b&c", model: "veo-3.1", medium: .video)
        #expect(
            try host.describe(.poll(handle)).url
                == "https://ninjachat.ai/api/v1/video/status?request_id=gemini-veo%3Aoperations%2Fa%20b%26c")
        let other = try self.host("unifically", [:])
        #expect(
            try other.describe(.poll(TaskHandle(id: "../x", model: "", medium: .video))).url
                == "https://api.unifically.com/v1/tasks/..%2Fx")
        #expect(throws: PluginError.self) { try other.describe(.poll(TaskHandle(id: "..", model: "", medium: .video))) }
    }

    @Test("a price check is the same request with one member more")
    func dryRun() throws {
        let shown = try host("unifically", [:]).describe(.dryRun(Plugins.task("unifically")))
        #expect(try JSONValue(parsing: shown.body)["dry_run"] == true)
        #expect(throws: PluginError.self) { try host("sjinn", [:]).describe(.dryRun(Plugins.task("sjinn"))) }
    }

    @Test("a secret prints, reflects and dumps masked")
    func secret() {
        let secret = Secret(" \(key)\n")
        let credential = Credential(scheme: .bearer, key: secret)
        var dumped = ""
        dump(credential, to: &dumped)
        let request = OutgoingRequest(method: "GET", address: WebAddress("https://a.example")!, credential: credential)
        for text in [
            "\(secret)", String(reflecting: secret), "\(credential)", dumped, "\(request)", String(reflecting: request),
        ] {
            #expect(!text.contains("0123456789"))
        }
        #expect(secret.masked(in: "bad key \(key)!") == "bad key sk-…(masked)!")
        #expect("\(Secret("short"))" == "…(masked)")
        #expect(request.exposed().headers == [HTTPHeader("Authorization", "Bearer " + key)])
    }

    @Test("a key can travel in a header or a query item")
    func schemes() {
        let address = WebAddress("https://a.example/x?b=1")!
        let header = Credential(scheme: .header("x-api-key"), key: Secret("k y"))
        #expect(
            OutgoingRequest(method: "GET", address: address, credential: header).exposed().headers == [
                HTTPHeader("x-api-key", "k y")
            ])
        let query = Credential(scheme: .query("key"), key: Secret("k&y"))
        #expect(
            OutgoingRequest(method: "GET", address: address, credential: query).exposed().address
                == "https://a.example/x?b=1&key=k%26y")
    }
}
