import ArgumentParser
import Faregate

/// What a file of requests costs as a whole.
struct UsageOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "JSON Lines as for --batch, each with an optional project and count; without a provider they are portable.",
            valueName: "file"))
    var usage: String?
    @Option(name: .long, help: ArgumentHelp("Group --usage by project, provider or model.", valueName: "what"))
    var by: UsageQuote.Grouping?
    @Option(
        name: .customLong("max"),
        help: ArgumentHelp(
            "The most that all of --usage may cost; otherwise the exit status is 1.", valueName: "dollars"))
    var maximum: String?

    /// The file, where one is asked for and nothing contradicts it.
    func checked(besides request: RequestOptions, batch: Bool, live: Bool) throws -> String? {
        guard let usage else {
            guard by == nil, maximum == nil else {
                throw CommandFailure(
                    code: "usage.usage", message: "--by and --max are for --usage",
                    hint: "For one portable request, say --max-price.")
            }
            return nil
        }
        guard !batch, !live, request.file == nil, request.provider == nil, request.model == nil else {
            throw CommandFailure(
                code: "usage.usage", message: "--usage stands alone: its lines name their requests",
                hint: "Leave out FILE, --provider, --model, --batch and --live.")
        }
        return usage
    }
}

/// `faregate quote --usage`: reads the file and shows the sum.
struct UsageQuoteCommand {
    let file: String
    let options: UsageOptions
    let policyOptions: PolicyOptions
    let circumstanceOptions: CircumstanceOptions
    let catalog: CatalogOptions
    let output: OutputOptions

    func run() throws {
        let maximum = try options.maximum.map { try CreditsCommand.dollars($0, "--max") }
        let snapshot = try catalog.load()
        let circumstances = try circumstanceOptions.circumstances(snapshot, try .load())
        var usage = UsageQuote(
            by: options.by ?? .project, policy: try policyOptions.policy(snapshot), snapshot: snapshot,
            in: circumstances)
        let limits = JSONValue.Limits.standard
        let reader = try InputReader(file)
        var number = 0
        while let line = try reader.line(bytesMax: limits.bytesMax) {
            number += 1
            if line.allSatisfy({ [9, 13, 32].contains($0) }) { continue }
            switch Self.entry(line, limits) {
            case .success(let entry): usage.add(entry, line: number)
            case .failure(let problem): usage.addUnreadable(line: number, problem.reason)
            }
        }
        let report = UsageReport(usage: usage, maximum: maximum, catalog: snapshot.digest)
        switch output.format {
        case .json: Terminal.output.line(report.json.text(pretty: true))
        case .text: report.show(.output)
        }
        if !report.isMet { throw ExitStatus.no }
    }

    /// Why a line is no request.
    struct Unreadable: Error { let reason: String }

    /// The request of a line.
    static func entry(_ line: [UInt8], _ limits: JSONValue.Limits) -> Result<UsageQuote.Entry, Unreadable> {
        let document: JSONValue
        do throws(JSONError) { document = try JSONValue(parsing: line, limits: limits) } catch {
            return .failure(Unreadable(reason: error.message))
        }
        guard let object = document.object else {
            return .failure(Unreadable(reason: "a line is an object; this is \(document.typeName)"))
        }
        let known = ["id", "project", "count", "provider", "model", "body"]
        if let stranger = object.members.map(\.name).first(where: { !known.contains($0) }) {
            return .failure(
                Unreadable(reason: "\"\(stranger)\" is not known here; a line has \(listed(known, "and"))"))
        }
        for name in ["project", "provider", "model"] where object[name] != nil && object[name]?.string == nil {
            return .failure(Unreadable(reason: "\(name) must be a string"))
        }
        guard let body = object["body"] else { return .failure(Unreadable(reason: "the line has no body")) }
        let count = object["count"].map { $0.integerValue.flatMap { Int(exactly: $0) } } ?? 1
        guard let count, (1...countMax).contains(count) else {
            return .failure(Unreadable(reason: "count must be 1 to \(countMax)"))
        }
        return .success(
            UsageQuote.Entry(
                project: object["project"]?.string, count: count, provider: object["provider"]?.string,
                model: object["model"]?.string, body: body))
    }

