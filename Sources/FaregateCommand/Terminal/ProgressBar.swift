/// One line that shows how far a task is: a bar on a terminal, sparse lines elsewhere.
struct ProgressBar {
    private let terminal: Terminal
    private let isLive: Bool
    private var lastLine = ""

    init(_ terminal: Terminal = .errors) {
        self.terminal = terminal
        isLive = terminal.isTerminal && Environment["TERM"] != "dumb"
    }

    /// Shows a state.
    ///
    /// - Parameters:
    ///   - fraction: 0 to 1, or `nil` where nobody knows.
    ///   - label: What is going on.
    ///   - detail: Behind the bar: time, bytes.
    mutating func show(_ fraction: Double?, _ label: String, detail: String) {
        let width = min(30, max(10, terminal.width - TextLayout.width(label) - TextLayout.width(detail) - 12))
        let filled = Int((min(1, max(0, fraction ?? 0)) * Double(width)).rounded())
        let bar =
            terminal.style.green(String(repeating: "━", count: filled))
            + terminal.style.dim(String(repeating: "━", count: width - filled))
        let percent = fraction.map { "\(Int(($0 * 100).rounded()))%" } ?? ""
        let line = "  \(label) \(bar) \(TextLayout.padded(percent, to: 4, right: true))  \(terminal.style.dim(detail))"
        guard line != lastLine else { return }
        if isLive {
            terminal.write("\r\u{1B}[2K" + line)
        } else if lastLine.isEmpty || fraction == 1 {
            terminal.line(line)
        }
        lastLine = line
    }

    /// Shows a text in place of a bar, on a terminal.
    mutating func show(_ text: String) {
        let line = "  " + text
        guard isLive, line != lastLine else { return }
        terminal.write("\r\u{1B}[2K" + terminal.style.dim(line))
        lastLine = line
    }

    /// Takes the line away, so that other text can stand in its place.
    mutating func clear() {
        if isLive, !lastLine.isEmpty { terminal.write("\r\u{1B}[2K") }
        lastLine = ""
    }

    /// Ends the line, so that other text can follow.
    mutating func finish() {
        if isLive, !lastLine.isEmpty { terminal.write("\n") }
        lastLine = ""
    }
}

extension Duration {
    /// `42 s`, `2 min`, `3 min 05 s`.
    var shown: String {
        let seconds = Int(components.seconds)
        if seconds == 0, components.attoseconds > 0 { return "<1 s" }
        let rest = seconds % 60
        if seconds < 60 { return "\(seconds) s" }
        return "\(seconds / 60) min" + (rest == 0 ? "" : " \(rest < 10 ? "0" : "")\(rest) s")
    }
}

extension Int {
    /// `12 kB`, `3.4 MB`.
    var shownBytes: String {
        switch self {
        case ..<1_000: "\(self) B"
        case ..<1_000_000: "\((self + 500) / 1_000) kB"
        case ..<1_000_000_000: "\(tenths(of: 1_000_000)) MB"
        default: "\(tenths(of: 1_000_000_000)) GB"
        }
    }

    private func tenths(of unit: Int) -> String {
        let tenths = (self * 10 + unit / 2) / unit
        return "\(tenths / 10).\(tenths % 10)"
    }
}
