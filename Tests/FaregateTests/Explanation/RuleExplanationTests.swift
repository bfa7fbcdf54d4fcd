import Testing

@testable import Faregate

/// Requests to the real catalog, beside every rule, and what is explained about them.
@Suite("Why a rule says what it says, and what flips it", .serialized)
struct RuleExplanationTests {
    static let circumstances = Circumstances(date: SmallCatalog.day)

    struct Question: Sendable, CustomTestStringConvertible {
        let provider: Provider
        let offering: Offering
        var testDescription: String { "\(provider.id) \(offering.id)" }
    }

    /// Every offering that has rules.
    static let questions: [Question] = RealCatalog.snapshot.providers.flatMap { provider in
        provider.offerings.filter { !$0.constraints.isEmpty }.map { Question(provider: provider, offering: $0) }
    }

    private func verdict(_ question: Question, _ body: JSONValue) -> Verdict {
        Validator(provider: question.provider, offering: question.offering, snapshot: RealCatalog.snapshot)
            .verdict(on: body, date: Self.circumstances.date)
    }

    /// The first requests just beside every rule.
    private func bodies(_ question: Question) -> [JSONValue] {
        let cases = BoundaryCases(provider: question.provider, offering: question.offering).all().cases
        return cases.filter { $0.id.hasPrefix("rule:") || $0.id == "plain" }.map(\.body)
    }

