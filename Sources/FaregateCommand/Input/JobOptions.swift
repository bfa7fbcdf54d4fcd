import ArgumentParser
import Faregate

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How much is wanted, by when and for how much.
struct JobOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("So many seconds of footage.", valueName: "number"))
    var seconds: Int?
    @Option(name: .long, help: ArgumentHelp("So many clips, images or songs.", valueName: "number"))
    var count: Int?
    @Option(name: .customLong("max"), help: ArgumentHelp("The most that all of it may cost.", valueName: "dollars"))
    var maximum: String?
    @Option(name: .long, help: ArgumentHelp("When it must be done, by the local clock.", valueName: "hh:mm"))
    var by: String?
    @Option(name: .long, help: ArgumentHelp("How long it may take, such as 2h30m.", valueName: "time"))
    var within: String?

    func job() throws -> Job {
        guard (seconds == nil) != (count == nil), let amount = seconds ?? count else {
            throw CommandFailure(
                code: "usage.job", message: "say how much is wanted: --seconds or --count, one of them",
                hint: "For example --seconds 90 for footage, --count 500 for images.")
        }
        guard (1...Job.amountMax).contains(amount) else {
            throw CommandFailure(
                code: "usage.job", message: "a job is 1 to \(Job.amountMax) \(seconds == nil ? "results" : "seconds")",
                hint: "Plan a larger one in parts.")
        }
        return Job(
            seconds == nil ? .items : .seconds, amount, deadlineSeconds: try deadline(),
            maximumUSD: try maximum.map { try CreditsCommand.dollars($0, "--max") })
    }

    private func deadline() throws -> Int? {
        if let within, by == nil {
            guard let seconds = Self.seconds(within) else {
                throw CommandFailure(
                    code: "usage.deadline", message: "\"\(within)\" is no time",
                    hint: "Write it like 2h30m, 45m or 90s.")
            }
            return seconds
        }
        guard let by else { return nil }
        guard within == nil, let (hour, minute) = Self.clock(by) else {
            throw CommandFailure(
                code: "usage.deadline",
                message: within == nil ? "\"\(by)\" is no time of day" : "--by and --within do not go together",
                hint: "Write --by like 18:00.")
        }
        return Self.secondsUntil(hour, minute)
    }

    /// The seconds of `1h30m`, `45m`, `90s`, `2h`; `nil` for anything else and for nothing.
    static func seconds(_ text: String) -> Int? {
        var (rest, sum) = (Substring(text), 0)
        for (unit, seconds) in [("h", 3600), ("m", 60), ("s", 1)] {
            guard let end = rest.firstIndex(of: Character(unit)) else { continue }
            guard let number = Int(rest[..<end]), (0...100_000).contains(number) else { return nil }
            sum += number * seconds
            rest = rest[rest.index(after: end)...]
        }
        return rest.isEmpty && sum > 0 ? sum : nil
    }

    private static func clock(_ text: String) -> (Int, Int)? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let hour = parts[0], let minute = parts[1] else { return nil }
        return (0...23).contains(hour) && (0...59).contains(minute) ? (hour, minute) : nil
    }

    /// Seconds until the local clock shows a time again.
    private static func secondsUntil(_ hour: Int, _ minute: Int) -> Int {
        var now = time(nil)
        var local = tm()
        localtime_r(&now, &local)
        (local.tm_hour, local.tm_min, local.tm_sec, local.tm_isdst) = (Int32(hour), Int32(minute), 0, -1)
        let today = mktime(&local)
        if today > now { return today - now }
        local.tm_mday += 1
        return mktime(&local) - now
    }
}
