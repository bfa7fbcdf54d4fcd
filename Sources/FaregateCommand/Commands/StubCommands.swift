import ArgumentParser
struct QuoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "quote", abstract: "What will it cost?")
    @OptionGroup var request: RequestOptions
    @Flag(name: .long, help: "JSON Lines in, JSON Lines out.")
    var batch = false
    @OptionGroup var circumstanceOptions: CircumstanceOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions
    func run() throws {
        try NativeCommand(
            request: request, batch: batch, circumstanceOptions: circumstanceOptions, catalog: catalog, output: output,
            quoting: true
        ).run()
    }
}
struct ModelsCommand: ParsableCommand { static let configuration = CommandConfiguration(commandName: "models") }
struct RouteCommand: ParsableCommand { static let configuration = CommandConfiguration(commandName: "route") }
struct VersionReport { let catalog: CatalogOptions; func print(_ f: OutputOptions.Format) throws {} }
