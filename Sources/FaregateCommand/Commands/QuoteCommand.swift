import ArgumentParser
import Faregate
import FaregateProviders

/// `faregate quote`: what will it cost, and how sure is that?
struct QuoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quote",
        abstract: "What will it cost, and how sure is that?",
        discussion: """
            A native request with --provider gets one quote, with its sources. A portable request gets one from every \
            provider that sells the model, and the reasons of those that cannot do it. A file of requests (--usage) is \
            quoted as a whole.
            """)

    @OptionGroup var request: RequestOptions
    @Flag(name: .long, help: "JSON Lines in, JSON Lines out; native requests.")
    var batch = false
    @Flag(name: .long, help: "Ask providers that have a price check what they would charge; makes no task.")
    var live = false
    @OptionGroup var repairOptions: RepairOptions
    @OptionGroup var usageOptions: UsageOptions
    @OptionGroup var policyOptions: PolicyOptions
    @OptionGroup var receiptOptions: ReceiptOptions
    @OptionGroup var circumstanceOptions: CircumstanceOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try receiptOptions.check(isAlone: !batch && !live && repairOptions.chosen == nil)
        if let file = try usageOptions.checked(besides: request, batch: batch, live: live) {
            return try UsageQuoteCommand(
                file: file, options: usageOptions, policyOptions: policyOptions,
                circumstanceOptions: circumstanceOptions, catalog: catalog, output: output
            ).run()
        }
        if live {
            guard !batch else {
                throw CommandFailure(code: "usage.live", message: "--live and --batch do not go together")
            }
            return try await quoteLive()
        }
        if batch || request.provider != nil {
            try policyOptions.checkNative()
            if let price = policyOptions.maxPrice {
                throw CommandFailure(
                    code: "usage.policy", message: "--max-price \(price) is for portable requests and for run",
                    hint: "The quote says what it costs.")
            }
            return try NativeCommand(
                request: request, batch: batch, repairOptions: repairOptions, circumstanceOptions: circumstanceOptions,
                catalog: catalog, output: output, quoting: true, receiptOptions: receiptOptions
            ).run()
        }
        try PortableCommand(
            request: request, policyOptions: policyOptions, circumstanceOptions: circumstanceOptions, catalog: catalog,
            output: output, receiptOptions: receiptOptions
        ).run(choosing: receiptOptions.receipt != nil)
    }

    /// Catalog prices and live ones side by side.
    private func quoteLive() async throws {
        let snapshot = try catalog.load()
        let opener = ProviderOpener(pluginFolder: try catalog.pluginFolder(), configuration: try .load())
        let orders = try orders(snapshot)
        let entries = try await AsyncHTTPTransport.with { transport in
            var entries: [(provider: Provider, offering: Offering, quote: Quote, live: LiveAnswer)] = []
            for order in orders {
                guard let quote = order.quote else { continue }
                let answer = try await LiveAnswer.ask(order.task, of: order.provider, opener, transport: transport)
                entries.append((order.provider, order.offering, quote, answer))
            }
            return entries
        }
        let report = LiveQuoteReport(entries: entries)
        switch output.format {
        case .json: Terminal.output.line(report.json.text(pretty: true))
        case .text: report.show(.output)
        }
        for entry in entries {
            guard case .taskMade(let task) = entry.live.price else { continue }
            Terminal.errors.line(
                "\(Terminal.errors.style.red("!")) \(entry.provider.name) made the task \(task.id.printable) although only its price was asked; it may be billed."
            )
        }
        if entries.isEmpty || entries.contains(where: { $0.live.isTrouble }) { throw ExitStatus.no }
    }

    /// What to ask for: one native request, or every way to do a portable one.
    private func orders(_ snapshot: Snapshot) throws -> [RunOrder] {
        guard request.provider != nil else {
            let route = try PortableCommand(
                request: request, policyOptions: policyOptions, circumstanceOptions: circumstanceOptions,
                catalog: catalog, output: output
            ).route(snapshot)
            if output.format == .text { RouteReport().show(route, choosing: false) }
            return route.candidates.map { candidate in
                RunOrder(
                    provider: candidate.provider, offering: candidate.offering, body: candidate.body,
                    quote: candidate.quote, diagnostics: candidate.diagnostics, alternative: nil)
            }
        }
        let native = NativeCommand(
            request: request, batch: false, circumstanceOptions: circumstanceOptions, catalog: catalog, output: output,
            quoting: true)
        let circumstances = try circumstanceOptions.circumstances(snapshot, try .load())
        return [try native.order(snapshot, circumstances, policyOptions: policyOptions)]
    }
}

