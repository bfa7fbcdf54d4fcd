extension RouteExplanation {
    /// The documented JSON form: what was chosen, and every other way against it.
    public var json: JSONValue {
        [
            "request": route.request.body,
            "choice": route.choice.map { choice in
                [
                    "provider": .string(choice.provider.id), "model": .string(choice.offering.id),
                    "quote": choice.quote.json,
                ]
            } ?? .null,
            "others": .array(pairs.map(\.json)),
            "catalog": .string(route.catalog),
        ]
    }
}

extension RouteExplanation.Pair {
    fileprivate var json: JSONValue {
        [
            "provider": .string(provider.id), "model": .string(offering.id),
            "decision": .string(decision.rawValue), "reason": .string(reason), "quote": quote?.json ?? .null,
            "rejections": .array(rejections.map(\.json)), "changes": .array(changes.map(\.json)),
        ]
    }
}

extension RouteExplanation.Change {
    fileprivate var json: JSONValue {
        var object = JSONObject([("kind", .string(kind.rawValue)), ("words", .string(words))])
        if let result {
            object["patch"] = result.patch.json
            object["quote"] = result.quote.json
            object["rank"] = .integer(Int64(result.rank))
        }
        return .object(object)
    }
}
