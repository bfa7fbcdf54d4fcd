import ArgumentParser
import Faregate

/// `faregate catalog summary`: what a catalog holds and how well it is known.
struct CatalogSummaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary", abstract: "What a catalog holds and how well it is known, in figures.")

    @Argument(help: "Folder of the catalog; otherwise found as usual.")
    var folder: String?
    @Flag(name: .long, help: "Markdown, as the README has it.")
    var markdown = false
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        if markdown, output.format == .json {
            throw CommandFailure(code: "usage.format", message: "--markdown and --format json do not go together")
        }
        let folder = try catalog.folder(named: folder)
        let edition: CatalogEdition
        do throws(CatalogError) {
            edition = try CatalogEdition(files: try CatalogFolder.files(of: folder, includingCases: true))
        } catch {
            for problem in error.problems.prefix(20) { Terminal.errors.line(problem.line(in: folder)) }
            throw CommandFailure(
                code: "catalog.invalid", message: "\(folder) is no valid catalog",
                hint: "`faregate catalog lint \(folder)` shows everything that is wrong with it.")
        }
        let report = SummaryReport(summary: CatalogSummary(edition))
        if markdown {
            for line in report.markdown { Terminal.output.line(line) }
        } else if output.format == .json {
            Terminal.output.line(report.summary.json.text(pretty: true))
        } else {
            for line in report.table.lines(width: Terminal.output.width, style: Terminal.output.style) {
                Terminal.output.line(line)
            }
            Terminal.output.line("")
            for line in TextLayout.wrapped(report.sentence, to: Terminal.output.width) { Terminal.output.line(line) }
        }
    }
}

/// The figures of a catalog for people.
struct SummaryReport {
    let summary: CatalogSummary

    private static let titles = ["provider", "offerings", "priced", "constraints", "rates", "cases", "oldest check"]

    private var rows: [[String]] {
        (summary.providers.map { ($0.name, $0.figures) } + [("all", summary.total)]).map { name, figures in
            [
                name, "\(figures.offeringCount)",
                "\(figures.pricedCount) (\(percent(figures.pricedCount, of: figures.offeringCount)))",
                "\(figures.constraintCount)", "\(figures.rateCount)", "\(figures.caseCount)",
                figures.oldestCheck?.description ?? "",
            ]
        }
    }

    var table: Table {
        var table = Table(Self.titles.enumerated().map { Table.Column(title: $1, isRight: $0 > 0) })
        for row in rows { table.add(row.map { Table.Cell(text: $0) }) }
        return table
    }

    var sentence: String {
        let total = summary.total
        let facts = total.constraintCount + total.rateCount
        return "\(summary.modelCount) models. Priced is an offering whose simplest valid case has a price; the others "
            + "answer unknown, with a reason. \(total.knownRateCount) of \(total.rateCount) rates are numbers. "
            + "\(percent(total.sourcedCount, of: facts)) of constraints and rates name a page by its address."
    }

    var markdown: [String] {
        let alignments = Self.titles.indices.map { $0 == 0 ? "---" : "---:" }
        let table = [Self.titles, alignments] + rows
        return table.map { "| \($0.joined(separator: " | ")) |" } + [""] + TextLayout.wrapped(sentence, to: 120)
    }

    /// Whole percents, rounded down: `100%` is all of them.
    private func percent(_ count: Int, of all: Int) -> String { all == 0 ? "–" : "\(count * 100 / all)%" }
}
