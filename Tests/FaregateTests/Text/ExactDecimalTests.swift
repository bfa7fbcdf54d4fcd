import Faregate
import Testing

@Suite("Exact decimals: nine places, no binary fractions")
struct ExactDecimalTests {
    static let scale: Int128 = 1_000_000_000

    // MARK: Text

    static let readings: [(String, Int64)] = [
        ("0", 0), ("-0", 0), ("1", 1_000_000_000), ("-1", -1_000_000_000), ("0.05", 50_000_000),
        ("2100", 2_100_000_000_000),
        ("0.000000001", 1), ("-0.000000001", -1), ("0.10", 100_000_000), ("1.000000000", 1_000_000_000),
        ("007", 7_000_000_000),
        ("9223372036.854775807", .max), ("-9223372036.854775808", .min), ("0.0525", 52_500_000), ("-0.5", -500_000_000),
    ]

    @Test("A decimal string is read exactly", arguments: readings)
    func reading(_ text: String, _ billionths: Int64) { #expect(ExactDecimal(text)?.billionths == billionths) }

    @Test(
        "Anything else is refused",
        arguments: [
            "", " ", "-", ".", "-.", "1.", ".5", "-.5", "+1", "1,5", "1e3", "1E-3", "0x1", "1_000", " 1", "1 ", "1.2.3",
            "--1",
            "1-", "$5", "٣", "１", "NaN", "inf", "0.0000000001", "9223372036.854775808", "-9223372036.854775809",
            "99999999999999999999", "1\u{301}", "1\n", "½", "0.1\u{0}",
        ])
    func refused(_ text: String) { #expect(ExactDecimal(text) == nil) }

    static let texts: [(Int64, Int, String)] = [
        (0, 0, "0"), (0, 2, "0.00"), (1, 0, "0.000000001"), (-1, 0, "-0.000000001"), (52_500_000, 0, "0.0525"),
        (52_500_000, 2, "0.0525"), (500_000_000, 0, "0.5"), (500_000_000, 2, "0.50"), (-500_000_000, 2, "-0.50"),
        (2_100_000_000_000, 0, "2100"), (2_100_000_000_000, 2, "2100.00"), (1_000_000_000, 9, "1.000000000"),
        (.max, 0, "9223372036.854775807"), (.min, 0, "-9223372036.854775808"), (-1_500_000_000, 0, "-1.5"),
    ]

    @Test("It is written as short as it can be, with at least the decimals asked for", arguments: texts)
    func writing(_ billionths: Int64, _ decimals: Int, _ text: String) {
        #expect(ExactDecimal(billionths: billionths).text(decimalsMin: decimals) == text)
    }

    @Test("Every number survives being written and read")
    func roundTrip() {
        var random = SeededGenerator(seed: 9)
        for _ in 0..<3000 {
            let number = Self.random(&random)
            #expect(ExactDecimal(number.description) == number)
            #expect(ExactDecimal(number.text(decimalsMin: 9)) == number)
        }
    }

    static let values: [(JSONValue, String?)] = [
        (8, "8"), (.real(8), "8"), (.real(0.1), "0.1"), (.real(-2.5), "-2.5"), (.real(0.00001), "0.00001"),
        (.real(1e-9), "0.000000001"), (.real(2.5e-7), "0.00000025"), (.real(-0.0), "0"),
        (.integer(9_223_372_036), "9223372036"),
        (.integer(9_223_372_037), nil), (.integer(.max), nil), (.integer(.min), nil),
        (.integer(-9_223_372_036), "-9223372036"),
        (.real(1e300), nil), (.real(1e-10), nil), (.real(.nan), nil), (.real(.infinity), nil), (.string("8"), nil),
        (.null, nil),
        (.bool(true), nil),
    ]

    @Test("A JSON number is taken by its shortest text, and what does not fit is refused", arguments: values)
    func fromJSON(_ value: JSONValue, _ text: String?) { #expect(ExactDecimal(value)?.description == text) }

    // MARK: Arithmetic, against 128 bits worked out here

    /// Numbers of all sizes, the bounds among them.
    static func random(_ random: inout SeededGenerator) -> ExactDecimal {
        let bits = Int.random(in: 0..<64, using: &random)
        let special: [Int64] = [0, 1, -1, .max, .min, 500_000_000, 1_500_000_000, -500_000_000, -1_500_000_000]
        if bits < 6 { return ExactDecimal(billionths: special.randomElement(using: &random) ?? 0) }
        return ExactDecimal(billionths: Int64(bitPattern: random.next()) >> (63 - bits))
    }

    /// Half to even, by comparing both neighbours: unlike the code that is tested, which looks at a remainder.
    static func nearest(_ number: Int128, to step: Int128) -> Int128 {
        var below = number / step * step
        if below > number { below -= step }
        let above = below + step
        let (down, up) = (number - below, above - number)
        if down != up { return down < up ? below : above }
        return (below / step).isMultiple(of: 2) ? below : above
    }

    static func ceiling(_ number: Int128, to step: Int128) -> Int128 {
        var below = number / step * step
        if below > number { below -= step }
        return below == number ? number : below + step
    }

    @Test("Sums and differences are exact, or nothing past the bounds", arguments: 1...3)
    func sums(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var overflows = 0
        for _ in 0..<3000 {
            let (a, b) = (Self.random(&random), Self.random(&random))
            let sum = Int128(a.billionths) + Int128(b.billionths)
            let difference = Int128(a.billionths) - Int128(b.billionths)
            #expect(a.adding(b)?.billionths == Int64(exactly: sum))
            #expect(a.subtracting(b)?.billionths == Int64(exactly: difference))
            #expect((a < b) == (difference < 0))
            if a.adding(b) == nil { overflows += 1 }
        }
        #expect(overflows > 0)
    }

    @Test("Products are rounded half to even at the ninth place, or nothing past the bounds", arguments: 1...3)
    func products(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (kept, overflows) = (0, 0)
        for _ in 0..<3000 {
            let (a, b) = (Self.random(&random), Self.random(&random))
            let wide = Self.nearest(Int128(a.billionths) * Int128(b.billionths), to: Self.scale) / Self.scale
            let product = a.multiplied(by: b)
            #expect(product?.billionths == Int64(exactly: wide), "\(a) * \(b)")
            #expect(product == b.multiplied(by: a))
            if product == nil { overflows += 1 } else { kept += 1 }
        }
        #expect(kept > 100 && overflows > 100)
    }

    @Test("Rounding gives the nearest multiple of the step, or the next above", arguments: 1...3)
    func rounding(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let steps: [ExactDecimal] = ["0.01", "0.05", "1", "0.000000001", "0.25", "100", "3", "0.3"]
        for _ in 0..<2000 {
            let (number, step) = (Self.random(&random), steps.randomElement(using: &random) ?? "1")
            let (wide, wideStep) = (Int128(number.billionths), Int128(step.billionths))
            #expect(
                number.rounded(to: step, .halfEven)?.billionths == Int64(exactly: Self.nearest(wide, to: wideStep)),
                "\(number) to \(step)")
            #expect(
                number.rounded(to: step, .up)?.billionths == Int64(exactly: Self.ceiling(wide, to: wideStep)),
                "\(number) up to \(step)")
        }
    }

    static let roundings: [(ExactDecimal, ExactDecimal, ExactDecimal, ExactDecimal)] = [
        // number, step, half to even, up
        ("0.125", "0.01", "0.12", "0.13"), ("0.135", "0.01", "0.14", "0.14"), ("0.1251", "0.01", "0.13", "0.13"),
        ("0.12", "0.01", "0.12", "0.12"), ("-0.125", "0.01", "-0.12", "-0.12"), ("-0.135", "0.01", "-0.14", "-0.13"),
        ("-0.131", "0.01", "-0.13", "-0.13"), ("0.5", "1", "0", "1"), ("1.5", "1", "2", "2"), ("2.5", "1", "2", "3"),
        ("-0.5", "1", "0", "0"), ("-1.5", "1", "-2", "-1"), ("0.000000001", "0.01", "0", "0.01"),
        ("0", "0.01", "0", "0"),
        ("7", "5", "5", "10"), ("0.0525", "0.005", "0.05", "0.055"),
    ]

    @Test("Rounding, by examples", arguments: roundings)
    func roundingExamples(_ number: ExactDecimal, _ step: ExactDecimal, _ halfEven: ExactDecimal, _ up: ExactDecimal) {
        #expect(number.rounded(to: step, .halfEven) == halfEven)
        #expect(number.rounded(to: step, .up) == up)
    }

    @Test("Money multiplies without a trace of binary fractions")
    func money() {
        #expect(ExactDecimal("0.1").multiplied(by: "3") == "0.3")
        #expect(ExactDecimal("0.0525").multiplied(by: "8") == "0.42")
        #expect(ExactDecimal("0.000000001").multiplied(by: "0.5") == "0")
        #expect(ExactDecimal("0.000000003").multiplied(by: "0.5") == "0.000000002")
        #expect(ExactDecimal("-0.000000003").multiplied(by: "0.5") == "-0.000000002")
        #expect(ExactDecimal("9223372036").multiplied(by: "2") == nil)
        #expect(ExactDecimal("9223372036.854775807").adding("0.000000001") == nil)
        #expect(ExactDecimal("-9223372036.854775808").subtracting("0.000000001") == nil)
        #expect(ExactDecimal("9223372036.854775807").rounded(to: "1", .up) == nil)
    }
}
