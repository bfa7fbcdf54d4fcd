import Faregate
import FaregateProviders

extension ProviderConformance {
    /// The loader refuses what it does not know.
    var loading: [Scenario] {
        [
            Scenario(name: "load:unknown-key") { _, notes in
                let document = try JSONValue(parsing: text)
                let changed = try JSONPatch([.add("/no_such_key", true)]).applied(to: document)
                do throws(PluginError) {
                    _ = try Manifest(parsing: Array(changed.text().utf8), id: id)
                    notes.fail("a manifest with an unknown key was loaded")
                } catch {
                    notes.expect(
                        error.code == .manifestInvalid
                            && error.problems.contains { $0.code == "document.unknown_member" },
                        "an unknown key was refused with \(error.code.rawValue) instead of plugin.manifest_invalid")
                }
            }
        ]
    }

    /// Replies that prove nothing are unknown, to whatever they answer.
    func decoding(_ manifest: Manifest) -> [Scenario] {
        let html = HTTPHeader("Content-Type", "text/html")
        let json = HTTPHeader("Content-Type", "application/json")
        func page(_ status: Int) -> HTTPReply {
            HTTPReply(status: status, headers: [html], body: Array("<html><h1>Bad Gateway</h1></html>".utf8))
        }
        let replies: [(String, HTTPReply)] = [
            ("html-200", page(200)), ("html-502", page(502)),
            ("html-called-json", HTTPReply(status: 200, headers: [json], body: Array("\n<!doctype html>".utf8))),
            ("empty-200", HTTPReply(status: 200)), ("empty-502", HTTPReply(status: 502)),
            ("cut-off", HTTPReply(status: 200, headers: [json], body: Array(#"{"data": {"task_id": "a"#.utf8))),
            ("null", HTTPReply(status: 200, json: .null)), ("array", HTTPReply(status: 200, json: [])),
            ("empty-object", HTTPReply(status: 200, json: [:])),
            ("error-500", HTTPReply(status: 500, json: ["message": "oops"])),
            ("error-503", HTTPReply(status: 503, json: ["error": "unavailable"])),
            ("redirect", HTTPReply(status: 307, headers: [HTTPHeader("Location", "https://example.com/")])),
        ]
        let codec = ManifestCodec(manifest)
        let calls: [ProviderCall] = [
            .submit(task), .poll(TaskHandle(id: "t1", model: task.model, medium: task.medium)),
        ]
        return calls.flatMap { call in
            replies.map { name, reply in
                Scenario(name: "decode:\(call.operation.rawValue):\(name)") { _, notes in
                    let outcome = codec.decode(reply, to: call)
                    if case .unknown = outcome { return }
                    notes.fail("HTTP \(reply.status) proves nothing, and was taken for \(outcome)")
                }
            }
        } + contradictions(manifest)
    }

    /// Recorded replies with the essential part taken out are not believed.
    private func contradictions(_ manifest: Manifest) -> [Scenario] {
        let codec = ManifestCodec(manifest)
        return manifest.operations.flatMap { name, operation in
            operation.rules.flatMap { rule -> [Scenario] in
                guard let place = rule.taskIDAt, name == .submit || name == .poll else { return [] }
                return rule.examples.enumerated().map { index, example in
                    Scenario(name: "decode:\(name.rawValue):\(rule.id):\(index):other-task") { _, notes in
                        var reply = example.reply
                        let changed = example.body.setting(name == .submit ? "" : "somebody-elses", at: place)
                        reply.body = Array((changed ?? .null).text().utf8)
                        let call: ProviderCall =
                            name == .submit
                            ? .submit(task) : .poll(TaskHandle(id: "t1", model: task.model, medium: task.medium))
                        let outcome = codec.decode(reply, to: call)
                        if case .unknown = outcome { return }
                        notes.fail("a reply without the task's own id was taken for \(outcome)")
                    }
                }
            }
        }
        .sorted { $0.name < $1.name }
    }
}
