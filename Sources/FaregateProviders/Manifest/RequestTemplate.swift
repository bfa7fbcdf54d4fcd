package import Faregate

/// How an operation is asked for: a request with places to fill in.
///
/// A place is `{task_id}`, `{model}` or `{reference}`. In a path it becomes one percent-encoded segment, in a query
/// item its value, in the body a member that is exactly that text.
package struct RequestTemplate: Sendable {
    package var method: String
    package var path: String
    package var query: [HTTPHeader]
    package var headers: [HTTPHeader]
    /// Whether the body is the task's native request, to which `members` are added.
    package var sendsTask: Bool
    /// Values put into the body, in order.
    package var members: [(place: JSONPointer, value: JSONValue)]

    /// What the places stand for in one call.
    package typealias Values = [String: String]

    /// - Throws: `PluginError.Code.requestInvalid` where a value is missing, or could change the path's meaning.
    package func filled(with values: Values, task: JSONValue?) throws(PluginError) -> RequestPlan {
        var path = ""
        for segment in self.path.split(separator: "/", omittingEmptySubsequences: true) {
            let filled = try Self.fill(segment, with: values)
            guard filled != ".", filled != "..", !filled.isEmpty else {
                throw PluginError(.requestInvalid, "\"\(filled)\" cannot stand in the path of a request")
            }
            path += "/" + (filled == segment ? filled : percentEncoded(filled))
        }
        var query: [HTTPHeader] = []
        for item in self.query { query.append(HTTPHeader(item.name, try Self.fill(item.value, with: values))) }
        return RequestPlan(
            method: method, path: path.isEmpty ? "/" : path, query: query, headers: headers,
            body: try body(with: values, task: task))
    }

    private func body(with values: Values, task: JSONValue?) throws(PluginError) -> JSONValue? {
        guard sendsTask || !members.isEmpty else { return nil }
        var body = sendsTask ? task ?? .object(JSONObject([])) : .object(JSONObject([]))
        for (place, value) in members {
            let value =
                try value.string.map { text throws(PluginError) in .string(try Self.fill(text, with: values)) } ?? value
            guard let next = body.setting(value, at: place) else {
                throw PluginError(.requestInvalid, "the request has no place \(place) to put \(value.text()) at")
            }
            body = next
        }
        return body
    }

    /// Replaces a text that is exactly one place.
    private static func fill(_ text: some StringProtocol, with values: Values) throws(PluginError) -> String {
        guard let name = placeholder(text) else { return String(text) }
        guard let value = values[name], !value.isEmpty else {
            throw PluginError(.requestInvalid, "there is no \(name) to put into the request")
        }
        return value
    }

    /// The name of the place that a text is; `nil` for any other text.
    package static func placeholder(_ text: some StringProtocol) -> String? {
        text.hasPrefix("{") && text.hasSuffix("}") ? String(text.dropFirst().dropLast()) : nil
    }

    /// The names of all places.
    package var placeholders: Set<String> {
        let texts =
            path.split(separator: "/").map(String.init) + query.map(\.value) + members.compactMap(\.value.string)
        return Set(texts.compactMap { Self.placeholder($0) })
    }
}

extension RequestTemplate {
    /// Reads a template. `nil`, with the problems noted, where it cannot be used.
    init?(_ reader: ObjectReader, places: Set<String>) {
        defer { reader.finish() }
        enum Method: String, CaseIterable {
            case get = "GET"
            case post = "POST"
            case put = "PUT"
            case delete = "DELETE"
        }
        enum Body: String, CaseIterable { case task, none }
        let method = reader.required("method") { reader.choice($0, of: Method.self) }
        let path = reader.required("path", reader.string)
        query = reader.object("query").map(\.texts) ?? []
        headers = reader.object("headers").map(\.texts) ?? []
        sendsTask = reader.choice("body", of: Body.self) == .task
        members = []
        if let set = reader.object("set") {
            for name in set.names {
                guard let place = JSONPointer(parsing: name), !place.tokens.isEmpty, let value = set.value(name) else {
                    set.fail("document.value", at: name, "\(name) must be a JSON Pointer, such as /dry_run")
                    continue
                }
                members.append((place, value))
            }
        }
        guard let method, let path else { return nil }
        (self.method, self.path) = (method.rawValue, path)
        if !path.hasPrefix("/") || path.contains(where: { "?#% ".contains($0) }) {
            reader.fail("document.value", at: "path", "path must begin with a slash and hold no query, escape or blank")
        }
        for name in placeholders.sorted() where !places.contains(name) {
            let known = places.isEmpty ? "none" : listed(places.sorted().map { "{\($0)}" })
            reader.fail("manifest.placeholder", "{\(name)} is not known here; allowed are \(known)")
        }
    }
}

extension JSONValue {
    /// The document with a value put at a place whose parent exists; `nil` where it does not.
    package func setting(_ value: JSONValue, at place: JSONPointer) -> JSONValue? {
        if self[place] != nil { return try? JSONPatch([.replace(place, value)]).applied(to: self) }
        return try? JSONPatch([.add(place, value)]).applied(to: self)
    }
}
