/// A number with nine decimals, exact: billionths in 64 bits, up to about nine billion.
///
/// Money, rates and quantities. There is no way in from a `Double` but through its shortest decimal text.
public struct ExactDecimal: Sendable, Hashable, Comparable {
    /// The number times 1,000,000,000.
    public let billionths: Int64

    public static let zero = ExactDecimal(billionths: 0)
    public static let one = ExactDecimal(1)

    public init(billionths: Int64) { self.billionths = billionths }

    /// - Precondition: Within ±9,223,372,036.
    public init(_ integer: Int) {
        let (product, overflow) = Int64(integer).multipliedReportingOverflow(by: Self.scale)
        precondition(!overflow, "ExactDecimal holds up to 9,223,372,036")
        self.init(billionths: product)
    }

    /// Reads `"0.0525"`: digits, at most one point, an optional minus; no exponent, blanks or plus.
    /// `nil` for anything else, for more than nine decimals and for what does not fit.
    public init?(_ text: some StringProtocol) {
        var digits = Substring(text)
        let isNegative = digits.hasPrefix("-")
        if isNegative { digits = digits.dropFirst() }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isDigit) })
        else {
            return nil
        }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.utf8.count <= 9 else { return nil }
        let padded = String(parts[0]) + fraction + String(repeating: "0", count: 9 - fraction.utf8.count)
        guard let billionths = Int64(isNegative ? "-" + padded : padded) else { return nil }
        self.init(billionths: billionths)
    }

    /// The number a JSON value stands for, by its shortest decimal text. `nil` for what is no number or does not fit.
    public init?(_ value: JSONValue) {
        if let integer = value.integerValue {
            let (billionths, overflow) = integer.multipliedReportingOverflow(by: Self.scale)
            guard !overflow else { return nil }
            self.init(billionths: billionths)
        } else if case .real(let real) = value {
            self.init(Self.withoutExponent("\(real)"))
        } else {
            return nil
        }
    }

    /// Writes `2.5e-07` out as `0.00000025`. A number with a positive exponent does not fit anyway.
    private static func withoutExponent(_ text: String) -> String {
        guard
            let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]), exponent < 0
        else { return text }
        let digits = text[..<mark].filter { $0 != "-" && $0 != "." }
        let sign = text.hasPrefix("-") ? "-" : ""
        return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
    }

    private static let scale: Int64 = 1_000_000_000
    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    public static func < (a: ExactDecimal, b: ExactDecimal) -> Bool { a.billionths < b.billionths }

    /// How a result that has more than nine decimals, or more than asked for, is brought down.
    public enum Rounding: String, Sendable, CaseIterable {
        case halfEven = "half_even"
        case up
    }

    /// The sum; `nil` past the bounds.
    public func adding(_ other: ExactDecimal) -> ExactDecimal? {
        let (sum, overflow) = billionths.addingReportingOverflow(other.billionths)
        return overflow ? nil : ExactDecimal(billionths: sum)
    }

    public func subtracting(_ other: ExactDecimal) -> ExactDecimal? {
        let (difference, overflow) = billionths.subtractingReportingOverflow(other.billionths)
        return overflow ? nil : ExactDecimal(billionths: difference)
    }

    /// The product, computed in 128 bits and rounded half to even at the ninth decimal; `nil` past the bounds.
    public func multiplied(by other: ExactDecimal) -> ExactDecimal? {
        let wide = Int128(billionths) * Int128(other.billionths)
        return Self.divide(wide, by: Int128(Self.scale), .halfEven)
    }

    /// The quotient, computed in 128 bits and rounded at the ninth decimal; `nil` past the bounds and for zero.
    public func divided(by other: ExactDecimal, _ rounding: Rounding) -> ExactDecimal? {
        guard other != .zero else { return nil }
        let sign: Int128 = other < .zero ? -1 : 1
        return Self.divide(
            sign * Int128(billionths) * Int128(Self.scale), by: sign * Int128(other.billionths), rounding)
    }

    /// The nearest multiple of a step, such as `0.01`.
    ///
    /// - Precondition: The step is positive.
    public func rounded(to step: ExactDecimal, _ rounding: Rounding) -> ExactDecimal? {
        precondition(step.billionths > 0, "a rounding step is positive")
        return Self.divide(Int128(billionths), by: Int128(step.billionths), rounding)
            .flatMap { Int64(exactly: Int128($0.billionths) * Int128(step.billionths)) }
            .map(ExactDecimal.init(billionths:))
    }

    private static func divide(_ wide: Int128, by divisor: Int128, _ rounding: Rounding) -> ExactDecimal? {
        var (quotient, remainder) = wide.quotientAndRemainder(dividingBy: divisor)
        if remainder < 0 {
            quotient -= 1
            remainder += divisor
        }
        switch rounding {
        case .up: if remainder > 0 { quotient += 1 }
        case .halfEven:
            if remainder * 2 > divisor || (remainder * 2 == divisor && quotient % 2 != 0) { quotient += 1 }
        }
        return Int64(exactly: quotient).map(ExactDecimal.init(billionths:))
    }
}

extension ExactDecimal: CustomStringConvertible, ExpressibleByStringLiteral {
    /// The shortest exact text: `2100`, `0.0525`.
    public var description: String { text(decimalsMin: 0) }

    /// Exact text with at least so many decimals: dollars have two.
    public func text(decimalsMin: Int) -> String {
        let magnitude = billionths.magnitude
        var fraction = String(magnitude % UInt64(Self.scale))
        fraction = String(repeating: "0", count: 9 - fraction.count) + fraction
        while fraction.count > decimalsMin, fraction.hasSuffix("0") { fraction.removeLast() }
        let sign = billionths < 0 ? "-" : ""
        return sign + String(magnitude / UInt64(Self.scale)) + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// - Precondition: The literal is a decimal number.
    public init(stringLiteral text: String) {
        guard let value = ExactDecimal(text) else { preconditionFailure("not a decimal number: \(text)") }
        self = value
    }
}
