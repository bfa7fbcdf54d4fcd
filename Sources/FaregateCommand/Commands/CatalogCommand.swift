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

/// `faregate catalog lint`: everything that is wrong with a catalog, with file, line and column.
struct CatalogLintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Everything that is wrong with a catalog, its cases included.")

    @Argument(help: "Folder of the catalog; otherwise found as usual.")
    var folder: String?
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let folder = try folder ?? catalog.folder()
        var problems: [CatalogProblem] = []
        var snapshot: Snapshot?
        do throws(CatalogError) {
            let files = try CatalogFolder.files(of: folder, includingCases: true)
            snapshot = try Snapshot(files: files)
            problems =
                snapshot.map { CaseSuite.problems(files, snapshot: $0) + CatalogLint.problems(files, snapshot: $0) }
                ?? []
        } catch {
            problems = error.problems
        }
        switch output.format {
        case .json: Terminal.output.line(json(problems, snapshot).text(pretty: true))
        case .text: show(problems, snapshot, folder: folder)
        }
        if !problems.isEmpty { throw ExitStatus.no }
    }

    private func show(_ problems: [CatalogProblem], _ snapshot: Snapshot?, folder: String) {
        for problem in problems { Terminal.output.line(problem.line(in: folder)) }
        let style = Terminal.output.style
        guard problems.isEmpty, let snapshot else {
            return Terminal.output.line(style.red("✗ \(problems.count) problem\(problems.count == 1 ? "" : "s")"))
        }
        Terminal.output.line("\(style.green("✓")) \(snapshot.summary)")
    }

    private func json(_ problems: [CatalogProblem], _ snapshot: Snapshot?) -> JSONValue {
        [
            "valid": .bool(problems.isEmpty),
            "problems": .array(
                problems.map { problem in
                    var object = JSONObject([("file", .string(problem.file))])
                    object["line"] = problem.position.map { .integer(Int64($0.line)) }
                    object["column"] = problem.position.map { .integer(Int64($0.column)) }
                    object["code"] = .string(problem.code)
                    object["message"] = .string(problem.message)
                    return .object(object)
                }),
            "catalog": snapshot.map { .string($0.digest) } ?? .null,
        ]
    }
}

extension Snapshot {
    /// `4 providers, 79 offerings, 61 models, 150 rules, 130 rates; digest 0123456789ab`
    var summary: String {
        let offerings = providers.flatMap(\.offerings)
        return "\(providers.count) providers, \(offerings.count) offerings, \(models.count) models, "
            + "\(offerings.map(\.constraints.count).reduce(0, +)) constraints, "
            + "\(offerings.map(\.prices.count).reduce(0, +)) rates; digest \(digest.prefix(12))"
    }
}
