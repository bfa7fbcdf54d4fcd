extension Quote.Total {
    /// So many times this; `nil` past all bounds.
    package func times(_ count: Int) -> Quote.Total? {
        func product(_ amount: ExactDecimal) -> ExactDecimal? {
            let (product, overflow) = amount.billionths.multipliedReportingOverflow(by: Int64(count))
            return overflow ? nil : ExactDecimal(billionths: product)
        }
        guard let low = product(minimum) else { return nil }
        guard let maximum else { return Quote.Total(minimum: low, maximum: nil, unit: unit) }
        return product(maximum).map { Quote.Total(minimum: low, maximum: $0, unit: unit) }
    }

    /// Both together; `nil` past all bounds and for different units.
    package func adding(_ other: Quote.Total) -> Quote.Total? {
        guard unit == other.unit, let low = minimum.adding(other.minimum) else { return nil }
        guard let mine = maximum, let theirs = other.maximum else {
            return Quote.Total(minimum: low, maximum: nil, unit: unit)
        }
        return mine.adding(theirs).map { Quote.Total(minimum: low, maximum: $0, unit: unit) }
    }
}

extension [Quote.Total] {
    /// All of them together; `nil` for none, past all bounds and for different units.
    package var sum: Quote.Total? {
        guard let first else { return nil }
        return dropFirst().reduce(first as Quote.Total?) { $0?.adding($1) }
    }
}

extension Quote.Total {
    /// `min` and `max`; the latter null where there is no upper bound.
    package var spanJSON: JSONValue {
        ["min": .string(text(minimum)), "max": maximum.map { .string(text($0)) } ?? .null]
    }

    /// `unit`, `min` and `max`; the last null where there is no upper bound.
    var unitSpanJSON: JSONValue {
        ["unit": .string(unit), "min": .string(text(minimum)), "max": maximum.map { .string(text($0)) } ?? .null]
    }
}
