import Faregate

/// What was proved, for people: a line for each offering, and every finding with its request.
struct CoverageText {
    private let terminal = Terminal.output
    private let providerWidth: Int
    private var style: Style { terminal.style }

    /// - Parameter offerings: What will be shown.
    init(_ offerings: [(provider: Provider, offering: Offering)]) {
        providerWidth = offerings.map { TextLayout.width($0.provider.id) }.max() ?? 0
    }

    /// A line where all is well; otherwise every finding with its request.
    func show(_ report: CoverageReport) {
        let isClean = report.findings.allSatisfy { $0.acknowledged != nil }
        let mark = isClean ? style.green("✓") : style.red("✗")
        let points = Self.amount(report.points) + " requests" + (report.isExact ? "" : ", sampled")
        let name = "\(TextLayout.padded(report.provider, to: providerWidth))  \(report.offering)"
        let gap = max(2, terminal.width - 2 - TextLayout.width(name) - TextLayout.width(points))
        terminal.line("\(mark) \(name)\(String(repeating: " ", count: gap))\(style.dim(points))")
        for finding in report.findings { show(finding) }
        if !report.isExact {
            terminal.line("    \(report.unsettled) of \(report.questions) questions were too large to settle")
        }
    }

    private func show(_ finding: CoverageFinding) {
        let paint = finding.acknowledged == nil ? style.red : style.dim
        terminal.line("    \(paint(finding.kind.rawValue)): \(style.bold(finding.subject.cut(to: 40)))")
        func show(_ text: String) {
            for line in TextLayout.wrapped(text, to: terminal.width - 6) { terminal.line("      \(line)") }
        }
        if let reason = finding.acknowledged { return show("as it should be: \(reason)") }
        show(finding.message + (finding.witness == nil ? "" : finding.rejectedBy.isEmpty ? ":" : ", for example:"))
        if let witness = finding.witness {
            for line in RequestText(witness).lines(width: terminal.width - 8) {
                terminal.line("        \(style.dim(line))")
            }
        }
        if !finding.rejectedBy.isEmpty {
            show("which \(listed(finding.rejectedBy, "and")) \(finding.rejectedBy.count == 1 ? "rejects" : "reject")")
        }
    }

    /// The last lines: what is open, by kind, and how much was looked at.
    func show(summaryOf reports: [CoverageReport], duration: Duration) {
        let findings = reports.flatMap(\.findings)
        let open = findings.filter { $0.acknowledged == nil }
        let exact = reports.filter(\.isExact).count
        let questions = reports.map(\.questions).reduce(0, +)
        if reports.count > 1 || !open.isEmpty { terminal.line("") }
        for kind in CoverageFinding.Kind.allCases {
            let count = open.filter { $0.kind == kind }.count
            if count > 0 { terminal.line("  \(TextLayout.padded("\(count)", to: 4, right: true)) \(kind.rawValue)") }
        }
        let tenths =
            Int(duration.components.seconds) * 10 + Int(duration.components.attoseconds / 100_000_000_000_000_000)
        let verdict = open.isEmpty ? style.green("✓ nothing open") : style.red("✗ \(open.count) open")
        terminal.line("\(verdict), \(findings.count - open.count) acknowledged")
        let noun = reports.count == 1 ? "offering" : "offerings"
        terminal.line(
            style.dim(
                "  \(exact) of \(reports.count) \(noun) exact, \(questions) questions, \(tenths / 10).\(tenths % 10) s")
        )
    }

    /// `12`, `3.4 k`, `5.6 M`.
    private static func amount(_ points: Int) -> String {
        guard points >= 1_000 else { return "\(points)" }
        var value = Double(points)
        for unit in ["k", "M", "G", "T"] {
            value /= 1_000
            if value < 1_000 { return "\(Int(value)).\(Int(value * 10) % 10) \(unit)" }
        }
        return "over 10^15"
    }
}
