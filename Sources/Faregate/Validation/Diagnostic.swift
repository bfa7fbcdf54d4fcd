/// One finding about a request. Match on `code`; prose may change between releases.
public struct Diagnostic: Sendable, Hashable {
    public enum Severity: String, Sendable, CaseIterable {
        /// The provider would refuse the request, or not do what it says.
        case error
        /// Accepted, but something else than meant may be made or billed.
        case warning
        /// Worth knowing: what cannot be judged offline.
        case info
    }

    /// An open set of stable codes.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    public let severity: Severity
    public let code: Code
    /// The constraint that found it, where one did.
    public var rule: String?
    /// The place in the request; a missing member is named by the place it should have.
    public let path: JSONPointer
    /// Other places that take part.
    public var related: [JSONPointer]
    /// What was given, what is allowed and why, without the full stop.
    public var statement: String
    /// What another page says instead.
    public var otherReading: String?
    /// The values that would be accepted, where they can be listed.
    public var allowed: [JSONValue]?
    /// The known name that was most likely meant.
    public var suggestion: String?
    public let source: Source?
    /// Where the text stops being JSON.
    public var position: JSONPosition?
    /// Which request ``path`` leads into, where a route tells of both.
    public var pathIn: RequestForm?

    /// The two forms of a request that is routed.
    public enum RequestForm: String, Sendable, CaseIterable {
        /// As the user stated it.
        case portable
        /// In the provider's own words.
        case native
    }

    public init(
        _ severity: Severity, _ code: Code, rule: String? = nil, at path: JSONPointer, related: [JSONPointer] = [],
        _ statement: String, allowed: [JSONValue]? = nil, suggestion: String? = nil, otherReading: String? = nil,
        source: Source?
    ) {
        (self.severity, self.code, self.rule, self.path) = (severity, code, rule, path)
        (self.related, self.statement, self.allowed) = (related.filter { $0 != path }, statement, allowed)
        (self.suggestion, self.otherReading, self.source) = (suggestion, otherReading, source)
    }

    /// The finding in sentences, for people.
    public var message: String {
        statement.endingSentence + (otherReading.map { " Another reading: \($0.endingSentence)" } ?? "")
    }

    /// The fixed order of findings: by place, then code, then rule.
    static func precedes(_ a: Diagnostic, _ b: Diagnostic) -> Bool {
        let (left, right) = (a.path.description, b.path.description)
        if left != right { return left < right }
        if a.code != b.code { return a.code.rawValue < b.code.rawValue }
        return (a.rule ?? "") < (b.rule ?? "")
    }
}

extension Diagnostic.Code {
    public static let typeMismatch = Self(rawValue: "value.type")
    public static let notAllowed = Self(rawValue: "value.enum")
    public static let outOfRange = Self(rawValue: "value.range")
    public static let length = Self(rawValue: "value.length")
    public static let count = Self(rawValue: "value.count")
    public static let format = Self(rawValue: "value.format")
    /// Text of nothing but blanks.
    public static let blank = Self(rawValue: "value.blank")
    /// An address of a kind of file that the provider does not list.
    public static let fileExtension = Self(rawValue: "value.extension")
    /// A value that the provider quietly replaces by the default.
    public static let replaced = Self(rawValue: "value.replaced")
    /// A known member that this offering rejects.
    public static let unsupported = Self(rawValue: "value.unsupported")
    /// A member without effect.
    public static let ignored = Self(rawValue: "value.ignored")
    /// Something that cannot be judged offline.
    public static let unchecked = Self(rawValue: "value.unchecked")
    public static let missing = Self(rawValue: "parameter.missing")
    public static let unknownParameter = Self(rawValue: "parameter.unknown")
    public static let undocumented = Self(rawValue: "parameter.undocumented")
    public static let unknownProvider = Self(rawValue: "provider.unknown")
    public static let unknownModel = Self(rawValue: "model.unknown")
    /// The body names another model than the one asked for.
    public static let modelMismatch = Self(rawValue: "model.mismatch")
    public static let modelDeprecated = Self(rawValue: "model.deprecated")
    public static let modelRetired = Self(rawValue: "model.retired")
    /// The rules of a catalog that take part in routing; other kinds of rule have codes of the same form.
    static let constraintRequire = Self(rawValue: "constraint.require")
    static let constraintIgnored = Self(rawValue: "constraint.ignored")
    /// More findings than are reported.
    public static let truncated = Self(rawValue: "diagnostics.truncated")
}

extension Diagnostic {
    /// The documented JSON form. Members without a value are left out.
    public var json: JSONValue {
        var object = JSONObject([
            ("severity", .string(severity.rawValue)),
            ("code", .string(code.rawValue)),
        ])
        object["rule"] = rule.map(JSONValue.string)
        object["path"] = .string(path.description)
        object["path_in"] = pathIn.map { .string($0.rawValue) }
        if !related.isEmpty { object["related"] = .array(related.map { .string($0.description) }) }
        object["message"] = .string(message)
        object["allowed"] = allowed.map(JSONValue.array)
        object["suggestion"] = suggestion.map(JSONValue.string)
        object["source"] = source.map { .string($0.description) }
        object["line"] = position.map { .integer(Int64($0.line)) }
        object["column"] = position.map { .integer(Int64($0.column)) }
        return .object(object)
    }
}

extension Diagnostic {
    /// The finding on a text that is not acceptable JSON.
    ///
    /// - Parameter line: The line of a batch that the text is; `nil` for a document of its own.
    public init(_ error: JSONError, line: Int? = nil) {
        let place = error.position.map { "line \(line ?? $0.line), column \($0.column): " } ?? ""
        self.init(
            .error, Code(rawValue: error.code.rawValue), at: JSONPointer(), place + error.message,
            source: error.code.isLimit
                ? Source(page: "faregate limits", place: nil)
                : Source(page: "https://www.rfc-editor.org/rfc/rfc8259", place: nil))
        position = error.position.map { JSONPosition(line: line ?? $0.line, column: $0.column) }
    }
}
