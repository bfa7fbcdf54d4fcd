/// What makes one way better than another.
public struct Policy: Sendable {
    /// Providers that go first, in this order; the others follow by price.
    public var preferred: [String]
    /// The only providers that may be used; `nil`: all.
    public var only: Set<String>?
    /// Providers that may not be used, each with the reason.
    public var excluded: [String: String] = [:]
    /// The only models that may be used, whether a request names one or says what is wanted; `nil`: all.
    public var onlyModels: Set<String>?
    /// Models that may not be used, by id; a request that names one is refused everywhere.
    public var excludedModels: Set<String> = []
    /// The most a request may cost, in US dollars. What may cost more, or nobody can tell, is refused.
    public var maximumUSD: ExactDecimal?
    /// What may be dropped where an offering cannot express it.
    public var leave: DropLeave

    public init(
        preferred: [String] = [], only: Set<String>? = nil, maximumUSD: ExactDecimal? = nil, leave: DropLeave = .none
    ) {
        (self.preferred, self.only, self.maximumUSD, self.leave) = (preferred, only, maximumUSD, leave)
    }

    /// The JSON form: `rank`, and of `preferred`, `only`, `excluded` (reasons by provider), `only_models`,
    /// `excluded_models`, `maximum_usd` and `may_drop` what is stated.
    var json: JSONValue {
        var object = JSONObject([("rank", preferred.isEmpty ? "cheapest" : "preferred")])
        if !preferred.isEmpty { object["preferred"] = .array(preferred.map(JSONValue.string)) }
        if let only { object["only"] = .array(only.sorted().map(JSONValue.string)) }
        if !excluded.isEmpty {
            let reasons = excluded.sorted { $0.key < $1.key }
            object["excluded"] = .object(JSONObject(reasons.map { ($0.key, .string($0.value)) }))
        }
        if let onlyModels { object["only_models"] = .array(onlyModels.sorted().map(JSONValue.string)) }
        if !excludedModels.isEmpty {
            object["excluded_models"] = .array(excludedModels.sorted().map(JSONValue.string))
        }
        if let maximumUSD { object["maximum_usd"] = .string(maximumUSD.text(decimalsMin: 2)) }
        switch leave {
        case .none: break
        case .all: object["may_drop"] = "all"
        case .some(let names): object["may_drop"] = .array(names.sorted().map(JSONValue.string))
        }
        return .object(object)
    }
}
