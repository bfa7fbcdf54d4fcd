import Faregate
import Testing

@Suite("The difference between two catalogs is one of meaning")
struct CatalogDifferenceTests {
    static let clip = "providers/acme/offerings/clip.json"
    static let coin = "providers/coin/offerings/clip-api.json"

    /// A change of one file of the small catalog, and what it amounts to.
    struct Seed: Sendable, CustomTestStringConvertible {
        let kind: CatalogChange.Kind
        let file: String
        let find: String
        let with: String
        let subject: String
        var direction: CatalogChange.Direction?
        /// Whether a witness of any sort is expected.
        var hasWitness = true
        var percent: String?
        var testDescription: String { "\(kind.rawValue): \(find.prefix(40)) → \(with.prefix(40))" }
    }

    static let seeds: [Seed] = [
        Seed(
            kind: .priceUp, file: clip, find: #""rate": "0.05""#, with: #""rate": "0.06""#, subject: "std",
            percent: "+20%"),
        Seed(
            kind: .priceDown, file: clip, find: #""rate": "0.20""#, with: #""rate": "0.13""#, subject: "pro",
            percent: "-35%"),
        Seed(
            kind: .priceUnknown, file: clip, find: #""rate": "0.20""#,
            with: #""rate": {"unknown": "price.gone"}, "note": "It is gone.""#, subject: "pro"),
        Seed(
            kind: .priceUp, file: clip, find: #""rate": "0.05""#, with: #""rate": {"at_least": "0.05"}"#, subject: "std"
        ),
        Seed(
            kind: .priceChanged, file: clip, find: #""rate": "0.05""#, with: #""rate": {"min": "0.01", "max": "1"}"#,
            subject: "std"),
        Seed(
            kind: .priceChanged, file: clip, find: #""unit": "second","#, with: #""unit": "task", "minimum": "3","#,
            subject: "std"),
        Seed(
            kind: .priceDated, file: coin, find: #""prices": ["#,
            with: #"""
                "prices": [
                    {"id": "clip", "label": "clip", "unit": "second", "rate": "30", "quantity": {"parameter": "duration"},
                     "effective_from": "2027-01-01", "source": "api § Prices", "checked_on": "2026-11-21"},
                """#, subject: "clip from 2027-01-01", hasWitness: false),
        Seed(
            kind: .valuesRemoved, file: clip, find: "[4, 6, 8]", with: "[4, 8]", subject: "duration",
            direction: .tightened),
        Seed(
            kind: .valuesAdded, file: clip, find: "[4, 6, 8]", with: "[4, 5, 6, 8]", subject: "duration",
            direction: .loosened),
        Seed(
            kind: .boundNarrowed, file: clip, find: #""maxLength": 100"#, with: #""maxLength": 99"#, subject: "prompt",
            direction: .tightened),
        Seed(
            kind: .boundWidened, file: clip, find: #""maxLength": 100,"#, with: "", subject: "prompt",
            direction: .loosened),
        Seed(
            kind: .boundWidened, file: clip, find: #""maxItems": 3"#, with: #""maxItems": 4"#, subject: "images",
            direction: .loosened),
        Seed(
            kind: .boundNarrowed, file: clip, find: #""minimum": 0, "maximum": 1,"#,
            with: #""minimum": 0.25, "maximum": 1,"#, subject: "strength", direction: .tightened),
        Seed(kind: .defaultChanged, file: clip, find: #""default": 4"#, with: #""default": 6"#, subject: "duration"),
        Seed(
            kind: .madeRequired, file: clip, find: #""required": ["prompt"]"#, with: #""required": ["prompt", "seed"]"#,
            subject: "seed", direction: .tightened),
        Seed(
            kind: .madeOptional, file: coin, find: #""required": ["prompt"]"#, with: #""required": []"#,
            subject: "prompt", direction: .loosened),
        Seed(
            kind: .parameterAdded, file: clip, find: #""seed": {"#, with: #""loop": { "type": "boolean" }, "seed": {"#,
            subject: "loop", direction: .loosened),
        Seed(
            kind: .parameterRemoved, file: clip,
            find: #""strength": { "type": "number", "minimum": 0, "maximum": 1, "default": 0.5 },"#, with: "",
            subject: "strength", direction: .tightened),
        Seed(
            kind: .parameterChanged, file: clip, find: #""seed": { "type": "integer" }"#,
            with: #""seed": { "type": "number" }"#, subject: "seed", hasWitness: false),
        Seed(
            kind: .parameterChanged, file: coin, find: #", "on_invalid": "default""#, with: "", subject: "duration",
            hasWitness: false),
        Seed(
            kind: .ruleChanged, file: clip, find: #""duration", "maximum": 6"#, with: #""duration", "maximum": 4"#,
            subject: "pro-is-short", direction: .tightened),
        Seed(
            kind: .ruleChanged, file: clip, find: #""duration", "maximum": 6"#, with: #""duration", "minimum": 6"#,
            subject: "pro-is-short", direction: .shifted),
        Seed(
            kind: .ruleChanged, file: clip,
            find: #""when": { "parameter": "mode", "equals": "pro" },\#n      "then": { "restrict""#,
            with:
                #""when": { "all": [{ "parameter": "mode", "equals": "pro" }, { "parameter": "seed", "present": true }] },\#n      "then": { "restrict""#,
            subject: "pro-is-short", direction: .loosened),
        Seed(
            kind: .ruleChanged, file: clip, find: #""ignored": ["seed"]"#, with: #""forbid": ["seed"]"#,
            subject: "references-are-std", direction: .tightened),
        Seed(
            kind: .mappingChanged, file: clip, find: #""seed": { "to": "seed" }"#,
            with: #""seed": { "unsupported": "No." }"#, subject: "seed", hasWitness: false),
        Seed(
            kind: .offeringChanged, file: clip, find: #""operations": ["text-to-video", "image-to-video"]"#,
            with: #""operations": ["text-to-video"]"#, subject: "operations", hasWitness: false),
        Seed(
            kind: .modelChanged, file: "models/lab/clip-pro.json", find: #""until": "2027-01-01""#,
            with: #""until": "2027-02-01""#, subject: "lab/clip-pro", hasWitness: false),
        Seed(
            kind: .providerChanged, file: "providers/acme/provider.json", find: #""plugin": "acme""#,
            with: #""plugin": "acme2""#, subject: "plugin", hasWitness: false),
        Seed(
            kind: .providerChanged, file: "providers/acme/provider.json", find: #""bonus": "10""#,
            with: #""bonus": "20""#, subject: "pack small", hasWitness: false),
        Seed(
            kind: .providerChanged, file: "providers/acme/provider.json", find: #""expires": "never""#,
            with: #""expires": { "days": 31 }"#, subject: "pack monthly", hasWitness: false),
        Seed(
            kind: .providerChanged, file: "providers/acme/provider.json", find: #""usd": "2.20""#,
            with: #""usd": "3.30""#, subject: "credit", hasWitness: false),
        Seed(
            kind: .offeringChanged, file: coin, find: #""max": 90.5"#, with: #""max": 120"#,
            subject: "typical_seconds", hasWitness: false),
        Seed(
            kind: .vocabularyChanged, file: "parameters.json", find: #""minimum": 0 "#, with: #""minimum": 1 "#,
            subject: "parameter duration", hasWitness: false),
    ]

    private func edition(_ texts: [String: String] = SmallCatalog.texts) throws -> CatalogEdition {
        try CatalogEdition(files: SmallCatalog.files(texts))
    }

    private func difference(_ file: String, _ find: String, _ with: String) throws -> CatalogDifference {
        var texts = SmallCatalog.texts
        let text = try #require(texts[file])
        try #require(text.contains(find), "\(file) has no \(find)")
        let range = try #require(text.firstRange(of: find))
        texts[file] = text.replacingCharacters(range, with: with)
        return CatalogDifference(from: try edition(), to: try edition(texts), date: SmallCatalog.day)
    }

    @Test(
        "Every kind of change is found, with its direction and a witness that both catalogs confirm", arguments: seeds)
    func finds(_ seed: Seed) throws {
        let found = try difference(seed.file, seed.find, seed.with)
        let change = try #require(
            found.changes.first { $0.kind == seed.kind && $0.subject == seed.subject },
            "\(found.changes.map { "\($0.kind.rawValue) \($0.subject)" })")
        #expect(change.direction == seed.direction)
        #expect(change.percent == seed.percent)
        if seed.hasWitness { #expect(!change.witnesses.isEmpty, "\(change.json.text())") }
        // The same again by the public way, and the other way round.
        var texts = SmallCatalog.texts
        texts[seed.file] = texts[seed.file].map { text in
            text.firstRange(of: seed.find).map { text.replacingCharacters($0, with: seed.with) } ?? text
        }
        let new = try Snapshot(files: SmallCatalog.files(texts))
        for witness in change.witnesses {
            let request = NativeRequest(
                provider: change.provider ?? "", model: change.offering, body: witness.request)
            let circumstances = Circumstances(date: SmallCatalog.day)
            let was = SmallCatalog.snapshot.answer(request, quoting: true, in: circumstances)
            let now = new.answer(request, quoting: true, in: circumstances)
            #expect(was.isValid == witness.before.isValid)
            #expect(now.isValid == witness.after.isValid)
            #expect((was.quote ?? nil)?.total == witness.before.quote?.total)
            #expect((now.quote ?? nil)?.total == witness.after.quote?.total)
        }
        let back = CatalogDifference(from: try edition(texts), to: try edition(), date: SmallCatalog.day)
        let reverse = try #require(
            back.changes.first { $0.subject == seed.subject && $0.kind == Self.reverse[seed.kind, default: seed.kind] })
        let opposite: [CatalogChange.Direction: CatalogChange.Direction] = [
            .tightened: .loosened, .loosened: .tightened, .shifted: .shifted,
        ]
        #expect(reverse.direction == seed.direction.flatMap { opposite[$0] })
    }

    static let reverse: [CatalogChange.Kind: CatalogChange.Kind] = [
        .priceUp: .priceDown, .priceDown: .priceUp, .priceUnknown: .priceKnown, .valuesAdded: .valuesRemoved,
        .valuesRemoved: .valuesAdded, .boundWidened: .boundNarrowed, .boundNarrowed: .boundWidened,
        .madeRequired: .madeOptional, .madeOptional: .madeRequired, .parameterAdded: .parameterRemoved,
        .parameterRemoved: .parameterAdded,
    ]

    @Test("A rule and a rate that are added or taken away")
    func addedAndRemoved() throws {
        let texts = SmallCatalog.texts
        var fewer = texts
        var document = try JSONValue(parsing: Array(try #require(texts[Self.clip]).utf8)).object ?? JSONObject()
        document["constraints"] = .array(Array((document["constraints"]?.array ?? []).dropFirst()))
        document["prices"] = .array(Array((document["prices"]?.array ?? []).dropLast()))
        fewer[Self.clip] = JSONValue.object(document).text(pretty: true)
        let less = CatalogDifference(from: try edition(texts), to: try edition(fewer), date: SmallCatalog.day)
        #expect(
            less.changes.contains {
                $0.kind == .ruleRemoved && $0.subject == "images-are-needed" && $0.direction == .loosened
            })
        let removed = try #require(less.changes.first { $0.kind == .priceRemoved && $0.subject == "pro" })
        #expect(removed.witnesses.first?.after.quote?.reason == "price.no_matching_rate")
        let more = CatalogDifference(from: try edition(fewer), to: try edition(texts), date: SmallCatalog.day)
        #expect(more.changes.contains { $0.kind == .ruleAdded && $0.direction == .tightened })
        #expect(more.changes.contains { $0.kind == .priceAdded && !$0.witnesses.isEmpty })
    }

    @Test("Offerings, providers and models that come and go")
    func wholeFiles() throws {
        var texts = SmallCatalog.texts
        texts["providers/acme/offerings/lab/clip-fast.json"] = nil
        texts["models/lab/old.json"] = nil
        for path in texts.keys where path.hasPrefix("providers/bare/") { texts[path] = nil }
        let less = CatalogDifference(from: try edition(), to: try edition(texts), date: SmallCatalog.day)
        #expect(Set(less.changes.map(\.kind)) == [.offeringRemoved, .modelRemoved, .providerRemoved])
        let more = CatalogDifference(from: try edition(texts), to: try edition(), date: SmallCatalog.day)
        #expect(Set(more.changes.map(\.kind)) == [.offeringAdded, .modelAdded, .providerAdded])
    }

    @Test(
        "Words, sources, dates and layout are no change in meaning",
        arguments: [
            ("A seed has no effect on references.", "References take no seed.", "text"),
            (#""label": "pro mode""#, #""label": "the pro mode""#, "label"),
            (#""checked_on": "2026-11-21""#, #""checked_on": "2026-11-22""#, "checked_on"),
            (#""id": "references-are-std""#, #""id": "references-have-no-seed""#, "id"),
            (#""seed": { "type": "integer" }"#, #""seed": {"type":"integer"}"#, "layout"),
            ("[4, 6, 8]", "[8, 6, 4]", "layout"),
            (#""about": "What to show.""#, #""about": "What to see.""#, "about"),
        ])
    func wording(_ find: String, _ with: String, _ member: String) throws {
        let found = try difference(Self.clip, find, with)
        #expect(found.changes.isEmpty, "\(found.changes.map(\.json))")
        #expect(found.wording.contains { $0.member == member }, "\(found.wording)")
    }

    @Test("A catalog differs from itself in nothing, whatever the order of its files")
    func identical() throws {
        let small = CatalogDifference(from: try edition(), to: try edition(), date: SmallCatalog.day)
        #expect(small.changes.isEmpty && small.wording.isEmpty)
        let real = try CatalogEdition(files: RealCatalog.files)
        let again = try CatalogEdition(files: RealCatalog.files.reversed())
        let difference = CatalogDifference(from: real, to: again, date: SmallCatalog.day)
        #expect(difference.changes.isEmpty && difference.wording.isEmpty)
        // Byte by byte another catalog, with the same meaning.
        let spaced = RealCatalog.files.map { CatalogFile(path: $0.path, bytes: $0.bytes + [10]) }
        let blank = CatalogDifference(from: real, to: try CatalogEdition(files: spaced), date: SmallCatalog.day)
        #expect(blank.changes.isEmpty)
        #expect(blank.wording.count > 100 && blank.wording.allSatisfy { $0.member == "layout" })
    }

    @Test("Where no request shows a change, that is said")
    func noWitness() throws {
        // Pro mode has six seconds at most, and no enum value lies between six and seven.
        let found = try difference(Self.clip, #""duration", "maximum": 6"#, #""duration", "maximum": 7"#)
        let change = try #require(found.changes.first { $0.kind == .ruleChanged })
        #expect(change.witnesses.isEmpty && change.direction == nil)
        #expect((change.triedCount ?? 0) > 10)
    }

    @Test("What the change does to the user's own requests")
    func usage() throws {
        var texts = SmallCatalog.texts
        texts[Self.clip] = texts[Self.clip]?.replacing(#""rate": "0.05""#, with: #""rate": "0.06""#)
            .replacing("[4, 6, 8]", with: "[4, 5, 8]")
        let new = try Snapshot(files: SmallCatalog.files(texts))
        var impact = UsageImpact(from: SmallCatalog.snapshot, to: new, in: Circumstances(date: SmallCatalog.day))
        let bodies: [JSONValue] = [
            ["input": ["prompt": "a"]], ["input": ["prompt": "a", "duration": 8]],
            ["input": ["prompt": "a", "duration": 6]], ["input": ["prompt": "a", "duration": 5]],
        ]
        for (index, body) in bodies.enumerated() {
            impact.add(NativeRequest(provider: "acme", model: nil, body: body), line: index + 1)
        }
        impact.add(
            NativeRequest(provider: "coin", model: "clip-api", body: ["tool": "clip-api", "input": ["prompt": "a"]]),
            line: 5)
        impact.addUnreadable(line: 4)
        #expect(impact.requestCount == 5 && impact.unreadableCount == 1 && impact.unreadable == [4])
        #expect(impact.becameInvalid.map(\.line) == [3] && impact.becameValid.map(\.line) == [4])
        #expect(impact.repricedCount == 2)
        let (old, now) = (impact.before, impact.after)
        #expect(old.totals.first { $0.unit == "USD" }?.total.minimum == "0.90")  // 0.05 × (4 + 8 + 6)
        #expect(now.totals.first { $0.unit == "USD" }?.total.minimum == "1.02")  // 0.06 × (4 + 8 + 5)
        #expect(old.totals.contains { $0.unit == "credits" } && old.invalidCount == 1 && now.invalidCount == 1)
    }

    @Test("The catalog that is shipped, with one price, one bound and one rule changed")
    func real() throws {
        var changed = 0
        func edit(_ file: CatalogFile, _ path: String, _ find: String, _ with: String) -> CatalogFile {
            let text = String(decoding: file.bytes, as: UTF8.self)
            guard file.path == path, let range = text.firstRange(of: find) else { return file }
            changed += 1
            return CatalogFile(path: path, bytes: Array(text.replacingCharacters(range, with: with).utf8))
        }
        let veo = "providers/unifically/offerings/google/veo-3.1-fast.json"
        let files = RealCatalog.files.map { file in
            var file = edit(file, "providers/sjinn/offerings/sora2-image-to-video-api.json", #""420""#, #""525""#)
            file = edit(file, veo, #""minItems": 1"#, #""minItems": 2"#)
            return edit(file, veo, #""at_most": 3"#, #""at_most": 2"#)
        }
        try #require(changed == 3)
        let difference = CatalogDifference(
            from: try CatalogEdition(files: RealCatalog.files), to: try CatalogEdition(files: files),
            date: SmallCatalog.day)
        let price = try #require(difference.changes.first { $0.kind == .priceUp })
        #expect(price.percent == "+25%" && price.witnesses.count == 1)
        let bound = try #require(difference.changes.first { $0.kind == .boundNarrowed })
        #expect(bound.subject == "reference_characters/*/image_urls" && bound.direction == .tightened)
        let rule = try #require(difference.changes.first { $0.kind == .ruleChanged })
        #expect(rule.subject == "references-at-most-3" && rule.direction == .tightened)
        #expect(Set(difference.changes.map(\.kind)) == [.priceUp, .boundNarrowed, .ruleChanged])
    }
}

extension String {
    fileprivate func replacingCharacters(_ range: Range<String.Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}
