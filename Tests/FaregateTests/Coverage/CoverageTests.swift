import Testing

@testable import Faregate

@Suite("What can be proved about an offering's rules and rates")
struct CoverageTests {
    /// An offering with one mistake, what is found and the request that shows it.
    struct Mistake: Sendable, CustomTestStringConvertible {
        let about: String
        let offering: JSONValue
        let kind: CoverageFinding.Kind
        let subject: String
        /// The parameters of the witness.
        let input: JSONValue
        var rejectedBy: [String] = []
        /// What else follows from the mistake.
        var besides: [String] = []
        var testDescription: String { about }
    }

    static let quality: JSONValue = ["type": "string", "enum": ["low", "high"], "default": "low"]
    static let clip: JSONValue = ["type": "string", "format": "http-url"]

    static func rule(_ id: String, _ then: JSONValue, when: JSONValue? = nil) -> JSONValue {
        var rule = JSONObject([("id", .string(id)), ("then", then), ("text", "So it is.")])
        rule["when"] = when
        return .object(rule)
    }

    static func rate(_ id: String, when: JSONValue? = nil, from: String = "2026-01-01") -> JSONValue {
        var rate = JSONObject([
            ("id", .string(id)), ("label", "thing"), ("unit", "task"), ("rate", "1"), ("effective_from", .string(from)),
            ("source", "prices"), ("checked_on", "2026-11-21"),
        ])
        rate["when"] = when
        return .object(rate)
    }

    static let mistakes = [
        Mistake(
            about: "a rule whose bound is wider than the parameter's own",
            offering: [
                "parameters": ["seconds": ["type": "integer", "minimum": 1, "maximum": 10]],
                "constraints": [rule("short", ["restrict": ["parameter": "seconds", "maximum": 12]])],
            ], kind: .ruleNeverFires, subject: "short", input: [:]),
        Mistake(
            about: "a rule over what an unsupported parameter says",
            offering: [
                "parameters": ["voice": ["unsupported": "It has none."], "prompt": ["type": "string"]],
                "constraints": [
                    rule("voiced", ["require": ["prompt"]], when: ["parameter": "voice", "present": true])
                ],
            ], kind: .ruleNeverFires, subject: "voiced", input: [:]),
        Mistake(
            about: "a parameter that a rule forbids always",
            offering: [
                "parameters": ["image": clip], "constraints": [rule("no-image", ["forbid": ["image"]])],
            ], kind: .valueUnusable, subject: "image", input: ["image": "https://example.com/1"],
            rejectedBy: ["no-image"]),
        Mistake(
            about: "a value that two rules together exclude",
            offering: [
                "parameters": ["quality": quality, "image": clip],
                "constraints": [
                    rule("image-for-high", ["require": ["image"]], when: ["parameter": "quality", "equals": "high"]),
                    rule("no-image-for-high", ["forbid": ["image"]], when: ["parameter": "quality", "equals": "high"]),
                ],
            ], kind: .valueUnusable, subject: "quality=high",
            input: ["quality": "high"],
            rejectedBy: ["image-for-high"]),
        Mistake(
            about: "a member of an element that no element can have",
            offering: [
                "parameters": [
                    "voices": [
                        "type": "array",
                        "items": ["type": "object", "properties": ["id": ["type": "string"], "url": clip]],
                    ]
                ],
                "constraints": [rule("no-url", ["forbid": ["voices/*/url"]])],
            ], kind: .valueUnusable, subject: "voices/*/url",
            input: ["voices": [["url": "https://example.com/1"]]], rejectedBy: ["no-url"]),
        Mistake(
            about: "a parameter that a rule requires always",
            offering: [
                "parameters": ["prompt": ["type": "string"]], "constraints": [rule("say", ["require": ["prompt"]])],
            ], kind: .falselyOptional, subject: "prompt", input: [:], rejectedBy: ["say"]),
        Mistake(
            about: "a default that a rule excludes",
            offering: [
                "parameters": ["quality": quality],
                "constraints": [rule("high", ["restrict": ["parameter": "quality", "enum": ["high"]]])],
            ], kind: .falselyOptional, subject: "quality", input: [:], rejectedBy: ["high"],
            besides: ["coverage.value_unusable quality=low"]),
        Mistake(
            about: "a value without a rate",
            offering: [
                "parameters": ["quality": quality],
                "prices": [rate("low", when: ["parameter": "quality", "equals": "low"])],
            ], kind: .unpriced, subject: "prices", input: ["quality": "high"]),
        Mistake(
            about: "a number between two rates",
            offering: [
                "parameters": ["seconds": ["type": "integer", "minimum": 1, "maximum": 30]], "required": ["seconds"],
                "prices": [
                    rate("short", when: ["parameter": "seconds", "less_than": 10]),
                    rate("long", when: ["parameter": "seconds", "more_than": 10]),
                ],
            ], kind: .unpriced, subject: "prices", input: ["seconds": 10]),
        Mistake(
            about: "a rate for what a rule excludes",
            offering: [
                "parameters": ["quality": quality, "seconds": ["type": "integer", "minimum": 1, "maximum": 10]],
                "constraints": [
                    rule(
                        "short-when-high", ["restrict": ["parameter": "seconds", "maximum": 5]],
                        when: ["parameter": "quality", "equals": "high"])
                ],
                "prices": [
                    rate("thing"),
                    {
                        var adder =
                            rate(
                                "long-high",
                                when: [
                                    "all": [
                                        ["parameter": "quality", "equals": "high"],
                                        ["parameter": "seconds", "more_than": 5],
                                    ]
                                ]
                            ).object ?? JSONObject()
                        adder["kind"] = "adder"
                        return .object(adder)
                    }(),
                ],
            ], kind: .rateUnreachable, subject: "long-high", input: ["quality": "high", "seconds": 6],
            rejectedBy: ["short-when-high"]),
        Mistake(
            about: "two rates at one number",
            offering: [
                "parameters": ["seconds": ["type": "integer", "minimum": 1, "maximum": 30]], "required": ["seconds"],
                "prices": [
                    rate("short", when: ["parameter": "seconds", "at_most": 10]),
                    rate("long", when: ["parameter": "seconds", "at_least": 10]),
                ],
            ], kind: .conflictingRates, subject: "short + long", input: ["seconds": 10]),
        Mistake(
            about: "one rule written twice, in other words",
            offering: [
                "parameters": ["image": clip, "end_image": clip],
                "constraints": [
                    rule("end-needs-start", ["require": ["image"]], when: ["parameter": "end_image", "present": true]),
                    rule("no-end-alone", ["forbid": ["end_image"]], when: ["parameter": "image", "present": false]),
                ],
            ], kind: .rulesFireTogether, subject: "end-needs-start + no-end-alone",
            input: ["end_image": "https://example.com/1"], rejectedBy: ["end-needs-start", "no-end-alone"]),
        Mistake(
            about: "rules that leave nothing",
            offering: [
                "parameters": ["image": clip],
                "constraints": [rule("some", ["require": ["image"]]), rule("none", ["forbid": ["image"]])],
            ], kind: .nothingValid, subject: "offering", input: [:], rejectedBy: ["some"]),
    ]

