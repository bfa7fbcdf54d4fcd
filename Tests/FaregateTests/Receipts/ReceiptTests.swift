import Testing

@testable import Faregate

@Suite("Receipts: what a quote rested on, and whether that still holds")
struct ReceiptTests {
    static let circumstances = Circumstances(date: SmallCatalog.day)
    static let now = UTCTime(secondsSince1970: 1_796_083_200)

    /// An offering with a rate that depends on a mode, and a rule.
    static func offering(
        rate: String = "1.50", checked: String = "2026-11-21", modes: JSONValue = ["std", "pro"],
        warning: String? = nil, note: String = "Thing"
    ) -> JSONValue {
        var constraints: [JSONValue] = [
            [
                "id": "pro-needs-seed", "when": ["parameter": "mode", "equals": "pro"], "then": ["require": ["seed"]],
                "text": "Mode pro needs a seed.",
            ]
        ]
        if let warning {
            constraints.append([
                "id": .string(warning), "then": ["forbid": ["prompt"]], "severity": "warning",
                "text": "Prompts are frowned upon.",
            ])
        }
        return [
            "name": .string(note),
            "parameters": [
                "prompt": ["type": "string"], "mode": ["type": "string", "enum": modes, "default": "std"],
                "seed": ["type": "integer"],
            ],
            "constraints": .array(constraints),
            "prices": [
                [
                    "id": "thing", "label": "thing", "unit": "task", "rate": .string(rate),
                    "when": ["parameter": "mode", "equals": "std"], "effective_from": "2026-01-01",
                    "source": "prices", "checked_on": .string(checked),
                ],
                [
                    "id": "pro", "label": "pro", "unit": "task", "rate": "9",
                    "when": ["parameter": "mode", "equals": "pro"], "effective_from": "2026-01-01",
                    "source": "prices", "checked_on": "2026-11-21",
                ],
            ],
        ]
    }

    private static func snapshot(_ offering: JSONValue = offering()) throws -> Snapshot {
        try SmallCatalog.snapshot(withOffering: offering)
    }

    private static let body: JSONValue = ["model": "thing", "input": ["prompt": "A barn owl"]]

    private static func offered(_ body: JSONValue = Self.body, _ snapshot: Snapshot? = nil) throws -> Receipt? {
        let snapshot = try snapshot ?? Self.snapshot()
        let provider = try #require(snapshot.provider("acme"))
        let thing = try #require(provider.offering("thing"))
        return snapshot.receipt(
            for: body, to: thing, at: provider, made: now, validFor: 3_600, in: circumstances)
    }

    /// The receipt of a valid request.
    private static func receipt(_ body: JSONValue = Self.body) throws -> Receipt {
        let receipt = try offered(body)
        return try #require(receipt)
    }

    /// The receipt as a file has it, read again, after a change of its text.
    private static func reread(_ receipt: Receipt, _ find: String = "", _ with: String = "") throws -> Receipt? {
        let text = receipt.json.text(pretty: true)
        if !find.isEmpty { #expect(text.contains(find), "\(find)") }
        return Receipt(
            try JSONValue(parsing: find.isEmpty ? text : text.replacing(find, with: with)), problems: DocumentProblems()
        )
    }

    @Test("A receipt is read as it was written")
    func roundTrip() throws {
        let receipt = try Self.receipt()
        let read = try Self.reread(receipt)
        #expect(read?.json == receipt.json)
        #expect(receipt.rates.map(\.id) == ["thing"] && receipt.rates[0].source.contains("§") == false)
        #expect(receipt.bodyDigest.count == 64 && receipt.expiresAt == Self.now.adding(seconds: 3_600))
        #expect(receipt.quote["assumptions"]?.array == ["mode std (default)"])
    }

    @Test("An invalid request gets none")
    func invalid() throws {
        let none = try Self.offered(["model": "thing", "input": ["mode": "pro"]])
        #expect(none == nil)
    }

    @Test(
        "What is unknown, missing or of another form is no receipt",
        arguments: [
            ("\"receipt\": 1", "\"receipt\": 2"), ("\"body\":", "\"bdy\":"), ("2026-12-01T00:00:00Z", "yesterday"),
            ("\"warnings\": []", "\"warnings\": {}"), ("\"id\": \"thing\"", "\"name\": \"thing\""),
        ])
    func malformed(_ find: String, _ with: String) throws {
        let receipt = try Self.receipt()
        #expect(receipt.madeAt.description == "2026-12-01T00:00:00Z" || !find.hasPrefix("2026"))
        let read = try Self.reread(receipt, find, with)
        #expect(read == nil)
    }

    /// A catalog, the time in seconds after the receipt, and what is then different.
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var offering = ReceiptTests.offering()
        var after: Int64 = 60
        var find = ""
        var with = ""
        let differences: [String]
        let notes: [String]
    }

