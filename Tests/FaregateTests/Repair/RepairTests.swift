import Testing

@testable import Faregate

/// A request with something wrong, and the ways out that must be offered, in order.
struct RepairCase: Sendable, CustomTestStringConvertible {
    let group: String
    let offering: JSONValue
    let body: JSONValue
    /// The steps of each repair, joined by semicolons.
    let repairs: [String]
    let needs: [String]

    var testDescription: String { "\(group): \(body.text().prefix(100))" }

    static let all: [RepairCase] = Fixtures.list("repairs", "groups") { group -> [RepairCase]? in
        guard let about = group["about"]?.string, let offering = group["offering"], let cases = group["cases"]?.array
        else { return nil }
        return cases.map { item in
            RepairCase(
                group: about, offering: offering,
                body: item["body"] ?? ["model": "thing", "input": item["input"] ?? [:]],
                repairs: item["repairs"]?.array?.compactMap(\.string) ?? [],
                needs: item["needs"]?.array?.compactMap(\.string) ?? [])
        }
    }.flatMap(\.self)
}

@Suite("Repairs make a request valid with the least intrusive edits")
struct RepairTests {
    static func answer(_ body: JSONValue, _ snapshot: Snapshot) -> Answer {
        snapshot.answer(
            NativeRequest(provider: "acme", model: nil, body: body), quoting: true,
            in: Circumstances(date: SmallCatalog.day))
    }

    @Test("There are cases")
    func casesExist() { #expect(RepairCase.all.count > 50) }

    @Test("What is offered, and in which order", arguments: RepairCase.all)
    func offered(_ item: RepairCase) throws {
        let snapshot = try SmallCatalog.snapshot(withOffering: item.offering)
        let remedy = try #require(Self.answer(item.body, snapshot).remedy)
        #expect(remedy.repairs.map { $0.steps.joined(separator: "; ") } == item.repairs)
        #expect(remedy.needs.map(\.message) == item.needs)
        for repair in remedy.repairs {
            #expect(try repair.patch.applied(to: item.body) == repair.body)
            #expect(Self.answer(repair.body, snapshot).isValid)
        }
    }
}
