import ArgumentParser
import Faregate

/// `faregate credits`: how credits are sold, and the cheapest way to buy so many.
struct CreditsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credits",
        abstract: "How credits are sold, and the cheapest packs for so many.",
        discussion: """
            Without an amount: every pack and plan, and what a credit of it costs. With one: the packs to buy, exactly \
            the cheapest, what each credit comes to and what remains. Packs come from the catalog or, under \
            providers.<provider>.packs, from the configuration file.

            Exit status 1: so many credits cannot be bought, or cost more than --max.
            """)

    @Argument(help: "The provider; otherwise all of them.")
    var provider: String?
    @Argument(help: "Credits that are wanted, or dollars of prices to be paid in credits ('$40').")
    var amount: String?
    @Option(name: .long, help: ArgumentHelp("Credits that are there already.", valueName: "credits"))
    var balance: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The credits must last so long; packs that expire sooner or say nothing are left out.", valueName: "days"))
    var last = 0
    @Option(name: .customLong("max"), help: ArgumentHelp("The most they may cost.", valueName: "dollars"))
    var maximum: String?
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let snapshot = try catalog.load()
        let configuration = try Configuration.load()
        guard let name = provider else { return list(snapshot.providers, configuration) }
        guard let provider = snapshot.provider(name) else {
            throw CommandFailure.unknown(provider: name, of: snapshot)
        }
        guard let amount else { return list([provider], configuration) }
        let question = CreditQuestion(
            provider: provider, packs: configuration.packs(provider),
            wanted: try credits(amount, of: provider, configuration, snapshot), balance: try held(), lastingDays: last,
            maximum: try maximum.map { try Self.dollars($0, "--max") })
        guard !question.packs.isEmpty else {
            throw CommandFailure(
                code: "credits.no_packs", message: "nobody says how \(provider.name) sells credits",
                hint: "Set providers.\(provider.id).packs in the configuration file.")
        }
        let search = question.search
        let report = CreditsReport(question: question, search: search)
        switch output.format {
        case .json: Terminal.output.line(report.json.text(pretty: true))
        case .text: report.show(.output)
        }
        if !question.isMet(by: search) { throw ExitStatus.no }
    }

    private func list(_ providers: [Provider], _ configuration: Configuration) {
        let report = PackReport(providers: providers.map { ($0, configuration.packs($0)) })
        switch output.format {
        case .json: Terminal.output.line(report.json.text(pretty: true))
        case .text: report.show(.output)
        }
    }

    /// The credits that an amount stands for.
    private func credits(
        _ amount: String, of provider: Provider, _ configuration: Configuration, _ snapshot: Snapshot
    ) throws -> ExactDecimal {
        guard amount.hasPrefix("$") else { return try Self.decimal(amount, "the amount", example: "4200") }
        let usd = try Self.dollars(amount, "the amount")
        guard
            let rate = try configuration.credits(snapshot)[provider.id] ?? provider.credit,
            let credits = usd.divided(by: rate.usd, .up)
        else {
            throw CommandFailure(
                code: "credits.no_worth", message: "nobody says what \(provider.name)'s credits are worth in dollars",
                hint: "Ask for a number of credits.")
        }
        return credits
    }

    private func held() throws -> ExactDecimal {
        guard last >= 0 else {
            throw CommandFailure(
                code: "usage.amount", message: "--last takes days from today", hint: "Write it like 90.")
        }
        return try balance.map { try Self.decimal($0, "--balance", example: "300") } ?? .zero
    }

    static func dollars(_ text: String, _ name: String) throws -> ExactDecimal {
        try decimal(text.hasPrefix("$") ? String(text.dropFirst()) : text, name, example: "60")
    }

    static func decimal(_ text: String, _ name: String, example: String) throws -> ExactDecimal {
        guard let number = ExactDecimal(text), number >= .zero else {
            throw CommandFailure(
                code: "usage.amount", message: "\(name) \"\(text)\" is no amount", hint: "Write it like \(example).")
        }
        return number
    }
}

/// What somebody wants of a provider's packs.
struct CreditQuestion {
    let provider: Provider
    let packs: [CreditPack]
    let wanted: ExactDecimal
    let balance: ExactDecimal
    let lastingDays: Int
    /// The most that it may cost, in dollars.
    let maximum: ExactDecimal?

    /// What is missing.
    var missing: ExactDecimal { max(.zero, wanted.subtracting(balance) ?? .zero) }

    var search: CreditPurchase.Search {
        CreditPurchase.cheapest(missing, of: packs, lasting: lastingDays)
    }

    /// Whether the credits can be bought, and for no more than the maximum.
    func isMet(by search: CreditPurchase.Search) -> Bool {
        guard case .purchase(let purchase) = search else { return false }
        return maximum.map { purchase.usd <= $0 } ?? true
    }
}
