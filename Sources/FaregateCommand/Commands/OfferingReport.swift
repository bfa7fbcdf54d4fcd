import Faregate

/// Everything that is known about one offering.
struct OfferingReport {
    let offering: Offering
    let provider: Provider

    func show(_ terminal: Terminal) {
        let style = terminal.style
        terminal.line("\(style.bold(offering.name))  \(offering.id) at \(provider.name)")
        terminal.line(style.dim(offering.source.description))
        terminal.line("")
        showParameters(terminal)
        if let additional = offering.additional {
            for line in TextLayout.wrapped(additional, to: terminal.width - 2) { terminal.line("  \(style.dim(line))") }
        }
        if !offering.constraints.isEmpty {
            terminal.line("")
            terminal.line(style.dim("rules"))
            for constraint in offering.constraints {
                terminal.line(
                    "  \(style.bold(constraint.id))\(constraint.severity == .error ? "" : style.dim(" (warning)"))")
                for line in TextLayout.wrapped(constraint.text, to: terminal.width - 4) { terminal.line("    \(line)") }
            }
        }
        terminal.line("")
        terminal.line(style.dim("prices"))
        for row in offering.prices {
            terminal.line("  \(style.bold(row.label))  \(row.rate.shown(row.currency)) / \(row.unit)")
            let notes = [row.note, "\(row.source), checked \(row.checkedOn)"].compactMap(\.self)
            for line in notes.flatMap({ TextLayout.wrapped($0, to: terminal.width - 4) }) {
                terminal.line("    \(style.dim(line))")
            }
        }
        showTimes(terminal)
    }

    private func showTimes(_ terminal: Terminal) {
        guard !offering.typicalTimes.isEmpty else { return }
        let style = terminal.style
        terminal.line("")
        terminal.line(style.dim("how long a task takes"))
        for row in offering.typicalTimes {
            let condition = row.condition.map { "  where \($0.words)" } ?? ""
            terminal.line("  \(style.bold("\(row.words) s"))\(condition)")
            let checked = row.checkedOn.map { ", checked \($0)" } ?? ""
            for line in [row.note, "\(row.source)\(checked)"].compactMap(\.self) {
                for part in TextLayout.wrapped(line, to: terminal.width - 4) { terminal.line("    \(style.dim(part))") }
            }
        }
    }

    private func showParameters(_ terminal: Terminal) {
        let style = terminal.style
        var table = Table([
            .init(title: "parameter"), .init(title: "takes", shrinksTo: 18), .init(title: "about", shrinksTo: 20),
        ])
        let parameters = offering.parameters
        for (name, spec) in parameters.properties {
            let isRequired = parameters.required.contains(name)
            table.add([
                Table.Cell(
                    text: name + (isRequired ? " *" : ""),
                    paint: { spec.unsupported == nil ? style.bold($0) : style.dim($0) }),
                Table.Cell(text: spec.shown),
                Table.Cell(text: spec.unsupported ?? spec.about ?? "", paint: { style.dim($0) }),
            ])
        }
        for line in table.lines(width: terminal.width, style: style) { terminal.line(line) }
        if !parameters.required.isEmpty { terminal.line(style.dim("* required")) }
    }

    private static func number(_ value: Double) -> JSONValue {
        Int64(exactly: value).map(JSONValue.integer) ?? .real(value)
    }

    var json: JSONValue {
        [
            "provider": .string(provider.id),
            "model": .string(offering.id),
            "name": .string(offering.name),
            "medium": .string(offering.medium.rawValue),
            "operations": .array(offering.operations.map(JSONValue.string)),
            "models": .array(offering.portable.models.map { .string($0.id) }),
            "parameters": .array(
                offering.parameters.properties.map { name, spec in
                    [
                        "name": .string(name), "required": .bool(offering.parameters.required.contains(name)),
                        "takes": .string(spec.shown), "default": spec.defaultValue ?? .null,
                        "about": spec.about.map(JSONValue.string) ?? .null,
                    ]
                }),
            "constraints": .array(
                offering.constraints.map {
                    [
                        "id": .string($0.id), "text": .string($0.text), "severity": .string($0.severity.rawValue),
                        "source": .string($0.source.description),
                    ]
                }),
            "prices": .array(
                offering.prices.map {
                    [
                        "id": .string($0.id), "label": .string($0.label), "unit": .string($0.unit),
                        "rate": .string($0.rate.shown($0.currency)), "source": .string($0.source.description),
                        "checked_on": .string($0.checkedOn.description),
                    ]
                }),
            "typical_seconds": .array(
                offering.typicalTimes.map {
                    [
                        "min": Self.number($0.seconds.lowerBound), "max": Self.number($0.seconds.upperBound),
                        "when": $0.condition.map { .string($0.words) } ?? .null,
                        "source": .string($0.source.description),
                    ]
                }),
            "source": .string(offering.source.description),
        ]
    }
}

extension ParameterSpec {
    /// What it takes, in a few words: `4, 6 or 8 (default 4)`.
    fileprivate var shown: String {
        if unsupported != nil { return "not supported" }
        var text =
            allowed.map { listed($0.map(\.shown)) } ?? items.map { "list of \($0.shown)" }
            ?? (isHTTPURL ? "http(s) address" : type?.rawValue ?? "anything")
        switch (bounds.minimum, bounds.maximum) {
        case (let low?, let high?): text += " \(plain(low))–\(plain(high))"
        case (let low?, nil): text += " from \(plain(low))"
        case (nil, let high?): text += " up to \(plain(high))"
        case (nil, nil): break
        }
        if let maxLength = bounds.maxLength { text += ", \(bounds.minLength ?? 0)–\(maxLength) characters" }
        if let maxItems = bounds.maxItems { text += ", \(bounds.minItems ?? 0)–\(maxItems) of them" }
        if let defaultValue { text += " (default \(defaultValue.shown))" }
        return text
    }

    private func plain(_ number: Double) -> String { Int64(exactly: number).map(String.init) ?? "\(number)" }
}
