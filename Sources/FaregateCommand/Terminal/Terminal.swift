#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where text goes: standard output or standard error, a terminal or not.
struct Terminal: Sendable {
    let descriptor: Int32

    static let output = Terminal(descriptor: STDOUT_FILENO)
    static let errors = Terminal(descriptor: STDERR_FILENO)

    /// Whether a person is looking.
    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Columns: of the terminal, of `COLUMNS`, or 80.
    var width: Int {
        var size = winsize()
        if isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return Environment["COLUMNS"].flatMap(Int.init).map { max(40, $0) } ?? 80
    }

    /// Colours on a terminal, unless `NO_COLOR` is set (https://no-color.org); `CLICOLOR_FORCE` asks for them anyway.
    var style: Style {
        if let noColor = Environment["NO_COLOR"], !noColor.isEmpty { return Style(isColoured: false) }
        if let force = Environment["CLICOLOR_FORCE"], force != "0" { return Style(isColoured: true) }
        return Style(isColoured: isTerminal && Environment["TERM"] != "dumb")
    }

    func line(_ text: String) { write(text + "\n") }

    /// Writes all of it, now.
    func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                if Interruption.isRunUnderWay { return }
                ExitStatus.cannotAsk.exit()  // nobody is listening
            }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// The variables of the process.
enum Environment {
    static subscript(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

/// Colours and weights, or none.
struct Style: Sendable {
    let isColoured: Bool

    private func wrap(_ text: String, _ code: String) -> String {
        isColoured && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    func bold(_ text: String) -> String { wrap(text, "1") }
    func dim(_ text: String) -> String { wrap(text, "2") }
    func red(_ text: String) -> String { wrap(text, "31") }
    func green(_ text: String) -> String { wrap(text, "32") }
    func yellow(_ text: String) -> String { wrap(text, "33") }
    func blue(_ text: String) -> String { wrap(text, "34") }
}
