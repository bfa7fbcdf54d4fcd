import ArgumentParser
import Faregate
import FaregateProviders
import FaregateTasks

/// `faregate budget`: what a project may spend.
struct BudgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "budget",
        abstract: "What a project may spend; a request beyond is refused before anything is sent.",
        subcommands: [BudgetSetCommand.self, BudgetShowCommand.self])
}

/// What is counted together, as an option.
enum BudgetPeriodOption: String, ExpressibleByArgument, CaseIterable {
    case day, week, month, total

    var period: Budget.Period {
        switch self {
        case .day: .day
        case .week: .week
        case .month: .month
        case .total: .total
        }
    }
}

/// `faregate budget set`.
struct BudgetSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set a budget. What its period already saw counts.")

    @Argument(help: "The most to spend, such as 50; none takes the budget away.")
    var limit: String

    @Option(name: .long, help: "Whose budget it is.")
    var project = "default"

    @Option(name: .long, help: "What is counted together, from midnight UTC.")
    var period = BudgetPeriodOption.month

    @Option(name: .long, help: "Only what this provider bills.")
    var provider: String?

    @Flag(name: .long, help: "In the provider's credits instead of dollars; needs --provider.")
    var credits = false

    @OptionGroup var state: StateOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        if project.isEmpty {
            throw CommandFailure(code: "usage.project", message: "--project names no project: it is empty")
        }
        if credits, provider == nil {
            throw CommandFailure(
                code: "usage.budget", message: "credits are one provider's own: --credits needs --provider")
        }
        let providers = try catalog.load().providers.map(\.id)
        if let provider, !providers.contains(provider) {
            throw CommandFailure(
                code: "provider.unknown", message: "no provider is called \"\(provider)\"",
                hint: nearestName(to: provider, among: providers).map { "Did you mean \($0)?" }
                    ?? "Known are \(listed(providers, "and")).")
        }
        var budget = Budget(
            project: project, provider: provider, unit: credits ? "credits" : "USD", period: period.period,
            maximum: .zero)
        let removes = limit == "none"
        if !removes {
            guard let amount = ExactDecimal(limit.hasPrefix("$") ? String(limit.dropFirst()) : limit), amount >= .zero
            else {
                throw CommandFailure(
                    code: "usage.budget", message: "\"\(limit)\" is no amount",
                    hint: "Write it like 50 or 12.50, or none.")
            }
            budget.maximum = amount
        }
        let wanted = budget
        try await answering {
            let store = try state.open(for: .budget)
            if removes {
                guard try await store.remove(wanted, at: .now) else {
                    throw CommandFailure(
                        code: "budget.unknown", message: "\(project) has no such budget",
                        hint: "`faregate budget show` lists them.", status: .no)
                }
            } else {
                try await store.set(wanted, at: .now)
            }
            BudgetReport(format: output.format).show(try await store.budgets(project: project, at: .now))
        }
    }
}

/// `faregate budget show`.
struct BudgetShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Budgets, and what is spent, set aside and left of them now.")

    @Option(name: .long, help: "Only this project's.")
    var project: String?

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await answering {
            let budgets = try await state.look()?.budgets(project: project, at: .now) ?? []
            BudgetReport(format: output.format).show(budgets)
        }
    }
}

/// Shows budgets.
struct BudgetReport {
    let format: OutputOptions.Format

    func show(_ budgets: [BudgetStatus]) {
        let output = Terminal.output
        if format == .json { return output.line(JSONValue.array(budgets.map(\.json)).text(pretty: true)) }
        guard !budgets.isEmpty else { return output.line("no budget is set: nothing is refused for its price") }
        var table = Table([
            Table.Column(title: "project", shrinksTo: 10), Table.Column(title: "provider"),
            Table.Column(title: "period"), Table.Column(title: "limit", isRight: true),
            Table.Column(title: "spent", isRight: true), Table.Column(title: "set aside", isRight: true),
            Table.Column(title: "left", isRight: true),
        ])
        for status in budgets {
            func shown(_ amount: ExactDecimal) -> Table.Cell {
                Table.Cell(text: StatedAmount(amount: amount, unit: status.budget.unit).description)
            }
            let start =
                status.budget.period == .total ? "total" : "\(status.budget.period.rawValue) \(status.periodStart)"
            table.add([
                Table.Cell(text: status.budget.project), Table.Cell(text: status.budget.provider ?? ""),
                Table.Cell(text: start), shown(status.budget.maximum), shown(status.spent), shown(status.held),
                shown(status.left),
            ])
        }
        for line in table.lines(width: output.width, style: output.style) { output.line(line) }
        for status in budgets where status.unpricedCount > 0 {
            let count = status.unpricedCount
            let text =
                "\(count) \(count == 1 ? "attempt" : "attempts") of \(status.budget.project) before this "
                + "\(status.budget.period.rawValue) budget was set cost what nobody can say in \(status.budget.unit): not counted"
            for line in TextLayout.hanging(
                "\(output.style.yellow("!")) ", text, indent: 2, width: output.width)
            { output.line(line) }
        }
    }
}

extension CommandFailure {
    /// A budget said no; nothing was sent.
    init(_ refusal: BudgetRefusal, options: String) {
        let code =
            switch refusal.reason {
            case .exceeded: "budget.exceeded"
            case .priceUnknown: "budget.price_unknown"
            case .worthUnknown: "budget.worth_unknown"
            }
        self.init(
            code: code, message: refusal.sentence,
            hint:
                "`faregate budget show\(options)` tells more; `faregate budget set LIMIT\(options)` sets another limit."
                + (code == "budget.worth_unknown" ? " --credit-rate says what credits are worth." : ""), status: .no)
    }
}
