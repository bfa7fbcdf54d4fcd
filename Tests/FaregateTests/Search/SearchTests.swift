import Testing

@testable import Faregate

@Suite("A wanted request finds the cheapest setting that makes what is wanted")
struct SearchTests {
    static let offering: JSONValue = [
        "models": ["lab/clip": ["set": ["mode": "std"]], "lab/clip-pro": ["set": ["mode": "pro"]]],
        "operations": ["text-to-video", "image-to-video"],
        "parameters": [
            "prompt": ["type": "string"],
            "mode": ["type": "string", "enum": ["std", "pro"], "default": "std"],
            "seconds": ["type": "integer", "minimum": 3, "maximum": 12, "default": 5],
            "size": ["type": "string", "enum": ["hd", "fhd"], "default": "hd"],
            "speed": ["type": "string", "enum": ["fast", "relaxed"], "default": "fast"],
            "image": ["type": "string", "format": "http-url"],
            "images": ["type": "array", "items": ["type": "string", "format": "http-url"], "maxItems": 3],
            "strength": ["type": "integer", "minimum": 1, "maximum": 9],
        ],
        "required": ["prompt"],
        "constraints": [
            [
                "id": "relaxed-is-short", "when": ["parameter": "speed", "equals": "relaxed"],
                "then": ["restrict": ["parameter": "seconds", "maximum": 8]], "text": "Relaxed clips are short.",
                "source": "tasks",
            ],
            [
                "id": "images-have-strength", "when": ["parameter": "images", "present": true],
                "then": ["require": ["strength"]], "text": "Images have a strength.", "source": "tasks",
            ],
            [
                "id": "fhd-is-fast", "when": ["parameter": "size", "equals": "fhd"],
                "then": ["restrict": ["parameter": "speed", "const": "fast"]], "text": "Full size is fast.",
                "source": "tasks",
            ],
        ],
        "portable": [
            "prompt": ["to": "prompt"], "duration": ["to": "seconds"],
            "resolution": ["to": "size", "values": ["720p": "hd", "1080p": "fhd"]], "start_image": ["to": "image"],
            "reference_images": ["to": "images"], "audio": ["fixed": true],
            "aspect_ratio": ["unsupported": "Every clip is square."],
        ],
        "prices": [
            price(
                "fast", "0.10",
                ["all": [["parameter": "speed", "equals": "fast"], ["parameter": "mode", "equals": "std"]]]),
            price(
                "relaxed", "0.04",
                ["all": [["parameter": "speed", "equals": "relaxed"], ["parameter": "mode", "equals": "std"]]]),
            price("pro", "0.50", ["parameter": "mode", "equals": "pro"]),
        ],
    ]

    private static func price(_ id: String, _ rate: String, _ condition: JSONValue) -> JSONValue {
        [
            "id": .string(id), "label": .string(id), "unit": "second", "rate": .string(rate), "when": condition,
            "quantity": ["parameter": "seconds"], "effective_from": "2026-01-01", "source": "prices",
            "checked_on": "2026-11-21",
        ]
    }

    /// Of the small catalog, with one offering.
    private func search(_ want: JSONValue, _ stated: JSONValue = [:], policy: Policy = Policy()) throws -> SearchResult
    {
        let snapshot = try SmallCatalog.snapshot(withOffering: Self.offering)
        var body = stated.object ?? JSONObject()
        body["want"] = want
        switch snapshot.wantedRequest(.object(body), policy: policy) {
        case .request(let request): return snapshot.search(request, in: Circumstances(date: SmallCatalog.day))
        case .invalid(let diagnostics):
            Issue.record("\(diagnostics.map(\.message))")
            throw CancellationError()
        }
    }

    private func best(_ want: JSONValue, _ stated: JSONValue = [:]) throws -> String {
        let best = try search(want, stated).best
        let settings = best?.settings.map { "\($0.name) \($0.value.shown)" }.joined(separator: ", ")
        return "\(best?.quote.total?.minimum.description ?? "none"): \(settings ?? "")"
    }

