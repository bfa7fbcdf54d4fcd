import Faregate
import Testing

/// One mistake in the small catalog, and what must be told about it.
struct CatalogMistake: Sendable, CustomTestStringConvertible {
    let name: String
    /// What is changed: a text that occurs once in a file, and what stands there instead. `«` marks where a problem is.
    let edits: [(file: String, find: String, with: String)]
    /// Files that are taken away.
    let without: [String]
    /// The codes, in order of file and marker.
    let codes: [String]
    /// The files whose problems have no position, in order; told before those with one.
    let wholeFiles: [(file: String, code: String)]

    var testDescription: String { name }

    static let all = Fixtures.list("catalog-mistakes") { item -> CatalogMistake? in
        guard let name = item["name"]?.string else { return nil }
        let single: [JSONValue] = item["file"] == nil ? [] : [item]
        let edits = (item["edits"]?.array ?? single).compactMap { edit -> (String, String, String)? in
            guard let file = edit["file"]?.string, let with = edit["with"]?.string else { return nil }
            return (file, edit["find"]?.string ?? "", with)
        }
        return CatalogMistake(
            name: name, edits: edits, without: item["without"]?.array?.compactMap(\.string) ?? [],
            codes: item["codes"]?.array?.compactMap(\.string) ?? [],
            wholeFiles: (item["whole_files"]?.object?.members ?? []).map { ($0.name, $0.value.string ?? "") })
    }

    /// The catalog with the mistake in it, and where its problems are.
    func made() -> (files: [CatalogFile], expected: [String]) {
        var texts = SmallCatalog.texts
        for name in without { texts[name] = nil }
        for edit in edits {
            guard !edit.find.isEmpty else {
                texts[edit.file] = edit.with
                continue
            }
            let parts = (texts[edit.file] ?? "").split(separator: edit.find, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                Issue.record("\(name): \"\(edit.find)\" occurs \(parts.count - 1) times in \(edit.file)")
                continue
            }
            texts[edit.file] = parts.joined(separator: edit.with)
        }
        var places: [String] = []
        for file in texts.keys.sorted() {
            let (text, positions) = markers(in: texts[file] ?? "")
            texts[file] = text
            places += positions.map { "\(file):\($0.line):\($0.column)" }
        }
        if places.count != codes.count { Issue.record("\(name): \(places.count) markers for \(codes.count) codes") }
        let placed = zip(places, codes).map { "\($0): \($1)" }
        return (SmallCatalog.files(texts), placed + wholeFiles.map { "\($0.file): \($0.code)" })
    }
}

@Suite("A catalog loads as a whole, or every mistake in it is told")
struct CatalogLoaderTests {
    static func problems(_ files: [CatalogFile]) -> [CatalogProblem] {
        do throws(CatalogError) {
            _ = try Snapshot(files: files)
            return []
        } catch {
            return error.problems
        }
    }

    static func short(_ problem: CatalogProblem) -> String {
        problem.file + (problem.position.map { ":\($0.line):\($0.column)" } ?? "") + ": " + problem.code
    }

    @Test("There are mistakes of every kind")
    func casesExist() {
        #expect(CatalogMistake.all.count > 100)
        #expect(Set(CatalogMistake.all.map(\.name)).count == CatalogMistake.all.count)
        let codes = Set(CatalogMistake.all.flatMap { $0.codes + $0.wholeFiles.map(\.code) })
        let known: Set = [
            "json.syntax", "json.duplicate_key", "json.encoding", "json.number_range", "document.unknown_member",
            "document.missing_member", "document.type", "document.value", "source.empty", "source.unknown_page",
            "reference.unknown_parameter", "reference.unknown_model", "reference.unknown_offering",
            "reference.unknown_constraint", "condition.kind", "condition.comparison", "condition.impossible",
            "constraint.kind", "constraint.impossible", "constraint.duplicate_id", "pack.duplicate_id",
            "parameter.contradiction",
            "portable.kind", "portable.impossible", "price.missing", "price.unknown_unit", "price.duplicate_row",
            "price.not_positive",
            "offering.base_of_base", "catalog.unexpected_file", "catalog.missing_file",
            "catalog.empty",
        ]
        #expect(codes.symmetricDifference(known) == [])
    }

