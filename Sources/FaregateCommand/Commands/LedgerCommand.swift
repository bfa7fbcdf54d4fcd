import ArgumentParser
import Faregate
import FaregateTasks

/// `faregate ledger`: every line about money.
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Every line about money, in the order it was written.",
        subcommands: [LedgerExportCommand.self])
}

/// `faregate ledger export`.
struct LedgerExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "The ledger for spreadsheets, programs and cost tools.",
        discussion: """
            csv and jsonl have every line: holds, captures, releases, adjustments, each with the time at which the \
            money was set aside, which tells the budget period that it counts for. focus has what was charged, under \
            the column names of FOCUS (https://focus.finops.org): BilledCost in dollars, empty where nobody says what \
            credits are worth; PricingCurrencyEffectiveCost in what the provider counts in.
            """)

    /// A form of the ledger.
    enum Form: String, ExpressibleByArgument, CaseIterable {
        case csv, jsonl, focus
    }

    @Option(name: .customLong("as"), help: "csv, jsonl or focus. (default: csv)")
    var namedForm: Form?

    @Option(name: .long, help: "Only this project's.")
    var project: String?

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let form = namedForm ?? (output.format == .json ? .jsonl : .csv)
        if output.format == .json, form != .jsonl {
            throw CommandFailure(
                code: "usage.ledger", message: "--as \(form.rawValue) is a table, and --format json asks for JSON",
                hint: "Leave one of them out; --as jsonl has every line as JSON.")
        }
        try await answering {
            let store = try state.look()
            if form == .csv { Self.write(Self.columns) }
            if form == .focus { Self.write(FocusRow.columns) }
            try await store?.readLedger(project: project) { line in
                switch form {
                case .jsonl: Terminal.output.line(line.json.text())
                case .csv: Self.write(Self.values(line))
                case .focus: if let row = FocusRow(line) { Self.write(row.values) }
                }
            }
        }
    }

    private static let columns = [
        "sequence", "at", "project", "task", "attempt", "provider", "model", "kind", "amount", "unit", "usd", "basis",
        "held_at",
    ]

    private static func values(_ line: LedgerLine) -> [String] {
        columns.map { name in
            let value = line.json[name]
            return value?.string ?? value?.integerValue.map(String.init) ?? ""
        }
    }

    /// One line of CSV (RFC 4180), with the line end that command lines expect.
    private static func write(_ values: [String]) {
        let cells = values.map { value in
            value.contains { ",\"\n\r".contains($0) }
                ? "\"" + value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
                : value
        }
        Terminal.output.line(cells.joined(separator: ","))
    }
}

/// What was charged, in the columns of FOCUS. Columns of our own begin with `x_`, as it asks.
struct FocusRow {
    static let columns = [
        "BilledCost", "BillingCurrency", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodEnd",
        "ChargePeriodStart", "EffectiveCost", "InvoiceIssuerName", "PricingCurrency", "PricingCurrencyEffectiveCost",
        "ProviderName", "ResourceId", "ServiceCategory", "ServiceName", "SubAccountId", "x_Attempt", "x_Basis",
    ]

    let values: [String]

    /// `nil` for lines that charge nothing: holds and releases.
    init?(_ line: LedgerLine) {
        guard line.entry.kind == .capture || line.entry.kind == .adjust else { return nil }
        // An unknown cost is empty, never zero, and never in another unit: the column can be summed.
        let cost = line.usd?.description ?? ""
        values = [
            cost, "USD", "Usage", line.entry.kind == .adjust ? "Correction" : "",
            "\(line.model), \(line.entry.basis.rawValue)", line.at.iso, line.heldAt.iso, cost, line.provider,
            line.entry.unit ?? "", line.entry.amount?.description ?? "", line.provider, line.attempt.task,
            "AI and Machine Learning", line.model, line.project, String(line.attempt.number),
            line.entry.basis.rawValue,
        ]
    }
}
