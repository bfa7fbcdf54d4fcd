import ArgumentParser
import Faregate
import FaregateProviders
import FaregateSandbox

/// `faregate run`: do it, once.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Do it: check, choose a provider, submit once, wait, and fetch the result.",
        discussion: """
            A portable request is routed first; a native one needs --provider. The request is submitted exactly once. \
            If the reply is lost, the outcome is reported as unknown and nothing is sent again.
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
        let circumstances = try circumstanceOptions.circumstances(snapshot, configuration)
        let opener = ProviderOpener(pluginFolder: try catalog.pluginFolder(), configuration: configuration)
        if let task = runOptions.resume {
            return try await resume(task, snapshot, opener)
        }
        let order = try order(snapshot, circumstances)
        try runOptions.check(order.quote)
        if runOptions.dryRun { return try await describe(order, opener) }
        guard runOptions.sandbox else { return try await execute(order, opener) }
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
            try await execute(order, opener)
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
            let route = try portable.route(snapshot)
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
                alternative: route.candidates.dropFirst().first?.provider.id)
        }
        let native = NativeCommand(
            request: request, batch: false, circumstanceOptions: circumstanceOptions, catalog: catalog, output: output,
            quoting: true)
        return try native.order(snapshot, circumstances, policyOptions: policyOptions)
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

    private func execute(_ order: RunOrder, _ opener: ProviderOpener) async throws {
        try await follow(order, opener) { host, show throws(PluginError) in
            try await host.run(order.task, into: runOptions.outputFolder, events: show)
        }
    }

    private func resume(_ task: String, _ snapshot: Snapshot, _ opener: ProviderOpener) async throws {
        guard
            let provider = request.provider.flatMap(snapshot.provider),
            let offering = request.model.flatMap(provider.offering)
        else {
            throw CommandFailure(
                code: "usage.resume", message: "--resume needs the --provider and the --model of the task",
                hint: "Both were shown when the task was accepted.")
        }
        let order = RunOrder(
            provider: provider, offering: offering, body: .object(JSONObject()), quote: nil, alternative: nil)
        let handle = TaskHandle(id: task, model: offering.id, medium: offering.medium)
        try await follow(order, opener) { host, show throws(PluginError) in
            try await host.resume(handle, into: runOptions.outputFolder, events: show)
        }
    }

    /// Shows a run while it happens, and how it ended. Ctrl-C ends the waiting, and what is known is told.
    private func follow(
        _ order: RunOrder, _ opener: ProviderOpener,
        _ work: (ProviderHost, @Sendable @escaping (RunEvent) -> Void) async throws(PluginError) -> RunOutcome
    ) async throws {
        let settings = runOptions.settings
        let report = RunReport(
            order: order, format: output.format, pace: settings.pace, isSimulated: runOptions.sandbox)
        let outcome = try await AsyncHTTPTransport.with { transport in
            let host = try opener.host(order.provider, transport: transport, settings: settings)
            Interruption.endsWaiting()
            return try await report.follow { show in
                do throws(PluginError) { return try await work(host, show) } catch {
                    throw CommandFailure(error, provider: order.provider)
                }
            }
        }
        try report.end(outcome)
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

    var task: ProviderTask { ProviderTask(model: offering.id, body: body, medium: offering.medium) }
}

/// How to run.
struct RunOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("Where results go; no file is overwritten.", valueName: "folder"))
    var outputFolder = "."

    @Flag(name: .long, help: "Show the exact HTTP request, with the key masked, and send nothing.")
    var dryRun = false

    @Flag(name: .long, help: "Run against simulated providers in this process; nothing is spent.")
    var sandbox = false

    @OptionGroup var faults: FaultOptions

    @Flag(name: .long, help: "Run although nobody knows what it will cost.")
    var acceptUnknownPrice = false

    @Option(name: .long, help: ArgumentHelp("Take up a task that was accepted before.", valueName: "task-id"))
    var resume: String?

    @Option(name: .long, help: ArgumentHelp("How long to wait; the task goes on without us.", valueName: "seconds"))
    var timeout: Int?

    var settings: HostSettings {
        var settings = HostSettings()
        settings.timeout = timeout.map { .seconds($0) }
        if sandbox { settings.pace = SandboxSession.pace }
        return settings
    }

    /// Refuses options that do not go together.
    func checkCombination() throws {
        if !sandbox, !faults.fault.isEmpty || faults.faultRate != nil {
            throw CommandFailure(
                code: "usage.fault", message: "--fault is for simulated providers", hint: "Add --sandbox.")
        }
        if resume != nil, sandbox || dryRun {
            throw CommandFailure(
                code: "usage.resume", message: "--resume asks a real provider; --sandbox and --dry-run do not fit")
        }
    }

    /// Refuses to spend what nobody can tell.
    func check(_ quote: Quote?) throws {
        guard !dryRun, !sandbox, !acceptUnknownPrice, let quote, quote.total?.maximum == nil else { return }
        throw CommandFailure(
            code: "run.price_unknown",
            message: "what this may cost is not known: \(quote.shownTotal)\(quote.note.map { " — \($0)" } ?? "")",
            hint: "Say --accept-unknown-price to run it all the same, or --only another provider.")
    }
}
