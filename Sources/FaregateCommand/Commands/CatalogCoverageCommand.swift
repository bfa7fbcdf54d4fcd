import ArgumentParser
import Faregate

/// `faregate catalog coverage`: what can be proved about rules and rates, with a request for each finding.
struct CatalogCoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Rules that never fire, values nobody can use, requests without a price: each with a request.",
        discussion: """
            Goes through everything that an offering's rules and rates can tell apart. A finding that is as the document \
            says is acknowledged in the offering's file, with the reason. Exit status 1: some finding is not.
            """)

    @OptionGroup var choice: OfferingOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let snapshot = try catalog.load()
        let chosen = try choice.offerings(snapshot)
        let clock = ContinuousClock()
        let start = clock.now
        var reports: [CoverageReport] = []
        for (provider, offering) in chosen {
            reports.append(Coverage(provider: provider, offering: offering).report())
            if output.format == .text { CoverageText().show(reports[reports.count - 1]) }
        }
        switch output.format {
        case .json:
            let json: JSONValue = [
                "offerings": .array(reports.map(\.json)), "catalog": .string(snapshot.digest),
            ]
            Terminal.output.line(json.text(pretty: true))
        case .text: CoverageText().show(summaryOf: reports, duration: start.duration(to: clock.now))
        }
        if reports.contains(where: { $0.findings.contains { $0.acknowledged == nil } }) { throw ExitStatus.no }
    }
}

/// Which offerings a command is about.
struct OfferingOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "Only what this provider sells.")
    var provider: String?
    @Option(name: .shortAndLong, help: "Only the offering with this id of the provider's own.")
    var model: String?

    func offerings(_ snapshot: Snapshot) throws -> [(provider: Provider, offering: Offering)] {
        let ids = snapshot.providers.map(\.id)
        if let provider, snapshot.provider(provider) == nil {
            throw CommandFailure(
                code: "provider.unknown", message: "no provider is called \"\(provider)\"",
                hint: nearestName(to: provider, among: ids).map { "Did you mean \($0)?" }
                    ?? "Known are \(listed(ids, "and")).")
        }
        let all = snapshot.providers.filter { provider == nil || $0.id == provider }
            .flatMap { provider in provider.offerings.map { (provider: provider, offering: $0) } }
        guard let model else { return all }
        let found = all.filter { $0.offering.id == model }
        guard found.isEmpty else { return found }
        throw CommandFailure(
            code: "model.unknown", message: "no offering is called \"\(model)\"",
            hint: nearestName(to: model, among: all.map(\.offering.id)).map { "Did you mean \($0)?" }
                ?? "`faregate models` lists them all.")
    }
}

/// What was proved, for people.
struct CoverageText {
    private let terminal = Terminal.output
    private var style: Style { terminal.style }

    /// A line where all is well; otherwise every finding with its request.
    func show(_ report: CoverageReport) {
        let open = report.findings.filter { $0.acknowledged == nil }
        let mark = open.isEmpty ? style.green("✓") : style.red("✗")
        let points = report.isExact ? Self.amount(report.points) : "\(Self.amount(report.points)), not exact"
        let name = "\(report.provider)  \(report.offering)"
        let width = max(20, terminal.width - 2)
        let gap = max(2, width - TextLayout.width(name) - TextLayout.width(points))
        terminal.line("\(mark) \(name)\(String(repeating: " ", count: gap))\(style.dim(points))")
        for finding in report.findings { show(finding) }
    }

    private func show(_ finding: CoverageFinding) {
        let width = terminal.width
        let isOpen = finding.acknowledged == nil
        terminal.line("    \(isOpen ? style.red(finding.kind.rawValue) : style.dim(finding.kind.rawValue))")
        func show(_ mark: String, _ text: String) {
            for line in TextLayout.hanging("      \(mark)", text, indent: 8, width: width) { terminal.line(line) }
        }
        show("", finding.message + ".")
        if let reason = finding.acknowledged { return show("=", "Acknowledged: \(reason)") }
        if let witness = finding.witness { show(">", witness.text().cut(to: 600)) }
        if !finding.rejectedBy.isEmpty { show("", "rejected by \(listed(finding.rejectedBy, "and"))") }
    }

    func show(summaryOf reports: [CoverageReport], duration: Duration) {
        let findings = reports.flatMap(\.findings)
        let open = findings.filter { $0.acknowledged == nil }.count
        let exact = reports.filter(\.isExact).count
        let questions = reports.map(\.questions).reduce(0, +)
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        terminal.line("")
        let verdict = open == 0 ? style.green("✓ nothing open") : style.red("✗ \(open) open")
        let text =
            "\(findings.count - open) acknowledged; \(reports.count) offerings, \(exact) of them exact, "
            + "\(questions) questions, \(Int(seconds * 10) / 10).\(Int(seconds * 10) % 10) s"
        terminal.line("\(verdict), \(text)")
    }

    /// `12`, `3.4 k`, `5.6 M`, `> 10^18`.
    private static func amount(_ points: Int) -> String {
        var value = Double(points)
        for unit in ["", " k", " M", " G", " T"] {
            if value < 1_000 {
                let tenths = Int(value * 10)
                return unit.isEmpty ? "\(points)" : "\(tenths / 10).\(tenths % 10)\(unit)"
            }
            value /= 1_000
        }
        return "over 10^15"
    }
}
