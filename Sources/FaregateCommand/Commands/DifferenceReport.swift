import Faregate

/// Shows the difference between two catalogs to a person.
struct DifferenceReport {
    let terminal: Terminal
    private var style: Style { terminal.style }

    init(terminal: Terminal) { self.terminal = terminal }

    func show(_ difference: CatalogDifference, _ impact: UsageImpact?) {
        var place: String?
        for group in difference.groups {
            let change = group.change
            if change.place != place {
                if place != nil { terminal.line("") }
                place = change.place
                terminal.line(style.bold(change.place))
            }
            show(group)
        }
        if !difference.changes.isEmpty { terminal.line("") }
        terminal.line(difference.summary)
        if let impact { show(impact) }
    }

    private func show(_ group: CatalogDifference.Group) {
        let change = group.change
        let text = [change.headline, change.values].filter { !$0.isEmpty }.joined(separator: ": ")
        for line in TextLayout.hanging("  \(change.sign)", text, indent: 4, width: terminal.width) {
            terminal.line(line)
        }
        for line in group.evidence {
            let text = line.text + (line.request == nil ? "" : ":")
            for part in TextLayout.hanging("", text, indent: 6, width: terminal.width) {
                terminal.line(style.dim(part))
            }
            for part in line.request?.lines(width: terminal.width - 8) ?? [] {
                terminal.line(style.dim("        \(part)"))
            }
        }
    }

    private func show(_ impact: UsageImpact) {
        terminal.line("")
        for line in impact.lines.flatMap({ TextLayout.wrapped($0, to: terminal.width) }) { terminal.line(line) }
        for (word, bill) in impact.bills {
            for line in TextLayout.hanging(word, bill, indent: 8, width: terminal.width) { terminal.line(line) }
        }
        for (mark, word, list) in [("✗", "invalid now", impact.becameInvalid), ("✓", "valid now", impact.becameValid)] {
            for turned in list.prefix(20) {
                let text = "\(word): \(turned.name)" + (turned.errors.first.map { ". \($0.message)" } ?? "")
                for line in TextLayout.hanging("  \(mark)", text, indent: 4, width: terminal.width) {
                    terminal.line(line)
                }
            }
            if list.count > 20 { terminal.line("    and \(list.count - 20) more; --format json lists them") }
        }
    }
}

/// The difference as Markdown, for a pull request.
struct DifferenceMarkdown {
    let difference: CatalogDifference
    let impact: UsageImpact?

    var text: String {
        var lines = ["**\(difference.summary)**"]
        var place: String?
        for group in difference.groups {
            let change = group.change
            if change.place != place {
                place = change.place
                lines += ["", "### \(change.place)", ""]
            }
            let values = change.values.isEmpty ? "" : ": \(Self.escaped(change.values))"
            let arrow = [.priceUp, .priceDown].contains(change.kind) ? "\(change.sign) " : ""
            lines.append("- \(arrow)\(Self.escaped(change.headline))\(values)")
            lines += group.evidence.map { line in
                "  - \(Self.escaped(line.text))" + (line.request.map { ": \(Self.code($0.line))" } ?? "")
            }
        }
        if let impact {
            lines += ["", "### Usage", ""]
            lines += impact.lines.map { "- \(Self.escaped($0))" }
            lines += impact.bills.map { "- \($0) \(Self.escaped($1))" }
            lines += impact.becameInvalid.prefix(20).map { "- ✗ invalid now: \(Self.escaped($0.name))" }
            lines += impact.becameValid.prefix(20).map { "- ✓ valid now: \(Self.escaped($0.name))" }
        }
        return lines.joined(separator: "\n")
    }

    /// As code, in a fence that does not occur in it.
    private static func code(_ text: String) -> String {
        let longest = text.split { $0 != "`" }.map(\.count).max() ?? 0
        let fence = String(repeating: "`", count: longest + 1)
        return longest == 0 ? fence + text + fence : "\(fence) \(text) \(fence)"
    }

    /// Nothing of a catalog's text is taken for Markdown or HTML.
    private static func escaped(_ text: String) -> String {
        var out = ""
        for character in text {
            if "\\`*_[]<>|#".contains(character) { out += "\\" }
            out.append(character == "\n" ? " " : character)
        }
        return out
    }
}

extension CatalogChange {
    /// The offering, the provider or the whole catalog.
    var place: String {
        switch (provider, offering) {
        case (let provider?, let offering?): "\(provider) \(offering)"
        case (let provider?, nil): provider
        default: "catalog"
        }
    }

