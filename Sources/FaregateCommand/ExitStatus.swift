import Faregate

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How the process ends. Thrown to end it there.
enum ExitStatus: Int32, Error {
    case fine = 0
    /// The answer is no: something is invalid, impossible or has failed.
    case no = 1
    /// The question could not be asked: usage, files, configuration.
    case cannotAsk = 2

    func exit() -> Never { Glibc.exit(rawValue) }
}

/// Why a command cannot do its work. Ends the process with status 2, or 1 where the answer is no.
struct CommandFailure: Error {
    /// Stable, such as `input.unreadable`.
    let code: String
    let message: String
    /// What to do next.
    var hint: String?
    var status = ExitStatus.cannotAsk

    /// One clear message on standard error.
    func report() {
        let arguments = CommandLine.arguments
        if arguments.contains("--format=json")
            || zip(arguments, arguments.dropFirst()).contains(where: { $0 == ("--format", "json") })
        {
            var error = JSONObject([("code", .string(code)), ("message", .string(message))])
            error["hint"] = hint.map(JSONValue.string)
            return Terminal.errors.line(JSONValue.object(JSONObject([("error", .object(error))])).text())
        }
        let style = Terminal.errors.style
        let lines = TextLayout.hanging("error:", "\(message) [\(code)]", indent: 7, width: Terminal.errors.width)
        for (index, line) in lines.enumerated() {
            Terminal.errors.line(index == 0 ? style.red("error:") + line.dropFirst(6) : line)
        }
        for line in TextLayout.hanging("", hint ?? "", indent: 7, width: Terminal.errors.width) where hint != nil {
            Terminal.errors.line(line)
        }
    }
}
