/// The lines of a quote while they are added up.
struct Bill {
    let facts: Facts
    private(set) var items: [Quote.Item] = []
    /// Why there is no total.
    private(set) var unknown: (reason: String, note: String?)?
    /// Why the total is not exact.
    private(set) var openReason: String?
    /// What is to be known about the rows that were used.
    private(set) var notes: [String] = []
    private var considered: [PriceRow]
    private var sum: Quote.Total?

    init(facts: Facts, considered: [PriceRow]) { (self.facts, self.considered) = (facts, considered) }

    /// What the lines amount to; `nil` where that is unknown.
    var total: Quote.Total? { unknown == nil ? sum : nil }

    /// The one base row that applies, or the span of those that may.
    mutating func addBase(_ rows: [RowInForce]) {
        let amounts = rows.map { line($0, rows.count > 1 ? .alternatively : .surely) }
        if rows.count > 1 { openReason = "price.depends_on_unset_parameter" }
        let known = amounts.compactMap(\.self)
        guard known.count == amounts.count, let first = known.first else { return }
        let highest = known.map(\.maximum)
        join(
            Quote.Total(
                minimum: known.map(\.minimum).min() ?? first.minimum,
                maximum: highest.contains(nil) ? nil : highest.compactMap(\.self).max(), unit: first.unit))
        if Set(known.map(\.unit)).count > 1 { fail("price.mixed_currencies", "the rates are in different currencies") }
    }

    /// A row that comes on top. Where it is not sure to apply, it may add nothing.
    mutating func add(_ row: RowInForce, isSure: Bool) {
        guard let amount = line(row, isSure ? .surely : .perhaps) else { return }
        if !isSure { openReason = "price.depends_on_unset_parameter" }
        join(isSure ? amount : Quote.Total(minimum: .zero, maximum: amount.maximum, unit: amount.unit))
    }

    /// One line; `nil`, with the reason noted, where its amount is unknown.
    private mutating func line(_ inForce: RowInForce, _ applies: Quote.Application) -> Quote.Total? {
        let row = inForce.row
        let quantity = row.quantity.units(facts).flatMap { $0.subtracting(row.included) }.map { max(.zero, $0) }
        let amount = quantity.flatMap { row.amount(of: $0) }
        items.append(Quote.Item(row: row, quantity: quantity, amount: amount, applies: applies))
        if case .unknown(let reason) = row.rate {
            fail(reason, row.note)
        } else if quantity == nil {
            fail("price.depends_on_unset_parameter", "the quantity depends on a parameter that is not set")
        } else if amount == nil {
            fail("price.amount_overflow", "the amount is too large")
        } else {
            if row.standing == .inferred {
                notes.append(
                    "the price \"\(row.label)\" is inferred" + (row.note.map { ": \($0)" } ?? ", not documented"))
            } else if let note = row.note {
                notes.append(note)
            }
            if row.standing == .conflicting {
                notes.append(
                    "another page gives another price for \"\(row.label)\"" + (row.otherReading.map { ": \($0)" } ?? "")
                )
            }
            if inForce.isFromLater {
                notes.append("the price \"\(row.label)\" is first recorded on \(row.effectiveFrom)")
            }
        }
        return amount
    }

    private mutating func fail(_ reason: String, _ note: String?) {
        if unknown == nil { unknown = (reason, note) }
    }

    private mutating func join(_ amount: Quote.Total) {
        guard let before = sum else {
            sum = amount
            return
        }
        guard before.unit == amount.unit else {
            return fail("price.mixed_currencies", "the rates are in different currencies")
        }
        // A maximum past all bounds is no missing one: that would read as a lower bound.
        guard let both = before.adding(amount) else { return fail("price.amount_overflow", "the amount is too large") }
        sum = both
    }

    /// Defaults that the price rests on.
    var assumptions: [String] {
        considered.flatMap(\.references).uniqued().compactMap { reference -> String? in
            guard let value = facts.value(reference) else { return nil }
            if !facts.isPresent(reference) { return "\(reference.name) \(value.shown) (default)" }
            let place = facts.places(reference)[0]
            guard facts.replaced.contains(place.pointer) else { return nil }
            return "\(reference.name) \(value.shown) (in place of \(place.value.shown))"
        }
    }
}

extension PriceRow.Quantity {
    /// How many units; `nil` where that depends on something that is not set.
    func units(_ facts: Facts) -> ExactDecimal? {
        switch self {
        case .fixed(let number): number
        case .value(let reference): facts.value(reference).flatMap { ExactDecimal($0) }
        case .count(let references): ExactDecimal(facts.count(references))
        }
    }
}

/// What a number of units comes to at one rate, step by step.
struct RowCharge {
    /// Units times rate.
    let product: ExactDecimal
    /// Not less than the row's minimum.
    let least: ExactDecimal
    /// Rounded as the row says: what is charged.
    let rounded: ExactDecimal
}

extension PriceRow {
    /// What a number of units comes to at one rate; `nil` where it does not fit.
    func charge(_ quantity: ExactDecimal, at rate: ExactDecimal) -> RowCharge? {
        guard let product = rate.multiplied(by: quantity) else { return nil }
        let least = max(product, minimum ?? product)
        let rounded = rounding.map { least.rounded(to: $0.step, $0.mode) } ?? least
        return rounded.map { RowCharge(product: product, least: least, rounded: $0) }
    }

    /// What a number of units costs; `nil` where the rate is unknown or the amount does not fit.
    fileprivate func amount(of quantity: ExactDecimal) -> Quote.Total? {
        func bounded(_ rate: ExactDecimal) -> ExactDecimal? { charge(quantity, at: rate)?.rounded }
        switch rate {
        case .exact(let rate):
            return bounded(rate).map { Quote.Total(minimum: $0, maximum: $0, unit: currency) }
        case .atLeast(let rate):
            return bounded(rate).map { Quote.Total(minimum: $0, maximum: nil, unit: currency) }
        case .range(let low, let high):
            guard let low = bounded(low), let high = bounded(high) else { return nil }
            return Quote.Total(minimum: low, maximum: high, unit: currency)
        case .unknown: return nil
        }
    }
}
