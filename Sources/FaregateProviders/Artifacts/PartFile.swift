#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is being written as `name.part` and gets its name when it is whole. Dropped before that, it is
/// removed.
///
/// Confined to the function that writes it.
struct PartFile: ~Copyable {
    private let folder: String
    private let partPath: String
    private let descriptor: Int32
    private(set) var byteCount = 0

    /// Creates the part; a left-over of an earlier attempt with the same name is replaced.
    init(named name: String, in folder: String) throws(DownloadError) {
        self.folder = folder
        partPath = folder + "/" + name + ".part"
        // Never through a link that somebody put there.
        unlink(partPath)
        descriptor = open(partPath, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw DownloadError.file("cannot create \(partPath)") }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        unlink(partPath)
    }

    mutating func write(_ bytes: [UInt8]) throws(DownloadError) {
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                #if canImport(Darwin)
                    Darwin.write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
                #elseif canImport(Musl)
                    Musl.write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
                #else
                    Glibc.write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
                #endif
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw DownloadError.file("cannot write \(partPath)") }
            offset += written
        }
        byteCount += bytes.count
    }

    /// Gives the file its name, or the next free one (`a-1.mp4`, `a-1_2.mp4`): nothing is ever overwritten.
    ///
    /// - Returns: The path.
    consuming func finish(as name: String) throws(DownloadError) -> String {
        guard fsync(descriptor) == 0 else { throw DownloadError.file("cannot write \(partPath)") }
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        for attempt in 1...1000 {
            let path = folder + "/" + (attempt == 1 ? name : name[..<dot] + "_\(attempt)" + name[dot...])
            // A hard link fails where the name is taken; a rename would overwrite.
            if link(partPath, path) == 0 { return path }
            guard errno == EEXIST else { throw DownloadError.file("cannot create \(path)") }
        }
        throw DownloadError.file("no free name for \(folder)/\(name)")
    }
}

extension DownloadError {
    /// A failed file operation, with the system's reason.
    fileprivate static func file(_ what: String) -> DownloadError {
        DownloadError(.file, "\(what): \(String(cString: strerror(errno)))")
    }
}

/// Makes a folder and those above it where they do not exist.
package func makeFolder(_ path: String) throws(DownloadError) {
    var partial = path.hasPrefix("/") ? "/" : ""
    for name in path.split(separator: "/") {
        partial += name + "/"
        if mkdir(partial, 0o755) != 0, errno != EEXIST { throw DownloadError.file("cannot make the folder \(partial)") }
    }
}

/// Whether files can be made in a folder.
package func isWritable(_ folder: String) -> Bool { access(folder.isEmpty ? "." : folder, W_OK | X_OK) == 0 }

/// Why files in a folder cannot be given a second name, which is how a result gets its own; `nil` where they can.
package func linkProblem(in folder: String) -> String? {
    let first = "\(folder)/.faregate-probe-\(getpid())"
    let second = first + "-2"
    let descriptor = open(first, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return String(cString: strerror(errno)) }
    close(descriptor)
    defer {
        unlink(first)
        unlink(second)
    }
    return link(first, second) == 0 || errno == EEXIST ? nil : String(cString: strerror(errno))
}

/// Writes the names in a folder to the disk.
package func syncFolder(_ folder: String) {
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
}

/// Reads a whole file. `nil` where it cannot be read or is larger than the limit.
package func readFile(_ path: String, bytesMax: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0, bytes.count + count <= bytesMax else { return nil }
        if count == 0 { return bytes }
        bytes += buffer[..<count]
    }
}
