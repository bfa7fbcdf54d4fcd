import Faregate
import FaregateProviders
import FaregateTesting
import Testing

@Suite("Every provider's plugin conforms")
struct ConformanceTests {
    @Test("to every guarantee, with every fault, in process", arguments: Plugins.ids)
    func inProcess(id: String) async throws {
        try await conforms(id, .inProcess)
    }

    @Test("to every guarantee, with every fault, over loopback", arguments: Plugins.ids)
    func loopback(id: String) async throws {
        try await conforms(id, .loopback)
    }

    /// For what no provider of the catalog offers.
    @Test("A provider with keys, a search, a list, a stop and callbacks", arguments: [true, false])
    func invented(isLoopback: Bool) async throws {
        let operations = [
            InventedProvider.find, InventedProvider.list, InventedProvider.cancel, InventedProvider.callback,
        ].joined()
        let text = InventedProvider.text(
            idempotency: InventedProvider.keyInHeader, statesCharge: true, operations: operations)
        try await withTemporaryFolder { folder in
            let report = await ProviderConformance(
                text: Array(text.utf8), id: "acme",
                task: ProviderTask(model: "clip", body: ["prompt": "a boat"], medium: .video), folder: folder
            ).run(isLoopback ? .loopback : .inProcess)
            #expect(report.isConforming, "\(report)")
            #expect(Set(report.scenarios).isSuperset(of: ["find", "list"]))
        }
    }

    private func conforms(_ id: String, _ strength: ProviderConformance.Strength) async throws {
        let text = try #require(readFile(Plugins.folder + "/\(id)/plugin.json", bytesMax: 1 << 20))
        try await withTemporaryFolder { folder in
            let report = await ProviderConformance(text: text, id: id, task: Plugins.task(id), folder: folder).run(
                strength)
            #expect(report.isConforming, "\(report)")
            #expect(report.scenarios.count > 50)
        }
    }
}

@Suite("The conformance suite finds")
struct ConformanceFindingTests {
    /// A change to a manifest that loads, and is dangerous.
    struct Danger: CustomTestStringConvertible, Sendable {
        let about: String
        let patch: [JSONPatch.Operation]
        let scenario: String
        var testDescription: String { about }
    }

    static let dangers = [
        Danger(
            about: "a server error that is taken for a refusal",
            patch: [
                .add(
                    "/refusals/-",
                    [
                        "id": "server-error", "when": ["http_status": ["5xx"]], "outcome": "rejected",
                        "kind": "provider_error",
                        "retryable": true, "source": "tool", "examples": [["status": 500, "body": [:]]],
                    ])
            ], scenario: "submit:server-error"),
        Danger(
            about: "an unknown state that is taken for a failure",
            patch: [
                .add(
                    "/operations/poll/replies/-",
                    [
                        "id": "anything-else", "when": ["at": "/data/status", "present": true], "outcome": "failed",
                        "kind": "provider_error", "source": "tool", "examples": [["body": ["data": ["status": 7]]]],
                    ])
            ], scenario: "poll:unknown-status"),
        Danger(
            about: "a reply that says nothing and is taken for a refusal",
            patch: [
                .add(
                    "/refusals/-",
                    [
                        "id": "silent", "when": ["not": ["at": "/success", "present": true]], "outcome": "rejected",
                        "kind": "provider_error", "source": "tool", "examples": [["body": [:]]],
                    ])
            ], scenario: "decode:submit:empty-object"),
    ]

    @Test("what would cost money", arguments: dangers)
    func finds(danger: Danger) async throws {
        let text = try #require(readFile(Plugins.folder + "/sjinn/plugin.json", bytesMax: 1 << 20))
        let changed = try JSONPatch(danger.patch).applied(to: try JSONValue(parsing: text)).text()
        try await withTemporaryFolder { folder in
            let report = await ProviderConformance(
                text: Array(changed.utf8), id: "sjinn", task: Plugins.task("sjinn"), folder: folder
            ).run()
            #expect(report.findings.contains { $0.scenario == danger.scenario }, "\(report)")
        }
    }

    @Test("a manifest that does not load")
    func loads() async {
        let report = await ProviderConformance(text: [], id: "x", task: Plugins.task("sjinn"), folder: "/nowhere").run()
        #expect(!report.isConforming)
    }
}
