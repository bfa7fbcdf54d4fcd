import ArgumentParser
import Faregate

/// `faregate`: which provider would do this, at what price, and do it once.
struct FaregateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faregate",
        abstract: "Checks, prices, routes and runs requests to AI media providers.",
        discussion: """
            Requests are JSON: native ones (a provider's own words, with --provider and --model) or portable ones \
            ({"model": "google/veo-3.1-fast", "prompt": "…"}). FILE may be - for standard input.

            Exit status: 0 fine, 1 the answer is no (invalid, no way, failed), 2 it could not be asked.
            """,
        subcommands: [
            ModelsCommand.self, ValidateCommand.self, QuoteCommand.self, RouteCommand.self, RunCommand.self,
            TasksCommand.self, BudgetCommand.self, LedgerCommand.self, PlanCommand.self, ExplainCommand.self,
            ReceiptCommand.self, CreditsCommand.self, SandboxCommand.self, CatalogCommand.self,
        ])

    @Flag(name: .customLong("version"), help: "Show the version, the catalog that is used and its digest.")
    var showsVersion = false

    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        guard showsVersion else { throw CleanExit.helpRequest(self) }
        try VersionReport(catalog: catalog).print(output.format)
    }
}

@main
enum Main {
    static func main() async {
        do {
            let task = Task { try await run() }  // ends before this function does
            Interruption.register(task)
            try await task.value
        } catch let failure as CommandFailure {
            failure.report()
            failure.status.exit()
        } catch let status as ExitStatus {
            status.exit()
        } catch {
            let isHelp = FaregateCommand.exitCode(for: error).isSuccess
            let message = FaregateCommand.fullMessage(for: error)
            isHelp ? Terminal.output.line(message) : Terminal.errors.line(message)
            (isHelp ? ExitStatus.fine : ExitStatus.cannotAsk).exit()
        }
    }

    private static func run() async throws {
        var command = try FaregateCommand.parseAsRoot()
        if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            try command.run()
        }
    }
}
