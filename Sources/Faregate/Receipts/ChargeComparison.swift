/// What a provider says it charged, held against what a receipt quoted.
public struct ChargeComparison: Sendable, Hashable {
    /// How a charge compares to the bounds of a quote.
    public enum Outcome: String, Sendable, CaseIterable {
        /// No more than was quoted, and no less.
        case asQuoted = "as_quoted"
        /// Below the least that was quoted.
        case less
        /// Above the most that was quoted.
        case more
        /// The quote named no price.
        case unquoted
        /// The charge is in another unit, and nobody says how they convert.
        case incomparable
    }

    public let outcome: Outcome
    public let charged: Quote.Total
    /// What was quoted, in the unit of the charge where that is known; `nil` where nothing was.
    public let quoted: Quote.Total?
    /// How much more, or less, than the nearest bound of the quote; above zero.
    public let difference: ExactDecimal?
}

extension Receipt {
    /// The unit that the quote is in; `nil` where it names no price.
    public var quotedUnit: String? { quote["total"]?["unit"]?.string }

    /// Holds a charge against the quote.
    ///
    /// - Parameter unit: An ISO currency or `credits`.
    public func compare(charged amount: ExactDecimal, _ unit: String) -> ChargeComparison {
        let charged = Quote.Total(minimum: amount, maximum: amount, unit: unit)
        guard let total = bounds("total", unit: nil) else {
            return ChargeComparison(outcome: .unquoted, charged: charged, quoted: nil, difference: nil)
        }
        guard let quoted = total.unit == unit ? total : unit == "USD" ? bounds("usd", unit: "USD") : nil else {
            return ChargeComparison(outcome: .incomparable, charged: charged, quoted: total, difference: nil)
        }
        if let most = quoted.maximum, amount > most {
            return ChargeComparison(
                outcome: .more, charged: charged, quoted: quoted, difference: amount.subtracting(most))
        }
        if amount < quoted.minimum {
            return ChargeComparison(
                outcome: .less, charged: charged, quoted: quoted, difference: quoted.minimum.subtracting(amount))
        }
        return ChargeComparison(outcome: .asQuoted, charged: charged, quoted: quoted, difference: nil)
    }

    /// An amount of the quote's JSON form, with its bounds.
    private func bounds(_ member: String, unit: String?) -> Quote.Total? {
        guard let total = quote[member], let unit = unit ?? total["unit"]?.string else { return nil }
        func amount(_ name: String) -> ExactDecimal? { total[name]?.string.flatMap { ExactDecimal($0) } }
        if let low = amount("min"), let high = amount("max") {
            return Quote.Total(minimum: low, maximum: high, unit: unit)
        }
        let isOpen = quote["status"]?.string == "at_least"
        return amount("amount").map { Quote.Total(minimum: $0, maximum: isOpen ? nil : $0, unit: unit) }
    }
}

extension ChargeComparison {
    /// The documented JSON form: `outcome`, `charged` (`amount`, `unit`), `quoted` (`unit`, `min`, `max`) or null, and
    /// the `difference` where there is one.
    public var json: JSONValue {
        var object = JSONObject([
            ("outcome", .string(outcome.rawValue)),
            ("charged", ["amount": .string(charged.text(charged.minimum)), "unit": .string(charged.unit)]),
        ])
        object["quoted"] = quoted.map(\.unitSpanJSON) ?? .null
        object["difference"] = difference.map { .string(charged.text($0)) }
        return .object(object)
    }
}
