import Faregate

/// Shows the choices worth choosing between.
struct FrontierReport {
    let terminal: Terminal
    private var style: Style { terminal.style }

    init(_ terminal: Terminal = .output) { self.terminal = terminal }

    func show(_ frontier: Frontier, of result: SearchResult) {
        SearchReport(terminal).showRequest(result.request)
        terminal.line("")
        guard !frontier.points.isEmpty else {
            terminal.line(style.red("✗ Nothing that makes this has a price in dollars."))
            return showRest(frontier)
        }
        var table = Table([
            .init(title: "", isRight: true), .init(title: "price", isRight: true),
            .init(title: "length", isRight: true),
            .init(title: "resolution"), .init(title: "usual time", shrinksTo: 10), .init(title: "provider"),
            .init(title: "model", shrinksTo: 14),
        ])
        let style = style
        for (index, point) in frontier.points.enumerated() {
            table.add([
                Table.Cell(text: "\(index + 1)", paint: { style.green($0) }),
                Table.Cell(text: "$" + point.usd.text(decimalsMin: 2), paint: { style.bold($0) }),
                Table.Cell(text: point.seconds.map { "\($0 == $0.rounded() ? "\(Int($0))" : "\($0)") s" } ?? ""),
                Table.Cell(text: point.resolution?.shown ?? ""),
                Table.Cell(text: point.shownTime ?? "", paint: { style.dim($0) }),
                Table.Cell(text: point.choice.provider.id), Table.Cell(text: point.choice.offering.id),
            ])
        }
        for line in table.lines(width: terminal.width, style: style) { terminal.line(line) }
        showRest(frontier)
    }

    /// What is not on the frontier, and why.
    private func showRest(_ frontier: Frontier) {
        if frontier.beatenCount > 0 {
            note(
                "\(frontier.beatenCount) other settings are beaten: as good or worse in every respect, at no lower price"
            )
        }
        guard !frontier.unpriced.isEmpty else { return }
        let offerings = frontier.unpriced.map { "\($0.provider.id) \($0.offering.id)" }.uniqued()
        note("no price in dollars is known for \(offerings.joined(separator: ", "))")
    }

    private func note(_ text: String) {
        for line in TextLayout.hanging("  ·", text, indent: 4, width: terminal.width) { terminal.line(style.dim(line)) }
    }
}
