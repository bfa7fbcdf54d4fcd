import ArgumentParser
import Faregate
import FaregateProviders

/// `faregate catalog lint`: everything that is wrong with a catalog, with file, line and column.
struct CatalogLintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Everything that is wrong with a catalog, its cases and its plugins included.",
        discussion: """
            The plugins are those of FAREGATE_PLUGINS, or those beside the catalog. Exit status 1: something is wrong. \
            Warnings alone leave it 0.
            """)

    @Argument(help: "Folder of the catalog; otherwise found as usual.")
    var folder: String?
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let folder = try catalog.folder(named: folder)
        var problems: [CatalogProblem] = []
        var snapshot: Snapshot?
        do throws(CatalogError) {
            let files = try CatalogFolder.files(of: folder, includingCases: true)
            let loaded = try Snapshot(files: files)
            problems = findings(files, loaded, folder: folder)
            snapshot = loaded
        } catch {
            problems = error.problems
        }
        switch output.format {
        case .json: Terminal.output.line(json(problems, snapshot).text(pretty: true))
        case .text: show(problems, snapshot, folder: folder)
        }
        if problems.contains(where: { $0.severity == .error }) { throw ExitStatus.no }
    }

    /// What is wrong with a catalog that can be loaded.
    private func findings(_ files: [CatalogFile], _ snapshot: Snapshot, folder: String) -> [CatalogProblem] {
        let beside = folder + "/../plugins"
        let plugins = CatalogOptions.pluginFolder(besides: folder) ?? beside
        return CaseSuite.problems(files, snapshot: snapshot) + CatalogLint.problems(files, snapshot: snapshot)
            + PluginLint.problems(
                files, snapshot: snapshot, plugins: plugins,
                named: plugins == beside ? "../plugins" : Executable.absolute(plugins))
    }

    private func show(_ problems: [CatalogProblem], _ snapshot: Snapshot?, folder: String) {
        for problem in problems { Terminal.output.line(problem.line(in: folder)) }
        let style = Terminal.output.style
        let errors = problems.count { $0.severity == .error }
        let warnings = problems.count - errors
        let counts = [(errors, "problem"), (warnings, "warning")].filter { $0.0 > 0 }
            .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
        guard errors == 0, let snapshot else {
            return Terminal.output.line(style.red("✗ \(counts.joined(separator: ", "))"))
        }
        let remark = counts.isEmpty ? "" : "; " + style.yellow(counts.joined(separator: ", "))
        Terminal.output.line("\(style.green("✓")) \(snapshot.summary)\(remark)")
    }

    private func json(_ problems: [CatalogProblem], _ snapshot: Snapshot?) -> JSONValue {
        [
            "valid": .bool(!problems.contains { $0.severity == .error }),
            "problems": .array(
                problems.map { problem in
                    var object = JSONObject([("file", .string(problem.file))])
                    object["line"] = problem.position.map { .integer(Int64($0.line)) }
                    object["column"] = problem.position.map { .integer(Int64($0.column)) }
                    object["severity"] = .string(problem.severity.rawValue)
                    object["code"] = .string(problem.code)
                    object["message"] = .string(problem.message)
                    return .object(object)
                }),
            "catalog": snapshot.map { .string($0.digest) } ?? .null,
        ]
    }
}

extension Snapshot {
    /// `4 providers, 79 offerings, 61 models, 150 constraints, 130 rates; digest 0123456789ab`
    var summary: String {
        let offerings = providers.flatMap(\.offerings)
        return "\(providers.count) providers, \(offerings.count) offerings, \(models.count) models, "
            + "\(offerings.map(\.constraints.count).reduce(0, +)) constraints, "
            + "\(offerings.map(\.prices.count).reduce(0, +)) rates; digest \(digest.prefix(12))"
    }
}
