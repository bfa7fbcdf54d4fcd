#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads a catalog from disk: the one place of the core that touches it.
public enum CatalogFolder {
    /// Bounds on what is read.
    static let fileBytesMax = 8 << 20
    static let fileCountMax = 20_000

    /// Loads the catalog of a folder.
    ///
    /// - Throws: Everything that is wrong with it, unreadable files included.
    public static func load(_ folder: String) throws(CatalogError) -> Snapshot {
        try Snapshot(files: files(of: folder))
    }

    /// Every JSON file below a folder, by path. Hidden files, schemas and (unless asked for) cases are left out.
    public static func files(of folder: String, includingCases: Bool = false) throws(CatalogError) -> [CatalogFile] {
        var paths: [String] = []
        try list(folder, "", into: &paths)
        var files: [CatalogFile] = []
        var problems: [CatalogProblem] = []
        for path in paths.sorted() {
            guard path.hasSuffix(".json") else {
                problems.append(problem(path, "catalog.unexpected_file", "a catalog holds JSON files only"))
                continue
            }
            if path.hasPrefix("schema/") || (!includingCases && path.hasSuffix(".cases.json")) { continue }
            switch bytes(of: folder + "/" + path) {
            case .success(let bytes): files.append(CatalogFile(path: path, bytes: bytes))
            case .failure(let failure): problems.append(problem(path, "catalog.file_unreadable", failure.reason))
            }
        }
        guard problems.isEmpty else { throw CatalogError(problems: problems) }
        return files
    }

    /// Why a file or a folder cannot be read, in the system's words.
    package struct Unreadable: Error { package let reason: String }

    /// The bytes of one file.
    package static func bytes(of path: String) -> Result<[UInt8], Unreadable> {
        guard let file = fopen(path, "rb") else { return .failure(systemError()) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            bytes += chunk[..<count]
            if bytes.count > fileBytesMax { return .failure(Unreadable(reason: "larger than \(fileBytesMax) bytes")) }
            if count < chunk.count {
                return ferror(file) == 0 ? .success(bytes) : .failure(systemError())
            }
        }
    }

    private static func list(_ root: String, _ below: String, into paths: inout [String]) throws(CatalogError) {
        let folder = below.isEmpty ? root : root + "/" + below
        guard let handle = opendir(folder) else {
            throw CatalogError(problems: [problem(below, "catalog.folder_unreadable", systemError().reason)])
        }
        defer { closedir(handle) }
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            let path = below.isEmpty ? name : below + "/" + name
            var info = stat()
            // A link that leads nowhere is told like any file that cannot be read.
            let isFolder = stat(root + "/" + path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
            if isFolder {
                try list(root, path, into: &paths)
            } else {
                paths.append(path)
            }
            if paths.count > fileCountMax {
                throw CatalogError(problems: [problem(below, "catalog.too_large", "more than \(fileCountMax) files")])
            }
        }
    }

    private static func problem(_ file: String, _ code: String, _ message: String) -> CatalogProblem {
        CatalogProblem(file: file, position: nil, code: code, message: message)
    }

    private static func systemError() -> Unreadable { Unreadable(reason: String(cString: strerror(errno))) }
}
