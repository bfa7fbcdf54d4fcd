import Faregate
import FaregateProviders
import Testing

@Suite("A plugin manifest")
struct ManifestTests {
    @Test("of every provider loads, and its examples decode to their own rules", arguments: Plugins.ids)
    func loads(id: String) throws {
        let manifest = try Plugins.manifest(id)
        #expect(manifest.id == id)
        #expect(manifest.traits.operations.isSuperset(of: [.submit, .poll]))
        #expect(manifest.traits.baseAddress.scheme == .https)
    }

    /// A change to a good manifest that makes it bad, and what must be said of it.
    struct Flaw: CustomTestStringConvertible, Sendable {
        let about: String
        let patch: [JSONPatch.Operation]
        let code: String
        let pointer: JSONPointer

        init(_ about: String, _ patch: JSONPatch.Operation..., code: String, at pointer: JSONPointer) {
            (self.about, self.patch, self.code, self.pointer) = (about, patch, code, pointer)
        }
        var testDescription: String { about }
    }

    static let flaws = [
        Flaw("an unknown key at the top", .add("/retries", 3), code: "document.unknown_member", at: "/retries"),
        Flaw(
            "an unknown key in a rule", .add("/operations/submit/replies/0/task_id", "/data/task_id"),
            code: "document.unknown_member", at: "/operations/submit/replies/0/task_id"),
        Flaw(
            "a medium that there is not",
            .add("/operations/submit/media", ["only": ["video", "smell"], "source": "tool", "note": "x"]),
            code: "document.value", at: "/operations/submit/media/only"),
        Flaw(
            "media without a reason", .add("/operations/submit/media", ["only": ["video"], "source": "tool"]),
            code: "document.missing_member", at: "/operations/submit/media/note"),
        Flaw(
            "media of a question", .add("/operations/poll/media", ["only": ["video"], "source": "tool", "note": "x"]),
            code: "document.unknown_member", at: "/operations/poll/media"),
        Flaw("no submit", .remove("/operations/submit"), code: "document.missing_member", at: "/operations/submit"),
        Flaw(
            "no key for the auth scheme", .remove("/auth/scheme"), code: "document.missing_member", at: "/auth/scheme"),
        Flaw(
            "a rule without a task id", .remove("/operations/submit/replies/0/task_id_at"),
            code: "document.missing_member", at: "/operations/submit/replies/0/task_id_at"),
        Flaw(
            "an outcome that no submit has", .replace("/operations/submit/replies/0/outcome", "succeeded"),
            code: "document.value", at: "/operations/submit/replies/0/outcome"),
        Flaw(
            "a misspelt kind of failure", .replace("/refusals/0/kind", "insufficent_balance"),
            code: "document.value", at: "/refusals/0/kind"),
        Flaw(
            "an unknown place in a path", .replace("/operations/poll/request/path", "/v1/{id}"),
            code: "manifest.placeholder", at: "/operations/poll/request"),
        Flaw(
            "a base address in clear", .replace("/base_url", "http://sjinn.ai"), code: "document.value", at: "/base_url"
        ),
        Flaw(
            "a base address with a path", .replace("/base_url", "https://sjinn.ai/api"), code: "document.value",
            at: "/base_url"),
        Flaw("hosts without the base's own", .replace("/hosts", ["example.com"]), code: "document.value", at: "/hosts"),
        Flaw(
            "an example that its rule does not recognise",
            .replace("/operations/poll/replies/0/examples/0/body/data/status", 7),
            code: "manifest.example", at: "/operations/poll/replies/0/examples/0"),
        Flaw(
            "a source that is no page", .replace("/refusals/0/source", "hearsay"), code: "manifest.source",
            at: "/refusals/0/source"),
        Flaw(
            "a condition of two kinds", .add("/refusals/0/when/at", "/x"), code: "manifest.condition",
            at: "/refusals/0/when"),
        Flaw(
            "a condition that is always true", .replace("/refusals/0/when/all", []), code: "document.value",
            at: "/refusals/0/when/all"),
        Flaw(
            "no failed among the replies to a poll", .remove("/operations/poll/replies/2"), code: "manifest.rule",
            at: "/operations/poll/replies"),
    ]

    @Test("that is wrong is not loaded, and says where", arguments: flaws)
    func refuses(flaw: Flaw) throws {
        let path = Plugins.folder + "/sjinn/plugin.json"
        let good = try JSONValue(parsing: try #require(readFile(path, bytesMax: 1 << 20)))
        let text = Array(try JSONPatch(flaw.patch).applied(to: good).text(pretty: true).utf8)
        let error = try #require(throws: PluginError.self) {
            try Manifest(parsing: text, id: "sjinn", file: "plugin.json")
        }
        #expect(error.code == .manifestInvalid)
        let problem = try #require(error.problems.first { $0.code == flaw.code }, "\(error)")
        #expect(problem.pointer == flaw.pointer)
        #expect(problem.position != nil)
        #expect(problem.description.hasPrefix("plugin.json:"))
    }

    @Test("of another protocol version is refused in words a user can act on")
    func otherProtocol() throws {
        let error = try #require(throws: PluginError.self) {
            try Manifest(parsing: Array(#"{"protocol": 2, "new": true}"#.utf8), id: "x")
        }
        #expect(error.code == .protocolUnsupported)
        #expect(error.message.contains("update faregate"))
    }

    @Test("that is not JSON is refused with line and column")
    func notJSON() throws {
        let error = try #require(throws: PluginError.self) { try Manifest(parsing: Array("{\n  oops".utf8), id: "x") }
        #expect(error.problems.first?.position?.line == 2)
    }

    @Test("that does not exist is an error that names the place")
    func missing() throws {
        let error = try #require(throws: PluginError.self) { try Manifest(named: "nobody", in: Plugins.folder) }
        #expect(error.code == .fileUnreadable)
        #expect(throws: PluginError.self) { try Manifest(named: "../plugins/sjinn", in: Plugins.folder) }
    }
}
