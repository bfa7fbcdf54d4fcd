import Faregate

/// Shows the cheapest purchase of credits.
struct CreditsReport {
    let question: CreditQuestion
    let search: CreditPurchase.Search

    func show(_ terminal: Terminal) {
        let style = terminal.style
        let unit = question.wanted == .one ? "credit" : "credits"
        let held = question.balance > .zero ? ", \(question.balance) there already" : ""
        terminal.line("\(style.bold(question.provider.name))  \(question.wanted) \(unit)\(held)")
        terminal.line("")
        switch search {
        case .purchase(let purchase): show(purchase, terminal)
        case .notEnough(let most, let leftOut):
            terminal.line(style.red("✗ All packs together give \(most) of the \(question.missing) that are missing."))
            show(leftOut, terminal)
        case .tooLarge: terminal.line(style.red("✗ So many credits are more than can be reckoned with."))
        }
    }

    private func show(_ purchase: CreditPurchase, _ terminal: Terminal) {
        let style = terminal.style
        if purchase.items.isEmpty {
            terminal.line("\(style.green("✓")) nothing to buy: the balance is enough")
            return
        }
        var table = Table([
            .init(title: "buy", isRight: true), .init(title: "pack", shrinksTo: 16),
            .init(title: "credits", isRight: true), .init(title: "price", isRight: true),
            .init(title: "a credit", isRight: true),
        ])
        for item in purchase.items {
            let count = ExactDecimal(item.count)
            table.add([
                Table.Cell(text: "\(item.count) ×", paint: { style.bold($0) }), Table.Cell(text: item.pack.label),
                Table.Cell(text: count.multiplied(by: item.pack.total)?.description ?? ""),
                Table.Cell(text: count.multiplied(by: item.pack.usd).map(Self.money) ?? ""),
                Table.Cell(text: item.pack.shownRate, paint: { style.dim($0) }),
            ])
        }
        for line in table.lines(width: terminal.width, style: style, indent: 2) { terminal.line(line) }
        terminal.line("")
        showTotal(purchase, terminal)
        for line in notes(purchase) {
            for part in TextLayout.hanging("  ·", line, indent: 4, width: terminal.width) { terminal.line(part) }
        }
        show(purchase.leftOut, terminal)
        for line in Self.sources(purchase.items.map(\.pack)) {
            for part in TextLayout.wrapped(line, to: terminal.width - 4) { terminal.line("    \(style.dim(part))") }
        }
    }

    private func showTotal(_ purchase: CreditPurchase, _ terminal: Terminal) {
        let style = terminal.style
        let isWithin = question.isMet(by: search)
        let total = "\(Self.money(purchase.usd)) for \(purchase.credits) credits"
        let rates = [
            purchase.usdPerCredit.map { "$\($0) a credit" },
            purchase.remaining > .zero ? purchase.usdPerCreditUsed.map { "$\($0) for each one used" } : nil,
        ]
        let mark = question.maximum == nil ? "" : isWithin ? style.green("✓ ") : style.red("✗ ")
        terminal.line("\(mark)\(style.bold(total)): \(rates.compactMap(\.self).joined(separator: ", "))")
        if let maximum = question.maximum, !isWithin {
            terminal.line("  · above the maximum of \(Self.money(maximum))")
        }
    }

    private func notes(_ purchase: CreditPurchase) -> [String] {
        var notes: [String] = []
        let remaining = purchase.remaining
        if remaining > .zero {
            notes.append("\(remaining) credit\(remaining == .one ? "" : "s") remain; \(purchase.shownExpiry)")
        } else if purchase.items.contains(where: { $0.pack.expiry != .never }) {
            notes.append("nothing remains; until it is spent, \(purchase.shownExpiry)")
        }
        for pack in purchase.items.map(\.pack) {
            if let renews = pack.renews {
                notes.append("\(pack.label) is a plan: it renews every \(renews.rawValue) until it is cancelled")
            }
            if pack.standing != .documented { notes.append("\(pack.label) is \(pack.standing.rawValue)") }
            if let note = pack.note { notes.append("\(pack.label): \(note)") }
        }
        return notes
    }

    private func show(_ leftOut: [CreditPurchase.LeftOut], _ terminal: Terminal) {
        for entry in leftOut {
            let text = "\(entry.pack.label) is left out: \(entry.reason)"
            for part in TextLayout.hanging("  ·", text, indent: 4, width: terminal.width) { terminal.line(part) }
        }
    }

    static func money(_ amount: ExactDecimal) -> String { "$\(amount.text(decimalsMin: 2))" }

