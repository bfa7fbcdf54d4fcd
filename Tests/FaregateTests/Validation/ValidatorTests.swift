import Faregate
import Testing

/// Requests to one offering, and what must be found in each.
struct ValidationCase: Sendable, CustomTestStringConvertible {
    let group: String
    let offering: JSONValue
    /// The parameters, or (`body`) the whole request.
    let body: JSONValue
    let date: CalendarDate
    let found: [String]

    var testDescription: String { "\(group): \(body.text().prefix(100))" }

    static let all: [ValidationCase] = Fixtures.list("validation", "groups") { group -> [ValidationCase]? in
        guard let about = group["about"]?.string, let offering = group["offering"], let cases = group["cases"]?.array
        else {
            return nil
        }
        return cases.map { item in
            let body = item["body"] ?? ["model": "thing", "input": item["input"] ?? [:]]
            return ValidationCase(
                group: about, offering: offering, body: body,
                date: item["date"]?.string.flatMap { CalendarDate($0) } ?? SmallCatalog.day,
                found: item["found"]?.array?.compactMap(\.string) ?? [])
        }
    }.flatMap(\.self)
}

@Suite("The validator says what a provider would make of a request")
struct ValidatorTests {
    static func verdict(_ body: JSONValue, _ offering: JSONValue, date: CalendarDate = SmallCatalog.day) throws
        -> Verdict
    {
        let snapshot = try SmallCatalog.snapshot(withOffering: offering)
        let provider = try #require(snapshot.provider("acme"))
        return Validator(provider: provider, offering: try #require(provider.offering("thing")), snapshot: snapshot)
            .verdict(on: body, date: date)
    }

    @Test("There are cases, with findings of every code and without any")
    func casesExist() {
        let cases = ValidationCase.all
        #expect(cases.count > 200)
        #expect(cases.filter { $0.found.isEmpty }.count > 80)
        let codes = Set(
            cases.flatMap(\.found).compactMap { $0.split { " [".contains($0) }.dropFirst().first.map(String.init) })
        let known: Set = [
            "value.type", "value.enum", "value.range", "value.length", "value.count", "value.format", "value.blank",
            "value.extension", "value.replaced", "value.unsupported", "value.ignored", "value.unchecked",
            "parameter.missing",
            "parameter.unknown", "parameter.undocumented", "model.unknown", "model.deprecated",
            "model.retired", "constraint.require", "constraint.forbid", "constraint.restrict", "constraint.exclusive",
            "constraint.total", "constraint.order", "constraint.ignored", "constraint.mentions",
            "constraint.at_least_one",
            "constraint.exactly_one", "constraint.at_most_one",
        ]
        #expect(known.symmetricDifference(codes) == [])
    }

    @Test("Exactly these findings, in this order", arguments: ValidationCase.all)
    func findings(_ example: ValidationCase) throws {
        let verdict = try Self.verdict(example.body, example.offering, date: example.date)
        #expect(verdict.diagnostics.map(\.short) == example.found)
        #expect(verdict.isValid == !example.found.contains { $0.hasPrefix("error") })
        #expect(verdict.diagnostics.allSatisfy { !$0.message.isEmpty && !$0.related.contains($0.path) })
    }

    // MARK: Order and cap

    @Test("Findings come by place, then code, then rule, however the request is written")
    func order() throws {
        var random = SeededGenerator(seed: 5)
        let offering: JSONValue = [
            "parameters": [
                "a": ["type": "integer"], "b": ["type": "string", "enum": ["x"]],
                "c": ["type": "array", "maxItems": 1],
                "d": ["type": "string", "ignored": "No."],
            ],
            "constraints": [
                ["id": "z", "text": "Z.", "then": ["forbid": ["a", "b"]]],
                ["id": "y", "text": "Y.", "then": ["forbid": ["b", "a"]]],
            ],
        ]
        let members: [(String, JSONValue)] = [
            ("a", "no"), ("b", "y"), ("c", [1, 2]), ("d", "x"), ("f", 1), ("g", 2),
        ]
        var seen: Set<[String]> = []
        for _ in 0..<20 {
            let input = JSONValue.object(JSONObject(members.shuffled(using: &random)))
            seen.insert(try Self.verdict(["model": "thing", "input": input], offering).diagnostics.map(\.short))
        }
        #expect(
            seen == [
                [
                    // Of a wrong type, it counts as absent for the rules.
                    "error value.type /input/a",
                    "error constraint.forbid[y] /input/b", "error constraint.forbid[z] /input/b",
                    "error value.enum /input/b",
                    "error value.count /input/c", "warning value.ignored /input/d", "error parameter.unknown /input/f",
                    "error parameter.unknown /input/g",
                ]
            ])
    }

