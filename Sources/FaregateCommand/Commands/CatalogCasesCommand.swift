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
            another release of the catalog. Where the other rules let no request through that a case needs, the case is \
            left out; how many, and why, stands on standard error.
            """)

    @Flag(name: .customLong("left-out"), help: "The cases that were left out instead, each with the reason.")
    var showsLeftOut = false
    @OptionGroup var choice: OfferingOptions
    @OptionGroup var catalog: CatalogOptions

    func run() throws {
        var leftOut: [LeftOutCase] = []
        for (provider, offering) in try choice.offerings(try catalog.load()) {
            let (cases, missing) = BoundaryCases(provider: provider, offering: offering).all()
            for line in showsLeftOut ? missing.map(\.json) : cases.map(\.json) { Terminal.output.line(line.text()) }
            leftOut += missing
        }
        if !showsLeftOut { summarise(leftOut) }
    }

    /// How many cases were left out, by reason.
    private func summarise(_ leftOut: [LeftOutCase]) {
        for reason in LeftOutCase.Reason.allCases {
            let some = leftOut.filter { $0.reason == reason }
            guard !some.isEmpty else { continue }
            let count = some.map(\.count).reduce(0, +)
            let text = "\(count) case\(count == 1 ? "" : "s") left out: \(reason.sentence) (--left-out lists them)"
            for line in TextLayout.wrapped(text, to: Terminal.errors.width) { Terminal.errors.line(line) }
        }
    }
}
