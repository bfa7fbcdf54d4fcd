import Testing

@testable import Faregate

@Suite("Why a price is what it is")
struct PriceExplanationTests {
    private func explanation(
        _ input: JSONValue, _ offering: JSONValue, date: CalendarDate = SmallCatalog.day
    ) throws -> PriceExplanation {
        let snapshot = try SmallCatalog.snapshot(withOffering: offering)
        let provider = try #require(snapshot.provider("acme"))
        let thing = try #require(provider.offering("thing"))
        let verdict = Validator(provider: provider, offering: thing, snapshot: snapshot)
            .verdict(on: ["model": "thing", "input": input], date: date)
        return Pricer(offering: thing, credit: nil, catalog: snapshot.digest).explanation(verdict.facts, date: date)
    }

    /// The amount at the end of the last step: `8 × 0.05 = 0.40 USD` ends in 0.40.
    private func result(_ step: PriceExplanation.Step, _ currency: String) -> String {
        let words = step.words.split(separator: " ")
        return String(words.last.map(String.init) == currency ? words[words.count - 2] : words[words.count - 1])
    }

    @Test(
        "Every row of the list is in the bill or has a reason, and the steps end at the amount",
        arguments: PricingCase.all)
    func complete(_ example: PricingCase) throws {
        let explanation = try explanation(example.input, example.offering, date: example.date)
        let rows = example.offering["prices"]?.array ?? []
        #expect(explanation.lines.count + explanation.others.count == rows.count)
        #expect(explanation.lines.map(\.item.row.id) == explanation.quote.items.map(\.row.id))
        for line in explanation.lines {
            guard let amount = line.item.amount, let last = line.steps.last else {
                #expect(line.item.amount == nil, "no step leads to \(line.item.row.id)")
                continue
            }
            let highest = amount.maximum ?? amount.minimum
            #expect(ExactDecimal(result(last, line.item.row.currency)) == highest, "\(line.steps.map(\.words))")
            #expect(line.condition?.truth != .no)
        }
        for other in explanation.others where other.reason == .notMet { #expect(other.condition?.truth == .no) }
    }

    @Test("Included units, the minimum and rounding each are a step")
    func steps() throws {
        let offering: JSONValue = [
            "parameters": ["duration": ["type": "integer", "default": 4, "unit": "second"]],
            "prices": [
                [
                    "id": "seconds", "label": "seconds", "unit": "second", "rate": "0.033", "included": "2",
                    "minimum": "0.05", "rounding": ["to": "0.01", "mode": "up"],
                    "quantity": ["parameter": "duration"], "effective_from": "2026-01-01", "source": "prices",
                    "checked_on": "2026-11-21",
                ]
            ],
        ]
        let least = try explanation(["duration": 3], offering).lines[0]
        #expect(least.steps.map(\.kind) == [.included, .product, .minimum])
        #expect(least.quantitySource == "duration is 3")
        let rounded = try explanation([:], offering).lines[0]
        #expect(rounded.steps.map(\.kind) == [.included, .product, .rounding])
        #expect(rounded.steps.map(\.words).first == "4 − 2 included = 2")
        #expect(rounded.steps.map(\.words).last == "rounded up to a multiple of 0.01: 0.07")
        #expect(rounded.quantitySource == "duration is not set, so 4 counts, the default")
    }

    @Test("An older and a later row of the same price say why they do not count")
    func history() throws {
        func row(_ from: String, _ rate: String) -> JSONValue {
            [
                "id": "thing", "label": "thing", "unit": "task", "rate": .string(rate), "effective_from": .string(from),
                "source": "prices", "checked_on": "2026-11-21",
            ]
        }
        let offering: JSONValue = [
            "prices": [row("2026-01-01", "1"), row("2026-06-01", "2"), row("2027-01-01", "3")]
        ]
        let now = try explanation([:], offering)
        #expect(now.others.map(\.reason) == [.superseded, .notYet])
        #expect(now.lines.map(\.isFromLater) == [false])
        let early = try explanation([:], offering, date: SmallCatalog.day("2025-01-01"))
        #expect(early.lines.map(\.isFromLater) == [true])
    }

    @Test("Every valid case of the real catalog: no row is left without a word")
    func realCatalog() throws {
        var count = 0
        for provider in RealCatalog.snapshot.providers {
            for offering in provider.offerings {
                let space = RequestSpace(provider: provider, offering: offering)
                guard let body = RequestDraft(space).completed() else { continue }
                let explanation = RealCatalog.snapshot.explanation(
                    of: body, to: offering, at: provider, rules: [],
                    in: Circumstances(date: SmallCatalog.day))
                let price = try #require(explanation.price, "\(offering.id)")
                #expect(price.lines.count + price.others.count == offering.prices.count, "\(offering.id)")
                count += 1
            }
        }
        #expect(count > 100)
    }
}