    @Test("A hundred findings are told, then how many more there are", arguments: [99, 100, 101, 250])
    func cap(_ count: Int) throws {
        let input = JSONObject((0..<count).map { ("x\($0)", 1) })
        let verdict = try Self.verdict(["model": "thing", "input": .object(input)], ["parameters": ["a": [:]]])
        #expect(verdict.diagnostics.count == min(count, 101))
        #expect(!verdict.isValid)
        let last = try #require(verdict.diagnostics.last)
        #expect((last.code == .truncated) == (count > 100))
        if count > 100 { #expect(last.message.hasPrefix("\(count - 100) ")) }
    }

    @Test("An error is never crowded out by warnings")
    func errorsFirst() throws {
        let parameters = JSONObject((100..<300).map { ("a\($0)", ["ignored": "No."]) })
        var input = JSONObject((100..<300).map { ("a\($0)", 1) })
        input["zzz"] = 1
        let verdict = try Self.verdict(
            ["model": "thing", "input": .object(input)], ["parameters": .object(parameters)])
        #expect(!verdict.isValid)
        #expect(verdict.diagnostics.contains { $0.code == .unknownParameter })
        #expect(verdict.diagnostics.count == 101)
    }

    // MARK: What a finding carries

    @Test("A wrong value comes with the values that are allowed and the one that was meant")
    func enumFinding() throws {
        let offering: JSONValue = ["parameters": ["ratio": ["type": "string", "enum": ["16:9", "landscape"]]]]
        let verdict = try Self.verdict(["model": "thing", "input": ["ratio": "landscpe"]], offering)
        let finding = try #require(verdict.diagnostics.first)
        #expect(finding.allowed == ["16:9", "landscape"])
        #expect(finding.suggestion == "landscape")
        #expect(finding.source?.description == "https://acme.example/tasks")
    }

    @Test("An unknown member comes with the name that was meant, or with the place where it belongs")
    func unknownMembers() throws {
        let offering: JSONValue = ["parameters": ["duration": ["type": "integer"], "old": ["unsupported": "Gone."]]]
        func finding(_ body: JSONValue) throws -> Diagnostic {
            try #require(try Self.verdict(body, offering).diagnostics.first { $0.code == .unknownParameter })
        }
        #expect(try finding(["model": "thing", "input": ["duratoin": 1]]).suggestion == "duration")
        #expect(try finding(["model": "thing", "input": ["zzzzzz": 1]]).suggestion == nil)
        #expect(try finding(["model": "thing", "input": ["zzzzzz": 1]]).message.contains("duration"))
        let outside = try finding(["model": "thing", "input": [:], "duration": 1])
        #expect(outside.path == "/duration")
        #expect(outside.suggestion == nil)
        #expect(outside.message.contains("belongs inside input"))
        let inside = try finding(["model": "thing", "input": ["callback_url": "https://a.example"]])
        #expect(inside.path == "/input/callback_url")
        #expect(inside.message.contains("belongs at the top"))
        #expect(try finding(["model": "thing", "input": ["ol": 1]]).suggestion != "old")
    }

    @Test("A constraint's finding names the rule, its sentence, its source and the other places that take part")
    func constraintFinding() throws {
        let offering: JSONValue = [
            "parameters": ["duration": ["type": "integer", "default": 4], "refs": ["type": "array"]],
            "constraints": [
                [
                    "id": "eight", "when": ["parameter": "refs", "present": true],
                    "then": ["restrict": ["parameter": "duration", "enum": [8]]], "text": "Always eight.",
                    "source": "prices § Rules", "other_reading": "Six will do.",
                ]
            ],
        ]
        let finding = try #require(
            try Self.verdict(["model": "thing", "input": ["refs": [1]]], offering).diagnostics.first)
        #expect(finding.rule == "eight")
        #expect(finding.path == "/input/duration")
        #expect(finding.related == ["/input/refs"])
        #expect(finding.allowed == [8])
        #expect(finding.source?.description == "Prices § Rules")
        #expect(finding.message.contains("Always eight.") && finding.message.contains("Six will do."))
        #expect(finding.message.contains("4 by default"))
    }

