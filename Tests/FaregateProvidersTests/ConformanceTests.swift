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
