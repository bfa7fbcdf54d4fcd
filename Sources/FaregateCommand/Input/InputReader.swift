import Faregate

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads a file or standard input, with a bound on what is kept in memory.
final class InputReader {
    private let descriptor: Int32
    private let name: String
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private var pending: ArraySlice<UInt8> = []
    private var isAtEnd = false

    /// - Parameter path: A file, or `-` (or nothing) for standard input.
    init(_ path: String?) throws {
        guard let path, path != "-" else {
            (descriptor, name) = (STDIN_FILENO, "standard input")
            if isatty(STDIN_FILENO) == 1, path == nil {
                throw CommandFailure(
                    code: "input.missing", message: "no request was given",
                    hint: "Name a FILE, or pipe JSON to standard input and pass -.")
            }
            return
        }
        name = path
        descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else {
            throw CommandFailure(
                code: "input.unreadable", message: "\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        var info = stat()
        if fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFDIR {
            throw CommandFailure(code: "input.unreadable", message: "\(path) is a folder", hint: "Name a JSON file.")
        }
    }

    deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

    private func fill() throws {
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CommandFailure(
                    code: "input.unreadable", message: "\(name) cannot be read: \(String(cString: strerror(errno)))")
            }
            isAtEnd = count == 0
            pending = buffer[..<count]
            return
        }
    }

    /// Everything up to one byte more than the limit: enough for the parser to refuse it.
    func document(bytesMax: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while !isAtEnd, bytes.count <= bytesMax {
            try fill()
            bytes += pending
        }
        return Array(bytes.prefix(bytesMax + 1))
    }

    /// The next line without its end, or `nil` at the end of the input. Of a line that is too long only one byte more
    /// than the limit is kept.
    func line(bytesMax: Int) throws -> [UInt8]? {
        var line: [UInt8] = []
        var isAny = false
        while true {
            if pending.isEmpty {
                if isAtEnd { return isAny ? line : nil }
                try fill()
                if pending.isEmpty { continue }
            }
            isAny = true
            let part = pending.prefix { $0 != UInt8(ascii: "\n") }
            line += part.prefix(max(0, bytesMax + 1 - line.count))
            pending = pending.dropFirst(part.count)
            if pending.first != nil {
                pending = pending.dropFirst()
                return line
            }
        }
    }
}
