/// Prices requests to one offering. Pure: the day and the worth of a credit are arguments.
///
/// Source: the offering's price rows; each line item carries its row's `source` and `checked_on`.
public struct Pricer: Sendable {
    public let offering: Offering
    /// What a credit is worth, where somebody says so.
    public let credit: CreditRate?
    /// Digest of the catalog, for the quote.
    public let catalog: String

    public init(offering: Offering, credit: CreditRate?, catalog: String) {
        (self.offering, self.credit, self.catalog) = (offering, credit, catalog)
    }

    /// What a valid request costs.
    ///
    /// Exactly one base row must apply; every adder that applies is added, in catalog order. A condition on something
    /// that is neither set nor has a default leaves the price open between the rows that may apply.
    ///
    /// - Parameters:
    ///   - facts: The request as the validator understood it.
    ///   - date: The day the work is billed, UTC.
    /// - Returns: An exact, bounded or unknown quote; never a zero that stands for unknown.
    public func quote(_ facts: Facts, date: CalendarDate) -> Quote {
        let rows = offering.prices.inForce(on: date)
        let bases = rows.filter { $0.row.kind == .base }.map { ($0, $0.row.condition?.truth(facts) ?? .yes) }
        let sure = bases.filter { $0.1 == .yes }.map(\.0)
        let possible = bases.filter { $0.1 != .no }.map(\.0)
        let adders = rows.filter { $0.row.kind == .adder }.map { ($0, $0.row.condition?.truth(facts) ?? .yes) }
            .filter { $0.1 != .no }
        var bill = Bill(facts: facts, considered: rows.map(\.row))
        if possible.isEmpty {
            let note = "no documented rate covers this request"
            return quote(bill, unknown: "price.no_matching_rate", note: note)
        }
        if sure.count > 1 {
            let note = "the rates \(listed(sure.map(\.row.id), "and")) both apply"
            return quote(bill, unknown: "price.conflicting_rates", note: note)
        }
        if sure.isEmpty, possible.count == 1 {
            let note = "the rate \(possible[0].row.id) applies or none does, depending on a parameter that is not set"
            return quote(bill, unknown: "price.depends_on_unset_parameter", note: note)
        }
        bill.addBase(possible)
        for (row, truth) in adders { bill.add(row, isSure: truth == .yes) }
        return quote(bill)
    }

    private func quote(_ bill: Bill, unknown reason: String? = nil, note: String? = nil) -> Quote {
        let total = reason == nil ? bill.total : nil
        let status: Quote.Status =
            switch total {
            case nil: .unknown
            case let total? where total.maximum == nil: .atLeast
            case let total? where total.maximum != total.minimum: .range
            default: .exact
            }
        return Quote(
            status: status, total: total, usd: total.flatMap(dollars), items: bill.items,
            assumptions: bill.assumptions, notes: bill.notes,
            reason: reason ?? (total == nil ? bill.unknown?.reason : status == .exact ? nil : bill.openReason),
            note: note ?? (total == nil ? bill.unknown?.note : nil), catalog: catalog)
    }

    private func dollars(_ total: Quote.Total) -> Quote.Dollars? {
        if total.unit == "USD" { return Quote.Dollars(total: total, credit: nil) }
        guard total.unit == "credits", let credit, let low = total.minimum.multiplied(by: credit.usd) else {
            return nil
        }
        let high = total.maximum.map { $0.multiplied(by: credit.usd) }
        if case .some(nil) = high { return nil }
        return Quote.Dollars(total: Quote.Total(minimum: low, maximum: high ?? nil, unit: "USD"), credit: credit)
    }
}

/// A row and whether it is older than the day that is priced.
struct RowInForce {
    let row: PriceRow
    /// The price is first recorded after the day.
    let isFromLater: Bool
}

extension [PriceRow] {
    /// Of the rows with one id, the newest that has begun, or else the first.
    func inForce(on date: CalendarDate) -> [RowInForce] {
        map(\.id).uniqued().compactMap { id in
            let history = filter { $0.id == id }.sorted { $0.effectiveFrom < $1.effectiveFrom }
            if let current = history.last(where: { $0.effectiveFrom <= date }) {
                return RowInForce(row: current, isFromLater: false)
            }
            return history.first.map { RowInForce(row: $0, isFromLater: true) }
        }
    }
}

extension Offering {
    /// The base rates that may apply to a request for a model that states nothing else.
    public func quotedRows(for model: String) -> [PriceRow] {
        var body = JSONValue.object(JSONObject())
        for (reference, value) in portable.models.first(where: { $0.id == model })?.values ?? [] {
            body.set(value, at: reference.pointer)
        }
        let facts = Facts(body: body)
        return prices.filter { $0.kind == .base && ($0.condition?.truth(facts) ?? .yes) != .no }
    }
}