    static let changes: [Change] = [
        Change(testDescription: "nothing", differences: [], notes: []),
        Change(testDescription: "the last second", after: 3_599, differences: [], notes: []),
        Change(testDescription: "expired", after: 3_600, differences: ["receipt.expired"], notes: []),
        Change(
            testDescription: "another name", offering: offering(note: "Thing 2"), differences: [],
            notes: ["receipt.catalog_differs"]),
        Change(
            testDescription: "read again", offering: offering(checked: "2026-11-30"), differences: [],
            notes: ["receipt.catalog_differs"]),
        Change(
            testDescription: "dearer", offering: offering(rate: "1.51"), differences: ["receipt.quote_changed"],
            notes: ["receipt.catalog_differs"]),
        Change(
            testDescription: "cheaper", offering: offering(rate: "1.49"), differences: ["receipt.quote_changed"],
            notes: ["receipt.catalog_differs"]),
        Change(
            testDescription: "a new warning", offering: offering(warning: "no-prompt"),
            differences: ["receipt.new_warning"], notes: ["receipt.catalog_differs"]),
        Change(
            testDescription: "another body", find: "A barn owl", with: "A barn cat",
            differences: ["receipt.body_altered"], notes: []),
        Change(
            testDescription: "another price in the file", find: "\"amount\": \"1.50\",\n",
            with: "\"amount\": \"1.40\",\n",
            differences: ["receipt.quote_changed"], notes: []),
        Change(
            testDescription: "another assumption in the file", find: "mode std (default)", with: "mode pro",
            differences: ["receipt.assumptions_changed"], notes: []),
        Change(
            testDescription: "a model that is gone", find: "\"model\": \"thing\",\n  \"body\"",
            with: "\"model\": \"thong\",\n  \"body\"", differences: ["receipt.model_gone"], notes: []),
        Change(
            testDescription: "a warning that is gone", find: "\"warnings\": []",
            with: "\"warnings\": [{\"code\": \"value.ignored\", \"path\": \"/x\"}]", differences: [],
            notes: ["receipt.warning_gone"]),
    ]

    @Test("Exactly what was quoted is the same; anything else is told", arguments: changes)
    func review(_ change: Change) throws {
        let read = try Self.reread(try Self.receipt(), change.find, change.with)
        let receipt = try #require(read)
        let review = try Self.snapshot(change.offering)
            .review(receipt, at: Self.now.adding(seconds: change.after), in: Self.circumstances)
        #expect(review.differences.map(\.code) == change.differences, "\(review.differences.map(\.message))")
        #expect(review.notes.map(\.code) == change.notes)
        #expect(review.isSame == change.differences.isEmpty)
    }

    @Test("A request that a new rule forbids is refused with the rule's words")
    func nowInvalid() throws {
        let body: JSONValue = ["model": "thing", "input": ["mode": "pro", "seed": 7]]
        let receipt = try Self.receipt(body)
        let review = try Self.snapshot(Self.offering(modes: ["std", "max"]).withoutProRow)
            .review(receipt, at: Self.now, in: Self.circumstances)
        #expect(review.differences.map(\.code) == ["receipt.now_invalid"])
        #expect(review.order == nil && !review.isSame)
    }

    @Test("Every choice of a route in the real catalog can be run again as it was quoted, with its alternatives")
    func routes() throws {
        var count = 0
        for model in RealCatalog.snapshot.models {
            let snapshot = RealCatalog.snapshot
            guard
                case .request(let request) = snapshot.portableRequest([
                    "model": .string(model.id), "prompt": "A barn owl",
                ])
            else { continue }
            let route = snapshot.route(request, policy: Policy(), in: Self.circumstances)
            let made = snapshot.receipt(for: route, made: Self.now, validFor: 60, in: Self.circumstances)
            #expect((made == nil) == route.candidates.isEmpty)
            guard let made else { continue }
            count += 1
            #expect(made.alternatives.count == route.candidates.count - 1 + route.rejections.count)
            #expect(made.alternatives.allSatisfy { ($0.price == nil) == !$0.reasons.isEmpty })
            let read = try Self.reread(made)
            let receipt = try #require(read)
            #expect(snapshot.review(receipt, at: Self.now, in: Self.circumstances).isSame, "\(model.id)")
        }
        #expect(count > 30)
    }

