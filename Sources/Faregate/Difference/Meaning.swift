// What the parts of an offering mean, in words that are the same for the same meaning: order and spelling aside.

extension Condition {
    /// `duration is 8 and reference_image_urls is set`.
    package var words: String {
        switch self {
        case .present(let reference, let wanted): return "\(reference.name) is \(wanted ? "" : "not ")set"
        case .oneOf(let reference, let values):
            return "\(reference.name) is \(listed(values.map { $0.text() }.sorted()))"
        case .compare(let reference, let comparison, let bound):
            return "\(reference.name) is \(comparison.words) \(bound)"
        case .count(let references, let comparison, let bound):
            return "\(listed(references.map(\.name).sorted(), "and")) hold \(comparison.words) \(bound)"
        case .all(let parts): return parts.map(\.nested).sorted().joined(separator: " and ")
        case .any(let parts): return parts.map(\.nested).sorted().joined(separator: " or ")
        case .not(let part): return "not (\(part.words))"
        }
    }

    private var nested: String {
        switch self {
        case .all(let parts) where parts.count > 1, .any(let parts) where parts.count > 1: "(\(words))"
        default: words
        }
    }
}

extension Condition.Comparison {
    fileprivate var words: String { rawValue == "equals" ? "exactly" : rawValue.replacingUnderscores }
}

extension String {
    fileprivate var replacingUnderscores: String { String(map { $0 == "_" ? " " : $0 }) }
}

extension Constraint {
    /// `error: requires start_image_url when end_image_url is set`; two rules with the same words do the same.
    package var meaning: String {
        "\(severity.rawValue): \(consequence.words)" + (condition.map { " when \($0.words)" } ?? "")
    }
}

extension Consequence {
    package var words: String {
        func names(_ references: [ParameterReference], _ word: String = "and") -> String {
            listed(references.map(\.name).sorted(), word)
        }
        switch self {
        case .require(let kind): return "requires \(names(kind.parameters))"
        case .forbid(let kind): return "forbids \(names(kind.parameters))"
        case .restrict(let kind): return "\(kind.parameter.name) must be \(kind.bounds.words)"
        case .presence(let kind):
            return "\(kind.bound.rawValue.replacingUnderscores) of \(names(kind.parameters))"
        case .exclusive(let kind):
            return "only one of " + listed(kind.groups.map { names($0) }.sorted())
        case .total(let kind):
            let bounds = [kind.atLeast.map { "at least \($0)" }, kind.atMost.map { "at most \($0)" }]
            return "\(names(kind.parameters)) hold \(bounds.compactMap(\.self).joined(separator: " and ")) together"
        case .order(let kind): return "\(kind.first.name) is not above \(kind.second.name)"
        case .ignored(let kind): return "\(names(kind.parameters)) has no effect"
        case .mentions(let kind): return "\(kind.tag) in \(kind.text.name) counts \(names(kind.counted))"
        }
    }
}

extension Bounds {
    /// The single bounds, by the names of JSON Schema.
    var limits: [(name: String, value: Double?, isLower: Bool)] {
        [
            ("minimum", minimum, true), ("maximum", maximum, false),
            ("minLength", minLength.map(Double.init), true), ("maxLength", maxLength.map(Double.init), false),
            ("minItems", minItems.map(Double.init), true), ("maxItems", maxItems.map(Double.init), false),
        ]
    }

    /// `4 or 8`, `minimum 1, maximum 10`, `anything`.
    package var words: String {
        let values = allowed.map { [listed($0.map { $0.text() }.sorted())] } ?? []
        let others = limits.compactMap { limit in limit.value.map { "\(limit.name) \(JSONValue.plain($0))" } }
        return (values + others).isEmpty ? "anything" : (values + others).joined(separator: ", ")
    }
}

extension ParameterSpec {
    /// What the spec asks of a value, without its words: used for what is compared as a whole.
    var meaning: String {
        var parts = [type?.rawValue ?? "any", bounds.words]
        if let defaultValue { parts.append("default \(defaultValue.text())") }
        parts += manners
        if let items { parts.append("items (\(items.meaning))") }
        if !properties.isEmpty {
            parts.append(
                "properties (\(properties.map { "\($0.name): \($0.spec.meaning)" }.sorted().joined(separator: "; ")))")
        }
        if !required.isEmpty { parts.append("required \(listed(required.sorted(), "and"))") }
        return parts.joined(separator: ", ")
    }