    @Test("The cheapest of everything that is free, under the rules")
    func cheapest() throws {
        #expect(try best(["operation": "text-to-video"]) == "0.12: speed relaxed, seconds 3")
        #expect(try best(["operation": "text-to-video", "duration": 8]) == "0.32: duration 8, speed relaxed")
        #expect(try best(["operation": "text-to-video", "duration": ["min": 9]]) == "0.9: duration 9, speed fast")
        #expect(
            try best(["operation": "text-to-video", "duration": ["min": 4, "max": 6]])
                == "0.16: duration 4, speed relaxed")
        #expect(
            try best(["operation": "text-to-video", "duration": ["one_of": [6, 7]]])
                == "0.24: duration 6, speed relaxed")
        #expect(
            try best(["operation": "text-to-video", "resolution": ["min": "1080p"]])
                == "0.3: resolution 1080p, speed fast, seconds 3")
        #expect(
            try best(["operation": "text-to-video", "resolution": ["max": "1080p"], "audio": true, "duration": 5])
                == "0.2: resolution 720p, audio true, duration 5, speed relaxed")
    }

    @Test("What a rule asks for beside it is filled in, and what only the user knows is asked for")
    func completed() throws {
        let result = try search(["operation": "image-to-video", "references": 2, "duration": 5])
        let best = try #require(result.best)
        #expect(best.settings.contains { $0.name == "strength" })
        #expect(best.needs.map(\.description) == ["/input/images", "/input/prompt"])
        #expect(best.body["input"]?["images"] == nil && best.body["input"]?["prompt"] == nil)
        let stated = try search(
            ["operation": "image-to-video", "duration": 5], ["prompt": "A boat", "start_image": "https://a.com/1.png"])
        #expect(stated.best?.needs == [])
        #expect(stated.best?.body["input"]?["image"] == "https://a.com/1.png")
    }

    @Test("What cannot be had says why")
    func rejected() throws {
        let messages = { (want: JSONValue) in
            try search(want).rejections.filter { $0.provider.id == "acme" }.flatMap(\.diagnostics).map(\.message)
        }
        #expect(
            try messages(["operation": "text-to-video", "aspect_ratio": "16:9"]).allSatisfy {
                $0.contains("Every clip is square")
            })
        #expect(try messages(["operation": "text-to-video", "audio": false]).allSatisfy { $0.contains("always true") })
        #expect(
            try messages(["operation": "text-to-video", "duration": ["min": 13]]).allSatisfy { $0.contains("3 to 12") })
        #expect(
            try messages(["operation": "image-to-video", "references": 4]).contains {
                $0.contains("4 elements; it must hold")
            })
    }

    @Test("Providers, models and prices can be excluded")
    func policy() throws {
        let plain: JSONValue = ["operation": "text-to-video"]
        #expect(try search(plain).choices.map(\.model.id) == ["lab/clip", "lab/clip-pro"])
        var want = plain.object!
        want["models"] = ["exclude": ["lab/clip"]]
        let without = try search(.object(want))
        #expect(without.choices.map(\.model.id) == ["lab/clip-pro"])
        #expect(without.json["policy"]?["excluded_models"] == ["lab/clip"])
        want["models"] = ["only": ["lab/clip"]]
        let keeping = try search(.object(want))
        #expect(keeping.choices.map(\.model.id) == ["lab/clip"])
        #expect(keeping.json["policy"]?["only_models"] == ["lab/clip"])
        want["models"] = nil
        want["max_price"] = "1"
        #expect(try search(.object(want)).choices.map(\.model.id) == ["lab/clip"])
        want["providers"] = ["exclude": ["acme"]]
        #expect(try search(.object(want)).choices.isEmpty)
        #expect(try search(plain, policy: Policy(only: ["coin"])).choices.isEmpty)
    }

    @Test(
        "A want that makes no sense says what is wrong and where",
        arguments: [
            ("{}", "document.missing_member /want/operation"), ("[]", "value.type /want"),
            (#"{"operation": "text-to-vidoe"}"#, "operation.unknown /want/operation"),
            (#"{"operation": "text-to-video", "length": 8}"#, "parameter.unknown /want/length"),
            (#"{"operation": "text-to-video", "duration": {}}"#, "document.value /want/duration"),
            (#"{"operation": "text-to-video", "duration": {"min": 9, "max": 8}}"#, "value.range /want/duration"),
            (
                #"{"operation": "text-to-video", "duration": {"least": 9}}"#,
                "document.unknown_member /want/duration/least"
            ),
            (#"{"operation": "text-to-video", "resolution": "8k"}"#, "value.enum /want/resolution"),
            (#"{"operation": "text-to-video", "references": 0}"#, "value.range /want/references"),
            (#"{"operation": "text-to-video", "models": {"only": ["lab/clap"]}}"#, "model.unknown /want/models/only"),
            (#"{"operation": "text-to-video", "max_price": "dear"}"#, "document.value /want/max_price"),
        ])
    func malformed(text: String, expected: String) throws {
        let body: JSONValue = ["want": try JSONValue(parsing: text)]
        guard case .invalid(let diagnostics) = RealCatalog.snapshot.wantedRequest(body, policy: Policy()) else {
            Issue.record("it was taken")
            return
        }
        #expect(diagnostics.map { "\($0.code.rawValue) \($0.path)" }.contains(expected), "\(diagnostics)")
    }
}