    @Test("There are offerings with rules")
    func questionsExist() { #expect(Self.questions.count > 30) }

    @Test(
        "A flip does what it says: a broken rule is satisfied and nothing new is wrong, a met one is broken",
        arguments: questions)
    func flips(_ question: Question) throws {
        for body in bodies(question).prefix(5) {
            let before = verdict(question, body)
            let explanation = RealCatalog.snapshot.explanation(
                of: body, to: question.offering, at: question.provider, in: Self.circumstances)
            #expect(explanation.rules.count == question.offering.constraints.count)
            for rule in explanation.rules {
                let id = rule.constraint.id
                #expect((rule.state == .broken) == before.diagnostics.contains { $0.rule == id }, "\(id)")
                guard let flip = rule.flip else { continue }
                #expect(try flip.patch.applied(to: body) == flip.body)
                let after = verdict(question, flip.body)
                let isBroken = after.diagnostics.contains { $0.rule == id }
                #expect(isBroken == (flip.effect == .breaks), "\(id): \(flip.steps) \(body.text())")
                let known = Set(before.diagnostics.map(FindingKey.init))
                let new = after.diagnostics.filter {
                    $0.severity == .error && $0.rule != id && !known.contains(FindingKey($0))
                }
                try checkFewest(flip, of: id, question, body)
                #expect(flip.effect == .satisfies ? new.isEmpty : new.count == flip.others.count, "\(id)")
            }
        }
    }

    /// Without any one of its edits the rule would not be broken.
    private func checkFewest(_ flip: Flip, of rule: String, _ question: Question, _ body: JSONValue) throws {
        guard flip.effect == .breaks, flip.patch.operations.count > 1 else { return }
        for index in flip.patch.operations.indices {
            var fewer = flip.patch.operations
            fewer.remove(at: index)
            let changed = try JSONPatch(fewer).applied(to: body)
            let isBroken = verdict(question, changed).diagnostics.contains { $0.rule == rule }
            #expect(!isBroken, "\(rule): \(flip.steps)")
        }
    }

    /// Rules for which no request of a few changed parameters is known that breaks them.
    @Test("Nearly every rule of the catalog can be flipped")
    func coverage() {
        var (told, all) = (0, 0)
        for question in Self.questions {
            guard let plain = bodies(question).first else { continue }
            let explanation = RealCatalog.snapshot.explanation(
                of: plain, to: question.offering, at: question.provider, in: Self.circumstances)
            all += explanation.rules.count
            told += explanation.rules.count { $0.flip != nil || !$0.needs.isEmpty }
        }
        #expect(all > 150)
        #expect(told * 100 >= all * 95, "\(told) of \(all)")
    }

    static let offering: JSONValue = [
        "parameters": [
            "prompt": ["type": "string", "about": "What to show."],
            "mode": ["type": "string", "enum": ["std", "pro"]],
            "duration": ["type": "integer", "enum": [4, 6, 8], "default": 4],
            "frames": ["type": "array", "items": ["type": "string", "format": "http-url"]],
        ],
        "required": ["prompt"],
        "constraints": [
            [
                "id": "frames-need-8s", "when": ["parameter": "frames", "present": true],
                "then": ["restrict": ["parameter": "duration", "enum": [8]]], "text": "Frames need 8 seconds.",
            ],
            [
                "id": "pro-needs-frames", "when": ["parameter": "mode", "equals": "pro"],
                "then": ["require": ["frames"]], "text": "Mode pro needs frames.",
            ],
        ],
    ]

    struct Case: Sendable, CustomTestStringConvertible {
        let input: JSONValue
        let rule: String
        let state: RuleExplanation.State
        /// Of each parameter that the rule looked at: `origin value`.
        let looked: [String]
        let steps: [String]
        var testDescription: String { "\(rule): \(input.text())" }
    }

    static let frame: JSONValue = ["https://example.com/a.png"]
    static let cases: [Case] = [
        Case(
            input: ["prompt": "x", "frames": frame], rule: "frames-need-8s", state: .broken,
            looked: ["sent", "default 4"], steps: ["set duration to 8"]),
        Case(
            input: ["prompt": "x", "frames": frame, "duration": 8], rule: "frames-need-8s", state: .met,
            looked: ["sent", "sent 8"], steps: ["set duration to 6"]),
        Case(
            input: ["prompt": "x"], rule: "frames-need-8s", state: .unbound, looked: ["absent", "default 4"],
            steps: ["let frames hold 1 element"]),
        Case(
            input: ["prompt": "x", "frames": frame, "duration": 5], rule: "frames-need-8s", state: .open,
            looked: ["sent", "rejected"], steps: ["set duration to 6"]),
        Case(
            input: ["prompt": "x"], rule: "pro-needs-frames", state: .open, looked: ["absent", "absent"],
            steps: ["set mode to pro"]),
        Case(
            input: ["prompt": "x", "mode": "pro"], rule: "pro-needs-frames", state: .broken,
            looked: ["sent pro", "absent"], steps: ["set mode to std"]),
        Case(
            input: ["prompt": "x", "mode": "std", "duration": 8], rule: "pro-needs-frames", state: .unbound,
            looked: ["sent std", "absent"], steps: ["set mode to pro"]),
    ]

    @Test("A rule tells what it looked at and how it could turn", arguments: cases)
    func tells(_ example: Case) throws {
        let snapshot = try SmallCatalog.snapshot(withOffering: Self.offering)
        let provider = try #require(snapshot.provider("acme"))
        let thing = try #require(provider.offering("thing"))
        let explanation = snapshot.explanation(
            of: ["model": "thing", "input": example.input], to: thing, at: provider, rules: [example.rule],
            in: Self.circumstances)
        let rule = try #require(explanation.rules.first)
        #expect(explanation.rules.count == 1 && rule.constraint.id == example.rule)
        #expect(rule.state == example.state)
        let looked = rule.observations.map { seen in
            seen.origin.rawValue + (seen.counts.flatMap { $0.array == nil ? " \($0.shown)" : nil } ?? "")
        }
        #expect(looked == example.looked)
        #expect(rule.flip?.steps == example.steps, "\(rule.needs.map(\.message))")
        #expect(rule.checkedOn != nil)
    }

    @Test("What is wrong with a single parameter is explained too")
    func findings() throws {
        let snapshot = try SmallCatalog.snapshot(withOffering: Self.offering)
        let provider = try #require(snapshot.provider("acme"))
        let thing = try #require(provider.offering("thing"))
        let explanation = snapshot.explanation(
            of: ["model": "thing", "input": ["duration": 5]], to: thing, at: provider, in: Self.circumstances)
        #expect(!explanation.isValid && explanation.price == nil)
        let codes = explanation.findings.map(\.finding.code)
        #expect(codes == [.notAllowed, .missing])
        #expect(explanation.findings[0].flip?.steps == ["set duration to 6"])
        #expect(explanation.findings[1].about == "What to show." && explanation.findings[1].flip == nil)
        #expect(explanation.findings[1].needs.map(\.paths) == [["/input/prompt"]])
        let json = explanation.json
        #expect(json["findings"]?.array?.count == 2 && json["rules"]?.array?.count == explanation.rules.count)
    }
}
