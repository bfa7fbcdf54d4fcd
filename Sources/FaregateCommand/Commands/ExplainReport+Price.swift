import Faregate

extension ExplainReport {
    /// The price, every line from the document to the total.
    func show(_ price: PriceExplanation) {
        let quote = price.quote
        terminal.line(style.bold(quote.shownTotal))
        for index in price.lines.indices { show(price.lines[index], quote.word(before: index)) }
        showTotal(price)
        let notes = quote.notes + (quote.note.map { ["why: \($0)"] } ?? [])
        for note in notes {
            for line in TextLayout.hanging("  ·", note, indent: 4, width: terminal.width) { terminal.line(line) }
        }
        guard !price.others.isEmpty else { return }
        terminal.line("")
        terminal.line(style.dim("not in it"))
        for other in price.others { show(other) }
    }

    private func show(_ line: PriceExplanation.Line, _ word: String) {
        let row = line.item.row
        terminal.line("  \(word)\(style.bold(row.label))  \(style.dim("rate \(row.id)"))")
        label("rate", ["\(row.rate.shown(row.currency)) per \(row.unit), since \(row.effectiveFrom)"])
        if let condition = line.condition { label("when", lines(condition)) }
        let looked = line.observations.filter { $0.words != line.quantitySource }.map(\.words)
        label("facts", looked)
        label("units", [line.quantitySource])
        label("amount", line.steps.isEmpty ? ["unknown"] : line.steps.map(\.words))
        showSource(row.source, row.checkedOn)
    }

    /// Several lines are added up; credits are worth something or nobody knows what.
    private func showTotal(_ price: PriceExplanation) {
        let quote = price.quote
        guard let total = quote.total else { return }
        if price.lines.count > 1 { label("total", [total.shown]) }
        if let usd = quote.usd, let credit = usd.credit {
            let checked = credit.checkedOn.map { ", checked \($0)" } ?? ""
            label(
                "worth",
                ["\(total.shown) × $\(credit.usd) a credit = \(usd.total.shown) (\(credit.source)\(checked))"])
        } else if total.unit == "credits" {
            label("worth", ["nobody says what a credit is worth; --credit-rate can"])
        }
    }

    private func show(_ other: PriceExplanation.Other) {
        let row = other.row
        terminal.line(
            "  \(style.dim("·")) \(row.label), \(row.rate.shown(row.currency)) per \(row.unit)  \(style.dim("rate \(row.id)"))"
        )
        let why: [String] =
            switch other.reason {
            case .superseded: ["a newer rate \(row.id) is in force; this one began on \(row.effectiveFrom)"]
            case .notYet: ["it begins on \(row.effectiveFrom)"]
            case .notMet: other.condition.map(lines) ?? []
            case .conflicts: ["it applies, and another one that excludes it does too"]
            case .open: ["whether it applies depends on what is not set"]
            }
        label("when", why)
        label("facts", other.observations.map(\.words))
    }
}
