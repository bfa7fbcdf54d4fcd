import Faregate
import Testing

@Suite("Cases hold a catalog to what it must answer")
struct CaseSuiteTests {
    static let path = "providers/acme/offerings/clip.cases.json"

    static func codes(_ text: String, at path: String = path) -> [String] {
        CaseSuite.problems([CatalogFile(path: path, bytes: Array(text.utf8))], snapshot: SmallCatalog.snapshot).map(
            \.code)
    }

    @Test("The cases of the small catalog are found and hold")
    func hold() {
        #expect(CaseSuite.count(SmallCatalog.files()) == 3)
        #expect(CaseSuite.problems(SmallCatalog.files(), snapshot: SmallCatalog.snapshot) == [])
    }

    static let changes: [(String, String, [String])] = [
        ("\"amount\": \"0.20\"", "\"amount\": \"0.2\"", []),
        ("\"amount\": \"0.20\"", "\"amount\": \"0.21\"", ["case.quote"]),
        ("\"unit\": \"USD\"", "\"unit\": \"EUR\"", ["case.quote"]),
        ("\"valid\": false", "\"valid\": true", ["case.verdict"]),
        ("\"path\": \"/input/duration\"", "\"path\": \"/input\"", ["case.diagnostics"]),
        ("\"rule\": \"pro-is-short\", ", "", []), ("\"date\": \"2026-09-23\",", "", ["case.diagnostics"]),
        ("\"id\": \"pro-before\"", "\"id\": \"plain\"", ["case.duplicate_id"]),
        ("\"id\": \"plain\"", "\"id\": \"Plain one\"", ["document.value"]),
        ("\"about\": \"a prompt is enough\",", "", ["document.missing_member"]),
        ("\"valid\": false", "\"valid\": \"no\"", ["document.type"]),
        ("\"cases\"", "\"case\"", ["document.unknown_member", "document.missing_member"]),
        ("\"id\": \"plain\",", "\"id\": \"plain\", \"note\": 1,", ["document.unknown_member"]),
    ]

    @Test("A change that matters is told, one that does not is not", arguments: changes)
    func change(_ find: String, _ with: String, _ codes: [String]) throws {
        let text = try #require(SmallCatalog.texts[Self.path])
        #expect(text.split(separator: find, omittingEmptySubsequences: false).count == 2)
        #expect(Self.codes(text.replacing(find, with: with)).sorted() == codes.sorted())
    }

    @Test("Cases that are no JSON, or beside no offering, are told")
    func unreadable() {
        #expect(Self.codes("{") == ["json.syntax"])
        #expect(Self.codes("[]") == ["document.type"])
        #expect(Self.codes("{\"cases\": []}", at: "providers/acme/offerings/clop.cases.json") == ["case.no_offering"])
        #expect(Self.codes("not read", at: "providers/acme/offerings/clip.json") == [])
    }
}

@Suite("A catalog's folder on disk")
struct CatalogFolderTests {
    @Test("It is loaded as its files are") func load() throws {
        #expect(try CatalogFolder.load(SmallCatalog.folder).digest == SmallCatalog.snapshot.digest)
        let paths = try CatalogFolder.files(of: SmallCatalog.folder).map(\.path)
        #expect(paths == paths.sorted())
        #expect(!paths.contains { $0.hasSuffix(".cases.json") })
        #expect(try CatalogFolder.files(of: SmallCatalog.folder, includingCases: true).count == paths.count + 1)
    }

    @Test("A folder that is not there is told, with the system's reason")
    func missing() {
        let error = #expect(throws: CatalogError.self) { try CatalogFolder.load(SmallCatalog.folder + "/nowhere") }
        #expect(error?.problems.map(\.code) == ["catalog.folder_unreadable"])
        #expect(error?.problems.first?.message == "No such file or directory")
    }

    @Test("A folder that holds something else is no catalog")
    func otherFolder() {
        let error = #expect(throws: CatalogError.self) { try CatalogFolder.load(Fixtures.folder + "/Support") }
        #expect(Set(error?.problems.map(\.code) ?? []) == ["catalog.unexpected_file"])
    }
}
