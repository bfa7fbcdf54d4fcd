import Faregate

/// Sums and products of decimals as a reader writes them, `0.05 * 8 + 0.10`, worked out in whole billionths.
enum Arithmetic {
    static func result(_ text: String) -> ExactDecimal? {
        var sum: Int128 = 0
        for term in text.split(separator: "+") {
            var product: Int128 = 1_000_000_000
            for factor in term.split(separator: "*") {
                guard let number = ExactDecimal(factor.filter { $0 != " " }) else { return nil }
                product = product * Int128(number.billionths) / 1_000_000_000
            }
            sum += product
        }
        return Int64(exactly: sum).map(ExactDecimal.init(billionths:))
    }
}
