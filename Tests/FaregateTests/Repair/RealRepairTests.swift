import Testing

@testable import Faregate

@Suite("Repairs of requests to the real catalog")
struct RealRepairTests {
    static let circumstances = Circumstances(date: SmallCatalog.day)

    struct Question: Sendable {
        let provider: Provider
        let offering: Offering
        let body: JSONValue

        var request: NativeRequest { NativeRequest(provider: provider.id, model: offering.id, body: body) }
        func answer(_ body: JSONValue? = nil) -> Answer {
            let request = NativeRequest(provider: provider.id, model: offering.id, body: body ?? self.body)
            return RealCatalog.snapshot.answer(
                request, quoting: false, repairing: body == nil, in: RealRepairTests.circumstances)
        }
    }

    /// Requests just outside every bound and every rule.
    static let beside: [Question] = RealCatalog.snapshot.providers.flatMap { provider in
        provider.offerings.flatMap { offering in
            BoundaryCases(provider: provider, offering: offering).all().cases
                .map { Question(provider: provider, offering: offering, body: $0.body) }
        }
    }

    /// Checks every promise that a repair makes.
    private func check(_ question: Question, _ answer: Answer) throws {
        for repair in answer.remedy?.repairs ?? [] {
            let repaired = try repair.patch.applied(to: question.body)
            #expect(repaired == repair.body, "\(repair.patch.json.text())")
            #expect(question.answer(repaired).isValid, "\(question.body.text()) \(repair.patch.json.text())")
            guard repair.finding == nil else { continue }
            for index in repair.patch.operations.indices where repair.patch.operations.count > 1 {
                var fewer = repair.patch.operations
                fewer.remove(at: index)
                guard let body = try? JSONPatch(fewer).applied(to: question.body) else { continue }
                #expect(!question.answer(body).isValid, "\(question.body.text()) \(repair.patch.json.text())")
            }
        }
    }

    @Test("One mistake: every repair is valid and minimal, and where there is none something is needed from the user")
    func single() throws {
        var (invalid, repaired) = (0, 0)
        for question in Self.beside {
            let answer = question.answer()
            try check(question, answer)
            guard !answer.isValid else { continue }
            invalid += 1
            let remedy = try #require(answer.remedy)
            if remedy.repairs.isEmpty, question.body.object != nil {
                #expect(!remedy.needs.isEmpty, "\(question.body.text()) \(answer.diagnostics.map(\.short))")
            }
            if !remedy.repairs.isEmpty { repaired += 1 }
        }
        #expect(invalid > 1_000)
        #expect(repaired * 2 > invalid, "\(repaired) of \(invalid)")
    }

    @Test("Several mistakes in one request are mended together", arguments: 0..<4)
    func several(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var repaired = 0
        for _ in 0..<250 {
            guard let first = Self.beside.randomElement(using: &generator) else { continue }
            let sisters = Self.beside.filter { $0.offering.id == first.offering.id }
            let body = sisters.shuffled(using: &generator).prefix(2).reduce(first.body) { merged($0, $1.body) }
            let question = Question(provider: first.provider, offering: first.offering, body: body)
            let answer = question.answer()
            try check(question, answer)
            if !answer.isValid, answer.remedy?.repairs.isEmpty == false { repaired += 1 }
        }
        #expect(repaired > 50)
    }

    /// Two requests in one: what the second states goes before what the first does.
    private func merged(_ a: JSONValue, _ b: JSONValue) -> JSONValue {
        guard var object = a.object, let other = b.object else { return b }
        for (name, value) in other.members { object[name] = object[name].map { merged($0, value) } ?? value }
        return .object(object)
    }
}
