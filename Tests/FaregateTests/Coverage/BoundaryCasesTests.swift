import Testing

@testable import Faregate

@Suite("Requests beside every bound and every rule")
struct BoundaryCasesTests {
    private static let sold = RealCatalog.snapshot.providers.flatMap { provider in
        provider.offerings.map { (provider: provider, offering: $0) }
    }

    @Test("The validator says of every one what follows from the bound or the rule")
    func agree() {
        var count = 0
        for (provider, offering) in Self.sold {
            let validator = Validator(provider: provider, offering: offering, snapshot: RealCatalog.snapshot)
            let cases = BoundaryCases(provider: provider, offering: offering).all().cases
            #expect(cases.count >= 3, "\(offering.id)")
            #expect(Set(cases.map(\.id)).count == cases.count, "\(offering.id)")
            for item in cases {
                let verdict = validator.verdict(on: item.body, date: SmallCatalog.day)
                #expect(
                    item.agrees(with: verdict),
                    "\(item.json.text()) \(verdict.diagnostics.filter { $0.severity != .info }.map(\.short))")
            }
            count += cases.count
        }
        #expect(count > 2_000)
    }

    @Test("Every rule is broken by some case, and met by another")
    func rules() {
        var rules = 0
        for (provider, offering) in Self.sold {
            let cases = BoundaryCases(provider: provider, offering: offering).all().cases
            for id in offering.constraints.map(\.id) {
                rules += 1
                #expect(cases.contains { $0.expectation.rule == id }, "\(offering.id) \(id)")
                #expect(cases.contains { $0.expectation.silentRule == id }, "\(offering.id) \(id)")
            }
        }
        #expect(rules > 100)
    }

    static let offering: JSONValue = [
        "parameters": [
            "prompt": ["type": "string", "maxLength": 5], "seconds": ["type": "integer", "minimum": 1, "maximum": 10],
            "quality": ["type": "string", "enum": ["low", "high"], "default": "low", "on_invalid": "default"],
            "images": ["type": "array", "items": ["type": "string", "format": "http-url"], "maxItems": 4],
        ],
        "required": ["prompt"],
        "constraints": [
            CoverageTests.rule(
                "short-with-images", ["restrict": ["parameter": "seconds", "maximum": 6]],
                when: ["count": ["images"], "at_least": 2])
        ],
    ]

    /// The parameters and the expectation of the cases with an id.
    private func cases() throws -> [String: BoundaryCase] {
        let provider = try #require(try SmallCatalog.snapshot(withOffering: Self.offering).provider("acme"))
        let all = BoundaryCases(provider: provider, offering: provider.offerings[0]).all().cases
        return Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
    }

    static let expected: [(String, JSONValue, JSONValue)] = [
        ("plain", ["prompt": "a"], ["valid": true]),
        (
            "/callback_url:format:outside", ["prompt": "a"],
            ["valid": false, "severity": "error", "code": "value.format", "path": "/callback_url"]
        ),
        (
            "/no_such_member", ["prompt": "a"],
            ["valid": false, "severity": "error", "code": "parameter.unknown", "path": "/no_such_member"]
        ),
        (
            "prompt:misplaced:outside", ["prompt": "a"],
            ["valid": false, "severity": "error", "code": "parameter.unknown", "path": "/prompt"]
        ),
        (
            "/input:type:outside", "a",
            ["valid": false, "severity": "error", "code": "value.type", "path": "/input"]
        ),
        (
            "/model:unknown:outside", ["prompt": "a"],
            ["valid": false, "severity": "error", "code": "model.unknown", "path": "/model"]
        ),
        (
            "rule:callback-needs-address:outside", ["prompt": "a"],
            [
                "valid": false, "severity": "error", "code": "constraint.require", "path": "/callback_url",
                "rule": "callback-needs-address",
            ]
        ),
        ("prompt:maxLength:inside", ["prompt": "aaaaa"], ["valid": true]),
        (
            "prompt:maxLength:outside", ["prompt": "aaaaaa"],
            ["valid": false, "severity": "error", "code": "value.length", "path": "/input/prompt"]
        ),
        (
            "prompt:required:outside", [:],
            ["valid": false, "severity": "error", "code": "parameter.missing", "path": "/input/prompt"]
        ),
        (
            "seconds:minimum:outside", ["prompt": "a", "seconds": 0],
            ["valid": false, "severity": "error", "code": "value.range", "path": "/input/seconds"]
        ),
        (
            "quality:enum:outside", ["prompt": "a", "quality": "high-x"],
            ["valid": true, "severity": "warning", "code": "value.replaced", "path": "/input/quality"]
        ),
        (
            "images/*:format:outside", ["prompt": "a", "images": ["example.com/1.png"]],
            ["valid": false, "severity": "error", "code": "value.format", "path": "/input/images/0"]
        ),
        (
            "rule:short-with-images:outside",
            ["prompt": "a", "seconds": 7, "images": ["https://example.com/1", "https://example.com/2"]],
            [
                "valid": false, "severity": "error", "code": "constraint.restrict", "path": "/input/seconds",
                "rule": "short-with-images",
            ]
        ),
        (
            "rule:short-with-images:inside",
            ["prompt": "a", "seconds": 6, "images": ["https://example.com/1", "https://example.com/2"]],
            ["valid": true, "silent_rule": "short-with-images"]
        ),
        (
            "rule:short-with-images:unbound", ["prompt": "a", "seconds": 7, "images": ["https://example.com/1"]],
            ["valid": true, "silent_rule": "short-with-images"]
        ),
    ]

    @Test("A small offering: each bound has its request", arguments: expected)
    func small(_ id: String, _ input: JSONValue, _ expectation: JSONValue) throws {
        let item = try #require(try cases()[id])
        #expect(item.body["input"] == input)
        #expect(item.json["expect"] == expectation)
    }

    @Test("Every member of every envelope has its cases")
    func envelopes() {
        for (provider, offering) in Self.sold {
            let (cases, leftOut) = BoundaryCases(provider: provider, offering: offering).all()
            for (name, spec) in provider.request.envelope where spec.unsupported == nil {
                let place = JSONPointer([name])
                let isBroken = cases.contains { $0.expectation.path == place && !$0.expectation.isValid }
                #expect(isBroken || leftOut.contains { $0.id.contains(name) }, "\(offering.id) \(name)")
            }
            #expect(cases.contains { $0.id == "body:type:outside" })
        }
    }

    /// What a rule in the way leaves no case for.
    static let blocked: [(JSONValue, String, LeftOutCase.Reason)] = [
        // Nothing over 6 seconds is let through, so that nothing shows where the parameter's own bound is.
        (
            CoverageTests.rule("short", ["restrict": ["parameter": "seconds", "maximum": 6]]), "seconds:maximum:inside",
            .noneFound
        ),
        (
            CoverageTests.rule(
                "long-is-none", ["forbid": ["images"]], when: ["parameter": "seconds", "more_than": 10]),
            "rule:long-is-none:outside", .noneFound
        ),
        (
            CoverageTests.rule("ever", ["require": ["prompt"]], when: ["parameter": "prompt", "present": true]),
            "rule:ever:outside", .noVariant
        ),
    ]

    @Test("What no request is found for is left out, and told with the reason", arguments: blocked)
    func leftOut(_ rule: JSONValue, _ id: String, _ reason: LeftOutCase.Reason) throws {
        var members = try #require(Self.offering.object)
        members["constraints"] = [rule]
        let provider = try #require(try SmallCatalog.snapshot(withOffering: .object(members)).provider("acme"))
        let (cases, leftOut) = BoundaryCases(provider: provider, offering: provider.offerings[0]).all()
        let told = try #require(leftOut.first { $0.id == id }, "\(leftOut.map(\.json))")
        #expect(told.reason == reason && told.count >= 1)
        #expect(told.json["message"] == .string(reason.sentence))
        #expect(!cases.contains { $0.id == id })
    }

    @Test("Nothing of the plain small offering is left out but what cannot be")
    func nothingLeftOut() throws {
        let provider = try #require(try SmallCatalog.snapshot(withOffering: Self.offering).provider("acme"))
        let leftOut = BoundaryCases(provider: provider, offering: provider.offerings[0]).all().leftOut
        #expect(leftOut.map(\.id) == [])
    }

    @Test("A validator that forgot a bound would be noticed")
    func notices() throws {
        var members = try #require(Self.offering.object)
        members["constraints"] = []
        let lenient = try SmallCatalog.snapshot(withOffering: .object(members))
        let provider = try #require(lenient.provider("acme"))
        let validator = Validator(provider: provider, offering: provider.offerings[0], snapshot: lenient)
        let wrong = try cases().values.filter {
            !$0.agrees(with: validator.verdict(on: $0.body, date: SmallCatalog.day))
        }
        #expect(wrong.map(\.id) == ["rule:short-with-images:outside"])
    }
}