    static func report(_ members: JSONValue) throws -> CoverageReport {
        let provider = try #require(try SmallCatalog.snapshot(withOffering: members).provider("acme"))
        return Coverage(provider: provider, offering: provider.offerings[0]).report()
    }

    @Test("A mistake of every kind is found, with a request that shows it", arguments: mistakes)
    func finds(_ mistake: Mistake) throws {
        let report = try Self.report(mistake.offering)
        #expect(report.isExact)
        let found = report.findings.map { "\($0.kind.rawValue) \($0.subject)" }
        let finding = try #require(
            report.findings.first { $0.kind == mistake.kind && $0.subject == mistake.subject }, "found \(found)")
        #expect(finding.witness?["input"] == mistake.input)
        #expect(finding.rejectedBy == mistake.rejectedBy)
        #expect(finding.acknowledged == nil)
        #expect(Set(found) == Set(["\(mistake.kind.rawValue) \(mistake.subject)"] + mistake.besides))
    }

    @Test("Every kind is among the mistakes")
    func kinds() {
        let kinds = Set(Self.mistakes.map(\.kind.rawValue)).union([
            CoverageFinding.Kind.acknowledgementUnused.rawValue
        ])
        #expect(kinds == Set(CoverageFinding.Kind.allCases.map(\.rawValue)))
    }

    @Test("What is acknowledged with a reason is not open; what matches nothing is a finding")
    func acknowledged() throws {
        var offering = try #require(Self.mistakes[2].offering.object)
        func acknowledgement(_ subject: String) -> JSONValue {
            ["finding": "coverage.value_unusable", "subject": .string(subject), "reason": "The page says so."]
        }
        offering["acknowledged"] = [acknowledgement("image")]
        #expect(try Self.report(.object(offering)).findings.map(\.acknowledged) == ["The page says so."])
        offering["acknowledged"] = [acknowledgement("image"), acknowledgement("video")]
        let unused = try #require(try Self.report(.object(offering)).findings.last)
        #expect(unused.kind == .acknowledgementUnused && unused.acknowledged == nil)
        #expect(unused.subject == "coverage.value_unusable video")
    }

    @Test(
        "An acknowledgement is read strictly",
        arguments: [
            (#"{"finding": "coverage.typo", "subject": "x", "reason": "y"}"#, "document.value"),
            (#"{"finding": "coverage.unpriced", "subject": "x"}"#, "document.missing_member"),
            (#"{"finding": "coverage.unpriced", "subject": "x", "reason": ""}"#, "document.value"),
            (#"{"finding": "coverage.unpriced", "subject": "x", "reason": "y", "by": "z"}"#, "document.unknown_member"),
        ])
    func strict(_ text: String, _ code: String) throws {
        let acknowledgement = try JSONValue(parsing: Array(text.utf8))
        let error = #expect(throws: CatalogError.self) {
            try SmallCatalog.snapshot(withOffering: ["parameters": [:], "acknowledged": [acknowledgement]])
        }
        #expect(error?.problems.map(\.code) == [code])
    }

    @Test("A question that is too large is not answered, and the report says so")
    func unsettled() throws {
        var parameters = JSONObject()
        let names = (1...12).map { "p\($0)" }
        for name in names { parameters[name] = ["type": "integer", "minimum": 1, "maximum": 10] }
        let snapshot = try SmallCatalog.snapshot(withOffering: [
            "parameters": .object(parameters),
            "constraints": [Self.rule("some", ["at_least_one": .array(names.map(JSONValue.string))])],
            "prices": [
                Self.rate("thing"),
                Self.rate("other", when: ["all": .array(names.map { ["parameter": .string($0), "equals": 7] })]),
            ],
        ])
        let provider = try #require(snapshot.provider("acme"))
        let report = Coverage(provider: provider, offering: provider.offerings[0], stepsMax: 500).report()
        #expect(!report.isExact)
        #expect(report.json["exact"] == false)
        #expect(report.points > 1 << 20)
        #expect(!report.findings.contains { $0.kind == .rateUnreachable })
    }

    @Test("The real catalog has no open finding, and every question about it is settled")
    func real() {
        for provider in RealCatalog.snapshot.providers {
            for offering in provider.offerings {
                let report = Coverage(provider: provider, offering: offering).report()
                #expect(report.isExact, "\(offering.id)")
                let open = report.findings.filter { $0.acknowledged == nil }
                #expect(open.map { "\($0.kind.rawValue) \($0.subject)" } == [], "\(offering.id)")
            }
        }
    }
}

@Suite("The proof says what the validator and the pricer say")
struct CoverageAgreementTests {
    private static func isValid(_ verdict: Verdict) -> Bool {
        !verdict.diagnostics.contains { $0.severity == .error && !$0.code.rawValue.hasPrefix("model.") }
    }

    @Test("A request of the space is valid exactly where no rule of the search rejects it")
    func validity() {
        var random = SeededGenerator(seed: 6)
        var (valid, invalid) = (0, 0)
        for provider in RealCatalog.snapshot.providers {
            for offering in provider.offerings {
                let space = RequestSpace(provider: provider, offering: offering)
                let search = SpaceSearch(space)
                let validator = Validator(provider: provider, offering: offering, snapshot: RealCatalog.snapshot)
                for _ in 0..<60 {
                    let choice = space.variables.map { Int.random(in: 0..<$0.values.count, using: &random) }
                    let verdict = validator.verdict(on: space.body(choice), date: SmallCatalog.day)
                    let fired = Set(verdict.diagnostics.compactMap(\.rule))
                    let claimed = search.rules.indices.filter { search.fires($0, choice) }
                    #expect(fired == Set(claimed.map { search.rules[$0].constraint.id }), "\(offering.id)")
                    #expect(Self.isValid(verdict) == search.rejecting(choice).isEmpty, "\(offering.id)")
                    valid += Self.isValid(verdict) ? 1 : 0
                    invalid += Self.isValid(verdict) ? 0 : 1
                }
            }
        }
        #expect(valid > 1_000 && invalid > 500)
    }

    /// What asking the validator and the pricer about every single request finds.
    private func exhaustive(_ provider: Provider, _ offering: Offering, _ snapshot: Snapshot) -> Set<String> {
        let space = RequestSpace(provider: provider, offering: offering)
        let validator = Validator(provider: provider, offering: offering, snapshot: snapshot)
        let pricer = Pricer(offering: offering, credit: nil, catalog: "")
        var fired: [Set<String>] = []
        var used: Set<String> = []
        var always = Set(space.variables.filter { !$0.isRequired }.map(\.name))
        var reached: Set<String> = []
        var found: Set<String> = []
        var choice = [Int](repeating: 0, count: space.variables.count)
        var isAnyValid = false
        func visit() {
            let verdict = validator.verdict(on: space.body(choice), date: SmallCatalog.day)
            fired.append(Set(verdict.diagnostics.compactMap(\.rule)))
            guard Self.isValid(verdict) else { return }
            isAnyValid = true
            for (variable, value) in zip(space.variables, choice) {
                let given = variable.values[value]
                if let given { used.formUnion(variable.spec.uses(variable.name, in: given)) }
                if given == nil || given == [] || given == "" { always.remove(variable.name) }
            }
            for row in offering.prices where (row.condition?.truth(verdict.facts) ?? .yes) == .yes {
                reached.insert(row.id)
            }
            switch pricer.quote(verdict.facts, date: SmallCatalog.day).reason {
            case "price.no_matching_rate": found.insert("coverage.unpriced prices")
            case "price.conflicting_rates": found.insert("coverage.conflicting_rates")
            default: break
            }
        }
        func go(_ index: Int) {
            guard index < choice.count else { return visit() }
            for value in space.variables[index].values.indices {
                choice[index] = value
                go(index + 1)
            }
        }
        go(0)
        let rules = offering.constraints.map(\.id)
        for rule in rules where !fired.contains(where: { $0.contains(rule) }) {
            found.insert("coverage.rule_never_fires \(rule)")
        }
        for (position, a) in rules.enumerated() {
            for b in rules.dropFirst(position + 1)
            where fired.contains(where: { $0.contains(a) }) && fired.allSatisfy({ $0.contains(a) == $0.contains(b) }) {
                found.insert("coverage.rules_fire_together \(a) + \(b)")
            }
        }
        guard isAnyValid else { return found.union(["coverage.nothing_valid offering"]) }
        for variable in space.variables {
            let unused = variable.spec.uses(variable.name).subtracting(used)
            found.formUnion(
                (unused.contains(variable.name) ? [variable.name] : unused).map { "coverage.value_unusable \($0)" })
        }
        found.formUnion(always.map { "coverage.falsely_optional \($0)" })
        for row in offering.prices where !reached.contains(row.id) {
            found.insert("coverage.rate_unreachable \(row.id)")
        }
        return found
    }

    private func proved(_ report: CoverageReport) -> Set<String> {
        Set(
            report.findings.map { finding in
                finding.kind == .conflictingRates
                    ? finding.kind.rawValue : "\(finding.kind.rawValue) \(finding.subject)"
            })
    }

    @Test("The seeded mistakes: the same is found by asking about every request", arguments: CoverageTests.mistakes)
    func seeded(_ mistake: CoverageTests.Mistake) throws {
        let snapshot = try SmallCatalog.snapshot(withOffering: mistake.offering)
        let provider = try #require(snapshot.provider("acme"))
        let report = Coverage(provider: provider, offering: provider.offerings[0]).report()
        #expect(proved(report) == exhaustive(provider, provider.offerings[0], snapshot))
    }

    @Test("The real catalog: the same is found by asking about every request, where they are few")
    func real() {
        var count = 0
        for provider in RealCatalog.snapshot.providers {
            for offering in provider.offerings {
                let report = Coverage(provider: provider, offering: offering).report()
                guard report.points <= 1_500 else { continue }
                count += 1
                #expect(
                    proved(report) == exhaustive(provider, offering, RealCatalog.snapshot), "\(offering.id)")
            }
        }
        #expect(count > 20)
    }
}
