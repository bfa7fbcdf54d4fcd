/// A request just inside or just outside a bound or a rule, with what must be said of it.
public struct BoundaryCase: Sendable {
    /// What must be said. It follows from the bound or the rule that the request was made for.
    public struct Expectation: Sendable, Hashable {
        public let isValid: Bool
        /// The finding that must be among those on the request; `nil`: none is asked for.
        public var severity: Diagnostic.Severity?
        public var code: String?
        public var path: JSONPointer?
        public var rule: String?
        /// A rule that must have nothing to say.
        public var silentRule: String?

        public var json: JSONValue {
            var object = JSONObject([("valid", .bool(isValid))])
            object["severity"] = severity.map { .string($0.rawValue) }
            object["code"] = code.map(JSONValue.string)
            object["path"] = path.map { .string($0.description) }
            object["rule"] = rule.map(JSONValue.string)
            object["silent_rule"] = silentRule.map(JSONValue.string)
            return .object(object)
        }
    }

    /// `duration:maximum:outside`, `rule:end-needs-start:outside`; unique in its offering.
    public let id: String
    public let provider: String
    public let model: String
    public let body: JSONValue
    public let expectation: Expectation

    /// A line of a batch, with what must be said of it.
    public var json: JSONValue {
        [
            "id": .string(id), "provider": .string(provider), "model": .string(model), "body": body,
            "expect": expectation.json,
        ]
    }

    /// Whether a verdict says what must be said.
    public func agrees(with verdict: Verdict) -> Bool {
        let wanted = expectation
        if verdict.isValid != wanted.isValid { return false }
        if let silent = wanted.silentRule, verdict.diagnostics.contains(where: { $0.rule == silent }) { return false }
        guard wanted.code != nil else { return true }
        return verdict.diagnostics.contains {
            $0.severity == wanted.severity && $0.code.rawValue == wanted.code && $0.path == wanted.path
                && $0.rule == wanted.rule
        }
    }
}
