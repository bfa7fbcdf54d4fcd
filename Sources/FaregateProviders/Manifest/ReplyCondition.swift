package import Faregate

/// When a rule applies to a reply: a closed vocabulary, in the words of the catalog's conditions.
package indirect enum ReplyCondition: Sendable {
    /// The HTTP status is one of these.
    case status([StatusSet])
    /// The media type, without parameters, is this one.
    case contentType(String)
    /// There is a value at the place, and it is not null (`false`: there is none, or null).
    case present(JSONPointer, Bool)
    case oneOf(JSONPointer, [JSONValue])
    /// The value has a JSON type; a text must not be empty, and an array neither.
    case type(JSONPointer, ValueType)
    case all([ReplyCondition])
    case any([ReplyCondition])
    case not(ReplyCondition)

    /// One status (`429`) or a hundred of them (`2xx`).
    package enum StatusSet: Sendable, Hashable {
        case exactly(Int)
        case hundred(Int)

        func contains(_ status: Int) -> Bool {
            switch self {
            case .exactly(let value): status == value
            case .hundred(let digit): status / 100 == digit
            }
        }
    }

    package enum ValueType: String, Sendable, CaseIterable { case string, number, boolean, object, array }

    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - document: The body, with embedded JSON decoded; `nil` where it is not JSON.
    package func matches(status: Int, contentType: String?, document: JSONValue?) -> Bool {
        switch self {
        case .status(let sets): sets.contains { $0.contains(status) }
        case .contentType(let type): contentType == type
        case .present(let place, let wanted): (document?[place].map { $0 != .null } ?? false) == wanted
        case .oneOf(let place, let values): document?[place].map(values.contains) ?? false
        case .type(let place, let type): document?[place].map(type.includes) ?? false
        case .all(let conditions):
            conditions.allSatisfy { $0.matches(status: status, contentType: contentType, document: document) }
        case .any(let conditions):
            conditions.contains { $0.matches(status: status, contentType: contentType, document: document) }
        case .not(let condition): !condition.matches(status: status, contentType: contentType, document: document)
        }
    }
}

extension ReplyCondition.ValueType {
    fileprivate func includes(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.string, .string(let text)): !text.isEmpty
        case (.array, .array(let elements)): !elements.isEmpty
        case (.number, .integer), (.number, .real), (.boolean, .bool), (.object, .object): true
        default: false
        }
    }
}

extension ReplyCondition {
    /// Reads a condition. Whatever cannot be read is noted, and a condition that is never true stands in for it.
    init(_ reader: ObjectReader) {
        defer { reader.finish() }
        let forms = ["http_status", "content_type", "at", "all", "any", "not"].filter(reader.has)
        guard forms.count == 1 else {
            reader.fail(
                "manifest.condition",
                "a condition has exactly one of http_status, content_type, at, all, any, not; this has "
                    + (forms.isEmpty ? "none" : listed(forms, "and")))
            self = .any([])
            return
        }
        switch forms[0] {
        case "http_status": self = .status(Self.statuses(reader))
        case "content_type": self = .contentType(reader.string("content_type")?.lowercased() ?? "")
        case "all": self = .all(Self.several(reader, "all"))
        case "any": self = .any(Self.several(reader, "any"))
        case "not": self = .not(reader.object("not").map(ReplyCondition.init) ?? .all([]))
        default: self = Self.comparison(reader)
        }
    }

    /// At least one condition: an empty `all` would be true of every reply.
    private static func several(_ reader: ObjectReader, _ name: String) -> [ReplyCondition] {
        let conditions = reader.objects(name)?.map(ReplyCondition.init) ?? []
        if conditions.isEmpty { reader.fail("document.value", at: name, "\(name) must hold at least one condition") }
        return conditions.isEmpty ? [.any([])] : conditions
    }

    private static func comparison(_ reader: ObjectReader) -> ReplyCondition {
        let place = reader.pointer("at") ?? JSONPointer()
        let forms = ["present", "equals", "one_of", "type"].filter(reader.has)
        guard forms.count == 1 else {
            reader.fail("manifest.condition", "beside at stands exactly one of present, equals, one_of, type")
            for name in forms { _ = reader.value(name) }
            return .any([])
        }
        switch forms[0] {
        case "present": return .present(place, reader.bool("present") ?? true)
        case "equals": return .oneOf(place, reader.value("equals").map { [$0] } ?? [])
        case "one_of":
            guard let values = reader.value("one_of")?.array, !values.isEmpty else {
                reader.fail("document.type", at: "one_of", "one_of must be an array of at least one value")
                return .any([])
            }
            return .oneOf(place, values)
        default: return reader.choice("type", of: ValueType.self).map { .type(place, $0) } ?? .any([])
        }
    }

    private static func statuses(_ reader: ObjectReader) -> [StatusSet] {
        let values = reader.value("http_status")?.array ?? []
        let sets: [StatusSet] = values.compactMap { value in
            if let status = value.integerValue, (100...599).contains(status) { return .exactly(Int(status)) }
            guard let text = value.string, text.count == 3, text.hasSuffix("xx"),
                let digit = text.first?.wholeNumberValue
            else { return nil }
            return (1...5).contains(digit) ? .hundred(digit) : nil
        }
        if sets.isEmpty || sets.count != values.count {
            reader.fail(
                "document.value", at: "http_status", "http_status is a list of statuses: 404, or \"4xx\" for a hundred")
        }
        return sets
    }
}
