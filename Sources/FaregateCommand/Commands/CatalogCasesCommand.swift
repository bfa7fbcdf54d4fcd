import ArgumentParser
import Faregate

/// `faregate catalog cases`: requests beside every bound and every rule, with what must be said of them.
struct CatalogCasesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cases",
        abstract: "Requests just inside and just outside every bound and rule, with the verdict each must get.",
        discussion: """
            JSON Lines in the form that `validate --batch` reads, with `expect` beside: whether the request is valid, \
            and the place, code and rule of the finding. Replay them against a provider's free dry run, or against \
            another release of the catalog.
            """)

    @OptionGroup var choice: OfferingOptions
    @OptionGroup var catalog: CatalogOptions

    func run() throws {
        for (provider, offering) in try choice.offerings(try catalog.load()) {
            for item in BoundaryCases(provider: provider, offering: offering).all() {
                Terminal.output.line(item.json.text())
            }
        }
    }
}
