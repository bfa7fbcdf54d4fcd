import ArgumentParser
import Faregate

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Which catalog to use, and where it was found.
struct CatalogOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "Folder of the catalog. Otherwise FAREGATE_CATALOG, beside the executable, or its share folder.")
    var catalog: String?

    /// The folder of the catalog.
    func folder() throws -> String {
        if let catalog { return catalog }
        if let named = Environment["FAREGATE_CATALOG"], !named.isEmpty { return named }
        if let found = Self.beside("catalog", holding: "units.json") { return found }
        throw CommandFailure(
            code: "catalog.not_found", message: "no catalog was found beside the executable or in its share folder",
            hint: "Say where it is with --catalog or FAREGATE_CATALOG.")
    }

    /// The folder that a command names as its argument, else the one of the catalog.
    func folder(named argument: String?) throws -> String {
        guard let argument else { return try folder() }
        if let catalog, catalog != argument {
            throw CommandFailure(
                code: "usage.catalog",
                message: "both \(argument) and --catalog \(catalog) are asked for; name one of them")
        }
        return argument
    }

    /// The folder of the plugins: beside the catalog.
    func pluginFolder() throws -> String {
        if let found = Self.pluginFolder(besides: try folder()) { return found }
        throw CommandFailure(
            code: "plugins.not_found", message: "no plugins were found beside the catalog or the executable",
            hint: "Say where they are with FAREGATE_PLUGINS.")
    }

    /// The folder of the plugins that go with a catalog.
    static func pluginFolder(besides catalog: String) -> String? {
        if let named = Environment["FAREGATE_PLUGINS"], !named.isEmpty { return named }
        let beside = catalog + "/../plugins"
        return access(beside, R_OK) == 0 ? beside : self.beside("plugins", holding: nil)
    }

    /// Loads it; everything that is wrong with it is reported.
    func load() throws -> Snapshot {
        let folder = try folder()
        do throws(CatalogError) {
            return try CatalogFolder.load(folder)
        } catch {
            let count = error.problems.count
            for problem in error.problems.prefix(20) { Terminal.errors.line(problem.line(in: folder)) }
            throw CommandFailure(
                code: "catalog.invalid",
                message: "the catalog \(folder) has \(count) problem\(count == 1 ? "" : "s"); nothing of it is used",
                hint: count > 20 ? "The first 20 are above; `faregate catalog lint` shows them all." : nil)
        }
    }

    /// A folder beside the executable, beside one of the folders it stands in, or in `../share/faregate`.
    static func beside(_ name: String, holding file: String?) -> String? {
        var folder = Executable.folder
        var candidates: [String] = []
        for _ in 0..<5 {
            candidates.append(folder + "/" + name)
            candidates.append(folder + "/share/faregate/" + name)
            guard let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else { break }
            folder = String(folder[..<slash])
        }
        return candidates.first { access($0 + (file.map { "/" + $0 } ?? ""), R_OK) == 0 }
    }
}

/// Where this program is.
enum Executable {
    /// A path that does not depend on the working folder.
    static func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    static var folder: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let path =
            count > 0
            ? String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : CommandLine.arguments[0]
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}

extension CatalogProblem {
    /// The problem behind the path of its file.
    func line(in folder: String) -> String {
        if file.hasPrefix("/") { return description }
        return file.isEmpty ? "\(folder)\(description)" : "\(folder)/\(description)"
    }
}
