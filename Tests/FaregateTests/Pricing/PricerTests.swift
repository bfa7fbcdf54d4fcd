import Faregate
import Testing

/// Requests to one price list, and the quote each must get. Amounts are written as sums and products.
struct PricingCase: Sendable, CustomTestStringConvertible {
    let group: String
    let offering: JSONValue
    let input: JSONValue
    let date: CalendarDate
    let quote: JSONValue

    var testDescription: String { "\(group): \(input.text())" }

    static let all: [PricingCase] = Fixtures.list("pricing", "groups") { group -> [PricingCase]? in
        guard let about = group["about"]?.string, let prices = group["prices"]?.array, let cases = group["cases"]?.array
        else { return nil }
        var offering = JSONObject()
        offering["parameters"] = group["parameters"] ?? [:]
        offering["prices"] = .array(
            prices.enumerated().map { index, row in
                var full = JSONObject([
                    ("id", .string("row-\(index)")), ("label", .string("row \(index)")), ("unit", "task"),
                    ("effective_from", "2026-01-01"), ("source", "prices"), ("checked_on", "2026-11-21"),
                ])
                for (name, value) in row.object?.members ?? [] { full[name] = value }
                return .object(full)
            })
        return cases.map { item in
            PricingCase(
                group: about, offering: .object(offering), input: item["input"] ?? [:],
                date: item["date"]?.string.flatMap { CalendarDate($0) } ?? SmallCatalog.day, quote: item["quote"] ?? [:]
            )
        }
    }.flatMap(\.self)
}

@Suite("A quote says what a request costs, and how sure that is")
struct PricerTests {
    static func quote(
        _ input: JSONValue, _ offering: JSONValue, date: CalendarDate = SmallCatalog.day, credit: CreditRate? = nil
    ) throws -> Quote {
        let snapshot = try SmallCatalog.snapshot(withOffering: offering)
        let provider = try #require(snapshot.provider("acme"))
        let thing = try #require(provider.offering("thing"))
        let body: JSONValue = ["model": "thing", "input": input]
        let verdict = Validator(provider: provider, offering: thing, snapshot: snapshot).verdict(on: body, date: date)
        #expect(verdict.isValid, "\(verdict.diagnostics.map(\.message))")
        return Pricer(offering: thing, credit: credit, catalog: snapshot.digest).quote(verdict.facts, date: date)
    }

    @Test("There are quotes of every status")
    func casesExist() {
        #expect(PricingCase.all.count > 60)
        let statuses = Set(PricingCase.all.compactMap { $0.quote["status"]?.string })
        #expect(statuses == ["exact", "at_least", "range", "unknown"])
    }