    @Test("A replaced value says what will really be made and billed")
    func replaced() throws {
        let offering: JSONValue = [
            "parameters": [
                "mode": ["type": "string", "enum": ["std", "pro"], "default": "std", "on_invalid": "default"]
            ]
        ]
        let verdict = try Self.verdict(["model": "thing", "input": ["mode": "fast"]], offering)
        #expect(verdict.isValid)
        #expect(verdict.facts.replaced == ["/input/mode"])
        #expect(verdict.diagnostics.first?.message.contains("mode std") == true)
    }
}

@Suite("A condition is true, false or open")
struct ConditionTests {
    /// A truth for each of three parameters: `y` holds, `n` does not, `o` is not set and has no default.
    static let offering: JSONValue = [
        "parameters": ["y": ["type": "boolean"], "n": ["type": "boolean"], "o": ["type": "boolean"]]
    ]

    static func truth(_ condition: JSONValue) throws -> Truth {
        var offering = offering.object ?? JSONObject()
        offering["prices"] = [
            [
                "id": "x", "label": "x", "unit": "task", "rate": "1", "effective_from": "2026-01-01",
                "source": "prices",
                "checked_on": "2026-11-21", "when": condition,
            ]
        ]
        let snapshot = try SmallCatalog.snapshot(withOffering: .object(offering))
        let loaded = try #require(snapshot.provider("acme")?.offering("thing")?.prices.first?.condition)
        return loaded.truth(Facts(body: ["input": ["y": true, "n": false]]))
    }

    static func atom(_ name: Character) -> JSONValue { ["parameter": .string(String(name)), "equals": true] }

    /// Kleene's tables, by hand.
    static let kleene: [(String, Truth, Truth)] = [
        ("yy", .yes, .yes), ("yn", .no, .yes), ("yo", .open, .yes), ("ny", .no, .yes), ("nn", .no, .no),
        ("no", .no, .open),
        ("oy", .open, .yes), ("on", .no, .open), ("oo", .open, .open), ("yyo", .open, .yes), ("ono", .no, .open),
        ("yno", .no, .yes), ("y", .yes, .yes), ("n", .no, .no), ("o", .open, .open),
    ]

    @Test("all and any follow Kleene's tables", arguments: kleene)
    func tables(_ parts: String, _ all: Truth, _ any: Truth) throws {
        #expect(try Self.truth(["all": .array(parts.map(Self.atom))]) == all)
        #expect(try Self.truth(["any": .array(parts.map(Self.atom))]) == any)
    }

    @Test("not turns yes and no around, and leaves open what is open")
    func not() throws {
        #expect(try Self.truth(["not": Self.atom("y")]) == .no)
        #expect(try Self.truth(["not": Self.atom("n")]) == .yes)
        #expect(try Self.truth(["not": Self.atom("o")]) == .open)
        #expect(try Self.truth(["not": ["not": Self.atom("o")]]) == .open)
        #expect(try Self.truth(["not": ["parameter": "o", "present": true]]) == .yes)
    }

