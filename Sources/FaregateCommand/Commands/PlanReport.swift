import Faregate

/// Shows a plan.
struct PlanReport {
    let plan: Plan
    let request: PortableRequest
    let models: [String]
    let operation: String?
    let leftOut: [LeftOut]
    let purchases: [Plan.Purchase]
    let catalog: String

    /// Reasons to leave something out that are shown to people.
    private static let reasonsMax = 12

    func show(_ terminal: Terminal) {
        let style = terminal.style
        showJob(terminal)
        terminal.line("")
        if plan.lines.isEmpty {
            showFailure(terminal)
        } else {
            for line in table(style).lines(width: terminal.width, style: style) { terminal.line(line) }
            terminal.line("")
            showTotal(terminal)
            for note in notes { hang(note, mark: style.yellow("·"), terminal) }
            showPurchases(terminal)
        }
        showLeftOut(terminal)
    }

    private func showJob(_ terminal: Terminal) {
        let style = terminal.style
        let job = plan.job
        let amount = job.measure == .seconds ? "\(job.amount) s of footage" : "\(job.amount) \(thing(job.amount))"
        let terms = [
            amount, job.deadlineSeconds.map { "within \(Self.shown($0))" },
            job.maximumUSD.map { "for at most \(CreditsReport.money($0))" },
        ]
        let what = operation ?? models.joined(separator: ", ")
        for (index, line) in TextLayout.wrapped(
            "\(what): \(terms.compactMap(\.self).joined(separator: ", "))", to: terminal.width
        ).enumerated() { terminal.line(index == 0 ? style.bold(line) : line) }
        let shown = request.parameters.map { "\($0.name) \($0.value.shown)" }.joined(separator: " · ")
        for line in TextLayout.wrapped(shown, to: terminal.width - 2) { terminal.line("  \(style.dim(line))") }
    }

    /// What is counted: `clips`, `images`.
    private func thing(_ count: Int) -> String {
        let name =
            switch request.model.medium {
            case .video: "clip"
            case .image: "image"
            case .audio: "recording"
            case .text: "text"
            }
        return count == 1 ? name : name + "s"
    }

    private func table(_ style: Style) -> Table {
        var table = Table([
            .init(title: "tasks", isRight: true), .init(title: "provider"), .init(title: "model", shrinksTo: 12),
            .init(title: "each", isRight: true), .init(title: "price", isRight: true, shrinksTo: 12),
            .init(title: "a task takes", shrinksTo: 12),
        ])
        for line in plan.lines {
            table.add([
                Table.Cell(text: "\(line.count) ×", paint: { style.bold($0) }), Table.Cell(text: line.option.provider),
                Table.Cell(text: line.option.offering), Table.Cell(text: line.option.label),
                Table.Cell(text: line.usd?.shown ?? "", paint: { style.bold($0) }),
                Table.Cell(
                    text: line.option.typicalSeconds.map(Self.shown) ?? "not known", paint: { style.dim($0) }),
            ])
        }
        return table
    }

    private func showTotal(_ terminal: Terminal) {
        let style = terminal.style
        let count = plan.taskCount
        let made = plan.job.measure == .seconds ? " make \(plan.amount) s" : ""
        let price = plan.usd?.shown ?? "more than can be reckoned with"
        let time = plan.makespan.map { ", done in \(Self.shown($0))" } ?? ""
        let mark = plan.isMet ? style.green("▸") : style.red("✗")
        let text = "\(count) task\(count == 1 ? "" : "s")\(made) for \(price)\(time)"
        for (index, line) in TextLayout.wrapped(text, to: terminal.width - 2).enumerated() {
            terminal.line(index == 0 ? "\(mark) \(style.bold(line))" : "  \(line)")
        }
        if let maximum = plan.job.maximumUSD, !plan.isMet {
            hang(
                "above the maximum of \(CreditsReport.money(maximum)); nothing cheaper does it", mark: style.red("·"),
                terminal)
        }
    }

    private static func oneByOne(_ provider: String) -> String {
        "assumed: \(provider) does one task after the other; nobody says how many at once "
            + "(--concurrency \(provider)=N)"
    }