    @Test("A request gets its quote", arguments: PricingCase.all)
    func quotes(_ example: PricingCase) throws {
        let quote = try Self.quote(example.input, example.offering, date: example.date)
        let expected = example.quote
        #expect(quote.status.rawValue == expected["status"]?.string)
        #expect(quote.total?.unit == (quote.total == nil ? nil : expected["unit"]?.string ?? "USD"))
        let minimum = (expected["amount"] ?? expected["min"])?.string
        #expect(quote.total?.minimum == minimum.flatMap(Arithmetic.result))
        let maximum = expected["max"]?.string ?? (quote.status == .exact ? minimum : nil)
        #expect(quote.total?.maximum == maximum.flatMap(Arithmetic.result))
        #expect(quote.reason == expected["reason"]?.string)
        if let assumptions = expected["assumptions"]?.array {
            #expect(quote.assumptions + quote.notes == assumptions.compactMap(\.string))
        }
        if let items = expected["items"]?.array { #expect(quote.items.map(\.row.id) == items.compactMap(\.string)) }
        // Whatever it is, it is never a zero that stands for unknown, and bounds are in order.
        if quote.status == .unknown {
            #expect(quote.total == nil && quote.usd == nil && quote.worstCaseUSD == nil && quote.reason != nil)
        } else if let total = quote.total {
            #expect(total.minimum <= total.maximum ?? total.minimum)
        } else {
            Issue.record("no total, but \(quote.status)")
        }
        #expect(quote.catalog.count == 64)
        #expect(quote.items.allSatisfy { $0.row.source.description == "Prices" })
    }

    // MARK: Dollars

    static let credits: JSONValue = [
        "parameters": ["n": ["type": "integer", "default": 1]],
        "prices": [
            [
                "id": "x", "label": "x", "unit": "task", "rate": "420", "currency": "credits",
                "effective_from": "2026-01-01",
                "source": "prices", "checked_on": "2026-11-21", "quantity": ["parameter": "n"],
            ]
        ],
    ]

    @Test("Credits have a worth in dollars where somebody says so, and then the quote names who")
    func creditRates() throws {
        let nobody = try Self.quote(["n": 2], Self.credits)
        #expect(nobody.status == .exact)
        #expect(nobody.total?.unit == "credits")
        #expect(nobody.total?.minimum == "840")
        #expect(nobody.usd == nil)
        #expect(nobody.worstCaseUSD == nil)
        let rate = CreditRate(usd: "0.01", source: "my configuration")
        let somebody = try Self.quote(["n": 2], Self.credits, credit: rate)
        #expect(somebody.usd?.total.minimum == Arithmetic.result("420 * 2 * 0.01"))
        #expect(somebody.worstCaseUSD == "8.4")
        #expect(somebody.json["usd"] == ["amount": "8.40", "per_credit": "0.01", "source": "my configuration"])
        #expect(somebody.json["total"] == ["amount": "840", "unit": "credits"])
    }

    @Test("A credit rate says nothing about a price in dollars")
    func creditForDollars() throws {
        let quote = try Self.quote([:], ["parameters": [:]], credit: CreditRate(usd: "0.01", source: "x"))
        #expect(quote.usd?.total.minimum == "1")
        #expect(quote.usd?.credit == nil)
        #expect(quote.json["usd"] == ["amount": "1.00"])
    }

    @Test("The user's word about a credit goes before the catalog's")
    func userCredit() throws {
        var texts = SmallCatalog.texts
        texts["providers/coin/provider.json"]?.replace(
            "\"currency\": \"credits\",",
            with:
                "\"currency\": \"credits\", \"credit\": { \"usd\": \"0.01\", \"source\": \"api\", \"checked_on\": \"2026-11-21\" },"
        )
        let snapshot = try Snapshot(files: SmallCatalog.files(texts))
        let request = NativeRequest(
            provider: "coin", model: "clip-api", body: ["tool": "clip-api", "input": ["prompt": "x"]])
        func usd(_ credits: [String: CreditRate]) -> JSONValue? {
            snapshot.answer(request, quoting: true, in: Circumstances(date: SmallCatalog.day, credits: credits)).json[
                "quote"]?["usd"]
        }
        #expect(usd([:])?["amount"] == .string((Arithmetic.result("20 * 5 * 0.01") ?? "0").text(decimalsMin: 2)))
        #expect(usd([:])?["source"] == "https://coin.example/api")
        #expect(usd([:])?["checked_on"] == "2026-11-21")
        #expect(usd(["coin": CreditRate(usd: "0.02", source: "me")])?["amount"] == "2.00")
        #expect(usd(["other": CreditRate(usd: "0.02", source: "me")])?["amount"] == "1.00")
    }

    // MARK: Items

    @Test("Lines that exclude each other, and one that may not count, say so")
    func alternatives() throws {
        let mode: JSONValue = ["type": "string", "enum": ["std", "pro"]]
        func when(_ name: String, _ value: JSONValue) -> JSONValue { ["parameter": .string(name), "equals": value] }
        var adder = try #require(CoverageTests.rate("sound", when: when("sound", true)).object)
        adder["kind"] = "adder"
        let offering: JSONValue = [
            "parameters": ["mode": mode, "sound": ["type": "boolean"]],
            "prices": [
                CoverageTests.rate("std", when: when("mode", "std")),
                CoverageTests.rate("pro", when: when("mode", "pro")), .object(adder),
            ],
        ]
        func marks(_ input: JSONValue) throws -> [String] {
            try Self.quote(input, offering).json["items"]?.array?.map { item in
                let marks = ["alternative", "uncertain"].filter { item[$0] == true }
                return ([item["id"]?.string ?? ""] + marks).joined(separator: " ")
            } ?? []
        }
        #expect(try marks([:]) == ["std alternative", "pro alternative", "sound uncertain"])
        #expect(try marks(["mode": "pro"]) == ["pro", "sound uncertain"])
        #expect(try marks(["mode": "std", "sound": true]) == ["std", "sound"])
        #expect(try marks(["sound": false]) == ["std alternative", "pro alternative"])
    }

    @Test("Each line of a bill can be worked out again from what it says")
    func items() throws {
        let offering: JSONValue = [
            "parameters": ["duration": ["type": "integer", "default": 5], "images": ["type": "array"]],
            "prices": [
                [
                    "id": "time", "label": "time", "unit": "second", "rate": "0.05",
                    "quantity": ["parameter": "duration"],
                    "effective_from": "2026-01-01", "source": "prices § Time", "checked_on": "2026-11-21",
                ],
                [
                    "id": "images", "label": "images", "unit": "image", "rate": "0.003",
                    "quantity": ["count": ["images"]],
                    "included": "1", "kind": "adder", "effective_from": "2026-01-01", "source": "prices",
                    "checked_on": "2026-11-21", "standing": "inferred",
                ],
            ],
        ]
        let quote = try Self.quote(["duration": 8, "images": [1, 2, 3]], offering)
        #expect(quote.items.map(\.quantity) == ["8", "2"])
        #expect(quote.items.map(\.amount?.minimum) == [Arithmetic.result("0.05 * 8"), Arithmetic.result("0.003 * 2")])
        #expect(quote.total?.minimum == Arithmetic.result("0.05 * 8 + 0.003 * 2"))
        let first = try #require(quote.json["items"]?.array?.first)
        #expect(
            first == [
                "id": "time", "label": "time", "unit": "second", "quantity": "8", "rate": "0.05", "amount": "0.40",
                "source": "Prices § Time", "checked_on": "2026-11-21",
            ])
        #expect(quote.json["items"]?.array?.last?["standing"] == "inferred")
    }
}
