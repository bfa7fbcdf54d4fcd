import ArgumentParser
import Faregate
import FaregateProviders

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
    @OptionGroup var circumstanceOptions: CircumstanceOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let snapshot = try catalog.load()
        let configuration = try Configuration.load()
        let circumstances = try circumstanceOptions.circumstances(snapshot, configuration)
        var opener = ProviderOpener(pluginFolder: try catalog.pluginFolder(), configuration: configuration)
        if let task = runOptions.resume {
            return try await resume(task, snapshot, opener)
        }
        let order = try order(snapshot, circumstances)
        try runOptions.check(order.quote)
        if runOptions.dryRun { return try await describe(order, opener) }
        guard runOptions.sandbox else { return try await execute(order, opener) }
        try await SandboxSession.with(snapshot, opener: opener) { overrides in
            opener.overrides = overrides
            if output.format == .text {
                Terminal.output.line(
                    Terminal.output.style.dim("simulated providers at \(overrides.count); nothing is spent\n"))
            }
            try await execute(order, opener)
        }
    }

    /// What is to be run, shown to the person who asked.
    private func order(_ snapshot: Snapshot, _ circumstances: Circumstances) throws -> RunOrder {
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
            return RunOrder(
                provider: choice.provider, offering: choice.offering, body: choice.body, quote: choice.quote,
                alternative: route.candidates.dropFirst().first?.provider.id)
        }
        let native = NativeCommand(
            request: request, batch: false, circumstanceOptions: circumstanceOptions, catalog: catalog, output: output,
            quoting: true)
        return try native.order(snapshot, circumstances).0
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
        var report = RunReport(order: order, format: output.format)
        report.begin()
        let outcome = try await AsyncHTTPTransport.with { transport in
            let host = try opener.host(order.provider, transport: transport, settings: runOptions.settings)
            do throws(PluginError) {
                return try await host.run(order.task, into: runOptions.outputFolder) { report.show($0) }
            } catch {
                throw CommandFailure(error, provider: order.provider)
            }
        }
        try report.end(outcome)
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
        var report = RunReport(order: order, format: output.format)
        let handle = TaskHandle(id: task, model: offering.id, medium: offering.medium)
        let outcome = try await AsyncHTTPTransport.with { transport in
            let host = try opener.host(provider, transport: transport, settings: runOptions.settings)
            do throws(PluginError) {
                return try await host.resume(handle, into: runOptions.outputFolder) { report.show($0) }
            } catch {
                throw CommandFailure(error, provider: provider)
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

    /// Refuses to spend what nobody can tell.
    func check(_ quote: Quote?) throws {
        guard !dryRun, !sandbox, !acceptUnknownPrice, let quote, quote.total?.maximum == nil else { return }
        throw CommandFailure(
            code: "run.price_unknown",
            message: "what this may cost is not known: \(quote.shownTotal)\(quote.note.map { " — \($0)" } ?? "")",
            hint: "Say --accept-unknown-price to run it all the same, or --only another provider.")
    }
}
