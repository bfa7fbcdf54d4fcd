public import Faregate
import FaregateProviders

/// What one attempt has done with money, and what it may still cost.
///
/// Invariant: what was held is what was captured of it, plus what was released, plus what is still open.
public struct AttemptMoney: Sendable, Hashable {
    /// What stands in the ledger for an attempt.
    public enum Standing: Sendable, Hashable {
        /// Nothing is set aside.
        case none
        /// The worst case is set aside.
        case held
        /// Spent: the amount, where anybody knows it.
        case spent(ExactDecimal?)
        /// Given back: it cost nothing.
        case released
    }

    /// The most that the attempt can cost; `nil` where nobody knows.
    public var worstCase: ExactDecimal?
    /// An ISO currency or `credits`; `nil` with an unknown price.
    public var unit: String?
    /// What one unit is worth in dollars; `nil` where nobody says.
    public var usdPerUnit: ExactDecimal?
    public var standing: Standing = .none

    public init(worstCase: ExactDecimal?, unit: String?, usdPerUnit: ExactDecimal?) {
        (self.worstCase, self.unit) = (worstCase, unit)
        self.usdPerUnit = unit == "USD" ? .one : usdPerUnit
    }

    /// The worst case in dollars; `nil` where nobody can say.
    public var worstCaseUSD: ExactDecimal? { worstCase.flatMap(dollars) }

    /// An amount of the unit in dollars; `nil` where nobody can say.
    public func dollars(_ amount: ExactDecimal) -> ExactDecimal? { usdPerUnit.flatMap { amount.multiplied(by: $0) } }

    /// Sets the worst case aside.
    mutating func hold() -> [LedgerEntry] {
        standing = .held
        return [LedgerEntry(.hold, worstCase, unit: unit, basis: .quoted)]
    }

    /// What was given back can turn out to be spent after all: from here on it is corrected.
    mutating func reopen() -> [LedgerEntry] {
        if case .released = standing { standing = .spent(.zero) }
        return []
    }

    /// It cost nothing: gives back what is held, or takes back what was taken for spent.
    mutating func release(_ basis: LedgerEntry.Basis) -> [LedgerEntry] {
        defer { standing = .released }
        switch standing {
        case .none, .released: return []
        case .held: return [LedgerEntry(.release, worstCase, unit: unit, basis: basis)]
        case .spent(.zero): return []
        case .spent(let amount):
            let back = amount.flatMap { ExactDecimal.zero.subtracting($0) }
            return [LedgerEntry(.adjust, back, unit: unit, basis: basis)]
        }
    }

    /// It cost what the provider stated, else the worst case that was quoted.
    ///
    /// A statement in another unit than the quote's cannot be set against it; then the quote counts.
    mutating func settle(_ stated: StatedAmount?, otherwise basis: LedgerEntry.Basis) -> [LedgerEntry] {
        let isComparable = stated != nil && (unit == nil || stated?.unit == unit)
        let amount = isComparable ? stated?.amount : worstCase
        if isComparable { unit = stated?.unit }
        if unit == "USD" { usdPerUnit = .one }
        return settle(amount, isComparable ? .stated : basis)
    }

    private mutating func settle(_ amount: ExactDecimal?, _ basis: LedgerEntry.Basis) -> [LedgerEntry] {
        defer { standing = .spent(amount) }
        if case .spent(let before) = standing { return adjustment(from: before, to: amount, basis) }
        guard let amount, let worstCase else {
            // What was set aside without an amount is closed without one; what is known then, is added.
            return [LedgerEntry(.capture, nil, unit: unit, basis: basis)] + adjustment(from: nil, to: amount, basis)
        }
        let captured = min(amount, worstCase)
        var entries = [LedgerEntry(.capture, captured, unit: unit, basis: basis)]
        if let rest = worstCase.subtracting(captured), rest > .zero {
            entries.append(LedgerEntry(.release, rest, unit: unit, basis: basis))
        }
        return entries + adjustment(from: captured, to: amount, basis)
    }

    private func adjustment(
        from before: ExactDecimal?, to after: ExactDecimal?, _ basis: LedgerEntry.Basis
    ) -> [LedgerEntry] {
        guard before != after else { return [] }
        let difference = after.flatMap { after in (before ?? .zero).subtracting(after) }
            .flatMap { ExactDecimal.zero.subtracting($0) }
        return [LedgerEntry(.adjust, difference, unit: unit, basis: basis)]
    }
}
