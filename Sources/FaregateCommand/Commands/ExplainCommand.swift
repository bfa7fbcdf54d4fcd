import ArgumentParser
import Faregate

/// `faregate explain`: why this verdict, why this price, why this way; and what would change it.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Why this verdict, this price or this way, and what would change it?",
        discussion: """
            A native request with --provider: every rule that speaks about it, with its source, what it looked at and \
            the shortest change after which it would say the opposite; and the price, line by line. A portable request: \
            why its route goes to one provider and not to the others, and what would have to be otherwise.

            Exit status: 0 when there is an explanation, whatever it says; 1 when the request could not be understood.
            """)

    @OptionGroup var request: RequestOptions
    @Option(
        name: .long,
        help: ArgumentHelp("Only this rule; may be repeated. `faregate models MODEL` lists them.", valueName: "id"))
    var rule: [String] = []
    @Flag(name: .long, help: "Only the price.")
    var price = false
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only why not this provider, or this model of one; may be repeated. Portable requests.",
            valueName: "provider"))
    var not: [String] = []
    @OptionGroup var policyOptions: PolicyOptions
    @OptionGroup var circumstanceOptions: CircumstanceOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let snapshot = try catalog.load()
        guard let provider = request.provider else { return try explainRoute(snapshot) }
        try policyOptions.checkNative()
        guard not.isEmpty, policyOptions.maxPrice == nil else {
            throw CommandFailure(
                code: "usage.explain", message: "--not and --max-price are for portable requests",
                hint: "Leave out --provider to ask why a route does not go there.")
        }
        try explainNative(snapshot, at: provider)
    }

    // MARK: Native

    private func explainNative(_ snapshot: Snapshot, at provider: String) throws {
        let circumstances = try circumstanceOptions.circumstances(snapshot, try .load())
        guard case .success(let body) = try request.document() else { return try answerInstead() }
        let native = NativeRequest(provider: provider, model: request.model, body: body)
        guard case .found(let provider, let offering) = snapshot.resolve(native) else {
            return try answerInstead()
        }
        let known = offering.constraints.map(\.id)
        for id in rule where !known.contains(id) {
            throw CommandFailure(
                code: "rule.unknown", message: "\(offering.id) has no rule \"\(id)\"",
                hint: known.isEmpty ? "It has none at all." : CommandFailure.hint(id, among: known))
        }
        let isOnlyPrice = price && rule.isEmpty
        let explanation = snapshot.explanation(
            of: body, to: offering, at: provider, rules: isOnlyPrice ? [] : rule.isEmpty ? nil : Set(rule),
            in: circumstances)
        switch output.format {
        case .json: Terminal.output.line(explanation.json.text(pretty: true))
        case .text:
            ExplainReport().show(
                explanation, showsRules: !isOnlyPrice, showsPrice: price || rule.isEmpty,
                inDetail: !rule.isEmpty)
        }
    }

    /// What cannot be understood is answered as `validate` does.
    private func answerInstead() throws {
        try NativeCommand(
            request: request, batch: false, circumstanceOptions: circumstanceOptions, catalog: catalog, output: output,
            quoting: false
        ).run()
        throw ExitStatus.no
    }

    // MARK: Portable

    private func explainRoute(_ snapshot: Snapshot) throws {
        guard rule.isEmpty, !price else {
            throw CommandFailure(
                code: "usage.explain", message: "--rule and --price are for native requests",
                hint: "Say with --provider whose rules and prices are meant.")
        }
        let route = try PortableCommand(
            request: request, policyOptions: policyOptions, circumstanceOptions: circumstanceOptions, catalog: catalog,
            output: output
        ).route(snapshot)
        try checkNames(route, snapshot)
        let circumstances = try circumstanceOptions.circumstances(snapshot, try .load())
        let explanation = snapshot.explanation(of: route, in: circumstances) { provider, offering in
            not.isEmpty || not.contains(provider.id) || not.contains(offering.id)
        }
        switch output.format {
        case .json: Terminal.output.line(explanation.json.text(pretty: true))
        case .text: ExplainRouteReport().show(explanation)
        }
    }

    /// Refuses names that no way of the route has.
    private func checkNames(_ route: Route, _ snapshot: Snapshot) throws {
        let ways = snapshot.offerings(of: route.request.model.id)
        for name in not where !ways.contains(where: { $0.provider.id == name || $0.offering.id == name }) {
            let sellers = Set(ways.map(\.provider.id)).sorted()
            throw CommandFailure(
                code: "usage.explain", message: "\(name) does not sell \(route.request.model.id)",
                hint: "It is sold by \(listed(sellers, "and")).")
        }
        let others = ways.filter { way in
            (way.provider.id, way.offering.id) != (route.choice?.provider.id ?? "", route.choice?.offering.id ?? "")
        }
        if let name = not.first(where: { name in !others.contains { $0.provider.id == name || $0.offering.id == name } }
        ) {
            throw CommandFailure(
                code: "usage.explain", message: "the route goes to \(name)",
                hint: "Leave out --not to see why it goes nowhere else.")
        }
    }
}
