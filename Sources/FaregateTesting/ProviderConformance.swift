public import Faregate
public import FaregateProviders
import FaregateSandbox

/// The suite that every plugin manifest must pass, against its own simulated provider, with every fault.
///
/// It checks what matters when money is spent: one submission, whatever happens to the reply; unknown where nothing
/// proves a yes or a no; refusals told apart; polls that go wrong and do not end a task; results that arrive whole;
/// no key in sight.
///
/// ```swift
/// let report = await ProviderConformance(text: bytes, id: "example", task: task).run()
/// #expect(report.isConforming, "\(report)")
/// ```
public struct ProviderConformance: Sendable {
    /// How the requests travel.
    public enum Strength: Sendable {
        /// Handed over in process, on a clock that skips: a fraction of a second.
        case inProcess
        /// Over loopback, with the real HTTP client: a few seconds.
        case loopback
    }

    let text: [UInt8]
    let id: String
    let task: ProviderTask
    let folder: String
    let charge: ExactDecimal

    /// - Parameters:
    ///   - text: The manifest.
    ///   - task: A task that the provider would take.
    ///   - folder: Where results are written; it is filled with small files.
    ///   - charge: What the simulated provider takes for a task, in its own unit.
    public init(text: [UInt8], id: String, task: ProviderTask, folder: String, charge: ExactDecimal = ExactDecimal(2)) {
        (self.text, self.id, self.task, self.folder, self.charge) = (text, id, task, folder, charge)
    }

    /// Tries everything. Never throws: what goes wrong is a finding.
    public func run(_ strength: Strength = .inProcess) async -> ConformanceReport {
        var report = ConformanceReport(provider: id)
        let manifest: Manifest
        do throws(PluginError) {
            manifest = try Manifest(parsing: text, id: id)
        } catch {
            report.scenarios.append("load")
            report.findings.append(.init(scenario: "load", message: error.description))
            return report
        }
        for scenario in scenarios(manifest) {
            let notes = ScenarioNotes(scenario.name)
            do {
                try await scenario.run(Bench(self, manifest, strength), notes)
            } catch {
                notes.fail("it threw: \(error)")
            }
            report.scenarios.append(scenario.name)
            report.findings += notes.findings
        }
        return report
    }

    /// One thing to try.
    struct Scenario {
        let name: String
        let run: (Bench, ScenarioNotes) async throws -> Void
    }

    private func scenarios(_ manifest: Manifest) -> [Scenario] {
        loading + decoding(manifest) + submitting(manifest) + polling + fetching + asking(manifest)
            + callbacks(manifest) + searching(manifest)
    }
}
