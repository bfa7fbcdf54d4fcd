public import Faregate

/// One line of the ledger. Lines are appended and never changed.
public struct LedgerEntry: Sendable, Hashable {
    /// What a line does to the money of its attempt.
    public enum Kind: String, Sendable, CaseIterable {
        /// Sets the most that the attempt can cost aside.
        case hold
        /// Turns a part of what was set aside, or all of it, into money spent. At most once for an attempt.
        case capture
        /// Gives back what was set aside and not spent.
        case release
        /// Corrects what was spent, up or down, after the capture.
        case adjust
    }

    /// Where an amount comes from.
    public enum Basis: String, Sendable, CaseIterable {
        /// Our own quote, from the catalog.
        case quoted
        /// The provider stated it.
        case stated
        /// Nobody can tell: the worst case is taken for spent.
        case assumed
        /// A person looked at the account.
        case person
    }

    public var kind: Kind
    /// `nil` where nobody knows the price: an unknown amount is never zero.
    public var amount: ExactDecimal?
    /// An ISO currency or `credits`; `nil` where nobody knows.
    public var unit: String?
    public var basis: Basis

    public init(_ kind: Kind, _ amount: ExactDecimal?, unit: String?, basis: Basis) {
        (self.kind, self.amount, self.unit, self.basis) = (kind, amount, unit, basis)
    }
}