    /// What the plan rests on.
    private var notes: [String] {
        var notes: [String] = []
        let more = plan.amount - plan.job.amount
        if more > 0 { notes.append("\(more) s more than asked for; exactly \(plan.job.amount) s cost no less") }
        for share in plan.shares where share.makespan == nil {
            let offerings = plan.lines.filter {
                $0.option.provider == share.provider && $0.option.typicalSeconds == nil
            }
            let names = Set(offerings.map(\.option.offering)).sorted()
            notes.append(
                "when it is done is not known: nobody says how long \(share.provider)'s \(listed(names, "and")) takes")
        }
        for share in plan.shares where share.isOneByOne && share.makespan != nil && share.taskCount > 1 {
            notes.append(Self.oneByOne(share.provider))
        }
        for line in plan.lines {
            let name = "\(line.option.provider) \(line.option.offering)"
            notes += line.option.notes.map { "\(name): \($0)" }
        }
        return notes.uniqued()
    }

    private func showPurchases(_ terminal: Terminal) {
        for purchase in purchases {
            if let obstacle = purchase.obstacle {
                hang(
                    "cannot be bought at \(purchase.provider): \(obstacle.reason)", mark: terminal.style.yellow("·"),
                    terminal)
            }
            guard case .purchase(let found) = purchase.search else { continue }
            let packs = found.items.map { "\($0.count) × \($0.pack.label)" }
            let rest = found.remaining > .zero ? "; \(found.remaining) credits remain, \(found.shownExpiry)" : ""
            hang(
                "to buy at \(purchase.provider): \(listed(packs, "and")) for \(CreditsReport.money(found.usd))\(rest)",
                mark: terminal.style.dim("·"), terminal)
        }
    }

    private func showFailure(_ terminal: Terminal) {
        let style = terminal.style
        guard let shortfall = plan.shortfall, let deadline = plan.job.deadlineSeconds else {
            return terminal.line(style.red("✗ Nothing with a known price can do this."))
        }
        let unit = plan.job.measure == .seconds ? " s" : ""
        terminal.line(
            style.red(
                "✗ Not within \(Self.shown(deadline)): \(shortfall.amountInTime)\(unit) of \(plan.job.amount)\(unit) at most."
            ))
        if let earliest = shortfall.earliestSeconds {
            hang("by the worst typical times it can be done in \(Self.shown(earliest))", mark: "·", terminal)
        }
        for provider in shortfall.oneByOne { hang(Self.oneByOne(provider), mark: style.yellow("·"), terminal) }
    }

    private func showLeftOut(_ terminal: Terminal) {
        guard !leftOut.isEmpty else { return }
        let style = terminal.style
        terminal.line("")
        terminal.line(style.dim("left out"))
        var reasons: [(reason: String, names: [String])] = []
        for entry in leftOut {
            let name = "\(entry.provider) \(entry.offering)"
            if let index = reasons.firstIndex(where: { $0.reason == entry.reason }) {
                reasons[index].names.append(name)
            } else {
                reasons.append((entry.reason, [name]))
            }
        }
        for (reason, names) in reasons.prefix(Self.reasonsMax) {
            for line in TextLayout.hanging("✗", names.joined(separator: " · "), indent: 2, width: terminal.width) {
                terminal.line(line.hasPrefix("✗") ? style.red("✗") + line.dropFirst() : line)
            }
            hang(reason, mark: " ", terminal)
        }
        if reasons.count > Self.reasonsMax {
            let more = reasons.dropFirst(Self.reasonsMax).reduce(0) { $0 + $1.names.count }
            terminal.line(style.dim("and \(more) more; --format json names them"))
        }
    }

    private func hang(_ text: String, mark: String, _ terminal: Terminal) {
        for (index, line) in TextLayout.wrapped(text, to: terminal.width - 4).enumerated() {
            terminal.line("  \(index == 0 ? mark : " ") \(line)")
        }
    }

    /// `45 s`, `2 min`, `1 h 5 min`: rounded up to minutes from two minutes on.
    static func shown(_ seconds: Int) -> String {
        if seconds < 120 { return "\(seconds) s" }
        let minutes = (seconds + 59) / 60
        if minutes < 60 { return "\(minutes) min" }
        return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
    }

    /// `2 to 10 min` as `2 min to 10 min`, or one time where both ends are the same.
    static func shown(_ span: ClosedRange<Int>) -> String {
        let (low, high) = (shown(span.lowerBound), shown(span.upperBound))
        return low == high ? "about \(high)" : "\(low) to \(high)"
    }

    /// The plan, with everything that is left out, what to buy, and the catalog.
    var json: JSONValue {
        var object = plan.json.object ?? JSONObject()
        object["request"] = request.body
        object["left_out"] = .array(leftOut.map(\.json))
        object["purchases"] = .array(purchases.map(\.json))
        object["catalog"] = .string(catalog)
        return .object(object)
    }
}
