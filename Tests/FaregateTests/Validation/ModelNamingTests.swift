import Faregate
import Testing

@Suite("A request is for the offering that it, or its body, names")
struct ModelNamingTests {
    static func codes(_ provider: String, _ model: String?, _ body: JSONValue) -> [String] {
        let request = NativeRequest(provider: provider, model: model, body: body)
        return SmallCatalog.snapshot.answer(request, quoting: false, in: Circumstances(date: SmallCatalog.day))
            .diagnostics.map(\.short)
    }

    static let requests: [(String, String?, JSONValue, [String])] = [
        ("acme", "clip", ["model": "clip", "input": ["prompt": "x"]], []),
        ("acme", nil, ["model": "clip", "input": ["prompt": "x"]], []),
        ("acme", nil, ["model": "lab/clip-fast", "input": ["prompt": "x"]], []),
        ("acme", nil, ["input": ["prompt": "x"]], []),
        ("acme", "clip", ["input": ["prompt": "x"]], []),
        ("acme", "lab/clip-fast", ["input": ["prompt": "x"]], ["error model.mismatch /model"]),
        ("acme", "clip", ["model": "lab/clip-fast", "input": ["prompt": "x"]], ["error model.mismatch /model"]),
        ("acme", "clip", ["model": "clop", "input": ["prompt": "x"]], ["error model.unknown /model"]),
        ("acme", nil, ["model": "clop", "input": ["prompt": "x"]], ["error model.unknown /model"]),
        ("acme", "clop", ["input": ["prompt": "x"]], ["error model.unknown "]),
        ("acme", nil, ["model": 5, "input": ["prompt": "x"]], ["error value.type /model"]),
        ("acme", nil, [], ["error value.type "]),
        ("coin", nil, ["input": ["prompt": "x"]], ["error parameter.missing /tool"]),
        ("coin", nil, ["tool": "clip-api", "input": ["prompt": "x"]], []),
        ("bare", nil, ["text": "x"], ["error model.unknown "]),
        ("bare", "clip", ["text": "x"], ["warning model.retired "]),
        ("acmee", nil, [:], ["error provider.unknown "]),
    ]

    @Test("The offering is found, or what is missing is told", arguments: requests)
    func naming(_ provider: String, _ model: String?, _ body: JSONValue, _ found: [String]) {
        #expect(Self.codes(provider, model, body) == found)
    }

    @Test("A wrong name comes with the one that was meant")
    func suggestions() {
        func suggestion(_ provider: String, _ model: String?) -> String? {
            let request = NativeRequest(provider: provider, model: model, body: [:])
            guard case .notFound(let diagnostics) = SmallCatalog.snapshot.resolve(request) else { return "found" }
            return diagnostics.compactMap(\.suggestion).first
        }
        #expect(suggestion("acmee", nil) == "acme")
        #expect(suggestion("zzzzzzz", nil) == nil)
        #expect(suggestion("acme", "clop") == "clip")
        #expect(suggestion("acme", "clip-fast") == "lab/clip-fast")
    }

    @Test("An answer has the documented form, and an invalid request no quote")
    func form() {
        func json(_ body: JSONValue) -> JSONValue {
            let request = NativeRequest(id: "q", provider: "acme", model: nil, body: body)
            return SmallCatalog.snapshot.answer(request, quoting: true, in: Circumstances(date: SmallCatalog.day)).json
        }
        let valid = json(["input": ["prompt": "x"]])
        #expect(valid.object?.members.map(\.name) == ["id", "provider", "model", "valid", "diagnostics", "quote"])
        #expect(valid["valid"] == true)
        #expect(valid["quote"]?["total"] == ["amount": "0.20", "unit": "USD"])
        #expect(valid["quote"]?["catalog"] == .string(SmallCatalog.snapshot.digest))
        let invalid = json(["input": [:]])
        #expect(invalid["valid"] == false)
        #expect(invalid["quote"] == .some(.null))
        #expect(invalid["diagnostics"]?.array?.first?["path"] == "/input/prompt")
    }

    @Test("A retired model's warning is made of whole sentences")
    func sentences() {
        let request = NativeRequest(provider: "bare", model: "clip", body: ["text": "x"])
        let answer = SmallCatalog.snapshot.answer(request, quoting: false, in: Circumstances(date: SmallCatalog.day))
        #expect(
            answer.diagnostics.map(\.message) == [
                "lab/old has been retired since 2026-09-24; use lab/clip instead. "
                    + "Bare's page still offers it; the request may fail."
            ])
    }
}
