import Faregate

/// Shows the ways to make what is wanted.
struct SearchReport {
    let terminal: Terminal
    private var style: Style { terminal.style }

    init(_ terminal: Terminal = .output) { self.terminal = terminal }

    func show(_ result: SearchResult) {
        showRequest(result.request)
        terminal.line("")
        if result.choices.isEmpty {
            terminal.line(style.red("✗ Nothing in the catalog makes this."))
        } else {
            for line in table(result.choices).lines(width: terminal.width, style: style) { terminal.line(line) }
        }
        showRejections(result.rejections)
        if let best = result.best { showChoice(best, result) }
    }

    func showRequest(_ request: WantedRequest) {
        let open = Want.between(nil, nil)
        let wants =
            request.wants.filter { $0.want != open }.map { "\($0.name) \($0.want.shown)" }
            + request.counts.map { "\($0.count) \($0.name)" }
        let stated = request.stated.members.map { "\($0.name) \($0.value.shown)" }
        terminal.line(style.bold(request.operation.id))
        let shown = (wants + stated).joined(separator: " · ")
        for line in TextLayout.wrapped(shown, to: terminal.width - 2) { terminal.line("  \(style.dim(line))") }
    }

    private func table(_ choices: [SearchResult.Choice]) -> Table {
        var table = Table([
            .init(title: " "), .init(title: "provider"), .init(title: "model", shrinksTo: 12),
            .init(title: "price", isRight: true, shrinksTo: 12), .init(title: "settings", shrinksTo: 16),
        ])
        let style = style
        for (index, choice) in choices.enumerated() {
            let isBest = index == 0
            table.add([
                Table.Cell(text: isBest ? "▸" : " ", paint: { style.green($0) }),
                Table.Cell(text: choice.provider.id, paint: { isBest ? style.bold($0) : $0 }),
                Table.Cell(text: choice.offering.id),
                Table.Cell(text: choice.quote.shownPrice, paint: { style.bold($0) }),
                Table.Cell(text: choice.shownSettings, paint: { style.dim($0) }),
            ])
        }
        return table
    }

    /// Why the others cannot, by what stands in the way.
    private func showRejections(_ rejections: [SearchResult.Rejection]) {
        guard !rejections.isEmpty else { return }
        terminal.line("")
        terminal.line(style.dim("cannot do it, because of"))
        var groups: [(reason: String, offerings: [String])] = []
        for rejection in rejections {
            let error = rejection.diagnostics.first { $0.severity == .error }
            let place = error?.path.last ?? ""
            let reason = place.isEmpty ? error?.code.rawValue ?? "no setting that is valid" : place
            let name = "\(rejection.provider.id) \(rejection.offering.id)"
            if let index = groups.firstIndex(where: { $0.reason == reason }) {
                if !groups[index].offerings.contains(name) { groups[index].offerings.append(name) }
            } else {
                groups.append((reason, [name]))
            }
        }
        for group in groups {
            let text = "\(group.reason): \(group.offerings.joined(separator: ", "))"
            for line in TextLayout.hanging("✗", text, indent: 2, width: terminal.width) { terminal.line(line) }
        }
        terminal.line(style.dim("  --format json has every reason"))
    }

    private func showChoice(_ choice: SearchResult.Choice, _ result: SearchResult) {
        terminal.line("")
        let head = "\(choice.provider.id) \(choice.offering.id)"
        let why = choice.quote.whyFirst(at: choice.provider, of: result.choices.count, by: result.request.policy)
        let sure = result.isExact ? "" : "; not every setting was looked at"
        for line in TextLayout.hanging(
            "▸", "\(head), \(choice.quote.shownPrice): \(why)\(sure)", indent: 2, width: terminal.width)
        {
            terminal.line(line)
        }
        let report = AnswerReport(terminal)
        report.showLines(choice.quote)
        report.show(choice.diagnostics.filter { $0.severity == .warning })
        terminal.line("")
        terminal.line(style.bold("the request"))
        terminal.line(choice.body.text())
        for need in choice.needs {
            terminal.line("  \(style.yellow("·")) \(need.description) is yours to say")
        }
    }
}

extension SearchResult.Choice {
    /// What is made; and as which model, where the offering sells several.
    var shownSettings: String {
        let model = offering.portable.models.count > 1 ? ["as \(model.id)"] : []
        return (settings.map { "\($0.name) \($0.value.shown)" } + model).joined(separator: ", ")
    }
}
