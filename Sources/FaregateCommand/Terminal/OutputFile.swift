#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files that commands write.
enum OutputFile {
    /// Writes a text, and the folders on the way.
    static func write(_ text: String, to path: String) throws {
        for slash in path.indices where path[slash] == "/" && slash != path.startIndex {
            mkdir(String(path[..<slash]), 0o777)
        }
        guard let file = fopen(path, "w") else {
            throw CommandFailure(code: "output.unwritable", message: "\(path) cannot be written")
        }
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count, fflush(file) == 0 else {
            throw CommandFailure(code: "output.unwritable", message: "\(path) cannot be written in full")
        }
    }
}
