/// A statement about a JSON value, as JSON Schema with its constants folded.
enum Statement {
    case always
    case never
    case schema(JSONObject)

    init(_ members: JSONObject) { self = members.isEmpty ? .always : .schema(members) }

    /// As a subschema.
    var json: JSONValue {
        switch self {
        case .always: true
        case .never: false
        case .schema(let members): .object(members)
        }
    }

    static func all(_ parts: [Statement]) -> Statement {
        var kept: [JSONObject] = []
        for part in parts {
            switch part {
            case .always: continue
            case .never: return .never
            case .schema(let members):
                // Keywords that stand alone can share one schema.
                if let last = kept.last, let both = last.joined(members) {
                    kept[kept.count - 1] = both
                } else {
                    kept.append(members)
                }
            }
        }
        return kept.count > 1
            ? Self(JSONObject([("allOf", .array(kept.map(JSONValue.object)))])) : Self(kept.first ?? .init())
    }

    static func any(_ parts: [Statement]) -> Statement {
        var kept: [JSONValue] = []
        for part in parts {
            switch part {
            case .always: return .always
            case .never: continue
            case .schema(let members): if !kept.contains(.object(members)) { kept.append(.object(members)) }
            }
        }
        if kept.isEmpty { return .never }
        if kept.count == 1, let only = kept[0].object { return .schema(only) }
        return .schema(JSONObject([("anyOf", .array(kept))]))
    }

    var negated: Statement {
        switch self {
        case .always: .never
        case .never: .always
        case .schema(let members):
            if members.count == 1, let inner = members["not"]?.object {
                Self(inner)
            } else {
                .schema(JSONObject([("not", .object(members))]))
            }
        }
    }
}

extension JSONObject {
    /// Keywords that mean the same whatever stands beside them.
    private static let independent: Set<String> = [
        "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength",
        "maxLength", "minItems", "maxItems", "pattern", "$ref", "not", "anyOf",
    ]

    /// Both schemas as one; `nil` where a keyword would be lost or change its meaning.
    fileprivate func joined(_ other: JSONObject) -> JSONObject? {
        let names = members.map(\.name) + other.members.map(\.name)
        guard Set(names).count == names.count, names.allSatisfy(Self.independent.contains) else { return nil }
        return JSONObject((members + other.members).map { ($0.name, $0.value) })
    }
}

/// Why a rule cannot be written in JSON Schema.
struct Unsayable: Error {
    let reason: String
}
