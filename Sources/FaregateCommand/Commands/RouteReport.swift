import Faregate

/// Shows the ways to do a portable request.
struct RouteReport {
    let terminal: Terminal
    private var style: Style { terminal.style }

    init(_ terminal: Terminal = .output) { self.terminal = terminal }

    func show(_ route: Route, choosing: Bool) {
        showRequest(route.request)
        terminal.line("")
        if route.candidates.isEmpty {
            terminal.line(style.red("✗ No provider can do this."))
        } else {
            for line in table(route, choosing: choosing).lines(width: terminal.width, style: style) {
                terminal.line(line)
            }
            showNotes(route, choosing: choosing)
        }
        showRejections(route.rejections)
        if choosing, let choice = route.choice { showChoice(choice, route) }
    }

    private func showRequest(_ request: PortableRequest) {
        let shown = request.parameters.map { "\($0.name) \($0.value.shown)" }.joined(separator: " · ")
        terminal.line(style.bold(request.model.id))
        for line in TextLayout.wrapped(shown, to: terminal.width - 2) { terminal.line("  \(style.dim(line))") }
    }

    private func table(_ route: Route, choosing: Bool) -> Table {
        var table = Table([
            .init(title: " "), .init(title: "provider"), .init(title: "model", shrinksTo: 12),
            .init(title: "price", isRight: true, shrinksTo: 12),
            .init(title: "by default", shrinksTo: 16),
        ])
        let style = style
        for (index, candidate) in route.candidates.enumerated() {
            let isChosen = choosing && index == 0
            let made = candidate.defaults.map { "\($0.parameter) \($0.value.shown)" }.joined(separator: ", ")
            let warnings = candidate.diagnostics.filter { $0.severity == .warning }.count
            let remark =
                warnings == 0 ? "" : "\(made.isEmpty ? "" : "; ")\(warnings) warning\(warnings == 1 ? "" : "s")"
            let isPriced = candidate.comparability != .unknown
            table.add([
                Table.Cell(text: isChosen ? "▸" : " ", paint: { style.green($0) }),
                Table.Cell(text: candidate.provider.id, paint: { isChosen ? style.bold($0) : $0 }),
                Table.Cell(text: candidate.offering.id),
                Table.Cell(text: candidate.quote.shownPrice, paint: { isPriced ? style.bold($0) : style.dim($0) }),
                Table.Cell(text: made + remark, paint: { style.dim($0) }),
            ])
        }
        return table
    }

    /// Why prices rank as they do, and warnings, each candidate by name.
    private func showNotes(_ route: Route, choosing: Bool) {
        for candidate in route.candidates {
            let warnings = candidate.diagnostics.filter { $0.severity == .warning }.map(\.message)
            let ranking = route.candidates.count > 1 ? candidate.rankingNote.map { [$0] } ?? [] : []
            let isShownBelow = choosing && candidate.offering.id == route.choice?.offering.id
            for note in ranking + (isShownBelow ? [] : candidate.quote.notes) + warnings {
                hang("\(candidate.provider.id) \(candidate.offering.id): \(note)", mark: style.yellow("·"))
            }
        }
    }

    private func showRejections(_ rejections: [Route.Rejection]) {
        guard !rejections.isEmpty else { return }
        terminal.line("")
        terminal.line(style.dim("cannot do it"))
        for rejection in rejections {
            let all = rejection.diagnostics.filter { $0.severity == .error }
            // Where something is missing that only the user can state, the rest is beside the point.
            let missing = all.filter { $0.code == .missingInput }
            let errors = missing.isEmpty ? all : missing
            terminal.line("\(style.red("✗")) \(rejection.provider.id)  \(rejection.offering.id)")
            for error in errors { hang(error.message, mark: " ") }
        }
    }

    private func showChoice(_ choice: Route.Candidate, _ route: Route) {
        terminal.line("")
        let why = choice.quote.whyFirst(at: choice.provider, of: route.candidates.count, by: route.policy)
        let head = "\(choice.provider.id) \(choice.offering.id)"
        for (index, line) in TextLayout.wrapped("\(head), \(choice.quote.shownPrice): \(why)", to: terminal.width - 2)
            .enumerated()
        {
            let isHead = index == 0 && line.hasPrefix(head)
            let shown = isHead ? style.bold(head) + line.dropFirst(head.count) : line
            terminal.line("\(index == 0 ? style.green("▸") : " ") \(shown)")
        }
        AnswerReport(terminal).showLines(choice.quote)
    }

    private func hang(_ text: String, mark: String) {
        for (index, line) in TextLayout.wrapped(text, to: terminal.width - 4).enumerated() {
            terminal.line("  \(index == 0 ? mark : " ") \(line)")
        }
    }
}
