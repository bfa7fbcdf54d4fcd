public import Faregate

extension ExactDecimal: ExpressibleByIntegerLiteral {
    /// Whole amounts in tests read as they are meant.
    public init(integerLiteral value: Int) { self.init(value) }
}
