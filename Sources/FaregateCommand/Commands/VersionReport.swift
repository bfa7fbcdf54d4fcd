import Faregate

/// The version of this program.
enum Version {
    static let text = "0.1.0"
}

/// What `--version` says: the program, the catalog that is used and its digest.
struct VersionReport {
    let catalog: CatalogOptions

    func print(_ format: OutputOptions.Format) throws {
        guard let folder = try? catalog.folder() else {
            return Terminal.output.line(
                "faregate \(Version.text)\ncatalog  none was found: use --catalog or FAREGATE_CATALOG")
        }
        let snapshot = try catalog.load()
        switch format {
        case .json:
            let report: JSONValue = [
                "version": .string(Version.text), "catalog": .string(folder), "digest": .string(snapshot.digest),
                "plugins": (try? catalog.pluginFolder()).map(JSONValue.string) ?? .null,
            ]
            Terminal.output.line(report.text(pretty: true))
        case .text:
            Terminal.output.line("faregate \(Version.text)")
            Terminal.output.line("catalog  \(folder)")
            Terminal.output.line("digest   \(snapshot.digest)")
            Terminal.output.line("plugins  \((try? catalog.pluginFolder()) ?? "none were found: set FAREGATE_PLUGINS")")
        }
    }
}