    @Test("A mistake is told with its code, file, line and column, and nothing else is", arguments: CatalogMistake.all)
    func mistake(_ mistake: CatalogMistake) {
        let (files, expected) = mistake.made()
        let problems = Self.problems(files)
        #expect(problems.map(Self.short).sorted() == expected.sorted(), "\(problems)")
        #expect(problems.allSatisfy { !$0.message.isEmpty })
    }

    @Test("Mistakes in several files are told all at once, by file and place")
    func several() {
        var texts = SmallCatalog.texts
        texts["units.json"]?.replace("\"image\":", with: "\"image\": 7, \"x\":")
        texts["models/lab/clip.json"]?.replace("\"medium\"", with: "\"medum\"")
        texts["providers/bare/offerings/clip.json"]?.replace("\"rate\"", with: "\"rte\"")
        texts["providers/acme/offerings/clip.json"]?.replace("\"tasks § Images\"", with: "\"nowhere\"")
        texts["providers/acme/offerings/clip.json"]?.replace("\"plain\"", with: "plain")
        texts["providers/coin/provider.json"] = "{"
        texts["stray.json"] = "{}"
        let problems = Self.problems(SmallCatalog.files(texts))
        let files = problems.map(\.file)
        #expect(files == files.sorted())
        #expect(
            Set(files) == [
                "units.json", "models/lab/clip.json", "providers/bare/offerings/clip.json",
                "providers/acme/offerings/clip.json", "providers/coin/provider.json", "stray.json",
            ])
        for file in Set(files) {
            let places = problems.filter { $0.file == file }.map { [$0.position?.line ?? 0, $0.position?.column ?? 0] }
            #expect(places == places.sorted { $0.lexicographicallyPrecedes($1) })
        }
        let reversed = Self.problems(SmallCatalog.files(texts).sorted { $0.path > $1.path })
        #expect(reversed == problems)
    }

    @Test("A problem is written as compilers write theirs")
    func description() {
        var texts = SmallCatalog.texts
        texts["units.json"] = "{\n  \"unit\": {}\n}\n"
        let problems = Self.problems(SmallCatalog.files(texts)).filter { $0.file == "units.json" }
        #expect(
            problems.map { $0.description.prefix { $0 != " " } } == ["units.json:1:1:", "units.json:2:3:"])
    }

    @Test("The small catalog is there and says what its files say")
    func content() throws {
        let snapshot = SmallCatalog.snapshot
        #expect(snapshot.providers.map(\.id) == ["acme", "bare", "coin"])
        #expect(snapshot.models.map(\.id) == ["lab/clip", "lab/clip-pro", "lab/old"])
        #expect(snapshot.units.map(\.id) == ["task", "second", "image"])
        #expect(snapshot.portableParameters.first?.name == "prompt")
        #expect(
            snapshot.offerings(of: "lab/clip").map { "\($0.provider.id) \($0.offering.id)" } == [
                "acme clip", "acme lab/clip-fast", "bare clip", "coin clip-api",
            ])
        let clip = try #require(snapshot.provider("acme")?.offering("clip"))
        #expect(clip.source.description == "https://acme.example/tasks § Clip")
        #expect(clip.typicalTimes.span == 60...120)
        let packs = try #require(snapshot.provider("acme")).packs
        #expect(packs.map(\.id) == ["small", "monthly"])
        #expect(packs.map(\.label) == ["small", "Monthly plan"])
        #expect(packs.map(\.total) == [ExactDecimal(110), ExactDecimal(1000)])
        #expect(packs.map(\.limit) == [3, 1], "a plan is held once")
        #expect(packs.map(\.expiry) == [.days(30), .never])
        #expect(packs[1].source == "Prices § Plans")
        // Nobody states a worth: the smallest purchase is 110 credits for $2.20.
        #expect(snapshot.provider("acme")?.credit?.usd == ExactDecimal("0.02"))
        #expect(clip.parameters.property("duration")?.unit == "second")
        #expect(clip.prices.map(\.source.description) == ["Prices § Clip", "Prices § Clip"])
        #expect(
            clip.constraints.map(\.id) == [
                "callback-needs-address", "images-are-needed", "pro-is-short", "references-are-std",
            ])
        #expect(snapshot.model("lab/old")?.lifecycle?.replacedBy == "lab/clip")
    }

    @Test("A path that comes twice is told, not trapped over")
    func twice() {
        let again = SmallCatalog.files().filter { $0.path.hasSuffix("provider.json") || $0.path == "units.json" }
        let problems = Self.problems(SmallCatalog.files() + again).filter { $0.position == nil }
        #expect(
            problems.map(Self.short) == [
                "providers/acme/provider.json: catalog.duplicate_file",
                "providers/bare/provider.json: catalog.duplicate_file",
                "providers/coin/provider.json: catalog.duplicate_file", "units.json: catalog.duplicate_file",
            ])
    }

    @Test(
        "Without units.json, parameters.json or a provider there is no catalog",
        arguments: ["units.json", "parameters.json"])
    func missingFile(_ name: String) {
        var texts = SmallCatalog.texts
        texts[name] = nil
        #expect(Self.problems(SmallCatalog.files(texts)).map(Self.short).contains("\(name): catalog.missing_file"))
    }

    @Test("A catalog of nothing is none")
    func nothing() {
        #expect(
            Self.problems([]).map(Self.short) == [
                "parameters.json: catalog.missing_file", "providers: catalog.empty", "units.json: catalog.missing_file",
            ])
    }

    static let times: [(JSONValue, ClosedRange<Double>?)] = [
        (["duration": 4], 30...40), (["duration": 5], 30...40), (["duration": 6], 60...90.5),
        ([:], 30...40),  // the default is 5
    ]

    @Test("How long a task takes: the first row that applies, defaults included", arguments: times)
    func typicalTimes(_ input: JSONValue, _ span: ClosedRange<Double>?) throws {
        let clip = try #require(SmallCatalog.snapshot.provider("coin")?.offering("clip-api"))
        #expect(clip.typicalTimes(for: Facts(body: ["tool": "clip-api", "input": input])).span == span)
        #expect(
            clip.typicalTimes.map(\.source.description) == [
                "https://coin.example/api § Clip", "https://coin.example/api § Times",
            ])
    }

    @Test("A time whose condition is open widens the one that applies for sure, and alone is unknown")
    func openTimes() throws {
        func span(_ rows: JSONValue) throws -> ClosedRange<Double>? {
            let snapshot = try SmallCatalog.snapshot(
                withOffering: [
                    "parameters": ["length": ["type": "integer"]], "typical_seconds": rows,
                ])
            let thing = try #require(snapshot.provider("acme")?.offering("thing"))
            return thing.typicalTimes(for: Facts(body: ["input": [:]])).span
        }
        let open: JSONValue = ["min": 1, "max": 2, "when": ["parameter": "length", "at_most": 5]]
        #expect(try span([open]) == nil)
        #expect(try span([open, ["min": 3, "max": 4]]) == 1...4)
        #expect(try span([["min": 3, "max": 4], open]) == 3...4)
    }

    // MARK: Base offerings

    @Test("An offering takes over what its base says and it does not")
    func base() throws {
        let fast = try #require(SmallCatalog.snapshot.provider("acme")?.offering("lab/clip-fast"))
        #expect(
            fast.parameters.properties.map(\.name) == [
                "prompt", "duration", "aspect_ratio", "generation", "images", "strength", "sound", "seed", "priority",
            ])
        #expect(fast.parameters.property("duration")?.defaultValue == 8)
        #expect(fast.parameters.required == ["prompt"])
        #expect(fast.operations == ["text-to-video", "image-to-video"])
        #expect(fast.medium == .video)
        #expect(fast.source.description == "https://acme.example/tasks § Clip")
        #expect(fast.typicalTimes.isEmpty)
        #expect(fast.portable.models.map(\.id) == ["lab/clip"])
        #expect(fast.portable.settings.count == 3)
        #expect(fast.portable.target("seed") == nil)
        if case .fixed("plain")? = fast.portable.target("style") {} else { Issue.record("style is not fixed") }
        if case .to? = fast.portable.target("duration") {} else { Issue.record("duration is not taken over") }
        #expect(fast.prices.map(\.id) == ["fast"])
    }

    @Test("Constraints of the base are replaced or dropped by id, and keep their place")
    func baseConstraints() throws {
        let fast = try #require(SmallCatalog.snapshot.provider("acme")?.offering("lab/clip-fast"))
        #expect(fast.constraints.map(\.id) == ["callback-needs-address", "images-are-needed", "references-are-std"])
        #expect(fast.constraints.map(\.severity) == [.error, .warning, .error])
        #expect(fast.constraints[1].text == "Frames and references should be images.")
        let clip = try #require(SmallCatalog.snapshot.provider("acme")?.offering("clip"))
        #expect(clip.constraints.count == 4)
        #expect(clip.parameters.property("mode") != nil)
    }

    @Test("A mistake in a base is told once, however many offerings take it over")
    func baseMistake() {
        var texts = SmallCatalog.texts
        for number in 1...5 {
            texts["providers/acme/offerings/more-\(number).json"] = texts["providers/acme/offerings/lab/clip-fast.json"]
        }
        texts["providers/acme/offerings/clip.json"]?.replace("\"ignored\": [\"seed\"]", with: "\"ignored\": [\"sed\"]")
        #expect(Self.problems(SmallCatalog.files(texts)).map(\.code) == ["reference.unknown_parameter"])
    }

    // MARK: The digest

    @Test("The digest does not depend on the order of the files, nor on cases and schemas")
    func digestIsStable() throws {
        let digest = SmallCatalog.snapshot.digest
        #expect(digest.count == 64)
        #expect(try Snapshot(files: SmallCatalog.files().sorted { $0.path > $1.path }).digest == digest)
        #expect(try Snapshot(files: SmallCatalog.files().filter { !$0.path.hasSuffix(".cases.json") }).digest == digest)
        let more = [
            CatalogFile(path: "schema/x.schema.json", bytes: Array("{}".utf8)),
            CatalogFile(path: "providers/bare/offerings/clip.cases.json", bytes: Array("not JSON at all".utf8)),
        ]
        #expect(try Snapshot(files: SmallCatalog.files() + more).digest == digest)
    }

    @Test("Any byte of any file changes the digest")
    func digestChanges() throws {
        var digests: Set = [SmallCatalog.snapshot.digest]
        var count = 1
        for path in SmallCatalog.texts.keys where !path.hasSuffix(".cases.json") {
            var texts = SmallCatalog.texts
            texts[path]? += " "
            digests.insert(try Snapshot(files: SmallCatalog.files(texts)).digest)
            count += 1
        }
        var moved = SmallCatalog.texts
        moved["models/lab/older.json"] = moved.removeValue(forKey: "models/lab/old.json")
        moved["providers/bare/offerings/clip.json"]?.replace("lab/old", with: "lab/older")
        digests.insert(try Snapshot(files: SmallCatalog.files(moved)).digest)
        #expect(count > 8)
        #expect(digests.count == count + 1)
    }
}
