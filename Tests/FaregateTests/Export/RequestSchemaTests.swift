import Testing

@testable import Faregate

@Suite("Offerings as JSON Schema")
struct RequestSchemaTests {
    /// The schema of an offering that is as plain as can be but for what is given.
    private func schema(_ members: JSONValue) throws -> RequestSchema {
        let snapshot = try SmallCatalog.snapshot(withOffering: members)
        let provider = try #require(snapshot.provider("acme"))
        return RequestSchema(try #require(provider.offering("thing")), of: provider)
    }

    /// The schema of one parameter, `it`.
    private func parameter(_ spec: JSONValue, isRequired: Bool = false) throws -> JSONValue {
        let schema = try schema(["parameters": ["it": spec], "required": isRequired ? ["it"] : []])
        let place: JSONPointer = schema.offering.parametersAt.tokens.reduce(JSONPointer()) { $0 / "properties" / $1 }
        return try #require(schema.document[place / "properties" / "it"])
    }

    /// The rules of the offering itself, not those of the provider.
    private func rules(_ schema: RequestSchema) -> [JSONValue] {
        (schema.document["allOf"]?.array ?? []).filter { $0["description"] == "Because." }
    }

    static let parameters: [(JSONValue, JSONValue)] = [
        (["type": "integer", "minimum": 1, "maximum": 9], ["type": "integer", "minimum": 1, "maximum": 9]),
        (
            ["type": "string", "enum": ["a", "b"], "default": "a"],
            ["default": "a", "type": "string", "enum": ["a", "b"]]
        ),
        (["type": "string", "format": "http-url"], ["type": "string", "$ref": "#/$defs/http-address"]),
        (["type": "boolean", "about": "Whether."], ["description": "Whether.", "type": "boolean"]),
        (["unsupported": "Not yet."], ["description": "Not yet.", "not": [:]]),
        // An optional list that is empty counts as absent, whatever its values are.
        (["type": "array", "enum": [[1]]], ["type": "array", "enum": [[1], []]]),
        // A value that is quietly replaced makes no request invalid.
        (["type": "string", "enum": ["a"], "default": "a", "on_invalid": "default"], ["default": "a"]),
        (
            ["type": "object", "properties": ["a": ["type": "string"]], "required": ["a"]],
            [
                "type": "object", "properties": ["a": ["type": "string", "minLength": 1]], "required": ["a"],
                "additionalProperties": false,
            ]
        ),
    ]

    @Test("A parameter keeps its words", arguments: parameters)
    func parameter(_ spec: JSONValue, _ expected: JSONValue) throws {
        #expect(try parameter(spec) == expected)
    }

    @Test("Required text and required lists are not empty")
    func required() throws {
        #expect(try parameter(["type": "string"], isRequired: true) == ["type": "string", "minLength": 1])
        #expect(
            try parameter(["type": "array", "maxItems": 3], isRequired: true) == [
                "type": "array", "minItems": 1, "maxItems": 3,
            ])
    }

    @Test("A total over lists is written out: one more is reached by no way of sharing it")
    func total() throws {
        #expect(RequestSchema.shares(of: 2, among: 2) == [[2, 0], [1, 1], [0, 2]])
        #expect(RequestSchema.partitions(of: 4, atMost: 4) == [[4], [3, 1], [2, 2], [2, 1, 1], [1, 1, 1, 1]])
        let list: JSONValue = ["type": "array", "items": ["type": "integer"]]
        let schema = try schema([
            "parameters": ["a": list, "b": list],
            "constraints": [
                ["id": "r", "then": ["total": ["of": ["a", "b"], "at_most": 1]], "text": "Because."]
            ],
        ])
        #expect(schema.unsaid.isEmpty)
        let ways = rules(schema).first?["not"]?["anyOf"]?.array
        #expect(ways?.count == 3)
    }

