/// Something about an offering's rules and rates that cannot be meant.
public struct CoverageFinding: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// No request at all is valid; nothing else is looked for then.
        case nothingValid = "coverage.nothing_valid"
        case ruleNeverFires = "coverage.rule_never_fires"
        /// A parameter, or one of its values, that no valid request can have.
        case valueUnusable = "coverage.value_unusable"
        /// A parameter that every valid request has, though it is not called required.
        case falselyOptional = "coverage.falsely_optional"
        case unpriced = "coverage.unpriced"
        case rateUnreachable = "coverage.rate_unreachable"
        case conflictingRates = "coverage.conflicting_rates"
        case rulesFireTogether = "coverage.rules_fire_together"
        case acknowledgementUnused = "coverage.acknowledgement_unused"
    }

    public let kind: Kind
    /// The rule, the parameter (`mode=pro` for a value), the rate, or two of them joined by ` + `.
    public let subject: String
    /// What is wrong, in one sentence.
    public let message: String
    /// A request that shows it: what is unpriced, what is rejected, what two rules say of. `nil` where none can.
    public let witness: JSONValue?
    /// The rules that reject the witness.
    public let rejectedBy: [String]
    /// Why it is as it should be, where the offering says so.
    public internal(set) var acknowledged: String?

    public var json: JSONValue {
        var object = JSONObject([
            ("finding", .string(kind.rawValue)), ("subject", .string(subject)), ("message", .string(message)),
        ])
        object["witness"] = witness
        if !rejectedBy.isEmpty { object["rejected_by"] = .array(rejectedBy.map(JSONValue.string)) }
        object["acknowledged"] = acknowledged.map(JSONValue.string)
        return .object(object)
    }
}

/// What was proved about one offering.
public struct CoverageReport: Sendable {
    public let provider: String
    public let offering: String
    public let findings: [CoverageFinding]
    /// The requests that the facets span, as far as 64 bits reach.
    public let points: Int
    /// How many questions were asked, and how many of them were too large to settle.
    public let questions: Int
    public let unsettled: Int

    /// Whether every question was settled by looking at everything that bears on it.
    public var isExact: Bool { unsettled == 0 }

    public var json: JSONValue {
        [
            "provider": .string(provider), "model": .string(offering), "exact": .bool(isExact),
            "points": .integer(Int64(points)), "questions": .integer(Int64(questions)),
            "unsettled": .integer(Int64(unsettled)), "findings": .array(findings.map(\.json)),
        ]
    }
}
