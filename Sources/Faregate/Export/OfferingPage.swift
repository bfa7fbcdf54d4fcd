/// An offering as a page of Markdown: parameters, rules and prices, with their sources and dates.
public struct OfferingPage: Sendable {
    public let offering: Offering
    public let provider: Provider

    public init(_ offering: Offering, of provider: Provider) { (self.offering, self.provider) = (offering, provider) }

    public var markdown: String {
        let models = offering.portable.models.map { "`\($0.id)`" }
        var parts = [
            "# \(offering.name) at \(provider.name)",
            "`\(offering.id)` · \(offering.medium.rawValue) · \(offering.operations.joined(separator: ", ")) · makes "
                + listed(models, "and"),
            "Read at \(offering.source)" + (checkedOn.map { ", checked on \($0)" } ?? "") + ".",
        ]
        if let lifecycle = offering.lifecycle {
            let note = lifecycle.note.map { ": \($0)" } ?? ""
            parts.append("**\(lifecycle.status.rawValue)**\(note)")
        }
        parts += ["## Parameters", parameters]
        if let additional = offering.additional { parts.append(additional) }
        if !offering.constraints.isEmpty { parts += ["## Rules", rules] }
        parts += ["## Prices", prices]
        if !offering.typicalTimes.isEmpty { parts += ["## Times", times] }
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// When the offering's page was read.
    private var checkedOn: CalendarDate? {
        provider.pages.values.first { $0.url == offering.source.page }?.checkedOn
    }

    // MARK: Tables

    private var parameters: String {
        var rows: [[String]] = []
        func add(_ spec: ParameterSpec, _ prefix: String) {
            for (name, member) in spec.properties {
                let isRequired = spec.required.contains(name)
                rows.append([
                    "`\(prefix)\(name)`", isRequired ? "yes" : "", member.takes,
                    member.defaultValue.map { "`\($0.text())`" } ?? "", member.remarks,
                ])
                if member.unsupported != nil { continue }
                add(member, "\(prefix)\(name).")
                if let items = member.items { add(items, "\(prefix)\(name)[].") }
            }
        }
        add(offering.body, "")
        return Self.table(["Parameter", "Required", "Takes", "Default", "About"], rows)
    }

    private var rules: String {
        Self.table(
            ["Rule", "Breach", "Says", "Source"],
            offering.constraints.map { rule in
                let severity = rule.consequence.isAdvice ? Diagnostic.Severity.warning : rule.severity
                let other = rule.otherReading.map { " Another reading: \($0.endingSentence)" } ?? ""
                return ["`\(rule.id)`", severity.rawValue, rule.text + other, rule.source.description]
            })
    }

    private var prices: String {
        Self.table(
            ["Price", "Rate", "For", "From", "Standing", "Source", "Checked"],
            offering.prices.map { row in
                let kind = row.kind == .adder ? "plus " : ""
                let note = row.note.map { " (\($0.trimmed))" } ?? ""
                return [
                    row.label, kind + row.shownRate + note, row.condition?.words ?? "every request",
                    row.effectiveFrom.description, row.standing.rawValue, row.source.description,
                    row.checkedOn.description,
                ]
            })
    }

    private var times: String {
        Self.table(
            ["Seconds", "For", "Standing", "Source", "Checked"],
            offering.typicalTimes.map { row in
                let note = row.note.map { " (\($0.trimmed))" } ?? ""
                return [
                    row.words + note, row.condition?.words ?? "every request", row.standing.rawValue,
                    row.source.description, row.checkedOn?.description ?? "",
                ]
            })
    }

    private static func table(_ titles: [String], _ rows: [[String]]) -> String {
        func line(_ cells: [String]) -> String { "| " + cells.map(\.asCell).joined(separator: " | ") + " |" }
        return ([line(titles), line(titles.map { _ in "---" })] + rows.map(line)).joined(separator: "\n")
    }
}

extension ParameterSpec {
    /// What it takes, in a few words: `` `4`, `6` or `8` ``.
    fileprivate var takes: String {
        if unsupported != nil { return "not supported" }
        if let allowed { return listed(allowed.map { "`\($0.text())`" }) }
        var text = isHTTPURL ? "http(s) address" : type?.rawValue ?? "anything"
        if type == .array, let items, items.type != .object { text = "list: \(items.takes)" }
        if type == .array, items?.type == .object { text = "list of objects" }
        text += Self.span(bounds.minimum.map(JSONValue.plain), bounds.maximum.map(JSONValue.plain), "")
        text += Self.span(bounds.minLength.map(String.init), bounds.maxLength.map(String.init), " characters")
        text += Self.span(bounds.minItems.map(String.init), bounds.maxItems.map(String.init), " of them")
        if let unit { text += ", in \(unit)s" }
        return text
    }

    private static func span(_ low: String?, _ high: String?, _ what: String) -> String {
        switch (low, high) {
        case (nil, nil): ""
        case (let low?, nil): ", at least \(low)\(what)"
        case (nil, let high?): ", at most \(high)\(what)"
        case (let low?, let high?): low == high ? ", exactly \(low)\(what)" : ", \(low) to \(high)\(what)"
        }
    }

    fileprivate var remarks: String {
        var sentences = [about, unsupported, ignored, unchecked].compactMap { $0?.endingSentence }
        if let extensions { sentences.append("Files: \(listed(extensions)).") }
        if !isEnforced { sentences.append("A value that is not accepted is quietly replaced by the default.") }
        if let otherReading { sentences.append("Another reading: \(otherReading.endingSentence)") }
        return sentences.joined(separator: " ")
    }
}

extension PriceRow {
    /// `0.05 USD per second`.
    fileprivate var shownRate: String {
        let counted: String =
            switch quantity {
            case .fixed(.one): unit
            case .fixed(let number): "\(number) \(unit)s"
            case .value(let reference): "\(unit), as many as \(reference.name)"
            case .count(let references): "\(unit), as many as in \(listed(references.map(\.name), "and"))"
            }
        let amount: String
        switch rate {
        case .exact(let rate): amount = "\(rate) \(currency)"
        case .atLeast(let rate): amount = "at least \(rate) \(currency)"
        case .range(let low, let high): amount = "\(low) to \(high) \(currency)"
        case .unknown(let reason): return "unknown: `\(reason)`"
        }
        let free = included > .zero ? ", \(included) free" : ""
        let least = minimum.map { ", at least \($0) \(currency)" } ?? ""
        return "\(amount) per \(counted)\(free)\(least)"
    }
}

extension String {
    /// Without the full stop, for brackets.
    fileprivate var trimmed: String { hasSuffix(".") ? String(dropLast()) : self }

    /// On one line, with what would end a cell escaped.
    fileprivate var asCell: String {
        split(separator: "\n").joined(separator: " ").split(separator: "|", omittingEmptySubsequences: false)
            .joined(separator: "\\|")
    }
}
