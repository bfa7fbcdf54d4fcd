import ArgumentParser
import Faregate
import FaregateProviders
import FaregateSandbox

/// `faregate sandbox`: the providers of the catalog, simulated on loopback.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Serve simulated providers on loopback: same answers, same refusals, no money.",
        discussion: """
            Every provider of the catalog answers below its own path as its manifest says, checks requests with the \
            catalog, makes small real files and misbehaves as asked. GET /<provider>/_sandbox/ledger tells what it has \
            seen and sold. Ends with Ctrl-C.
            """)

    @Option(name: .long, help: "The port on 127.0.0.1; 0 takes any free one.")
    var port = 8402

    @Option(
        name: .long,
        help: ArgumentHelp("Only this provider; may be repeated.", valueName: "provider"))
    var only: [String] = []

    @Option(name: .long, help: ArgumentHelp("How much faster than life tasks end.", valueName: "factor"))
    var speed = 30.0

    @Option(name: .long, help: ArgumentHelp("What each account holds, in the provider's unit.", valueName: "amount"))
    var balance = "100000"

    @OptionGroup var faults: FaultOptions
    @OptionGroup var circumstanceOptions: CircumstanceOptions
    @OptionGroup var catalog: CatalogOptions

    func run() async throws {
        let snapshot = try catalog.load()
        let configuration = try Configuration.load()
        let circumstances = try circumstanceOptions.circumstances(snapshot, configuration)
        let opener = ProviderOpener(pluginFolder: try catalog.pluginFolder(), configuration: configuration)
        for name in only where snapshot.provider(name) == nil {
            throw CommandFailure(
                code: "provider.unknown", message: "no provider is called \"\(name)\"",
                hint: "Known are \(listed(snapshot.providers.map(\.id), "and")).")
        }
        var settings = SandboxSettings()
        guard speed > 0, let amount = ExactDecimal(balance) else {
            throw CommandFailure(
                code: "usage.sandbox", message: "--speed is above zero and --balance a decimal number")
        }
        settings.progress = .time(speed: speed)
        settings.balance = amount
        // Who keeps a state folder knows the tasks of earlier starts. Digits fit into ids of any shape, UUIDs too.
        settings.taskMark = String(Int.random(in: 10_000_000...99_999_999))
        settings.faults = try faults.plan()
        let providers = try SandboxSession.providers(
            snapshot, opener, only: only, settings: settings, circumstances: circumstances)
        do {
            try await SandboxServer(providers).run(port: port) { port in announce(providers, port: port) }
        } catch {
            throw CommandFailure(
                code: "sandbox.port", message: "port \(port) cannot be had: \(error)",
                hint: "Name another with --port, or 0 for any.")
        }
    }

    private func announce(_ providers: [SimulatedProvider], port: Int) {
        Terminal.output.line("# simulated providers; nothing is spent. In another shell:")
        if speed > 1 {
            Terminal.output.line("export FAREGATE_PACE=\(speed == speed.rounded() ? "\(Int(speed))" : "\(speed)")")
        }
        for provider in providers {
            let prefix = ProviderAccess.variablePrefix(for: provider.id)
            Terminal.output.line(
                "export \(prefix)_BASE_URL=\(SandboxServer.baseAddress(of: provider.id, port: port)) \(prefix)_API_KEY=sandbox"
            )
        }
    }
}

/// What simulated providers do wrong.
struct FaultOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "A fault, such as reply-lost-after-accept, poll:html or submit:slow*2; may be repeated.", valueName: "fault"
        ))
    var fault: [String] = []

    @Option(name: .long, help: ArgumentHelp("The part of all exchanges that goes wrong at random.", valueName: "0…1"))
    var faultRate: Double?

    @Option(name: .long, help: "For random faults that can be repeated.")
    var seed: UInt64 = 1

    /// The faults to inject.
    func plan() throws -> FaultPlan {
        let settings = try fault.map { text in
            guard let setting = FaultSetting(parsing: text) else {
                let known = Fault.allCases.map(\.rawValue)
                let word = String(text.split(separator: ":").last?.split(separator: "*").first ?? "")
                throw CommandFailure(
                    code: "usage.fault", message: "\"\(text)\" is no fault",
                    hint: CommandFailure.hint(word, among: known))
            }
            return setting
        }
        guard let faultRate else { return FaultPlan(settings) }
        guard (0...1).contains(faultRate) else {
            throw CommandFailure(code: "usage.fault", message: "--fault-rate is between 0 and 1")
        }
        return FaultPlan(rate: faultRate, among: settings, seed: seed)
    }
}
