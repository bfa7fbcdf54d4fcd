/// One row of an offering's price list: what a unit costs, when, and who says so.
public struct PriceRow: Sendable {
    public enum Rate: Sendable, Hashable {
        case exact(ExactDecimal)
        case atLeast(ExactDecimal)
        case range(ExactDecimal, ExactDecimal)
        /// With a reason code such as `price.not_documented`.
        case unknown(String)

        /// The lowest amount; `nil` where it is unknown.
        public var lowest: ExactDecimal? {
            switch self {
            case .exact(let rate), .atLeast(let rate), .range(let rate, _): rate
            case .unknown: nil
            }
        }
    }

    public enum Quantity: Sendable {
        case fixed(ExactDecimal)
        /// The value of a number.
        case value(ParameterReference)
        /// The elements of these arrays together.
        case count([ParameterReference])
    }

    public enum Kind: String, Sendable, CaseIterable {
        /// Exactly one applies to a request.
        case base
        /// Every one that applies is added.
        case adder
    }

    public struct RoundingRule: Sendable {
        public let step: ExactDecimal
        public let mode: ExactDecimal.Rounding
    }

    /// Rows with one id are the history of one price.
    public let id: String
    public let label: String
    public let unit: String
    /// An ISO currency or `credits`.
    public let currency: String
    public let rate: Rate
    public let quantity: Quantity
    public let kind: Kind
    /// When the row applies; `nil`: always.
    public let condition: Condition?
    /// Units that are free.
    public let included: ExactDecimal
    /// The least that is charged.
    public let minimum: ExactDecimal?
    public let rounding: RoundingRule?
    public let effectiveFrom: CalendarDate
    public let standing: Standing
    public let otherReading: String?
    public let note: String?
    public let source: Source
    public let checkedOn: CalendarDate

    /// Every parameter that the price depends on.
    public var references: [ParameterReference] {
        let counted: [ParameterReference] =
            switch quantity {
            case .fixed: []
            case .value(let reference): [reference]
            case .count(let references): references
            }
        return (condition?.references ?? []) + counted
    }
}

extension PriceRow {
    init?(_ reader: ObjectReader, scope: ParameterScope, sources: SourceReader, currency: String, units: Set<String>) {
        let id = reader.required("id", reader.identifier)
        let label = reader.required("label", reader.string)
        let unit = reader.required("unit", reader.string)
        if let unit, !units.isEmpty, !units.contains(unit) {
            let hint = didYouMean(unit, among: units.sorted())
            reader.fail("price.unknown_unit", at: "unit", "units.json has no unit \"\(unit)\"\(hint)")
        }
        self.currency = reader.currency("currency") ?? currency
        let rate = Self.rate(reader)
        quantity = Self.quantity(reader, scope: scope)
        kind = reader.choice("kind", of: Kind.self) ?? .base
        let when = reader.object("when")
        condition = when.flatMap { Condition($0, scope: scope) }
        included = reader.decimal("included") ?? .zero
        minimum = reader.decimal("minimum")
        rounding = reader.object("rounding").flatMap { rounding in
            defer { rounding.finish() }
            let step = rounding.required("to", rounding.decimal)
            let mode = rounding.required("mode") { rounding.choice($0, of: ExactDecimal.Rounding.self) }
            if let step, step <= .zero { rounding.fail("document.value", at: "to", "a rounding step is above zero") }
            guard let step, step > .zero, let mode else { return nil }
            return RoundingRule(step: step, mode: mode)
        }
        if let rate, rate.lowest.map({ $0 <= .zero }) ?? false {
            reader.fail("price.not_positive", at: "rate", "a rate is above zero; a price that nobody knows is unknown")
        }
        let effectiveFrom = reader.required("effective_from", reader.date)
        standing = reader.choice("standing", of: Standing.self) ?? .documented
        (otherReading, note) = (sources.otherReading(reader), reader.string("note"))
        let source = sources.required(reader)
        let checkedOn = reader.required("checked_on", reader.date)
        reader.finish()
        if case .unknown? = rate, note == nil {
            reader.fail("document.missing_member", at: "note", "an unknown price says in a note what is known")
        }
        guard let id, let label, let unit, let rate, let effectiveFrom, let source, let checkedOn else { return nil }
        (self.id, self.label, self.unit, self.rate) = (id, label, unit, rate)
        (self.effectiveFrom, self.source, self.checkedOn) = (effectiveFrom, source, checkedOn)
    }

    private static func rate(_ reader: ObjectReader) -> Rate? {
        guard case .object? = reader.value("rate") else {
            return reader.required("rate", reader.decimal).map(Rate.exact)
        }
        guard let forms = reader.object("rate") else { return nil }
        defer { forms.finish() }
        if let reason = forms.string("unknown") {
            if !reason.hasPrefix("price.") {
                forms.fail("document.value", at: "unknown", "a reason code begins with price.")
            }
            return .unknown(reason)
        }
        if forms.has("at_least") { return forms.decimal("at_least").map(Rate.atLeast) }
        let low = forms.required("min", forms.decimal)
        let high = forms.required("max", forms.decimal)
        guard let low, let high else { return nil }
        if low > high { forms.fail("document.value", at: "min", "min is above max") }
        return .range(low, high)
    }

    private static func quantity(_ reader: ObjectReader, scope: ParameterScope) -> Quantity {
        guard let value = reader.value("quantity") else { return .fixed(.one) }
        if value.number != nil, let number = ExactDecimal(value) { return .fixed(number) }
        guard let forms = reader.object("quantity") else { return .fixed(.one) }
        defer { forms.finish() }
        if forms.has("count") { return scope.references("count", of: forms).map(Quantity.count) ?? .fixed(.one) }
        return scope.reference("parameter", of: forms).map(Quantity.value) ?? .fixed(.one)
    }
}
