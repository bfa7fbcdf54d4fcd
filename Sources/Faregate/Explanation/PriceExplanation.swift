/// Why a request costs what it costs: every line from the document to the total.
public struct PriceExplanation: Sendable {
    /// One line of the bill, and how its amount comes about.
    public struct Line: Sendable {
        public let item: Quote.Item
        /// Why the row applies; `nil` where it always does.
        public let condition: ConditionReading?
        /// What the condition and the quantity looked at.
        public let observations: [Observation]
        /// Where the units come from, in words: `duration: 8, as sent`.
        public let quantitySource: String
        /// The arithmetic, one step a line; empty where the amount is unknown.
        public let steps: [Step]
        /// Whether the row is first recorded after the day that is priced.
        public let isFromLater: Bool
    }

    /// One step from units to an amount.
    public struct Step: Sendable, Hashable {
        /// What the step does.
        public enum Kind: String, Sendable, CaseIterable {
            /// Units that are free.
            case included
            /// Units times rate.
            case product
            /// The least that is charged.
            case minimum
            /// To the row's step, as the row says.
            case rounding
        }

        public let kind: Kind
        /// `8 − 2 included = 6`.
        public let words: String
    }

    /// A row of the price list that is not in the bill.
    public struct Other: Sendable {
        /// Why it is not.
        public enum Reason: String, Sendable, CaseIterable {
            /// A newer row of the same price is in force.
            case superseded
            /// It begins after the day that is priced.
            case notYet = "not_yet"
            /// Its condition does not hold.
            case notMet = "not_met"
            /// Its condition holds, and so does that of another base row: neither counts.
            case conflicts
            /// Whether it applies depends on what is not set, and no other row would apply instead.
            case open
        }

        public let row: PriceRow
        public let reason: Reason
        /// `nil` where the row's condition played no part.
        public let condition: ConditionReading?
        public let observations: [Observation]
    }

    public let quote: Quote
    public let date: CalendarDate
    public let lines: [Line]
    public let others: [Other]
}

extension Pricer {
    /// Why a request costs what ``quote(_:date:)`` says it costs.
    public func explanation(_ facts: Facts, date: CalendarDate) -> PriceExplanation {
        let quote = quote(facts, date: date)
        let inForce = offering.prices.inForce(on: date)
        let lines = quote.items.map { item in
            let row = item.row
            return PriceExplanation.Line(
                item: item, condition: row.condition?.reading(facts),
                observations: facts.observations(of: row.references),
                quantitySource: row.quantity.source(facts, unit: row.unit), steps: row.steps(facts),
                isFromLater: inForce.contains { $0.row.isSame(as: row) && $0.isFromLater })
        }
        let others = offering.prices.filter { row in !quote.items.contains { $0.row.isSame(as: row) } }
            .map { other($0, facts, date, inForce) }
        return PriceExplanation(quote: quote, date: date, lines: lines, others: others)
    }

    private func other(
        _ row: PriceRow, _ facts: Facts, _ date: CalendarDate, _ inForce: [RowInForce]
    ) -> PriceExplanation.Other {
        let reason: PriceExplanation.Other.Reason =
            if !inForce.contains(where: { $0.row.isSame(as: row) }) {
                row.effectiveFrom > date ? .notYet : .superseded
            } else {
                switch row.condition?.truth(facts) ?? .yes {
                case .no: .notMet
                case .yes: .conflicts
                case .open: .open
                }
            }
        let isDated = [.notYet, .superseded].contains(reason)
        return PriceExplanation.Other(
            row: row, reason: reason, condition: isDated ? nil : row.condition?.reading(facts),
            observations: isDated ? [] : facts.observations(of: row.condition?.references ?? []))
    }
}

extension PriceRow {
    /// Whether two rows are the same entry of the list.
    fileprivate func isSame(as other: PriceRow) -> Bool { id == other.id && effectiveFrom == other.effectiveFrom }

    /// How an amount comes about; empty where it is unknown.
    fileprivate func steps(_ facts: Facts) -> [PriceExplanation.Step] {
        guard let units = quantity.units(facts), let left = units.subtracting(included) else { return [] }
        let paid = max(.zero, left)
        var steps: [PriceExplanation.Step] = []
        if included > .zero { steps.append(.init(kind: .included, words: "\(units) − \(included) included = \(paid)")) }
        let rates: [ExactDecimal] =
            switch rate {
            case .exact(let rate), .atLeast(let rate): [rate]
            case .range(let low, let high): [low, high]
            case .unknown: []
            }
        let charges = rates.compactMap { charge(paid, at: $0) }
        guard charges.count == rates.count, !rates.isEmpty else { return [] }
        func all(_ amounts: [ExactDecimal]) -> String {
            amounts.map { Quote.Total(minimum: $0, maximum: $0, unit: currency).text($0) }.joined(separator: " to ")
        }
        steps.append(
            .init(kind: .product, words: "\(paid) × \(all(rates)) = \(all(charges.map(\.product))) \(currency)"))
        if let minimum, charges.contains(where: { $0.least != $0.product }) {
            steps.append(.init(kind: .minimum, words: "not less than \(all([minimum])): \(all(charges.map(\.least)))"))
        }
        if let rounding, charges.contains(where: { $0.rounded != $0.least }) {
            let way = rounding.mode == .up ? "up" : "half to even"
            steps.append(
                .init(
                    kind: .rounding,
                    words: "rounded \(way) to a multiple of \(rounding.step): \(all(charges.map(\.rounded)))"))
        }
        return steps
    }
}

extension PriceRow.Quantity {
    /// Where the units come from.
    fileprivate func source(_ facts: Facts, unit: String) -> String {
        switch self {
        case .fixed(.one): return "one \(unit) a request"
        case .fixed(let number): return "\(number), as the price list says"
        case .value(let reference): return facts.observation(of: reference).words
        case .count(let references):
            return "\(facts.count(references)) in \(listed(references.map(\.name), "and"))"
        }
    }
}
