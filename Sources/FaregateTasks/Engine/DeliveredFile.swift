import FaregateProviders

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A result on its way from the name under which it was fetched to the name that people see.
///
/// The file is linked, not moved: the name is taken in one step, no file is overwritten, and after a crash the two
/// names tell by themselves how far it came.
struct DeliveredFile {
    let staged: String
    let path: String
    let bytes: Int?

    init(_ file: TaskResultFile) {
        (staged, path, bytes) = (file.staged ?? "", file.path ?? "", file.bytes)
    }

    /// Whether it was fetched and is still there, under one name or the other.
    var canGoOn: Bool { Self.identity(staged) != nil || isFinished }

    /// It has its name already, and only the note of it was lost.
    private var isFinished: Bool {
        guard let bytes, let found = Self.identity(path) else { return false }
        return Self.identity(staged).map { $0.inode == found.inode } ?? (found.bytes == bytes)
    }

    /// Gives it its name, or the next free one.
    func finish(in folder: String) throws(DownloadError) -> String {
        if isFinished { return path }
        var target = path
        while link(staged, target) != 0 {
            guard errno == EEXIST else { throw Self.error("cannot create \(target)") }
            target = try Self.freePath(for: staged, in: folder)
        }
        syncFolder(folder)
        return target
    }

    /// The name of a fetched file in the folder that people see, or the next one that is free.
    static func freePath(for staged: String, in folder: String) throws(DownloadError) -> String {
        let name = staged.split(separator: "/").last.map(String.init) ?? "result"
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        for number in 1...1000 {
            let path = folder + "/" + (number == 1 ? name : name[..<dot] + "_\(number)" + name[dot...])
            if !isTaken(path) { return path }
        }
        throw DownloadError(.file, "no free name for \(folder)/\(name)")
    }

    /// Whether a name is in use, also by a link that leads nowhere.
    private static func isTaken(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Where a result lies until it has its name: beside its place, so that linking works.
    static func stagingFolder(of attempt: Attempt.ID, position: Int, in folder: String) -> String {
        "\(folder)/.faregate-\(attempt.task)-\(attempt.number)-\(position)"
    }

    /// Makes a staging folder with nothing in it.
    static func prepare(_ folder: String) throws(DownloadError) {
        remove(folder)
        try makeFolder(folder)
    }

    /// Removes a staging folder and what is in it.
    static func remove(_ folder: String) {
        guard let handle = opendir(folder) else { return }
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { unlink(folder + "/" + name) }
        }
        closedir(handle)
        rmdir(folder)
    }

    private static func identity(_ path: String) -> (inode: UInt64, bytes: Int)? {
        var status = stat()
        guard !path.isEmpty, stat(path, &status) == 0 else { return nil }
        return (UInt64(status.st_ino), Int(status.st_size))
    }

    private static func error(_ what: String) -> DownloadError {
        DownloadError(.file, "\(what): \(String(cString: strerror(errno)))")
    }
}

extension TaskResultFile {
    /// It was not fetched, or what was fetched is gone.
    var mustBeFetched: Bool { state == .pending || state == .staged && !DeliveredFile(self).canGoOn }
}