    @Test(
        "Instants are read and written alike",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_827_696, "2000-02-29T12:34:56Z"), (-1, "1969-12-31T23:59:59Z"),
            (4_102_444_800, "2100-01-01T00:00:00Z"),
        ] as [(Int64, String)])
    func timestamps(_ seconds: Int64, _ text: String) {
        #expect(UTCTime(secondsSince1970: seconds).description == text)
        #expect(UTCTime(text)?.secondsSince1970 == seconds)
    }

    @Test(
        "What is no instant is not read",
        arguments: [
            "2026-12-01", "2026-12-01T24:00:00Z", "2026-12-01T10:00:00", "2026-02-30T10:00:00Z", "2026-12-01T1:00:00Z",
        ])
    func noTimestamps(_ text: String) { #expect(UTCTime(text) == nil) }
}

extension JSONValue {
    /// The offering without its second price, whose condition names a value that is gone.
    fileprivate var withoutProRow: JSONValue {
        var object = object ?? JSONObject()
        object["prices"] = .array(Array((object["prices"]?.array ?? []).prefix(1)))
        object["constraints"] = []
        return .object(object)
    }
}

@Suite("A charge against what was quoted")
struct ChargeComparisonTests {
    struct Case: Sendable, CustomTestStringConvertible {
        /// The quote's status, total and dollars.
        let quote: JSONValue
        let charged: String
        let unit: String
        let outcome: ChargeComparison.Outcome
        var difference: String?
        var testDescription: String { "\(charged) \(unit) for \(quote.text())" }
    }

    private static let exact: JSONValue = [
        "status": "exact", "total": ["amount": "420", "unit": "credits"], "usd": ["amount": "2.10"],
    ]
    private static let unpriced: JSONValue = [
        "status": "exact", "total": ["amount": "420", "unit": "credits"], "usd": nil,
    ]
    private static let range: JSONValue = ["status": "range", "total": ["min": "1.00", "max": "2.00", "unit": "USD"]]
    private static let least: JSONValue = ["status": "at_least", "total": ["amount": "1.00", "unit": "USD"]]

    static let cases: [Case] = [
        Case(quote: exact, charged: "420", unit: "credits", outcome: .asQuoted),
        Case(quote: exact, charged: "421", unit: "credits", outcome: .more, difference: "1"),
        Case(quote: exact, charged: "400", unit: "credits", outcome: .less, difference: "20"),
        Case(quote: exact, charged: "2.10", unit: "USD", outcome: .asQuoted),
        Case(quote: exact, charged: "2.11", unit: "USD", outcome: .more, difference: "0.01"),
        Case(quote: exact, charged: "2", unit: "EUR", outcome: .incomparable),
        Case(quote: unpriced, charged: "2", unit: "USD", outcome: .incomparable),
        Case(quote: range, charged: "1.5", unit: "USD", outcome: .asQuoted),
        Case(quote: range, charged: "2", unit: "USD", outcome: .asQuoted),
        Case(quote: range, charged: "2.000000001", unit: "USD", outcome: .more, difference: "0.000000001"),
        Case(quote: range, charged: "0.5", unit: "USD", outcome: .less, difference: "0.5"),
        Case(quote: least, charged: "100", unit: "USD", outcome: .asQuoted),
        Case(quote: least, charged: "0.99", unit: "USD", outcome: .less, difference: "0.01"),
        Case(quote: ["status": "unknown", "total": nil], charged: "1", unit: "USD", outcome: .unquoted),
    ]

    @Test("More is more by so much; what cannot be compared says so", arguments: cases)
    func compares(_ example: Case) throws {
        let receipt = Receipt(
            madeAt: ReceiptTests.now, expiresAt: ReceiptTests.now, catalog: "", provider: "acme", model: "thing",
            body: [:], bodyDigest: "", request: nil, policy: nil, quote: example.quote, rules: [], rates: [],
            warnings: [], alternatives: [])
        let amount = try #require(ExactDecimal(example.charged))
        let comparison = receipt.compare(charged: amount, example.unit)
        #expect(comparison.outcome == example.outcome)
        #expect(comparison.difference == example.difference.flatMap { ExactDecimal($0) })
        #expect(comparison.json["outcome"]?.string == example.outcome.rawValue)
    }
}
