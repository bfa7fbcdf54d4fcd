extension Plan {
    /// The JSON form: `job`, `met`, `tasks`, `totals`, `providers`, `left_out`, and where it cannot be done in time
    /// `shortfall`.
    public var json: JSONValue {
        var object = JSONObject([
            ("job", job.json), ("met", .bool(isMet)), ("tasks", .array(lines.map(\.json))),
            (
                "totals",
                [
                    "tasks": .integer(Int64(taskCount)), "amount": .integer(Int64(amount)),
                    "usd": usd.map(\.spanJSON) ?? .null, "makespan_seconds": makespan.map(\.json) ?? .null,
                ]
            ), ("providers", .array(shares.map(\.json))), ("left_out", .array(leftOut.map(\.json))),
        ])
        object["shortfall"] = shortfall.map { shortfall in
            [
                "amount_in_time": .integer(Int64(shortfall.amountInTime)),
                "earliest_seconds": shortfall.earliestSeconds.map { .integer(Int64($0)) } ?? .null,
                "one_by_one": .array(shortfall.oneByOne.map(JSONValue.string)),
            ]
        }
        return .object(object)
    }
}

extension Job {
    fileprivate var json: JSONValue {
        [
            "measure": .string(measure.rawValue), "amount": .integer(Int64(amount)),
            "deadline_seconds": deadlineSeconds.map { .integer(Int64($0)) } ?? .null,
            "maximum_usd": maximumUSD.map { .string($0.text(decimalsMin: 2)) } ?? .null,
        ]
    }
}

extension Plan.Line {
    fileprivate var json: JSONValue {
        [
            "provider": .string(option.provider), "model": .string(option.offering), "of": .string(option.model),
            "body": option.body, "count": .integer(Int64(count)), "each": .integer(Int64(option.yield)),
            "amount": .integer(Int64(amount)), "usd": usd.map(\.spanJSON) ?? .null,
            "typical_seconds": option.typicalSeconds.map(\.json) ?? .null, "quote": option.quote?.json ?? .null,
            "notes": .array(option.notes.map(JSONValue.string)),
        ]
    }
}

extension Plan.Share {
    fileprivate var json: JSONValue {
        [
            "provider": .string(provider), "tasks": .integer(Int64(taskCount)),
            "makespan_seconds": makespan.map(\.json) ?? .null, "one_by_one": .bool(isOneByOne),
        ]
    }
}

extension LeftOut {
    /// The JSON form: `provider`, `model` as the provider calls it, `code`, `reason`.
    public var json: JSONValue {
        [
            "provider": .string(provider), "model": .string(offering), "code": .string(code),
            "reason": .string(reason),
        ]
    }
}

extension ClosedRange<Int> {
    fileprivate var json: JSONValue { ["min": .integer(Int64(lowerBound)), "max": .integer(Int64(upperBound))] }
}
