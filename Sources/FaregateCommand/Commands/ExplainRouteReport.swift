import Faregate

/// Shows why a route goes one way and not another.
struct ExplainRouteReport {
    let terminal: Terminal
    private var style: Style { terminal.style }

    init(_ terminal: Terminal = .output) { self.terminal = terminal }

    func show(_ explanation: RouteExplanation) {
        let route = explanation.route
        if let choice = route.choice {
            let name = style.bold("\(choice.provider.id) \(choice.offering.id)")
            terminal.line("\(style.green("▸")) \(name), \(choice.quote.shownPrice)")
            if explanation.pairs.isEmpty { terminal.line("  It is the only one that sells it.") }
        } else {
            terminal.line(style.red("✗ No provider can do this."))
        }
        for pair in explanation.pairs { show(pair, choice: route.choice) }
    }

    private func show(_ pair: RouteExplanation.Pair, choice: Route.Candidate?) {
        terminal.line("")
        let mark = pair.decision == .rejection ? style.red("✗") : style.dim("·")
        let head = "\(mark) why not \(style.bold("\(pair.provider.id) \(pair.offering.id)"))"
        terminal.line("\(head)  \(style.dim(pair.decision.rawValue))")
        for line in TextLayout.wrapped(pair.reason, to: terminal.width - 4) { terminal.line("    \(line)") }
        for change in pair.changes { show(change, choice) }
        for source in sources(pair) {
            for line in TextLayout.wrapped(source, to: terminal.width - 4) { terminal.line("    \(style.dim(line))") }
        }
    }

    /// Where the reasons were read, each once.
    private func sources(_ pair: RouteExplanation.Pair) -> [String] {
        let rows = pair.quote?.items.map { "\($0.row.source), checked \($0.row.checkedOn)" } ?? []
        return (rows + pair.rejections.compactMap { $0.source?.description }).uniqued()
    }

    private func show(_ change: RouteExplanation.Change, _ choice: Route.Candidate?) {
        var text = change.words
        if let result = change.result {
            text += ": then it costs \(result.quote.shownTotal)"
            text += result.rank == 1 ? " and is the first choice" : " and is number \(result.rank)"
        }
        for line in TextLayout.hanging("  \(style.green("→")) ", text, indent: 4, width: terminal.width) {
            terminal.line(line)
        }
    }
}
