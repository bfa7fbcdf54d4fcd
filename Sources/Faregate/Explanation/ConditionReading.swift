/// A condition as it was read for one request: what holds, and what does not.
public struct ConditionReading: Sendable {
    /// How the parts make up the whole.
    public enum Join: String, Sendable {
        case all, any, not
    }

    /// The condition in words: `duration is 8`.
    public let words: String
    public let truth: Truth
    /// `nil` for a condition without parts.
    public let join: Join?
    public let parts: [ConditionReading]

    /// The documented JSON form.
    public var json: JSONValue {
        var object = JSONObject([("condition", .string(words)), ("holds", .string(truth.word))])
        if let join {
            object["join"] = .string(join.rawValue)
            object["parts"] = .array(parts.map(\.json))
        }
        return .object(object)
    }
}

extension Truth {
    /// `yes`, `no`, `open`.
    public var word: String {
        switch self {
        case .yes: "yes"
        case .no: "no"
        case .open: "open"
        }
    }
}

extension Condition {
    /// The condition and its parts, each with what is known about it.
    func reading(_ facts: Facts) -> ConditionReading {
        let (join, parts): (ConditionReading.Join?, [Condition]) =
            switch self {
            case .all(let parts): (.all, parts)
            case .any(let parts): (.any, parts)
            case .not(let part): (.not, [part])
            case .present, .oneOf, .compare, .count: (nil, [])
            }
        return ConditionReading(
            words: words, truth: truth(facts), join: join, parts: parts.map { $0.reading(facts) })
    }
}
