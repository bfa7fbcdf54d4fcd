import Testing

@testable import Faregate

@Suite("Lint finds what can be loaded and had better not be said")
struct CatalogLintTests {
    struct Seed: Sendable, CustomTestStringConvertible {
        let code: String
        let file: String
        let find: String
        /// A mark stands where the finding points.
        let with: String
        var testDescription: String { code }
    }

    static let clip = "providers/acme/offerings/clip.json"

    static let seeds = [
        Seed(code: "reference.unknown_unit", file: clip, find: #""unit": "second" }"#, with: #"«"unit": "secnd" }"#),
        Seed(
            code: "reference.unknown_unit", file: "parameters.json", find: #""unit": "second""#,
            with: #"«"unit": "seconds""#),
        Seed(
            code: "reference.unknown_model", file: "models/lab/old.json", find: #""replaced_by": "lab/clip""#,
            with: #"«"replaced_by": "lab/klip""#),
        Seed(
            code: "portable.impossible", file: clip, find: #""duration": { "to": "duration" }"#,
            with: #""duration": { "to": "duration", "values": { «"short": 4 } }"#),
        Seed(
            code: "portable.impossible", file: clip, find: #""seed": { "to": "seed" }"#,
            with: #""seed": { «"fixed": "none" }"#),
        Seed(
            code: "portable.dead", file: "providers/coin/offerings/clip-api.json",
            find: #""duration": { "to": "duration" }"#, with: #"«"duration": { "to": "length" }"#),
        Seed(
            code: "portable.same_selection", file: clip, find: #""lab/clip-pro": { "set": { "mode": "pro" } }"#,
            with: #"«"lab/clip-pro": { "set": { "mode": "std" } }"#),
        Seed(
            code: "offering.unknown_operation", file: clip, find: #"["text-to-video", "image-to-video"]"#,
            with: #"["text-to-video", «"image-to-vidoe"]"#),
        Seed(
            code: "source.insecure", file: "providers/acme/provider.json", find: #""url": "https://acme"#,
            with: #"«"url": "http://acme"#),
        Seed(
            code: "source.insecure", file: "models/lab/old.json", find: #""source": "https://"#,
            with: #"«"source": "http://"#),
        Seed(
            code: "source.uncited", file: "providers/acme/provider.json", find: #""prices": {"#,
            with: #"«"blog": { "title": "Blog", "checked_on": "2026-11-21" }, "prices": {"#),
        Seed(
            code: "text.no_full_stop", file: clip, find: #""text": "Frames and references are images.""#,
            with: #"«"text": "Frames and references are images""#),
        Seed(
            code: "text.no_full_stop", file: "providers/acme/provider.json",
            find: #""text": "A callback needs an address.""#, with: #"«"text": "A callback needs an address""#),
        Seed(
            code: "text.too_long", file: clip, find: #""text": "Frames and references are images.""#,
            with: "«\"text\": \"\(String(repeating: "a", count: 160)).\""),
        Seed(
            code: "standing.one_reading", file: clip, find: #""seed": { "type": "integer" }"#,
            with: #""seed": { "type": "integer", «"standing": "conflicting" }"#),
        Seed(
            code: "standing.one_reading", file: clip, find: #""text": "Frames and references are images.","#,
            with: #""text": "Frames and references are images.", «"standing": "conflicting","#),
        Seed(
            code: "standing.one_reading", file: "providers/acme/provider.json",
            find: #""model": { "type": "string" }"#,
            with: #""model": { "type": "string", «"standing": "conflicting" }"#),
        Seed(
            code: "text.empty", file: clip, find: #""label": "pro mode""#, with: #"«"label": """#),
        Seed(
            code: "text.empty", file: clip, find: #""unsupported": "There is one style.""#,
            with: #"«"unsupported": " ""#),
        Seed(
            code: "text.empty", file: "units.json", find: #""about": "One accepted task.""#, with: #"«"about": """#),
        Seed(
            code: "list.repeated", file: clip, find: #""required": ["prompt"]"#,
            with: #""required": ["prompt", «"prompt"]"#),
        Seed(
            code: "list.repeated", file: clip, find: #"{ "ignored": ["seed"] }"#,
            with: #"{ "ignored": ["seed", «"seed"] }"#),
        Seed(
            code: "list.repeated", file: clip, find: #""enum": [4, 6, 8]"#, with: #""enum": [4, 6, 8, «4]"#),
        Seed(
            code: "offering.no_operation", file: clip, find: #""operations": ["text-to-video", "image-to-video"]"#,
            with: #"«"operations": []"#),
        Seed(
            code: "pack.never_worth", file: "providers/acme/provider.json",
            find: #""checked_on": "2026-11-21"\#n    }\#n  ],"#,
            with: #"""
                "checked_on": "2026-11-21"}, «{"id": "dear", "credits": "100", "usd": "3", "limit": 1,
                 "expires": { "days": 30 }, "source": "prices", "checked_on": "2026-11-21"}],
                """#),
        Seed(
            code: "pack.other_worth", file: "providers/acme/provider.json", find: #""packs": ["#,
            with: #""credit": { «"usd": "0.03", "source": "prices", "checked_on": "2026-11-21" }, "packs": ["#),
        Seed(
            code: "time.unreachable", file: "providers/coin/offerings/clip-api.json",
            find: #""when": { "parameter": "duration", "at_most": 5 }, "checked_on": "2026-11-21" },\#n    {"#,
            with: #""checked_on": "2026-11-21" },\#n    «{"#),
        Seed(
            code: "constraint.duplicate", file: clip, find: #"{\#n      "id": "pro-is-short","#,
            with: #"""
                {"id": "again", "when": { "not": { "parameter": "generation", "equals": "text" } },
                 "then": { "require": ["images"] }, "text": "Once more."},
                {"id": "pro-is-short",
                """#),
        Seed(
            code: "price.overlap", file: clip,
            find: #""when": { "parameter": "mode", "equals": "pro" },\#n      "effective_from""#,
            with: #""when": { "parameter": "mode", "equals": "std" },\#n      "effective_from""#),
        Seed(
            code: "price.announced", file: clip, find: #""effective_from": "2026-01-01""#,
            with: #"«"effective_from": "2027-01-01""#),
        Seed(
            code: "price.repeated_row", file: clip, find: #""id": "pro",\#n      "label": "pro mode","#,
            with: #""id": "std",\#n      "label": "std mode","#),
        Seed(
            code: "price.order", file: clip, find: #""id": "pro",\#n      "label": "pro mode","#,
            with: #""id": "std",\#n      "label": "std mode","#),
    ]

    @Test("Every code has its seed, and an uncited page alone is a warning")
    func codes() throws {
        #expect(Set(Self.seeds.map(\.code)) == Set(CatalogLint.Code.allCases.map(\.rawValue)))
        for code in CatalogLint.Code.allCases { #expect((code.severity == .warning) == (code == .uncitedPage)) }
    }

    @Test("A page counts as cited where a price, a parameter or another reading names it")
    func cited() throws {
        var texts = SmallCatalog.texts
        texts["providers/acme/provider.json"]?.replace(
            #""prices": {"#, with: #""blog": { "title": "Blog", "checked_on": "2026-11-21" }, "prices": {"#)
        texts[Self.clip]?.replace(
            #""seed": { "type": "integer" }"#,
            with: #""seed": { "type": "integer", "other_reading": "None.", "other_source": "blog § Seeds" }"#)
        #expect(try !problems(texts).contains { $0.code == "source.uncited" })
        let seed = try Snapshot(files: SmallCatalog.files(texts)).provider("acme")?.offering("clip")?.parameters
            .property("seed")
        #expect(seed?.otherReading == "None (Blog § Seeds)")
    }

    private func problems(_ texts: [String: String]) throws -> [CatalogProblem] {
        let files = SmallCatalog.files(texts)
        return CatalogLint.problems(files, snapshot: try Snapshot(files: files))
    }

    @Test("Every seeded mistake is found at its place", arguments: seeds)
    func finds(_ seed: Seed) throws {
        var texts = SmallCatalog.texts
        let text = try #require(texts[seed.file])
        let range = try #require(text.firstRange(of: seed.find), "\(seed.file) has no \(seed.find)")
        let marked = markers(in: String(text[..<range.lowerBound]) + seed.with + String(text[range.upperBound...]))
        texts[seed.file] = marked.text
        // What a seed needs besides.
        switch seed.code {
        case "portable.dead":
            texts[seed.file] = marked.text.replacing(
                #""prompt": { "type": "string" },"#,
                with: #""prompt": { "type": "string" }, "length": { "unsupported": "No length is taken." },"#)
        case "price.repeated_row", "price.order":
            let day = seed.code == "price.order" ? "2025-06-01" : "2026-06-01"
            let parts = marked.text.split(separator: #""effective_from": "2026-01-01""#)
            try #require(parts.count == 3)
            texts[seed.file] =
                (parts[0] + #""effective_from": "2026-01-01""# + parts[1] + "\"effective_from\": \"\(day)\""
                + parts[2]).replacing(
                    #""equals": "pro" },"# + "\n      \"effective", with: #""equals": "std" },"# + "\n      \"effective"
                )
                .replacing(#""rate": "0.20""#, with: #""rate": "0.05""#)
        default: break
        }
        let all = try problems(texts)
        let found = all.filter { $0.code == seed.code && $0.file == seed.file }
        #expect(!found.isEmpty, "\(all)")
        if let place = marked.positions.first, seed.code != "portable.dead" {
            #expect(found.contains { $0.position == place }, "\(found)")
        }
        #expect(found.allSatisfy { $0.position != nil })
    }

    @Test("The small catalog has the two things that it is meant to have, and the shipped one nothing")
    func clean() throws {
        let small = try problems(SmallCatalog.texts)
        #expect(small.map(\.code) == ["portable.dead", "portable.same_selection"], "\(small)")
        let real = CatalogLint.problems(RealCatalog.files, snapshot: RealCatalog.snapshot)
        #expect(real.isEmpty, "\(real)")
    }
}