    /// How often one line may count.
    private static let countMax = 1_000_000
}

/// Shows what a file of requests costs.
struct UsageReport {
    let usage: UsageQuote
    let maximum: ExactDecimal?
    let catalog: String

    /// Whether every line is a valid request and, where there is a maximum, all of them certainly cost no more.
    var isMet: Bool {
        guard usage.unreadableCount == 0, usage.total.invalidCount == 0 else { return false }
        guard let maximum else { return true }
        return usage.worstCaseUSD.map { $0 <= maximum } ?? false
    }

    func show(_ terminal: Terminal) {
        let style = terminal.style
        if usage.total.requestCount > 0 {
            for line in table(style).lines(width: terminal.width, style: style) { terminal.line(line) }
            terminal.line("")
        }
        showTotal(terminal)
        if usage.total.worthlessCount > 0 {
            hang(
                "\(counted(usage.total.worthlessCount)) in no dollar total: nobody says what the credits are worth",
                terminal)
        }
        for (line, reason) in usage.unreadable { hang("line \(line) is no request: \(reason)", terminal) }
        for (line, reason) in usage.troubles { hang("line \(line): \(reason)", terminal) }
        let named = usage.unreadable.count + usage.troubles.count
        if named >= UsageQuote.namedMax { terminal.line(style.dim("  only the first such lines are named")) }
    }

    private func table(_ style: Style) -> Table {
        var table = Table([
            .init(title: usage.grouping.rawValue, shrinksTo: 12), .init(title: "requests", isRight: true),
            .init(title: "dollars", isRight: true, shrinksTo: 16),
            .init(title: "in other units", isRight: true, shrinksTo: 12),
            .init(title: "no price", isRight: true), .init(title: "invalid", isRight: true),
        ])
        let rows = usage.groups.map { ($0, false) } + (usage.groups.count > 1 ? [(usage.total, true)] : [])
        for (group, isAll) in rows {
            let others = group.totals.filter { $0.unit != "USD" }.map(\.shown).joined(separator: ", ")
            table.add([
                Table.Cell(
                    text: group.name ?? (isAll ? "all" : "(none)"), paint: { isAll ? style.bold($0) : $0 }),
                Table.Cell(text: "\(group.requestCount)"),
                Table.Cell(text: group.usd?.shown ?? "", paint: { style.bold($0) }), Table.Cell(text: others),
                Table.Cell(text: group.unknownCount == 0 ? "" : "\(group.unknownCount)"),
                Table.Cell(text: group.invalidCount == 0 ? "" : "\(group.invalidCount)", paint: { style.red($0) }),
            ])
        }
        return table
    }

    private func showTotal(_ terminal: Terminal) {
        let style = terminal.style
        let priced = usage.total.pricedCount - usage.total.worthlessCount
        let sum = usage.total.usd?.shown ?? "$0.00"
        let text = "\(sum) for \(priced) of \(counted(usage.total.requestCount))"
        guard let maximum else { return terminal.line(style.bold(text)) }
        let limit = CreditsReport.money(maximum)
        if isMet { return terminal.line("\(style.green("✓")) \(style.bold(text)), within \(limit)") }
        let isAbove = usage.total.usd?.maximum.map { $0 > maximum } ?? false
        let why =
            isAbove
            ? "above \(limit)" : "cannot be held against \(limit), for what is invalid or has no price in dollars"
        for line in TextLayout.hanging("✗", "\(text): \(why)", indent: 2, width: terminal.width) {
            terminal.line(style.red(line))
        }
    }

    private func counted(_ count: Int) -> String { "\(count) request\(count == 1 ? "" : "s")" }

    private func hang(_ text: String, _ terminal: Terminal) {
        for line in TextLayout.hanging("  ·", text, indent: 4, width: terminal.width) { terminal.line(line) }
    }

    var json: JSONValue {
        var object = usage.json.object ?? JSONObject()
        object["maximum_usd"] = maximum.map { .string($0.text(decimalsMin: 2)) } ?? .null
        object["met"] = .bool(isMet)
        object["catalog"] = .string(catalog)
        return .object(object)
    }
}