    /// A condition on `v`, the value it is given, and whether it holds.
    static let comparisons: [(JSONValue, JSONValue?, Truth)] = {
        let numbers: [(String, JSONValue, [(JSONValue?, Truth)])] = [
            (
                "at_least", 5,
                [(4, .no), (5, .yes), (6, .yes), (.real(4.999999999), .no), (.real(5), .yes), (nil, .open)]
            ),
            ("at_most", 5, [(4, .yes), (5, .yes), (6, .no), (.real(5.000000001), .no), (nil, .open)]),
            ("more_than", 5, [(4, .no), (5, .no), (6, .yes), (.real(5.000000001), .yes), (nil, .open)]),
            ("less_than", 5, [(4, .yes), (5, .no), (6, .no), (.real(4.999999999), .yes), (nil, .open)]),
            (
                "at_least", .real(0.1),
                [(.real(0.1), .yes), (.real(0.3), .yes), (.real(0.09), .no), (.real(0.00001), .no)]
            ),
            ("less_than", .real(0.5), [(.real(1e-12), .yes), (0, .yes), (-1, .yes)]),
            (
                "at_least", 1,
                [
                    (.integer(.max), .yes), (.integer(.min), .no), (.real(1e300), .yes), (.real(-1e300), .no),
                    ("5", .no), (nil, .open),
                ]
            ),
            ("equals", 5, [(5, .yes), (.real(5), .yes), (6, .no), ("5", .no), (nil, .open)]),
            ("equals", "pro", [("pro", .yes), ("Pro", .no), ("std", .no), ("", .open), (nil, .open)]),
            ("one_of", [1, "a"], [(1, .yes), ("a", .yes), ("b", .no), (nil, .open)]),
            (
                "present", true,
                [(1, .yes), ("", .no), ([], .no), ([1], .yes), ([:], .yes), (0, .yes), (false, .yes), (nil, .no)]
            ),
            ("present", false, [(1, .no), ("", .yes), ([], .yes), (nil, .yes)]),
        ]
        return numbers.flatMap { word, bound, rows in
            rows.map { ([("parameter", "v"), (word, bound)].asObject, $0.0, $0.1) }
        }
    }()

    static func truth(_ condition: JSONValue, of value: JSONValue?, default byDefault: JSONValue? = nil) throws -> Truth
    {
        var spec = JSONObject()
        spec["default"] = byDefault
        let offering: JSONValue = [
            "parameters": ["v": .object(spec), "w": ["type": "array", "items": ["type": "array"]]],
            "prices": [
                [
                    "id": "x", "label": "x", "unit": "task", "rate": "1", "effective_from": "2026-01-01",
                    "source": "prices",
                    "checked_on": "2026-11-21", "when": condition,
                ]
            ],
        ]
        let snapshot = try SmallCatalog.snapshot(withOffering: offering)
        let loaded = try #require(snapshot.provider("acme")?.offering("thing")?.prices.first?.condition)
        var input = JSONObject()
        input["v"] = value
        return loaded.truth(Facts(body: ["input": .object(input)]))
    }

    @Test("Every operator, on both sides of its bound", arguments: comparisons)
    func comparison(_ condition: JSONValue, _ value: JSONValue?, _ expected: Truth) throws {
        #expect(try Self.truth(condition, of: value) == expected)
    }

    @Test("What is not set is judged by its default")
    func defaults() throws {
        #expect(try Self.truth(["parameter": "v", "equals": 4], of: nil, default: 4) == .yes)
        #expect(try Self.truth(["parameter": "v", "equals": 4], of: 5, default: 4) == .no)
        #expect(try Self.truth(["parameter": "v", "at_least": 5], of: nil, default: 4) == .no)
        #expect(try Self.truth(["parameter": "v", "one_of": [4]], of: "", default: 4) == .yes)
        #expect(try Self.truth(["parameter": "v", "present": true], of: nil, default: 4) == .no)
    }

    static let counts: [(String, Int64, JSONValue?, Truth)] = [
        ("at_least", 2, [1], .no), ("at_least", 2, [1, 2], .yes), ("at_most", 2, [1, 2], .yes),
        ("at_most", 2, [1, 2, 3], .no),
        ("equals", 2, [1, 2], .yes), ("equals", 2, [1], .no), ("more_than", 1, [1], .no),
        ("more_than", 1, [1, 2], .yes),
        ("less_than", 1, nil, .yes), ("less_than", 1, [], .yes), ("less_than", 1, [1], .no), ("equals", 1, "x", .yes),
        ("equals", 1, ["a": 1], .yes), ("equals", 0, "", .yes), ("equals", 0, nil, .yes),
    ]

    @Test("Elements are counted, and what is no array counts as one", arguments: counts)
    func count(_ word: String, _ bound: Int64, _ value: JSONValue?, _ expected: Truth) throws {
        let condition = [("count", ["v"]), (word, .integer(bound))].asObject
        #expect(try Self.truth(condition, of: value) == expected)
    }
}

extension [(String, JSONValue)] {
    /// An object with these members.
    fileprivate var asObject: JSONValue { .object(JSONObject(self)) }
}
