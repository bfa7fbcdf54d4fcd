import Faregate
import Testing

@Suite("A route says which request a finding's place is in, and speaks the user's words where it can")
struct RoutePlacesTests {
    private func findings(_ route: Route) -> [Diagnostic] {
        route.candidates.flatMap(\.diagnostics) + route.rejections.flatMap(\.diagnostics)
    }

    static let requests: [JSONValue] = [
        ["prompt": "x", "duration": 7, "aspect_ratio": "16:9", "seed": 5],
        ["prompt": "x", "start_image": "https://example.com/a.png", "duration": 100, "audio": true],
        ["prompt": "", "reference_images": ["https://example.com/a.png", "https://example.com/b.bmp"]],
        ["prompt": "x", "start_image": "https://example.com/a.gif", "resolution": "1080p"], [:],
    ]

    @Test(
        "Every finding on every model says it, and a portable place is one of the portable request", arguments: requests
    )
    func every(_ request: JSONValue) throws {
        let names = Set(RealCatalog.snapshot.portableParameters.map(\.name))
        var forms: [Diagnostic.RequestForm: Int] = [:]
        for model in RealCatalog.snapshot.models {
            var body = request.object ?? JSONObject()
            body["model"] = .string(model.id)
            for finding in findings(try RouterTests.route(.object(body), in: RealCatalog.snapshot)) {
                let form = try #require(finding.pathIn, "\(finding.short)")
                forms[form, default: 0] += 1
                #expect(finding.json["path_in"] == .string(form.rawValue))
                guard form == .portable, let first = finding.path.tokens.first else { continue }
                #expect(names.contains(first), "\(finding.short)")
            }
        }
        #expect(forms[.portable, default: 0] > 20)
    }

    @Test("A native answer does not speak of it")
    func native() {
        let request = NativeRequest(
            provider: "acme", model: "clip", body: ["model": "clip", "input": .object(JSONObject())])
        let answer = SmallCatalog.snapshot.answer(request, quoting: false, in: Circumstances(date: SmallCatalog.day))
        #expect(!answer.diagnostics.isEmpty)
        #expect(answer.diagnostics.allSatisfy { $0.json["path_in"] == nil })
    }

    /// What is said by `bare` where it takes a short text for a prompt and one image in a list.
    private func findings(on body: JSONValue) throws -> [Diagnostic] {
        var texts = SmallCatalog.texts
        texts["providers/bare/offerings/clip.json"]?.replace(
            #""text": { "type": "string" },"#,
            with: """
                "text": { "type": "string", "maxLength": 5 },
                "pictures": { "type": "array", "items": { "type": "string", "format": "http-url", "extensions": ["png"] } },
                """)
        texts["providers/bare/offerings/clip.json"]?.replace(
            #""prompt": { "to": "text" }"#,
            with: #""prompt": { "to": "text" }, "start_image": { "to": "pictures", "append": true }"#)
        let route = try RouterTests.route(body, in: try Snapshot(files: SmallCatalog.files(texts)))
        return
            (route.candidates.filter { $0.provider.id == "bare" }.flatMap(\.diagnostics)
            + route.rejections.filter { $0.provider.id == "bare" }.flatMap(\.diagnostics))
            .filter { $0.code != .modelRetired }
    }

    @Test("What one portable parameter alone leads to is called by its name; the place stays the native one")
    func names() throws {
        let long = try #require(try findings(on: ["model": "lab/clip", "prompt": "A long prompt"]).first)
        #expect(long.short == "error value.length /text")
        #expect(long.pathIn == .native)
        #expect(long.message.hasPrefix("prompt has 13 characters"), "\(long.message)")
        let image = try #require(
            try findings(on: ["model": "lab/clip", "prompt": "x", "start_image": "https://example.com/a.gif"]).first)
        #expect(image.short == "warning value.extension /pictures/0")
        #expect(image.message.hasPrefix("start_image ends in .gif"), "\(image.message)")
    }

    @Test(
        "Whether reference images count beside a first frame is not said, and the route tells so",
        arguments: ["kuaishou/kling-3.0-omni", "kuaishou/kling-o1"])
    func doubt(_ model: String) throws {
        let image: JSONValue = "https://example.com/a.png"
        func told(_ parameters: [(String, JSONValue)]) throws -> Diagnostic? {
            let body = JSONObject([("model", .string(model)), ("prompt", "x")] + parameters)
            return findings(try RouterTests.route(.object(body), in: RealCatalog.snapshot))
                .first { $0.rule == "images-with-frames" }
        }
        let both = try told([("start_image", image), ("reference_images", [image])])
        #expect(both?.severity == .warning)
        #expect(both?.message.hasPrefix("reference_images is not expected here") == true, "\(both?.message ?? "none")")
        #expect(try told([("start_image", image)]) == nil)
        #expect(try told([("reference_images", [image])]) == nil)
    }
}
