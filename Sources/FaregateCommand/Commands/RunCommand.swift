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
        let ending = try await AsyncHTTPTransport.with { transport in
            let hosts = ProviderHosts(snapshot, opener, transport: transport, settings: settings)
            try check(order, at: try hosts.host(order.provider.id))
            let alternatives = runOptions.fallback ? alternatives(of: order, hosts) : []
            let report = RunReport(
                snapshot, offers: [order.offer] + alternatives, order: order, format: output.format,
                pace: settings.pace, isSimulated: runOptions.sandbox)
            let store = try runOptions.store()
            let session = TaskSession(
                store, hosts: hosts, pace: settings.pace, transport: transport,
                signer: try opener.configuration.webhookSigner())
            Interruption.endsWaiting()
            return try await report.follow {
                let (id, otherCount) = try await admit(
                    runOptions.order(order, alternatives: alternatives), order, to: session)
                report.begin(id, in: store, runOptions.state, otherCount: otherCount)
                return (report, try await session.follow(id, timeout: runOptions.waitMax, report: report))
            }
        }
        try ending.0.end(ending.1)
    }

    /// Whatever can be wrong before anything is stored or sent.
    private func check(_ order: RunOrder, at host: ProviderHost) throws {
        do throws(PluginError) {
            try host.probe(runOptions.outputFolder)
            _ = try host.prepare(.submit(order.task))
        } catch {
            throw CommandFailure(error, provider: order.provider)
        }
    }

    /// The next best offers that can be sent; what cannot be is said.
    private func alternatives(of order: RunOrder, _ hosts: ProviderHosts) -> [Offer] {
        order.alternatives.filter { offer in
            guard let problem = hosts.problems[offer.provider] else { return true }
            let errors = Terminal.errors
            let text = "--fallback leaves \(offer.provider) out: \(problem.message) [\(problem.code)]"
            for line in TextLayout.hanging("  \(errors.style.yellow("!")) ", text, indent: 4, width: errors.width) {
                errors.line(line)
            }
            return false
        }
    }

    /// Stores the task. The engine does not work yet: what is refused here was not sent, nor was anything else.
    ///
    /// - Returns: Its id, and how many other tasks the engine carries on.
    private func admit(
        _ task: TaskOrder, _ order: RunOrder, to session: TaskSession
    ) async throws -> (id: String, otherCount: Int) {
        do {
            let others = try await session.workableTasks()
            return (try await session.engine.admit(task).taskID, others.count)
        } catch let refusal as BudgetRefusal {
            throw CommandFailure(refusal, options: runOptions.state.repeated)
        } catch let repetition as OrderRepetition {
            throw CommandFailure(repetition, options: runOptions.state.repeated)
        } catch let error as StoreError {
            throw CommandFailure(error, consequence: StateUse.run.consequence)
        } catch let error as PluginError {
            throw CommandFailure(error, provider: order.provider)
        } catch is CancellationError {
            throw CommandFailure(
                code: "run.interrupted", message: "broken off before the task was stored",
                hint: StateUse.run.consequence)
        }
    }
}

extension CommandFailure {
    /// The same request is under way; nothing was sent.
    fileprivate init(_ repetition: OrderRepetition, options: String) {
        let id = repetition.taskID
        let doubt =
            repetition.state == .unresolved
            ? "It needs you: `faregate tasks show \(id)\(options)` tells what for. "
            : "`faregate run --resume \(id)\(options)` takes it up. "
        self.init(
            code: "task.under_way",
            message: "the same request is under way as the task \(id), since \(repetition.createdAt.shown) UTC",
            hint: "Nothing was sent. \(doubt)--again orders another, which is paid for too.")
    }
}

/// One request that was checked and priced, ready to be submitted.
struct RunOrder {
    let provider: Provider
    let offering: Offering
    let body: JSONValue
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

    var task: ProviderTask { ProviderTask(model: offering.id, body: body, medium: offering.medium) }
}
