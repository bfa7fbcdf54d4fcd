import ArgumentParser
import Faregate

/// `faregate catalog`: looks after catalogs.
struct CatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "Looks after a catalog.",
        subcommands: [
            CatalogLintCommand.self, CatalogCoverageCommand.self, CatalogCasesCommand.self, CatalogExportCommand.self,
            CatalogDiffCommand.self, CatalogSummaryCommand.self,
        ])
}
