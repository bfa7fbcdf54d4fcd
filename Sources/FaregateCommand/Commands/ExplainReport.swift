import Faregate

/// Shows why a native request gets its verdict and its price.
struct ExplainReport {
    let terminal: Terminal
    var style: Style { terminal.style }

    init(_ terminal: Terminal = .output) { self.terminal = terminal }

    /// - Parameter inDetail: Whether rules that the request does not break are shown in full too.
    func show(_ explanation: RequestExplanation, showsRules: Bool, showsPrice: Bool, inDetail: Bool) {
        let verdict = explanation.isValid ? style.green("✓ valid") : style.red("✗ invalid")
        terminal.line("\(verdict)  \(style.bold("\(explanation.offering.id) at \(explanation.provider.id)"))")
        if showsRules {
            for finding in explanation.findings { show(finding) }
            for rule in explanation.rules where inDetail || [.broken, .open].contains(rule.state) { show(rule) }
            if !inDetail { showBriefly(explanation.rules) }
        }
        guard showsPrice else { return }
        terminal.line("")
        if let price = explanation.price {
            show(price)
        } else {
            terminal.line(style.dim("An invalid request has no price."))
        }
    }

    // MARK: Findings and rules

    private func show(_ explanation: FindingExplanation) {
        let finding = explanation.finding
        terminal.line("")
        let place = finding.path.tokens.isEmpty ? "the request" : finding.path.description
        terminal.line("\(mark(finding.severity)) \(style.bold(place))  \(style.dim(finding.code.rawValue))")
        hang(finding.message)
        if let about = explanation.about { label("about", [about]) }
        if let observation = explanation.observation, explanation.finding.severity != .info {
            label("facts", [observation.words])
        }
        showTurn(explanation.flip, explanation.needs)
        if let source = finding.source { showSource(source, explanation.checkedOn) }
    }

    private func show(_ rule: RuleExplanation) {
        terminal.line("")
        terminal.line("\(mark(rule)) \(style.bold(rule.constraint.id))  \(style.dim(rule.state.words))")
        hang(rule.constraint.text)
        if let reading = rule.constraint.otherReading { hang("Another reading: \(reading)") }
        label("asks", [rule.demand])
        if let condition = rule.condition { label("when", lines(condition)) }
        label("facts", rule.observations.map(\.words))
        showTurn(rule.flip, rule.needs)
        showSource(rule.constraint.source, rule.checkedOn)
    }

    /// The rules that have nothing to find fault with, in a few lines each.
    private func showBriefly(_ rules: [RuleExplanation]) {
        for (state, title) in [(RuleExplanation.State.met, "met"), (.unbound, "not binding")] {
            let members = rules.filter { $0.state == state }
            if members.isEmpty { continue }
            terminal.line("")
            terminal.line(style.dim(title))
            for rule in members {
                terminal.line("\(mark(rule)) \(rule.constraint.id)")
                hang(rule.constraint.text)
                if let flip = rule.flip { hang("broken by: \(words(flip))", dim: true) }
            }
        }
    }

    /// The condition, each part with what is known about it.
    func lines(_ condition: ConditionReading) -> [String] {
        guard let join = condition.join, join != .not, condition.parts.count > 1 else {
            return ["\(mark(condition.truth)) \(condition.words)"]
        }
        return condition.parts.enumerated().map { index, part in
            let word = index == 0 ? "" : join == .any ? "or " : "and "
            return "\(mark(part.truth)) \(word)\(part.words)"
        }
    }

    /// What flips the rule, or what the user would have to say.
    private func showTurn(_ flip: Flip?, _ needs: [Need]) {
        if let flip { return label(flip.effect == .breaks ? "break" : "mend", [words(flip)]) }
        label("need", needs.map(\.message))
    }

    private func words(_ flip: Flip) -> String {
        let others = Set(flip.others.map { $0.rule ?? $0.code.rawValue }).sorted()
        let more = others.isEmpty ? "" : " (which breaks \(listed(others, "and")) too)"
        return flip.steps.joined(separator: " and ") + more
    }

    // MARK: Layout

    func mark(_ truth: Truth) -> String {
        switch truth {
        case .yes: style.green("✓")
        case .no: style.red("✗")
        case .open: style.yellow("?")
        }
    }

    private func mark(_ rule: RuleExplanation) -> String {
        switch rule.state {
        case .broken: rule.findings.contains { $0.severity == .error } ? style.red("✗") : style.yellow("!")
        case .met: style.green("✓")
        case .unbound: style.dim("·")
        case .open: style.yellow("?")
        }
    }

    private func mark(_ severity: Diagnostic.Severity) -> String {
        switch severity {
        case .error: style.red("✗")
        case .warning: style.yellow("!")
        case .info: style.dim("·")
        }
    }

    func hang(_ text: String, dim: Bool = false) {
        for line in TextLayout.wrapped(text, to: terminal.width - 2) {
            terminal.line("  \(dim ? style.dim(line) : line)")
        }
    }

    /// Lines behind a word in the margin.
    func label(_ word: String, _ texts: [String]) {
        var isFirst = true
        for text in texts {
            for line in TextLayout.wrapped(text, to: terminal.width - 10) {
                let margin = TextLayout.padded(isFirst ? word : "", to: 8)
                terminal.line("  \(style.dim(margin))\(line)")
                isFirst = false
            }
        }
    }

    func showSource(_ source: Source, _ checkedOn: CalendarDate?) {
        let read = checkedOn.map { ", checked \($0)" } ?? ""
        for line in TextLayout.wrapped("\(source)\(read)", to: terminal.width - 10) {
            terminal.line("          \(style.dim(line))")
        }
    }
}

extension RuleExplanation.State {
    /// As a person says it.
    fileprivate var words: String {
        switch self {
        case .broken: "broken"
        case .met: "met"
        case .unbound: "does not bind"
        case .open: "cannot be told"
        }
    }
}