    /// Up, down, more, less, other.
    var sign: String {
        switch kind {
        case .priceUp: "▲"
        case .priceDown: "▼"
        case .providerAdded, .modelAdded, .offeringAdded, .priceAdded, .parameterAdded, .valuesAdded, .ruleAdded,
            .priceKnown:
            "+"
        case .providerRemoved, .modelRemoved, .offeringRemoved, .priceRemoved, .parameterRemoved, .valuesRemoved,
            .ruleRemoved, .priceUnknown:
            "-"
        default: "~"
        }
    }

    /// `price clip up 25%`, `rule references-need-8s changed (tightened)`.
    var headline: String {
        let words = kind.rawValue.split(separator: ".").map { $0.split(separator: "_").joined(separator: " ") }
        var text = "\(words[0]) \(subject) \(words[1])"
        if let percent { text += " \(percent)" }
        if let direction { text += ", \(direction.rawValue)" }
        if let when { text += ", when \(when)" }
        return text
    }

    /// `0.20 USD per video → 0.25 USD per video`.
    var values: String {
        switch (before, after) {
        case (let before?, let after?): "\(before) → \(after)"
        default: before ?? after ?? ""
        }
    }

}

extension CatalogDifference {
    /// One change, and the other offerings of the provider that it concerns in the same way.
    struct Group {
        let change: CatalogChange
        var others: [String] = []

        /// The witnesses, or that there is none; then where else.
        var evidence: [(text: String, request: RequestText?)] {
            var lines: [(text: String, request: RequestText?)] = change.witnesses.map { witness in
                ("\(witness.before.text) → \(witness.after.text)", RequestText(witness.request))
            }
            if let triedCount = change.triedCount, lines.isEmpty {
                lines.append(("no witness found among \(counted(triedCount, "request"))", nil))
            }
            if !others.isEmpty {
                let named = others.prefix(3) + (others.count > 3 ? ["\(others.count - 3) more"] : [])
                lines.append(("so too in \(listed(Array(named), "and"))", nil))
            }
            return lines
        }
    }

    /// The changes, those of several offerings of one provider told once.
    var groups: [Group] {
        var groups: [Group] = []
        var known: [[String?]: Int] = [:]
        for change in changes {
            let key = [
                change.provider, change.kind.rawValue, change.subject, change.before, change.after, change.when,
                change.direction?.rawValue,
            ]
            if let offering = change.offering, let index = known[key] {
                groups[index].others.append(offering)
            } else {
                known[key] = groups.count
                groups.append(Group(change: change))
            }
        }
        return groups
    }
}

extension CatalogDifference {
    /// `3 changes in meaning in 2 offerings, 1 in wording`.
    var summary: String {
        let wordings = "\(wording.count) in wording"
        guard !changes.isEmpty else {
            return "the same meaning" + (wording.isEmpty ? "" : "; \(counted(wording.count, "difference")) in wording")
        }
        let places = Set(changes.map(\.place)).count
        return "\(counted(changes.count, "change")) in meaning in \(counted(places, "place")), \(wordings)"
    }
}

extension UsageImpact {
    /// What happens to the requests, in sentences.
    var lines: [String] {
        var lines = [
            "\(counted(requestCount, "request")): \(becameInvalidCount) become invalid, \(becameValidCount) become valid, "
                + "\(repricedCount) cost something else"
        ]
        if unreadableCount > 0 {
            let named =
                unreadable.prefix(5).map { "\($0)" } + (unreadableCount > 5 ? ["\(unreadableCount - 5) more"] : [])
            lines.append(
                "\(counted(unreadableCount, "line")) could not be read as a request: \(listed(named, "and"))")
        }
        return lines
    }

    /// What they cost by either catalog.
    var bills: [(word: String, bill: String)] { [("before:", before.words), ("after:", after.words)] }
}

extension UsageImpact.Bill {
    /// `12.50 USD and 420 credits for 30 requests; 2 without a known price, 1 invalid`.
    fileprivate var words: String {
        let sum = totals.isEmpty ? "nothing known" : listed(totalTexts, "and")
        return
            "\(sum) for \(counted(pricedCount, "request")); \(unknownCount) without a known price, \(invalidCount) invalid"
    }
}

extension UsageImpact.Turned {
    /// `line 3 ("x"), unifically google/veo-3.1`.
    var name: String {
        "line \(line)" + (id.map { " (\($0.text()))" } ?? "") + ", \(provider) \(model ?? "")"
    }
}

/// `1 change`, `2 changes`.
private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
