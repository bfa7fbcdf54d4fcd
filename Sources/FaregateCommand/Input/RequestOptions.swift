import ArgumentParser
import Faregate

/// The request that a command is about.
struct RequestOptions: ParsableArguments {
    @Argument(help: "A JSON file, - for standard input, or the request itself: '{…}'.")
    var file: String?

    @Option(name: .shortAndLong, help: "The provider that the request is written for.")
    var provider: String?

    @Option(name: .shortAndLong, help: "The provider's own model id; may be left out where the request names it.")
    var model: String?

    /// The file, for messages; `nil` for a request on the command line or standard input.
    var fileName: String? { file.flatMap { $0 == "-" || $0.hasPrefix("{") ? nil : $0 } }

    /// The one request of the file.
    func document() throws -> Result<JSONValue, JSONError> { try Self.document(file) }

    /// The one request of a file, of standard input (`-` or nothing), or that stands there itself.
    static func document(_ file: String?) throws -> Result<JSONValue, JSONError> {
        let limits = JSONValue.Limits.standard
        let isInline = file?.drop(while: \.isWhitespace).hasPrefix("{") ?? false
        let bytes =
            isInline ? Array((file ?? "").utf8) : try InputReader(file).document(bytesMax: limits.bytesMax)
        do throws(JSONError) {
            return .success(try JSONValue(parsing: bytes, limits: limits))
        } catch {
            return .failure(error.code == .tooLarge ? .tooLarge(limits) : error)
        }
    }
}

extension JSONError {
    /// Reading stops at the limit, so the true size is not known.
    static func tooLarge(_ limits: JSONValue.Limits) -> JSONError {
        JSONError(
            code: .tooLarge, message: "larger than \(limits.bytesMax >> 20) MiB, the most that is read", position: nil)
    }
}

/// How answers are shown.
struct OutputOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(name: .long, help: "text for people, json for programs.")
    var format = Format.text
}

/// What answers depend on besides the catalog.
struct CircumstanceOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Answer as of this day, UTC.", valueName: "yyyy-mm-dd"))
    var date: String?

    @Option(
        name: .long,
        help: ArgumentHelp("What a provider's credit is worth in dollars; may be repeated.", valueName: "provider=usd"))
    var creditRate: [String] = []

    func circumstances(_ snapshot: Snapshot, _ configuration: Configuration) throws -> Circumstances {
        var day = CalendarDate.today
        if let date {
            guard let parsed = CalendarDate(date) else {
                throw CommandFailure(
                    code: "usage.date", message: "\"\(date)\" is not a day", hint: "Write it like 2026-11-21.")
            }
            day = parsed
        }
        var credits = try configuration.credits(snapshot)
        for text in creditRate {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, snapshot.provider(parts[0]) != nil, let usd = ExactDecimal(parts[1]), usd > .zero
            else {
                throw CommandFailure(
                    code: "usage.credit_rate", message: "\"\(text)\" is not a provider and the dollars of its credit",
                    hint: "Write it like sjinn=0.005; providers are \(listed(snapshot.providers.map(\.id), "and")).")
            }
            credits[parts[0]] = CreditRate(usd: usd, source: "--credit-rate")
        }
        return Circumstances(date: day, credits: credits)
    }
}
