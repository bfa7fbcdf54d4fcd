import ArgumentParser
import Faregate

/// `faregate models`: what can be bought, where, and under which name.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "What can be bought, where, and under which name.",
        discussion: """
            Without an id: every model and who sells it. With one, a model's offerings or (with --provider) an \
            offering's parameters, rules and prices.
            """)

    @Argument(help: "A model, such as google/veo-3.1-fast; with --provider, the provider's own id.")
    var id: String?
    @Option(name: .shortAndLong, help: "Only what this provider sells.")
    var provider: String?
    @Option(name: .long, help: "Only video, image, audio or text.")
    var medium: String?
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let snapshot = try catalog.load()
        if let medium, Medium(rawValue: medium) == nil {
            throw CommandFailure(
                code: "usage.medium", message: "\"\(medium)\" is no medium",
                hint: "They are \(listed(Medium.allCases.map(\.rawValue), "and")).")
        }
        let offerings = try chosen(snapshot)
        if provider != nil, id != nil, let only = offerings.first {
            return show(detail: only.offering, of: only.provider)
        }
        switch output.format {
        case .json: Terminal.output.line(json(offerings, snapshot).text(pretty: true))
        case .text: show(offerings, snapshot)
        }
    }

    private typealias Entry = (provider: Provider, offering: Offering)

    /// The offerings that the options leave.
    private func chosen(_ snapshot: Snapshot) throws -> [Entry] {
        var entries: [Entry] = []
        if let provider {
            guard let found = snapshot.provider(provider) else {
                throw CommandFailure.unknown(provider: provider, of: snapshot)
            }
            entries = found.offerings.map { (found, $0) }
        } else {
            entries = snapshot.providers.flatMap { provider in provider.offerings.map { (provider, $0) } }
        }
        if let medium { entries = entries.filter { $0.offering.medium.rawValue == medium } }
        guard let id else { return entries }
        let found = entries.filter { entry in
            provider != nil ? entry.offering.id == id : entry.offering.portable.models.contains { $0.id == id }
        }
        guard found.isEmpty else { return found }
        throw provider == nil
            ? CommandFailure.unknown(model: id, of: snapshot)
            : CommandFailure.unknown(offering: id, among: entries.map(\.offering))
    }

    /// A table for each medium.
    private func show(_ entries: [Entry], _ snapshot: Snapshot) {
        let style = Terminal.output.style
        var isFirst = true
        for medium in Medium.allCases {
            let models = snapshot.models.filter { $0.medium == medium && (provider != nil || id == nil || $0.id == id) }
            let table = table(models, entries, title: medium.rawValue)
            guard !table.rows.isEmpty else { continue }
            if !isFirst { Terminal.output.line("") }
            isFirst = false
            for line in table.lines(width: Terminal.output.width, style: style) { Terminal.output.line(line) }
        }
    }

    private func table(_ models: [Model], _ entries: [Entry], title: String) -> Table {
        let style = Terminal.output.style
        var table = Table([
            .init(title: title, shrinksTo: 33), .init(title: "provider"),
            .init(title: "under the id", shrinksTo: 16), .init(title: "from", isRight: true, shrinksTo: 12),
        ])
        for model in models {
            let sold = entries.filter { $0.offering.portable.models.contains { $0.id == model.id } }
            for (index, entry) in sold.enumerated() {
                table.add([
                    Table.Cell(text: index == 0 ? model.id : "", paint: { style.bold($0) }),
                    Table.Cell(text: entry.provider.id),
                    Table.Cell(text: entry.offering.id == model.id ? "" : entry.offering.id),
                    Table.Cell(text: entry.offering.shownLowestRate(for: model.id), paint: { style.dim($0) }),
                ])
            }
        }
        return table
    }

    private func json(_ entries: [Entry], _ snapshot: Snapshot) -> JSONValue {
        let offerings = entries.map { entry -> JSONValue in
            [
                "provider": .string(entry.provider.id),
                "model": .string(entry.offering.id),
                "name": .string(entry.offering.name),
                "medium": .string(entry.offering.medium.rawValue),
                "operations": .array(entry.offering.operations.map(JSONValue.string)),
                "models": .array(entry.offering.portable.models.map { .string($0.id) }),
                "source": .string(entry.offering.source.description),
            ]
        }
        return ["offerings": .array(offerings), "catalog": .string(snapshot.digest)]
    }

    private func show(detail offering: Offering, of provider: Provider) {
        switch output.format {
        case .json: Terminal.output.line(OfferingReport(offering: offering, provider: provider).json.text(pretty: true))
        case .text: OfferingReport(offering: offering, provider: provider).show(.output)
        }
    }
}

extension Offering {
    /// The lowest known rate at which the offering makes a model: `420 credits/task`.
    func shownLowestRate(for model: String) -> String {
        let known = quotedRows(for: model).compactMap { row -> (ExactDecimal, PriceRow)? in
            switch row.rate {
            case .exact(let rate), .atLeast(let rate), .range(let rate, _): (rate, row)
            case .unknown: nil
            }
        }
        guard let lowest = known.min(by: { $0.0 < $1.0 }) else { return "unknown" }
        let total = Quote.Total(minimum: lowest.0, maximum: lowest.0, unit: lowest.1.currency)
        return "\(total.shown)/\(lowest.1.unit)"
    }
}
