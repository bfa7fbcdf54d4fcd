import Faregate

/// Shows answers to a person.
struct AnswerReport {
    let terminal: Terminal
    var style: Style { terminal.style }

    init(_ terminal: Terminal = .output) { self.terminal = terminal }

    /// - Parameter file: What was read, for an answer that knows no model.
    func show(_ answer: Answer, showsQuote: Bool, file: String? = nil) {
        let known = [answer.model, answer.provider.map { "at \($0)" }].compactMap(\.self).joined(separator: " ")
        let what = answer.model == nil ? file ?? known : known
        let verdict = answer.isValid ? style.green("✓ valid") : style.red("✗ invalid")
        terminal.line(what.isEmpty ? verdict : "\(verdict)  \(style.bold(what))")
        show(answer.diagnostics)
        if showsQuote, case .some(.some(let quote)) = answer.quote {
            terminal.line("")
            show(quote)
        }
        if let remedy = answer.remedy { show(remedy, isValid: answer.isValid) }
    }

    /// Findings: where, what, why and who says so.
    func show(_ diagnostics: [Diagnostic], indent: Int = 2) {
        let margin = String(repeating: " ", count: indent)
        for diagnostic in diagnostics {
            terminal.line("")
            let mark = mark(diagnostic.severity)
            let place = diagnostic.path.tokens.isEmpty ? "the request" : diagnostic.path.description
            let rule = diagnostic.rule.map { " · \($0)" } ?? ""
            let code = diagnostic.code.rawValue + rule
            let isShort = TextLayout.width(place) + TextLayout.width(code) + indent + 10 <= terminal.width
            terminal.line("\(margin)\(mark) \(style.bold(place))" + (isShort ? "  \(style.dim(code))" : ""))
            if !isShort { terminal.line("\(margin)        \(style.dim(code))") }
            for line in TextLayout.wrapped(diagnostic.message, to: terminal.width - indent - 8) {
                terminal.line("\(margin)        \(line)")
            }
            if let source = diagnostic.source {
                for line in TextLayout.wrapped(source.description, to: terminal.width - indent - 8) {
                    terminal.line("\(margin)        \(style.dim(line))")
                }
            }
        }
    }

    private func mark(_ severity: Diagnostic.Severity) -> String {
        switch severity {
        case .error: style.red("error  ")
        case .warning: style.yellow("warning")
        case .info: style.blue("note   ")
        }
    }

    /// A price, line by line.
    func show(_ quote: Quote) {
        terminal.line("\(style.bold(quote.shownTotal))\(quote.shownDollars.map { "  \(style.dim($0))" } ?? "")")
        showLines(quote)
    }

    /// The lines of a price with their sources, then what it rests on.
    func showLines(_ quote: Quote) {
        for (index, item) in quote.items.enumerated() {
            let amount = item.amount.map { $0.shown } ?? "unknown"
            let units = item.quantity.map { "\($0) \(item.row.unit)\($0 == .one ? "" : "s")" } ?? item.row.unit
            let word = quote.word(before: index)
            terminal.line(
                "  \(word)\(item.row.label): \(units) × \(item.row.rate.shown(item.row.currency)) = \(amount)")
            let source = "\(item.row.source), checked \(item.row.checkedOn)"
            for line in TextLayout.wrapped(source, to: terminal.width - 4) { terminal.line("    \(style.dim(line))") }
        }
        let notes = quote.assumptions.map { "assumed: \($0)" } + quote.notes + (quote.note.map { ["why: \($0)"] } ?? [])
        for note in notes {
            for line in TextLayout.hanging("  ·", note, indent: 4, width: terminal.width) { terminal.line(line) }
        }
    }
}

extension Quote {
    /// What stands before a line that may not count: `either`, `or`, `perhaps`.
    func word(before index: Int) -> String {
        switch items[index].applies {
        case .surely: ""
        case .alternatively: index > 0 && items[index - 1].applies == .alternatively ? "or " : "either "
        case .perhaps: "perhaps "
        }
    }

    /// `$3.00`, `420 credits`, `at least …`, `unknown (price.not_documented)`.
    var shownTotal: String {
        guard let total else { return "unknown (\(reason ?? "price.not_documented"))" }
        return total.shown
    }

    /// What credits are worth, where that is known.
    var shownDollars: String? {
        guard let usd, let credit = usd.credit else { return nil }
        return "= \(usd.total.shown) at $\(credit.usd) a credit (\(credit.source))"
    }
}

extension Quote.Total {
    var shown: String {
        func money(_ amount: ExactDecimal) -> String {
            switch unit {
            case "USD": "$\(text(amount))"
            default: "\(text(amount)) \(unit)"
            }
        }
        guard let maximum else { return "at least \(money(minimum))" }
        return minimum == maximum ? money(minimum) : "\(money(minimum)) to \(money(maximum))"
    }
}

extension PriceRow.Rate {
    func shown(_ currency: String) -> String {
        func total(_ low: ExactDecimal, _ high: ExactDecimal?) -> String {
            Quote.Total(minimum: low, maximum: high, unit: currency).shown
        }
        return switch self {
        case .exact(let amount): total(amount, amount)
        case .atLeast(let amount): total(amount, nil)
        case .range(let low, let high): total(low, high)
        case .unknown: "an unknown rate"
        }
    }
}
