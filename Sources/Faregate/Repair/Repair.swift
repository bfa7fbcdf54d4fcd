/// A way to make a request valid, or to rid a valid one of a warning: re-validated before it is offered, and minimal.
public struct Repair: Sendable {
    public let patch: JSONPatch
    /// What each edit does, in words: `set duration to 8`.
    public let steps: [String]
    /// The repaired request.
    public let body: JSONValue
    /// What the repaired request costs.
    public let quote: Quote
    /// What the repaired request costs more (or, below zero, less) than the request as written; `nil` where one of the
    /// two has no exact price, or what is wrong bears on the price.
    public let difference: Quote.Total?
    /// The warning that it answers; `nil` where it makes an invalid request valid.
    public let finding: Diagnostic?

    /// The most that are offered for one request.
    public static let offeredMax = 5
}

/// Something that only the user can say: repairs never invent words, addresses or ids of earlier tasks.
public struct Need: Sendable {
    /// The places where it could be said: one is enough.
    public let paths: [JSONPointer]
    /// What is asked for: `prompt: a text of 1 to 4000 characters`.
    public let message: String
}

extension Repair {
    /// The documented JSON form.
    public var json: JSONValue {
        var object = JSONObject([
            ("patch", patch.json),
            ("steps", .array(steps.map(JSONValue.string))),
            ("quote", quote.json),
        ])
        object["difference"] = difference.map { difference in
            ["amount": .string(difference.text(difference.minimum)), "unit": .string(difference.unit)]
        }
        object["finding"] = finding.map { finding in
            ["code": .string(finding.code.rawValue), "path": .string(finding.path.description)]
        }
        return .object(object)
    }
}

extension Need {
    /// The documented JSON form.
    public var json: JSONValue {
        ["paths": .array(paths.map { .string($0.description) }), "message": .string(message)]
    }
}
