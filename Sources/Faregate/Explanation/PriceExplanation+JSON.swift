extension PriceExplanation {
    /// The documented JSON form: the quote, its lines in detail, and the rows that are not in it.
    public var json: JSONValue {
        [
            "date": .string(date.description), "quote": quote.json, "lines": .array(lines.map(\.json)),
            "others": .array(others.map(\.json)),
        ]
    }
}

extension PriceExplanation.Line {
    fileprivate var json: JSONValue {
        var object = item.row.identity
        object["applies"] = .string(item.applies.word)
        object["when"] = condition?.json
        object["facts"] = .array(observations.map(\.json))
        object["quantity"] = item.quantity.map { .string($0.description) } ?? .null
        object["quantity_from"] = .string(quantitySource)
        object["steps"] = .array(
            steps.map { ["step": .string($0.kind.rawValue), "words": .string($0.words)] })
        object["note"] = item.row.note.map(JSONValue.string)
        if isFromLater { object["first_recorded"] = .string(item.row.effectiveFrom.description) }
        return .object(object)
    }
}

extension PriceExplanation.Other {
    fileprivate var json: JSONValue {
        var object = row.identity
        object["reason"] = .string(reason.rawValue)
        object["when"] = condition?.json
        if !observations.isEmpty { object["facts"] = .array(observations.map(\.json)) }
        return .object(object)
    }
}

extension Quote.Application {
    /// `surely`, `alternatively`, `perhaps`.
    fileprivate var word: String {
        switch self {
        case .surely: "surely"
        case .alternatively: "alternatively"
        case .perhaps: "perhaps"
        }
    }
}

extension PriceRow {
    /// Which row of which list it is, and who says so.
    fileprivate var identity: JSONObject {
        var object = JSONObject([
            ("id", .string(id)), ("label", .string(label)), ("kind", .string(kind.rawValue)),
            ("rate", .string(rateWords)), ("effective_from", .string(effectiveFrom.description)),
            ("source", .string(source.description)), ("checked_on", .string(checkedOn.description)),
            ("standing", .string(standing.rawValue)),
        ])
        object["other_reading"] = otherReading.map(JSONValue.string)
        return object
    }
}
