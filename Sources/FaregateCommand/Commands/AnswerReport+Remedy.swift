import Faregate

extension AnswerReport {
    /// What can be done: repairs with their prices, or what only the user can say.
    func show(_ remedy: Remedy, isValid: Bool) {
        guard !remedy.repairs.isEmpty || !remedy.needs.isEmpty else { return }
        terminal.line("")
        if !remedy.repairs.isEmpty {
            terminal.line(style.bold(isValid ? "what you may have meant" : "what would make it valid"))
        } else {
            terminal.line(style.bold("what is needed from you"))
        }
        for (index, repair) in remedy.repairs.enumerated() {
            show(repair, mark: style.green("\(index + 1)"))
        }
        for need in remedy.needs {
            for (index, line) in TextLayout.wrapped(need.message, to: terminal.width - 4).enumerated() {
                terminal.line("  \(index == 0 ? style.yellow("·") : " ") \(line)")
            }
        }
    }

    private func show(_ repair: Repair, mark: String) {
        let price = repair.shownPrice
        let room = terminal.width - 6 - TextLayout.width(price)
        let lines = repair.steps.flatMap { TextLayout.wrapped($0, to: max(24, room)) }
        for (index, line) in lines.enumerated() {
            let isFirst = index == 0
            let text = "  \(isFirst ? mark : " ") \(line)"
            let blanks = String(repeating: " ", count: max(2, terminal.width - 4 - TextLayout.width(line + price)))
            terminal.line(isFirst && !price.isEmpty ? text + blanks + style.dim(price) : text)
        }
    }
}

extension Repair {
    /// `2100 credits (+1680)`; nothing where the price is not known.
    fileprivate var shownPrice: String {
        guard quote.total != nil else { return "" }
        guard let difference, difference.minimum != .zero else { return quote.shownTotal }
        let sign = difference.minimum > .zero ? "+" : "−"
        let amount = max(difference.minimum, ExactDecimal.zero.subtracting(difference.minimum) ?? .zero)
        return "\(quote.shownTotal) (\(sign)\(difference.text(amount)))"
    }
}
