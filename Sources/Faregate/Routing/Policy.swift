/// What makes one way better than another.
public struct Policy: Sendable {
    /// Providers that go first, in this order; the others follow by price.
    public var preferred: [String]
    /// The only providers that may be used; `nil`: all.
    public var only: Set<String>?
    /// Providers that may not be used, each with the reason.
    public var excluded: [String: String] = [:]
    /// The only models that may be used, where none is named; `nil`: all.
    public var onlyModels: Set<String>?
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

    var json: JSONValue {
        var object = JSONObject([("rank", preferred.isEmpty ? "cheapest" : "preferred")])
        if !preferred.isEmpty { object["preferred"] = .array(preferred.map(JSONValue.string)) }
        if let only { object["only"] = .array(only.sorted().map(JSONValue.string)) }
        if let maximumUSD { object["maximum_usd"] = .string(maximumUSD.text(decimalsMin: 2)) }
        switch leave {
        case .none: break
        case .all: object["may_drop"] = "all"
        case .some(let names): object["may_drop"] = .array(names.sorted().map(JSONValue.string))
        }
        return .object(object)
    }
}
