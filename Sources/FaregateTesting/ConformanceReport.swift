/// What a conformance run found, as data: for any test framework.
public struct ConformanceReport: Sendable, CustomStringConvertible {
    /// One guarantee that does not hold.
    public struct Finding: Sendable, Hashable, CustomStringConvertible {
        /// What was tried: `submit:reply-lost-after-accept`.
        public let scenario: String
        public let message: String
        public var description: String { "\(scenario): \(message)" }
    }

    public let provider: String
    /// Everything that was tried, in order.
    public internal(set) var scenarios: [String] = []
    public internal(set) var findings: [Finding] = []

    /// Every guarantee holds, and something was tried.
    public var isConforming: Bool { findings.isEmpty && !scenarios.isEmpty }

    public var description: String {
        let verdict = isConforming ? "conforms" : "\(findings.count) findings"
        return (["\(provider): \(scenarios.count) scenarios, \(verdict)"] + findings.map { "  \($0)" })
            .joined(separator: "\n")
    }
}

/// One scenario under way: notes what does not hold. Confined to the function that runs it.
final class ScenarioNotes {
    let scenario: String
    private(set) var findings: [ConformanceReport.Finding] = []

    init(_ scenario: String) { self.scenario = scenario }

    func expect(_ condition: Bool, _ message: @autoclosure () -> String) {
        if !condition { fail(message()) }
    }

    func fail(_ message: String) {
        findings.append(ConformanceReport.Finding(scenario: scenario, message: message))
    }
}
