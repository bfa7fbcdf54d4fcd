import Faregate

/// The catalog of `Fixtures/catalog`: a few offerings in which everything the format can say occurs. It has nothing to do
/// with the real one.
enum SmallCatalog {
    static let folder = Fixtures.folder + "/Fixtures/catalog"

    /// Every file by path, as text.
    static let texts: [String: String] = {
        let files = (try? CatalogFolder.files(of: folder, includingCases: true)) ?? []
        return Dictionary(uniqueKeysWithValues: files.map { ($0.path, String(decoding: $0.bytes, as: UTF8.self)) })
    }()

    static func files(_ texts: [String: String] = texts) -> [CatalogFile] {
        texts.map { CatalogFile(path: $0.key, bytes: Array($0.value.utf8)) }
    }

    static let snapshot: Snapshot = {
        do throws(CatalogError) {
            return try Snapshot(files: files())
        } catch {
            fatalError("the small catalog does not load: \(error)")
        }
    }()

    /// A catalog with one offering, `acme`'s `thing`, that is described here; what is left out is as plain as can be.
    static func snapshot(withOffering members: JSONValue, provider: [String: String] = [:]) throws(CatalogError)
        -> Snapshot
    {
        var offering = JSONObject([
            ("name", "Thing"), ("models", ["lab/clip": [:]]), ("operations", ["text-to-video"]), ("medium", "video"),
            ("source", "tasks"), ("required", []),
            (
                "prices",
                [
                    [
                        "id": "thing", "label": "thing", "unit": "task", "rate": "1", "effective_from": "2026-01-01",
                        "source": "prices", "checked_on": "2026-11-21",
                    ]
                ]
            ),
        ])
        for (name, value) in members.object?.members ?? [] { offering[name] = value }
        var texts = texts.filter { !$0.key.hasPrefix("providers/") }
        var request = texts["providers/acme/provider.json"] ?? SmallCatalog.texts["providers/acme/provider.json"] ?? ""
        request.replace("\"clip\"", with: "\"thing\"")
        for (old, new) in provider { request.replace(old, with: new) }
        texts["providers/acme/provider.json"] = request
        texts["providers/acme/offerings/thing.json"] = JSONValue.object(offering).text(pretty: true)
        return try Snapshot(files: files(texts))
    }

    static let day = day("2026-12-01")

    static func day(_ text: String) -> CalendarDate {
        guard let day = CalendarDate(text) else { fatalError("no day: \(text)") }
        return day
    }
}

extension Diagnostic {
    /// `error value.range /input/duration`, with the rule in brackets where one found it.
    var short: String {
        "\(severity.rawValue) \(code.rawValue)" + (rule.map { "[\($0)]" } ?? "") + " \(path)"
    }
}
