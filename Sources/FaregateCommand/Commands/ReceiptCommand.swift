import ArgumentParser
import Faregate

/// `faregate receipt`: what quotes rested on.
struct ReceiptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Hold what was charged against what was quoted.",
        subcommands: [ReceiptCheckCommand.self])
}

/// `faregate receipt check`: did the provider charge what was quoted?
struct ReceiptCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Did the provider charge what was quoted?",
        discussion: """
            The charge is named with --charged, or stands in what `run --format json` printed: one result, or JSON \
            Lines of several, each of which goes to the receipt of its request. A receipt that was charged twice is \
            told too.

            Exit status: 1 when more was charged than quoted, or more than once; 2 when it cannot be told.
            """)

    @Argument(help: "The receipts.")
    var receipts: [String]

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What the provider says it charged: 2100, 2100credits, $0.20 or 0.20USD; otherwise in the quote's unit.",
            valueName: "amount"))
    var charged: String?

    @Option(
        name: .long, help: ArgumentHelp("What `run --format json` printed; - for standard input.", valueName: "file"))
    var result: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        guard (charged == nil) != (result == nil) else {
            throw CommandFailure(
                code: "usage.receipt", message: "say what was charged: either --charged or --result",
                hint: "--result takes what `faregate run --format json` printed.")
        }
        let pairs = try receipts.map { ($0, try ReceiptFile(path: $0).read()) }
        var audit = ReceiptAudit(receipts: pairs)
        if let charged {
            guard pairs.count == 1 else {
                throw CommandFailure(code: "usage.receipt", message: "--charged is for one receipt")
            }
            let (amount, unit) = try Self.amount(charged, of: pairs[0].1)
            audit.add(charged: amount, unit, to: 0)
        } else {
            for result in try results() { audit.add(result) }
        }
        switch output.format {
        case .json: Terminal.output.line(audit.json.text(pretty: true))
        case .text: audit.show(.output)
        }
        if audit.isOvercharged { throw ExitStatus.no }
        if audit.isUntold { throw ExitStatus.cannotAsk }
    }

    /// One document, or one on each line.
    private func results() throws -> [JSONValue] {
        let limits = JSONValue.Limits.standard
        let bytes = try InputReader(result).document(bytesMax: limits.bytesMax)
        if let document = try? JSONValue(parsing: bytes, limits: limits) { return document.array ?? [document] }
        let lines = bytes.split(separator: UInt8(ascii: "\n")).filter { !$0.allSatisfy { $0 == 32 || $0 == 13 } }
        return try lines.enumerated().map { index, line in
            do throws(JSONError) {
                return try JSONValue(parsing: Array(line), limits: limits)
            } catch {
                throw CommandFailure(
                    code: "receipt.result", message: "line \(index + 1) of the results is no JSON: \(error.message)")
            }
        }
    }

    /// An amount and its unit: `2100`, `2100credits`, `$0.20`, `0.20 USD`.
    static func amount(_ text: String, of receipt: Receipt) throws -> (ExactDecimal, String) {
        let isDollars = text.hasPrefix("$")
        let digits = text.dropFirst(isDollars ? 1 : 0).prefix { $0.isNumber || $0 == "." }
        let rest = text.dropFirst(digits.count + (isDollars ? 1 : 0)).drop { $0 == " " }
        let named = isDollars ? "USD" : rest == "credit" ? "credits" : String(rest)
        let unit = named.isEmpty ? receipt.quotedUnit ?? "" : named
        let isUnit = unit == "credits" || unit.utf8.count == 3 && unit.utf8.allSatisfy { (65...90).contains($0) }
        guard let amount = ExactDecimal(digits), amount >= .zero, isUnit, !isDollars || rest.isEmpty else {
            throw CommandFailure(
                code: "usage.charged", message: "\"\(text)\" is no amount that was charged",
                hint: "Write it like 2100credits or $0.20.")
        }
        return (amount, unit)
    }
}
