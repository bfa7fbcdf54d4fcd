/// A case that was looked for beside a bound or a rule, and not found.
public struct LeftOutCase: Sendable {
    /// Why there is no such request, as far as was looked.
    public enum Reason: String, Sendable, CaseIterable {
        /// What the case needs leaves the other rules no request that they let through, or none was found.
        case noneFound = "none_found"
        /// Nothing was found that makes the rule's condition true.
        case neverBinds = "never_binds"
        /// Nothing was found that makes the rule's condition false.
        case alwaysBinds = "always_binds"
        /// Whatever the parameters are, the rule is met (`outside`) or broken (`inside`), or nothing was found that
        /// breaks or meets it.
        case noVariant = "no_variant"

        /// In words.
        public var sentence: String {
            switch self {
            case .noneFound: "no request was found that has it and that the other rules let through"
            case .neverBinds: "nothing was found that makes the rule bind"
            case .alwaysBinds: "nothing was found that makes the rule not bind"
            case .noVariant: "no values were found that break or meet the rule so"
            }
        }
    }

    /// As the case would have been called.
    public let id: String
    public let provider: String
    public let model: String
    public let reason: Reason
    /// How many requests of this kind were looked for in vain.
    public internal(set) var count = 1

    /// The JSON form: `id`, `provider`, `model`, `left_out` (the reason's code), `count`, `message`.
    public var json: JSONValue {
        [
            "id": .string(id), "provider": .string(provider), "model": .string(model),
            "left_out": .string(reason.rawValue), "count": .integer(Int64(count)), "message": .string(reason.sentence),
        ]
    }
}