    @Test("What cannot be said is listed with its reason, and what comes near it is said")
    func unsaid() throws {
        let schema = try schema([
            "parameters": ["a": ["type": "integer", "minimum": 3], "b": ["type": "integer"]],
            "constraints": [["id": "r", "then": ["order": ["a", "b"]], "text": "Because."]],
        ])
        #expect(schema.unsaid.map(\.rule) == ["r"])
        #expect(schema.unsaid.first?.reason?.isEmpty == false)
        #expect(schema.unsaid.first?.approximation?.isEmpty == false)
        #expect(schema.document["x-faregate-unsaid"]?.array?.count == 1)
        #expect(rules(schema).first?["then"] != nil)
    }

    static let conditions: [(JSONValue, JSONValue)] = [
        // An absent parameter has its default.
        (
            ["parameter": "m", "equals": "std"],
            ["anyOf": [["not": ["required": ["m"]]], ["properties": ["m": ["const": "std"]], "required": ["m"]]]]
        ),
        (["parameter": "m", "equals": "pro"], ["properties": ["m": ["const": "pro"]], "required": ["m"]]),
        // One without a default leaves the condition open, and its negation too.
        (["parameter": "n", "at_least": 5], ["properties": ["n": ["minimum": 5]], "required": ["n"]]),
        (
            ["not": ["parameter": "n", "at_least": 5]],
            ["properties": ["n": ["not": ["minimum": 5]]], "required": ["n"]]
        ),
        // Empty text counts as absent.
        (["parameter": "t", "present": true], ["properties": ["t": ["minLength": 1]], "required": ["t"]]),
        (
            ["count": ["l"], "more_than": 1], ["properties": ["l": ["minItems": 2]], "required": ["l"]]
        ),
    ]

    @Test("A condition means what it means to the validator", arguments: conditions)
    func condition(_ condition: JSONValue, _ expected: JSONValue) throws {
        let schema = try schema([
            "parameters": [
                "m": ["type": "string", "enum": ["std", "pro"], "default": "std"], "n": ["type": "number"],
                "t": ["type": "string"], "l": ["type": "array", "items": ["type": "string"]], "x": ["type": "string"],
            ],
            "constraints": [["id": "r", "when": condition, "then": ["forbid": ["x"]], "text": "Because."]],
        ])
        let found = try #require(rules(schema).first?["if"])
        #expect(found == wrapped(expected, schema))
    }

    /// A schema of the parameters as one of the body.
    private func wrapped(_ schema: JSONValue, _ request: RequestSchema) -> JSONValue {
        guard let holder = request.offering.parametersAt.tokens.first else { return schema }
        if let parts = schema["anyOf"]?.array { return ["anyOf": .array(parts.map { wrapped($0, request) })] }
        if let part = schema["not"] { return ["not": wrapped(part, request)] }
        return ["properties": .object(JSONObject([(holder, schema)]))]
    }

    @Test("Warnings bind nobody, and are listed as advice")
    func advice() throws {
        let schema = try schema([
            "parameters": ["a": ["type": "integer"], "b": ["type": "integer", "ignored": "No effect."]],
            "constraints": [
                ["id": "w", "severity": "warning", "then": ["require": ["a"]], "text": "Better so."],
                ["id": "i", "then": ["ignored": ["a"]], "text": "No use."],
            ],
        ])
        #expect(rules(schema).isEmpty)
        #expect(Set(schema.advice.map(\.rule)).isSuperset(of: ["w", "i", "value.ignored"]))
        #expect(schema.unsaid.isEmpty)
    }

    @Test("Every offering of the catalog has a schema that names it, and says what it leaves unsaid")
    func catalog() {
        var rules = 0
        for provider in RealCatalog.snapshot.providers {
            for offering in provider.offerings {
                let schema = RequestSchema(offering, of: provider)
                #expect(schema.document["x-faregate-model"] == .string(offering.id))
                let said = schema.document["allOf"]?.array?.compactMap { $0["title"]?.string } ?? []
                let unsaid = schema.unsaid.map(\.rule)
                let advice = schema.advice.map(\.rule)
                for constraint in offering.constraints {
                    #expect((said + unsaid + advice).contains(constraint.id), "\(offering.id) \(constraint.id)")
                }
                rules += said.count
            }
        }
        #expect(rules > 40)
    }
}
