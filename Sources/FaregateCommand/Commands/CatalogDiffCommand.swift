import ArgumentParser
import Faregate

/// `faregate catalog diff`: what another catalog says otherwise, and what that does to requests.
struct CatalogDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "The difference in meaning between two catalogs.",
        discussion: """
            Prices up or down, rules tightened or loosened (each with a request that changed its verdict), parameters, \
            values and defaults. What only changes words is counted apart. The exit status is 0 where both catalogs \
            mean the same, 1 where they differ, 2 where they could not be compared.
            """)

    @Argument(help: "Folder of the older catalog.")
    var before: String
    @Argument(help: "Folder of the newer catalog.")
    var after: String
    @Option(
        name: .long,
        help: ArgumentHelp(
            "JSON Lines as for validate --batch: which of these requests the change concerns, and what they cost.",
            valueName: "file"))
    var usage: String?
    @Flag(name: .long, help: "Markdown, for a pull request.")
    var markdown = false
    @OptionGroup var circumstanceOptions: CircumstanceOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        if markdown, output.format == .json {
            throw CommandFailure(code: "usage.format", message: "--markdown and --format json do not go together")
        }
        let (old, new) = (try edition(before), try edition(after))
        let circumstances = try circumstanceOptions.circumstances(new.snapshot, try .load())
        let difference = CatalogDifference(from: old, to: new, date: circumstances.date)
        let impact = try usage.map { try measure($0, old.snapshot, new.snapshot, circumstances) }
        if markdown {
            Terminal.output.line(DifferenceMarkdown(difference: difference, impact: impact).text)
        } else if output.format == .json {
            var json = difference.json.object ?? JSONObject()
            json["usage"] = impact?.json
            Terminal.output.line(JSONValue.object(json).text(pretty: true))
        } else {
            DifferenceReport(terminal: .output).show(difference, impact)
        }
        if !difference.changes.isEmpty { throw ExitStatus.no }
    }

    private func edition(_ folder: String) throws -> CatalogEdition {
        do throws(CatalogError) {
            return try CatalogEdition(files: try CatalogFolder.files(of: folder, includingCases: true))
        } catch {
            for problem in error.problems.prefix(20) { Terminal.errors.line(problem.line(in: folder)) }
            throw CommandFailure(
                code: "catalog.invalid", message: "\(folder) cannot be compared: it is no valid catalog",
                hint: "`faregate catalog lint \(folder)` shows everything that is wrong with it.")
        }
    }

    private func measure(
        _ file: String, _ old: Snapshot, _ new: Snapshot, _ circumstances: Circumstances
    ) throws -> UsageImpact {
        var impact = UsageImpact(from: old, to: new, in: circumstances)
        let limits = JSONValue.Limits.standard
        let reader = try InputReader(file)
        var number = 0
        while let line = try reader.line(bytesMax: limits.bytesMax) {
            number += 1
            if line.allSatisfy({ [9, 13, 32].contains($0) }) { continue }
            let document = try? JSONValue(parsing: line, limits: limits)
            if let document, let provider = document["provider"]?.string, let body = document["body"] {
                let request = NativeRequest(
                    id: document["id"], provider: provider, model: document["model"]?.string, body: body)
                impact.add(request, line: number)
            } else {
                impact.addUnreadable(line: number)
            }
        }
        return impact
    }
}