    /// Who says so, each once.
    static func sources(_ packs: [CreditPack]) -> [String] {
        packs.map { $0.source + ($0.checkedOn.map { ", checked \($0)" } ?? "") }.uniqued()
    }

    /// `provider`, `wanted`, `balance`, `maximum_usd`, and `purchase` or why there is none.
    var json: JSONValue {
        var object = JSONObject([
            ("provider", .string(question.provider.id)), ("wanted", .string(question.wanted.description)),
            ("balance", .string(question.balance.description)),
            ("maximum_usd", question.maximum.map { .string($0.text(decimalsMin: 2)) } ?? .null),
            ("possible", .bool(question.isMet(by: search))),
        ])
        switch search {
        case .purchase(let purchase): object["purchase"] = purchase.json
        case .notEnough(let most, _):
            object["purchase"] = .some(.null)
            object["most"] = .string(most.description)
        case .tooLarge: object["purchase"] = .some(.null)
        }
        return .object(object)
    }
}

/// Lists packs and what a credit of each costs.
struct PackReport {
    let providers: [(provider: Provider, packs: [CreditPack])]

    func show(_ terminal: Terminal) {
        let style = terminal.style
        var isFirst = true
        let silent = providers.filter { $0.packs.isEmpty && $0.provider.currency != "credits" }.map(\.provider.name)
        for (provider, packs) in providers where !silent.contains(provider.name) {
            if !isFirst { terminal.line("") }
            isFirst = false
            terminal.line(style.bold(provider.name))
            guard !packs.isEmpty else {
                let text =
                    "Nobody says how credits are sold; providers.\(provider.id).packs in the configuration file does."
                for line in TextLayout.wrapped(text, to: terminal.width - 2) { terminal.line("  \(style.dim(line))") }
                continue
            }
            for line in table(packs, style).lines(width: terminal.width, style: style, indent: 2) {
                terminal.line(line)
            }
            for line in CreditsReport.sources(packs) {
                for part in TextLayout.wrapped(line, to: terminal.width - 2) { terminal.line("  \(style.dim(part))") }
            }
        }
        if !isFirst, !silent.isEmpty { terminal.line("") }
        showSilent(silent, terminal)
    }

    private func showSilent(_ names: [String], _ terminal: Terminal) {
        guard !names.isEmpty else { return }
        let text =
            "\(listed(names, "and")) \(names.count == 1 ? "states its" : "state their") prices in dollars; no page says that credits are sold."
        for line in TextLayout.wrapped(text, to: terminal.width) { terminal.line(terminal.style.dim(line)) }
    }

    private func table(_ packs: [CreditPack], _ style: Style) -> Table {
        var table = Table([
            .init(title: "pack", shrinksTo: 16), .init(title: "credits", isRight: true),
            .init(title: "bonus", isRight: true), .init(title: "price", isRight: true),
            .init(title: "a credit", isRight: true), .init(title: "terms", shrinksTo: 16),
        ])
        for pack in packs {
            table.add([
                Table.Cell(text: pack.label, paint: { style.bold($0) }),
                Table.Cell(text: pack.credits.description),
                Table.Cell(text: pack.bonus == .zero ? "" : "+\(pack.bonus)"),
                Table.Cell(text: CreditsReport.money(pack.usd)), Table.Cell(text: pack.shownRate),
                Table.Cell(text: pack.shownTerms, paint: { style.dim($0) }),
            ])
        }
        return table
    }

    var json: JSONValue {
        .array(
            providers.map { provider, packs in
                ["provider": .string(provider.id), "packs": .array(packs.map(\.json))]
            })
    }
}

extension CreditPack {
    /// `$0.01`: dollars for one of its credits.
    var shownRate: String { usd.divided(by: total, .up).map { "$\($0)" } ?? "" }

    /// `every month, at most 1, expires after 30 days`.
    fileprivate var shownTerms: String {
        let expiry = expiry?.words ?? "expiry not known"
        let limit = renews == nil ? limit.map { "at most \($0)" } : nil
        return [renews.map { "every \($0.rawValue)" }, limit, expiry].compactMap(\.self).joined(separator: ", ")
    }
}

extension CreditPurchase {
    /// How long what was bought can be used, at the worst.
    var shownExpiry: String {
        let expiries = items.map(\.pack.expiry)
        if expiries.contains(nil) { return "nobody says how long they last" }
        let days = expiries.compactMap { expiry -> Int? in
            if case .days(let days)? = expiry { days } else { nil }
        }
        guard let soonest = days.min() else { return "they never expire" }
        let isMixed = days.count < expiries.count || days.contains { $0 != soonest }
        return "they expire after \(soonest) day\(soonest == 1 ? "" : "s")\(isMixed ? " at the soonest" : "")"
    }
}
