/// What a parameter may be: one value, some values, or everything between two bounds.
public enum Want: Sendable, Hashable {
    case exactly(JSONValue)
    case oneOf([JSONValue])
    /// Numbers, or words in the order in which the portable parameter lists them. Bounds are included.
    case between(JSONValue?, JSONValue?)

    /// Whether a value is wanted.
    ///
    /// - Parameter order: The words of the parameter from least to most, where it lists them.
    func includes(_ value: JSONValue, order: [JSONValue]?) -> Bool {
        switch self {
        case .exactly(let wanted): return value == wanted
        case .oneOf(let wanted): return wanted.contains(value)
        case .between(let low, let high):
            if low == nil, high == nil { return true }
            func rank(_ value: JSONValue) -> Double? {
                value.number ?? order?.firstIndex(of: value).map(Double.init)
            }
            guard let place = rank(value) else { return false }
            if let low { guard let low = rank(low), low <= place else { return false } }
            if let high { guard let high = rank(high), place <= high else { return false } }
            return true
        }
    }

    /// Values that are worth a try beside those that an offering lists: the bounds themselves.
    var ends: [JSONValue] {
        switch self {
        case .exactly(let value): [value]
        case .oneOf(let values): values
        case .between(let low, let high): [low, high].compactMap(\.self)
        }
    }

    /// In words: `8`, `720p or 1080p`, `at least 8`.
    public var shown: String {
        switch self {
        case .exactly(let value): value.shown
        case .oneOf(let values): listed(values.map(\.shown))
        case .between(let low?, let high?): "\(low.shown) to \(high.shown)"
        case .between(let low?, nil): "at least \(low.shown)"
        case .between(nil, let high?): "at most \(high.shown)"
        case .between(nil, nil): "anything"
        }
    }
}

extension Want {
    /// Reads what is wanted of a parameter: a value, `{"one_of": […]}`, or `{"min": …, "max": …}`. `nil`, with problems
    /// noted, where it makes no sense.
    init?(_ name: String, of reader: ObjectReader) {
        guard let value = reader.value(name) else { return nil }
        guard case .object = value, let forms = reader.object(name) else {
            self = .exactly(value)
            return
        }
        defer { forms.finish() }
        if forms.has("one_of") {
            guard let values = forms.value("one_of")?.array, !values.isEmpty else {
                forms.fail("document.value", at: "one_of", "one_of is an array of values, with one at least")
                return nil
            }
            self = .oneOf(values)
        } else {
            let (low, high) = (forms.value("min"), forms.value("max"))
            guard low != nil || high != nil else {
                reader.fail(
                    "document.value", at: name, "\(name) is a value, {\"one_of\": […]} or {\"min\": …, \"max\": …}")
                return nil
            }
            self = .between(low, high)
        }
    }
}
