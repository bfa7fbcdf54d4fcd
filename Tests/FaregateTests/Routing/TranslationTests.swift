import Testing

@testable import Faregate

@Suite("A portable parameter goes where the offering says, on the terms it says")
struct TranslationTests {
    /// A song has two fields for words: which one takes the prompt depends on what else is stated.
    static let song: JSONValue = [
        "parameters": [
            "description": ["type": "string"], "text": ["type": "string"], "tags": ["type": "string"],
            "custom": ["type": "boolean"], "takes": ["type": "integer"],
        ],
        "portable": [
            "prompt": [
                "to": "description", "not_with": ["audio"],
                "instead": [
                    [
                        "when": ["parameter": "style", "equals": "none"],
                        "unsupported": "There is no music without style.",
                    ],
                    ["when": ["parameter": "style", "present": true], "to": "text"],
                ],
            ],
            "style": ["to": "tags"],
            "seed": ["to": "takes", "standing": "inferred", "note": "Another offering calls it so."],
        ],
        "settings": [["when": ["parameter": "style", "present": true], "set": ["custom": true]]],
    ]

    static let cases: [(asked: JSONValue, input: JSONValue?, errors: [String])] = [
        (["prompt": "A boat"], ["description": "A boat"], []),
        (["prompt": "A boat", "style": "jazz"], ["custom": true, "text": "A boat", "tags": "jazz"], []),
        (["prompt": "A boat", "style": "none"], nil, ["portable.not_expressible /prompt"]),
        (["style": "jazz"], ["custom": true, "tags": "jazz"], []),
        // The terms of the rule do not bind its exceptions.
        (["prompt": "A boat", "style": "jazz", "audio": true], nil, ["portable.not_expressible /audio"]),
    ]

    @Test("Somewhere else where a condition on the request holds; the first that holds counts", arguments: cases)
    func instead(_ asked: JSONValue, _ input: JSONValue?, _ errors: [String]) throws {
        let snapshot = try SmallCatalog.snapshot(withOffering: Self.song)
        var members = asked.object ?? JSONObject()
        members["model"] = "lab/clip"
        let route = try RouterTests.route(.object(members), in: snapshot)
        #expect(route.choice?.body["input"] == input)
        #expect((RouterTests.reasons(route)["acme thing"] ?? []) == errors)
    }

    @Test("A name that no page gives is sent with a warning that says why it is thought to be this one")
    func inferred() throws {
        let snapshot = try SmallCatalog.snapshot(withOffering: Self.song)
        let route = try RouterTests.route(["model": "lab/clip", "seed": 3], in: snapshot)
        let choice = try #require(route.choice)
        #expect(choice.body["input"] == ["takes": 3])
        let warning = try #require(choice.diagnostics.first { $0.code == .inferredName })
        #expect(warning.severity == .warning && warning.path == "/seed" && warning.related == ["/input/takes"])
        #expect(warning.message.hasSuffix("Another offering calls it so."))
        let silent = try RouterTests.route(["model": "lab/clip", "prompt": "A boat"], in: snapshot)
        #expect(silent.choice?.diagnostics.contains { $0.code == .inferredName } == false)
    }

    @Test("What a stated parameter fills is not told as a default of another")
    func defaults() throws {
        var song = Self.song
        song.set(["to": "text"], at: "/portable/aspect_ratio")
        let snapshot = try SmallCatalog.snapshot(withOffering: song)
        let route = try RouterTests.route(["model": "lab/clip", "prompt": "A boat", "style": "jazz"], in: snapshot)
        #expect(route.choice?.defaults.map(\.parameter) == [])
    }

    static let mistakes: [(JSONValue, JSONPointer, String)] = [
        (["to": "takes", "standing": "inferred"], "/portable/seed", "portable.inference"),
        (["to": "takes", "note": "Why not."], "/portable/seed", "portable.inference"),
        (["to": "takes", "instead": [["to": "tags"]]], "/portable/seed", "document.missing_member"),
        (
            ["to": "takes", "instead": [["when": ["parameter": "tags", "present": true], "to": "text"]]],
            "/portable/seed", "reference.unknown_parameter"
        ),
        (
            ["to": "takes", "instead": [["when": ["parameter": "style", "present": true], "to": "texts"]]],
            "/portable/seed", "reference.unknown_parameter"
        ),
        (
            [
                "to": "takes",
                "instead": [["when": ["parameter": "style", "present": true], "to": "text", "fixed": 1]],
            ],
            "/portable/seed", "portable.kind"
        ),
    ]

    @Test("A mapping that cannot be meant is not loaded", arguments: mistakes)
    func refuses(_ mapping: JSONValue, _ place: JSONPointer, _ code: String) throws {
        var song = Self.song
        song.set(mapping, at: place)
        let error = try #require(throws: CatalogError.self) { try SmallCatalog.snapshot(withOffering: song) }
        #expect(error.problems.map(\.code) == [code])
    }

    @Test("The difference between two catalogs tells exceptions and inferences")
    func difference() throws {
        var plain = Self.song
        plain.set(["to": "description", "not_with": ["audio"]], at: "/portable/prompt")
        plain.set(["to": "takes"], at: "/portable/seed")
        let (before, after) = (
            try SmallCatalog.snapshot(withOffering: plain), try SmallCatalog.snapshot(withOffering: Self.song)
        )
        func meaning(_ snapshot: Snapshot, _ parameter: String) -> String? {
            snapshot.provider("acme")?.offering("thing")?.portable.meaning(of: parameter)
        }
        #expect(meaning(before, "prompt") == "to description; not with audio")
        #expect(
            meaning(after, "prompt")
                == "when style is \"none\": not supported; otherwise when style is set: to text; "
                + "otherwise to description; not with audio")
        #expect(meaning(after, "seed") == "to takes; inferred")
        #expect(meaning(before, "seed") == "to takes")
        #expect(meaning(after, "duration") == nil)
    }
}
