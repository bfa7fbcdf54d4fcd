extension RequestSchema {
    /// What a parameter accepts, with its description.
    func schema(_ spec: ParameterSpec, isRequired: Bool) -> JSONObject {
        var schema = JSONObject()
        if let reason = spec.unsupported {
            schema["description"] = .string(reason)
            schema["not"] = [:]
            return schema
        }
        schema["description"] = spec.about.map(JSONValue.string)
        schema["default"] = spec.defaultValue
        let inner = inside(spec)
        guard spec.isEnforced else {
            // Whatever is not accepted is replaced by the default; what is accepted must be sound inside.
            if case .schema = inner { schema["anyOf"] = [outside(spec).negated.json, inner.json] }
            return schema
        }
        let own = accepted(spec, isRequired: isRequired)
        for case .schema(let members) in [own, inner] {
            for (name, value) in members.members { schema[name] = value }
        }
        return schema
    }

    /// The value itself is accepted, whatever stands inside it.
    func accepted(_ spec: ParameterSpec, isRequired: Bool) -> Statement {
        var schema = JSONObject()
        schema["type"] = spec.type.map { .string($0.rawValue) }
        var bounds = spec.bounds.json
        let isEmptyAbsent =
            !isRequired && spec.bounds.minItems == nil && (spec.type == .array || spec.type == nil)
        if isEmptyAbsent, let allowed = spec.allowed, !allowed.contains([]) {
            bounds["const"] = nil
            bounds["enum"] = .array(allowed + [[]])
        }
        if isRequired, !spec.isHTTPURL {
            if spec.type == .string || spec.type == nil {
                bounds["minLength"] = .integer(Int64(max(1, spec.bounds.minLength ?? 1)))
            }
            if spec.type == .array || spec.type == nil {
                bounds["minItems"] = .integer(Int64(max(1, spec.bounds.minItems ?? 1)))
            }
        }
        for (name, value) in bounds.members { schema[name] = value }
        if spec.isHTTPURL { schema["$ref"] = .string(addressReference) }
        if spec.blank == .reject {
            schema["anyOf"] = [["maxLength": 0], ["pattern": .string(Self.notBlank)]]
        }
        return Statement(schema)
    }

    /// The value is of the type and among the values, so that the provider looks inside it.
    private func outside(_ spec: ParameterSpec) -> Statement {
        var schema = JSONObject()
        schema["type"] = spec.type.map { .string($0.rawValue) }
        schema["enum"] = spec.allowed.map(JSONValue.array)
        return Statement(schema)
    }

    /// The members and the elements are accepted.
    func inside(_ spec: ParameterSpec) -> Statement {
        var schema = JSONObject()
        if spec.type == .object {
            schema["properties"] = .object(
                JSONObject(
                    spec.properties.map {
                        ($0.name, .object(self.schema($0.spec, isRequired: spec.required.contains($0.name))))
                    }))
            let required = spec.required.filter { spec.property($0) != nil }
            if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
            if !spec.allowsOtherMembers { schema["additionalProperties"] = false }
        }
        if spec.type == .array || spec.type == nil, let items = spec.items {
            schema["items"] = .object(self.schema(items, isRequired: true))
        }
        return Statement(schema)
    }

    /// A character that is no white space.
    private static let notBlank =
        #"[^\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"#

    /// An absolute http or https address: ``HTTPAddress`` as patterns.
    static let address: JSONValue = {
        let name = #"[^/?#@:.\[][^/?#@:.]*(\.[^/?#@:.]+)*\.?"#
        let literal = #"\[[^/?#@\]]+\]"#
        let port = "0*(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{0,4})"
        return [
            "description": "An absolute http or https address.",
            "pattern": .string("^[Hh][Tt][Tt][Pp][Ss]?://([^/?#]*@)?(\(literal)|\(name))(:\(port))?([/?#]|$)"),
            "not": ["type": "string", "pattern": .string(#"[\u0000-\u0020\u007f"<>\\^`{|}]"#)],
        ]
    }()
}

extension Bounds {
    /// The bounds in JSON Schema's words.
    var json: JSONObject {
        var schema = JSONObject()
        if let allowed {
            schema[allowed.count == 1 ? "const" : "enum"] = allowed.count == 1 ? allowed[0] : .array(allowed)
        }
        schema["minimum"] = minimum.map(JSONValue.plainNumber)
        schema["maximum"] = maximum.map(JSONValue.plainNumber)
        schema["minLength"] = minLength.map { .integer(Int64($0)) }
        schema["maxLength"] = maxLength.map { .integer(Int64($0)) }
        schema["minItems"] = minItems.map { .integer(Int64($0)) }
        schema["maxItems"] = maxItems.map { .integer(Int64($0)) }
        return schema
    }
}
