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
        let text = CoverageText(chosen)
        var reports: [CoverageReport] = []
        for (provider, offering) in chosen {
            reports.append(Coverage(provider: provider, offering: offering).report())
            if output.format == .text { text.show(reports[reports.count - 1]) }
        }
        switch output.format {
        case .json:
            let json: JSONValue = [
                "offerings": .array(reports.map(\.json)), "catalog": .string(snapshot.digest),
            ]
            Terminal.output.line(json.text(pretty: true))
        case .text: text.show(summaryOf: reports, duration: start.duration(to: clock.now))
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
        if let provider, snapshot.provider(provider) == nil {
            throw CommandFailure.unknown(provider: provider, of: snapshot)
        }
        let all = snapshot.providers.filter { provider == nil || $0.id == provider }
            .flatMap { provider in provider.offerings.map { (provider: provider, offering: $0) } }
        guard let model else { return all }
        let found = all.filter { $0.offering.id == model }
        guard found.isEmpty else { return found }
        throw CommandFailure.unknown(offering: model, among: all.map(\.offering))
    }
}