    /// How values are read beyond type and bounds.
    var manners: [String] {
        var parts: [String] = []
        if isHTTPURL { parts.append("an address") }
        if onInvalid == .default { parts.append("replaced by the default where invalid") }
        if let blank { parts.append("blank: \(blank.rawValue)") }
        if unsupported != nil { parts.append("rejected") }
        if ignored != nil { parts.append("without effect") }
        if let extensions { parts.append("files \(listed(extensions.sorted()))") }
        if allowsOtherMembers { parts.append("other members let through") }
        return parts
    }
}

extension PriceRow {
    /// Everything that decides when the row applies and what it amounts to, but the rate.
    var terms: String {
        var parts = ["per \(unit)", currency, kind.rawValue, quantity.words]
        if let condition { parts.append("when \(condition.words)") }
        if included != .zero { parts.append("\(included) included") }
        if let minimum { parts.append("at least \(minimum)") }
        if let rounding { parts.append("rounded to \(rounding.step) \(rounding.mode.rawValue)") }
        return parts.joined(separator: ", ")
    }

    /// `0.20 USD per video`, `unknown (price.garbled)`.
    package var rateWords: String {
        let total = { Quote.Total(minimum: $0, maximum: nil, unit: self.currency).text($0) }
        let amount: String
        switch rate {
        case .exact(let exact): amount = total(exact)
        case .atLeast(let low): amount = "at least \(total(low))"
        case .range(let low, let high): amount = "\(total(low)) to \(total(high))"
        case .unknown(let reason): return "unknown (\(reason))"
        }
        return "\(amount) \(currency) per \(unit)"
    }
}

extension PriceRow.Quantity {
    var words: String {
        switch self {
        case .fixed(let number): "\(number)"
        case .value(let reference): "as many as \(reference.name)"
        case .count(let references): "as many as \(listed(references.map(\.name).sorted(), "and")) hold"
        }
    }
}

extension Lifecycle {
    var meaning: String {
        let parts = [
            status.rawValue, from.map { "from \($0)" }, until.map { "until \($0)" },
            replacedBy.map { "replaced by \($0)" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}

extension PortableMapping.Target {
    var meaning: String {
        switch self {
        case .fixed(let value): return "always \(value.text())"
        case .unsupported: return "not supported"
        case .to(let reference, let append, let values, let terms):
            var parts = ["to \(reference.name)"]
            if append { parts.append("appended") }
            if let values {
                parts.append(
                    values.map { "\($0.portable.text()) as \($0.native.text())" }.sorted().joined(separator: ", "))
            }
            if !terms.needs.isEmpty { parts.append("needs \(listed(terms.needs.sorted(), "and"))") }
            if !terms.notWith.isEmpty { parts.append("not with \(listed(terms.notWith.sorted()))") }
            if terms.inference != nil { parts.append("inferred") }
            return parts.joined(separator: "; ")
        }
    }
}

extension PortableMapping.Setting {
    var meaning: String { "sets \(values.settingWords)" + (condition.map { " when \($0.words)" } ?? "") }
}

extension PortableMapping.Selection {
    /// The native values that make an offering this model.
    var meaning: String {
        ([values.settingWords] + settings.map(\.meaning)).filter { !$0.isEmpty }.joined(separator: "; ")
    }
}

extension PortableMapping {
    /// What becomes of a portable parameter, exceptions first.
    func meaning(of parameter: String) -> String? {
        let exceptions = exceptions.filter { $0.parameter == parameter }.map {
            "when \($0.condition.words): \($0.target.meaning)"
        }
        return target(parameter).map { (exceptions + [$0.meaning]).joined(separator: "; otherwise ") }
    }
}

extension [(reference: ParameterReference, value: JSONValue)] {
    /// `duration 8, mode "pro"`.
    var settingWords: String { map { "\($0.reference.name) \($0.value.text())" }.sorted().joined(separator: ", ") }
}
