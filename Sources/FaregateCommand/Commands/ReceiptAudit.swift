import Faregate

/// Receipts and the charges that came of them.
struct ReceiptAudit {
    /// What came of one result.
    enum Finding {
        case compared(ChargeComparison)
        /// The result says nothing about money: the provider did not tell, or the task did not succeed.
        case unsaid(outcome: String)
    }

    let receipts: [(path: String, receipt: Receipt)]
    private(set) var findings: [[Finding]]
    /// Results of requests that none of the receipts is for.
    private(set) var strangers = 0

    init(receipts: [(String, Receipt)]) {
        self.receipts = receipts.map { (path: $0.0, receipt: $0.1) }
        findings = receipts.map { _ in [] }
    }

    mutating func add(charged amount: ExactDecimal, _ unit: String, to index: Int) {
        findings[index].append(.compared(receipts[index].receipt.compare(charged: amount, unit)))
    }

    /// Takes a result of `run --format json` to the receipt of its request: of several equal ones, the next unused.
    mutating func add(_ result: JSONValue) {
        let matching = receipts.indices.filter { index in
            let receipt = receipts[index].receipt
            return result["provider"]?.string == receipt.provider && result["model"]?.string == receipt.model
                && result["body"] == receipt.body
        }
        guard let index = matching.first(where: { findings[$0].isEmpty }) ?? matching.first else {
            strangers += 1
            return
        }
        let charge = result["charge"]
        guard let amount = charge?["amount"]?.string.flatMap({ ExactDecimal($0) }), let unit = charge?["unit"]?.string
        else { return findings[index].append(.unsaid(outcome: result["outcome"]?.string ?? "unknown")) }
        add(charged: amount, unit, to: index)
    }

    /// Charges of one receipt.
    private func charges(_ index: Int) -> [ChargeComparison] {
        findings[index].compactMap { finding in if case .compared(let charge) = finding { charge } else { nil } }
    }

    private func isChargedTwice(_ index: Int) -> Bool { charges(index).count { $0.charged.minimum > .zero } > 1 }

    var isOvercharged: Bool {
        receipts.indices.contains { isChargedTwice($0) || charges($0).contains { $0.outcome == .more } }
    }

    /// Whether some charge cannot be held against its quote, or no result is for these receipts.
    var isUntold: Bool {
        findings.allSatisfy(\.isEmpty)
            || receipts.indices.contains { charges($0).contains { $0.outcome == .incomparable } }
    }

    // MARK: Showing

    var json: JSONValue {
        let list = receipts.indices.map { index -> JSONValue in
            let receipt = receipts[index].receipt
            return [
                "file": .string(receipts[index].path), "provider": .string(receipt.provider),
                "model": .string(receipt.model), "charges": .array(findings[index].map(\.json)),
                "charged_twice": .bool(isChargedTwice(index)),
            ]
        }
        return ["receipts": .array(list), "other_results": .integer(Int64(strangers))]
    }

    func show(_ terminal: Terminal) {
        for index in receipts.indices {
            let receipt = receipts[index].receipt
            let name = "\(receipts[index].path)  \(terminal.style.dim("\(receipt.provider) \(receipt.model)"))"
            terminal.line(name)
            if findings[index].isEmpty { say(terminal, terminal.style.dim("·"), "no result is for it") }
            for finding in findings[index] { show(finding, terminal) }
            if isChargedTwice(index) {
                say(
                    terminal, terminal.style.red("✗"),
                    "charged \(charges(index).count) times for what was quoted once")
            }
        }
        if strangers > 0 {
            terminal.line("\(strangers) result\(strangers == 1 ? " is" : "s are") of other requests")
        }
    }

    private func show(_ finding: Finding, _ terminal: Terminal) {
        let style = terminal.style
        switch finding {
        case .unsaid(let outcome):
            say(terminal, style.yellow("?"), "the result (\(outcome)) does not say what was charged")
        case .compared(let charge):
            let difference = charge.difference.map {
                Quote.Total(minimum: $0, maximum: $0, unit: charge.charged.unit).shown
            }
            let quoted = charge.quoted.map { "quoted \($0.shown)" } ?? "no price was quoted"
            let head = "charged \(charge.charged.shown), \(quoted)"
            switch charge.outcome {
            case .asQuoted: say(terminal, style.green("✓"), head)
            case .less: say(terminal, style.green("✓"), "\(head): \(difference ?? "") less")
            case .more: say(terminal, style.red("✗"), "\(head): \(difference ?? "") more than quoted")
            case .unquoted: say(terminal, style.yellow("?"), head)
            case .incomparable:
                say(terminal, style.yellow("?"), "\(head): nobody says how the two convert")
            }
        }
    }

    private func say(_ terminal: Terminal, _ mark: String, _ text: String) {
        for (index, line) in TextLayout.wrapped(text, to: terminal.width - 4).enumerated() {
            terminal.line("  \(index == 0 ? mark : " ") \(line)")
        }
    }
}

extension ReceiptAudit.Finding {
    fileprivate var json: JSONValue {
        switch self {
        case .compared(let charge): charge.json
        case .unsaid(let outcome): ["outcome": "unsaid", "result": .string(outcome)]
        }
    }
}