/// `faregate route`: which provider can do this, and which is cheapest; why not the others?
struct RouteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "Which provider can do a portable request, and which is cheapest; why not the others?",
        discussion: """
            A request names a model: {"model": "google/veo-3.1-fast", "prompt": "…", "duration": 8}, or says what is \
            wanted: {"want": {"operation": "text-to-video", "duration": {"min": 8}, "resolution": {"one_of": ["720p", \
            "1080p"]}, "audio": true, "references": 2, "models": {"exclude": ["openai/sora-2"]}, "max_price": "2"}, \
            "prompt": "…"}. Then every offering is asked in every setting.
            """)

    @OptionGroup var request: RequestOptions
    @Flag(name: .long, help: "Of a want: the choices worth choosing between, instead of the cheapest.")
    var frontier = false
    @Option(
        name: .long,
        help: "What keeps choices of the frontier from beating each other: model, provider; may be repeated.")
    var apart: [Frontier.Apart] = []
    @Option(name: .long, help: ArgumentHelp("Draw the frontier into this SVG file.", valueName: "file"))
    var chart: String?
    @OptionGroup var policyOptions: PolicyOptions
    @OptionGroup var receiptOptions: ReceiptOptions
    @OptionGroup var circumstanceOptions: CircumstanceOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        try receiptOptions.check(isAlone: true)
        if let provider = request.provider {
            throw CommandFailure(
                code: "usage.provider", message: "route takes portable requests, so --provider does not fit",
                hint: "To keep to one provider, say --only \(provider).")
        }
        let command = PortableCommand(
            request: request, policyOptions: policyOptions, circumstanceOptions: circumstanceOptions, catalog: catalog,
            output: output, receiptOptions: receiptOptions)
        guard frontier || chart != nil else { return try command.run(choosing: true) }
        try showFrontier(command)
    }

    private func showFrontier(_ command: PortableCommand) throws {
        let snapshot = try catalog.load()
        guard let result = try command.searched(snapshot, try request.document(), all: true) else {
            throw CommandFailure(
                code: "usage.frontier", message: "the frontier is of a request that says what is wanted",
                hint: #"Write it like {"want": {"operation": "text-to-video"}}; "models" in it narrows the choice."#)
        }
        let frontier = Frontier(result, apart: Set(apart), vocabulary: snapshot.vocabulary)
        switch output.format {
        case .json: Terminal.output.line(frontier.json.text(pretty: true))
        case .text: FrontierReport().show(frontier, of: result)
        }
        if let chart {
            let svg = FrontierChart(frontier: frontier, title: result.request.operation.id).svg
            try OutputFile.write(svg, to: chart)
        }
        if frontier.points.isEmpty { throw ExitStatus.no }
    }
}

/// What `quote`, `route`, `run` and `explain` have in common for portable requests.
struct PortableCommand {
    let request: RequestOptions
    let policyOptions: PolicyOptions
    let circumstanceOptions: CircumstanceOptions
    let catalog: CatalogOptions
    let output: OutputOptions
    /// `nil`: no receipt is written.
    var receiptOptions: ReceiptOptions?

    func run(choosing: Bool) throws {
        let snapshot = try catalog.load()
        let document = try request.document()
        if let result = try searched(snapshot, document) {
            switch output.format {
            case .json: Terminal.output.line(result.json.text(pretty: true))
            case .text: SearchReport().show(result)
            }
            guard let best = result.best else { throw ExitStatus.no }
            try receiptOptions?.refuse(wanted: best)
            return
        }
        let route = try route(snapshot, document)
        switch output.format {
        case .json: Terminal.output.line(route.json.text(pretty: true))
        case .text: RouteReport().show(route, choosing: choosing)
        }
        if route.candidates.isEmpty { throw ExitStatus.no }
        let circumstances = try circumstanceOptions.circumstances(snapshot, try .load())
        try receiptOptions?.write { snapshot.receipt(for: route, made: $0, validFor: $1, in: circumstances) }
    }

    /// The ways to do the request.
    ///
    /// - Throws: ``ExitStatus/no``, after showing why, where the request itself is wrong.
    func route(_ snapshot: Snapshot, _ document: Result<JSONValue, JSONError>? = nil) throws -> Route {
        let circumstances = try circumstanceOptions.circumstances(snapshot, try .load())
        let policy = try policyOptions.policy(snapshot)
        switch try reading(snapshot, try document ?? request.document()) {
        case .request(let request): return snapshot.route(request, policy: policy, in: circumstances)
        case .invalid(let diagnostics):
            show(invalid: diagnostics, snapshot)
            throw ExitStatus.no
        }
    }

    /// The ways to make what a request wants; `nil` for a request that names a model.
    ///
    /// - Throws: ``ExitStatus/no``, after showing why, where the request itself is wrong.
    func searched(
        _ snapshot: Snapshot, _ document: Result<JSONValue, JSONError>, all: Bool = false
    ) throws -> SearchResult? {
        guard case .success(let body) = document, Snapshot.isWanted(body) else { return nil }
        let circumstances = try circumstanceOptions.circumstances(snapshot, try .load())
        switch snapshot.wantedRequest(body, policy: try policyOptions.policy(snapshot)) {
        case .request(let request):
            return snapshot.search(all ? request.openingFrontier() : request, all: all, in: circumstances)
        case .invalid(let diagnostics):
            show(invalid: diagnostics, snapshot)
            throw ExitStatus.no
        }
    }

    private func show(invalid diagnostics: [Diagnostic], _ snapshot: Snapshot) {
        switch output.format {
        case .json:
            let answer: JSONValue = [
                "valid": false, "diagnostics": .array(diagnostics.map(\.json)), "candidates": [], "rejected": [],
                "choice": nil, "catalog": .string(snapshot.digest),
            ]
            Terminal.output.line(answer.text(pretty: true))
        case .text:
            Terminal.output.line(Terminal.output.style.red("✗ not a portable request"))
            AnswerReport().show(diagnostics)
        }
    }

    private func reading(
        _ snapshot: Snapshot, _ document: Result<JSONValue, JSONError>
    ) throws -> PortableRequest.Reading {
        switch document {
        case .failure(let error): return .invalid([Diagnostic(error)])
        case .success(let body): return snapshot.portableRequest(naming(body))
        }
    }

    /// `--model` may name the model that the request leaves out.
    private func naming(_ body: JSONValue) -> JSONValue {
        guard let model = request.model, var object = body.object, object["model"] == nil else { return body }
        object["model"] = .string(model)
        return .object(object)
    }
}
