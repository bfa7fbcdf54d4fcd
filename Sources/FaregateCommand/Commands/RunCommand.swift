import ArgumentParser
import Faregate
import FaregateProviders
import FaregateSandbox
import FaregateTasks

/// `faregate run`: do it, once.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Do it: check, choose a provider, submit once, wait, and fetch the result.",
        discussion: """
            A portable request is routed first; a native one needs --provider. The request is submitted exactly once, \
            and what was begun survives a crash: --resume takes it up again. If the reply is lost, the outcome is \
            reported as unknown and nothing is sent again.
            """)

    @OptionGroup var request: RequestOptions
    @OptionGroup var policyOptions: PolicyOptions
    @OptionGroup var runOptions: RunOptions
    @OptionGroup var receiptOptions: RunReceiptOptions
    @OptionGroup var circumstanceOptions: CircumstanceOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try runOptions.checkCombination()
        let snapshot = try catalog.load()
        let configuration = try Configuration.load()
        try await runOptions.checkWebhook(configuration)
        let circumstances = try circumstanceOptions.circumstances(snapshot, configuration)
        let opener = ProviderOpener(pluginFolder: try catalog.pluginFolder(), configuration: configuration)
        if let task = runOptions.resume {
            return try await RunResume(
                request: request, options: runOptions, output: output, snapshot: snapshot, opener: opener
            ).run(task)
        }
        let order = try order(snapshot, circumstances)
        try runOptions.check(order.quote)
        if runOptions.dryRun { return try await describe(order, opener) }
        guard runOptions.sandbox else { return try await execute(order, snapshot, opener) }
        var settings = SandboxSettings()
        settings.progress = .time(speed: SandboxSession.pace)
        settings.faults = try runOptions.faults.plan()
        let providers = try SandboxSession.providers(snapshot, opener, settings: settings, circumstances: circumstances)
        try await SandboxSession.with(providers) { _, variables in
            var opener = opener
            opener.overrides = variables
            if output.format == .text {
                let pace = Int(SandboxSession.pace)
                Terminal.output.line("")
                Terminal.output.line(
                    Terminal.output.style.dim(
                        "in the sandbox: simulated providers, \(pace) times faster than life; nothing is spent"))
            }
            try await execute(order, snapshot, opener)
        }
    }

    /// What is to be run, shown to the person who asked.
    private func order(_ snapshot: Snapshot, _ circumstances: Circumstances) throws -> RunOrder {
        if let path = receiptOptions.receipt {
            let receipt = ReceiptOrder(path: path, request: request, policyOptions: policyOptions, output: output)
            return try receipt.order(snapshot, circumstances)
        }
        guard request.provider != nil else {
            let portable = PortableCommand(
                request: request, policyOptions: policyOptions, circumstanceOptions: circumstanceOptions,
                catalog: catalog, output: output)
            let document = try request.document()
            if let result = try portable.searched(snapshot, document) { return try order(result) }
            let route = try portable.route(snapshot, document)
            if output.format == .text { RouteReport().show(route, choosing: true) }
            guard let choice = route.choice else {
                if output.format == .json { Terminal.output.line(route.json.text(pretty: true)) }
                throw ExitStatus.no
            }
            if output.format == .text {
                Terminal.output.line("")
                let verdict = Answer(
                    id: nil, provider: choice.provider.id, model: choice.offering.id,
                    diagnostics: choice.diagnostics.filter { $0.severity != .info }, isValid: true, quote: nil)
                AnswerReport().show(verdict, showsQuote: false)
            }
            return RunOrder(
                provider: choice.provider, offering: choice.offering, body: choice.body, quote: choice.quote,
                diagnostics: choice.diagnostics,
                alternative: route.candidates.dropFirst().first?.provider.id,
                alternatives: route.candidates.dropFirst().map {
                    Offer(
                        provider: $0.provider.id, model: $0.offering.id, medium: $0.offering.medium, body: $0.body,
                        quote: $0.quote)
                })
        }
        let native = NativeCommand(
            request: request, batch: false, circumstanceOptions: circumstanceOptions, catalog: catalog, output: output,
            quoting: true)
        return try native.order(snapshot, circumstances, policyOptions: policyOptions)
    }

    /// The cheapest way to make what is wanted, where nothing is left for the user to say.
    private func order(_ result: SearchResult) throws -> RunOrder {
        if output.format == .text { SearchReport().show(result) }
        guard let best = result.best else {
            if output.format == .json { Terminal.output.line(result.json.text(pretty: true)) }
            throw ExitStatus.no
        }
        guard best.needs.isEmpty else {
            throw CommandFailure(
                code: "run.incomplete",
                message: "nothing was sent: the request lacks \(listed(best.needs.map(\.description), "and"))",
                hint: "State it beside want, by its portable name: `faregate help route`.")
        }
        return RunOrder(
            provider: best.provider, offering: best.offering, body: best.body, quote: best.quote,
            diagnostics: best.diagnostics, alternative: nil)
    }

    private func describe(_ order: RunOrder, _ opener: ProviderOpener) async throws {
        let description = try await AsyncHTTPTransport.with { transport in
            let host = try opener.host(order.provider, transport: transport)
            do throws(PluginError) { return try host.describe(order.task) } catch {
                throw CommandFailure(error, provider: order.provider)
            }
        }
        switch output.format {
        case .json: Terminal.output.line(description.json.text(pretty: true))
        case .text:
            Terminal.output.line("")
            Terminal.output.line(Terminal.output.style.dim("the exact request; nothing was sent"))
            Terminal.output.line(description.description)
        }
    }

    /// Carries out what was decided: everything about routing is over here.
    private func execute(_ order: RunOrder, _ snapshot: Snapshot, _ opener: ProviderOpener) async throws {
        let settings = runOptions.settings
        let report = RunReport(
            order: order, format: output.format, pace: settings.pace, isSimulated: runOptions.sandbox)
        let outcome = try await AsyncHTTPTransport.with { transport in
            let hosts = try TaskSession.hosts(
                snapshot, opener, needed: [order.provider.id], transport: transport, settings: settings)
            try check(order, at: hosts[order.provider.id])
            let store = try runOptions.store()
            Interruption.endsWaiting()
            let signer = try opener.configuration.webhookSigner()
            return try await TaskSession.with(
                store, hosts: hosts, pace: settings.pace, transport: transport, signer: signer
            ) { session in
                try await report.follow { show in
                    let id = try await admit(order, to: session)
                    report.begin(id, in: store)
                    let outcome = try await session.follow(
                        id, typical: order.typical, timeout: runOptions.waitMax, show: show)
                    try await report.note(id, session)
                    return outcome
                }
            }
        }
        try report.end(outcome)
    }

    /// Whatever can be wrong before anything is stored or sent.
    private func check(_ order: RunOrder, at host: ProviderHost?) throws {
        do throws(PluginError) {
            try host?.probe(runOptions.outputFolder)
            _ = try host?.prepare(.submit(order.task))
        } catch {
            throw CommandFailure(error, provider: order.provider)
        }
    }

    private func admit(_ order: RunOrder, to session: TaskSession) async throws -> String {
        do {
            return try await session.engine.admit(runOptions.order(order)).taskID
        } catch let refusal as BudgetRefusal {
            throw CommandFailure(refusal)
        } catch let error as StoreError {
            throw CommandFailure(error)
        } catch let error as PluginError {
            throw CommandFailure(error, provider: order.provider)
        }
    }
}

/// One request that was checked and priced, ready to be submitted.
struct RunOrder {
    let provider: Provider
    let offering: Offering
    let body: JSONValue
    /// `nil` where a task is taken up again.
    let quote: Quote?
    /// Warnings and notes.
    var diagnostics: [Diagnostic] = []
    /// The next best provider.
    let alternative: String?
    /// Other ways to do it, best first.
    var alternatives: [Offer] = []

    /// As a task keeps it.
    var offer: Offer {
        Offer(
            provider: provider.id, model: offering.id, medium: offering.medium, body: body, quote: quote)
    }

    /// How long such tasks usually take.
    var typical: ClosedRange<Duration>? {
        offering.typicalTimes(for: Facts(body: body)).span
            .map { .seconds($0.lowerBound) ... .seconds($0.upperBound) }
    }

    var task: ProviderTask { ProviderTask(model: offering.id, body: body, medium: offering.medium) }
}
