/// Every way to do a portable request: what can, what cannot and why, and which is chosen.
public struct Route: Sendable {
    /// One offering that can do the request.
    public struct Candidate: Sendable {
        public let provider: Provider
        public let offering: Offering
        /// The native request.
        public let body: JSONValue
        /// Warnings and notes; never an error.
        public let diagnostics: [Diagnostic]
        public let quote: Quote
        /// What is made where the request left it open, by portable parameter.
        public let defaults: [(parameter: String, value: JSONValue)]
        /// How its price compares.
        public let comparability: Comparability
    }

    /// How well a price can be held against others. In the order of ranking.
    public enum Comparability: Int, Sendable, Comparable {
        /// In dollars, with an upper bound.
        case comparable
        /// In dollars, with a lower bound only.
        case lowerBound
        /// In credits (or another currency) whose worth in dollars is not known.
        case otherUnit
        /// No price is known.
        case unknown

        public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    /// One offering of the model that cannot do the request.
    public struct Rejection: Sendable {
        public let provider: Provider
        public let offering: Offering
        /// The native request as far as it goes.
        public let body: JSONValue
        /// Why not: at least one error.
        public let diagnostics: [Diagnostic]
    }

    public let request: PortableRequest
    public let policy: Policy
    /// Best first.
    public let candidates: [Candidate]
    public let rejections: [Rejection]
    /// Digest of the catalog.
    public let catalog: String

    public var choice: Candidate? { candidates.first }
}

extension Route.Candidate {
    /// Why the price stands where it does in the ranking, where that needs saying.
    public var rankingNote: String? {
        switch comparability {
        case .comparable: nil
        case .lowerBound: "only a lower bound of the price is known: ranked after exact prices"
        case .otherUnit:
            "nobody says what \(provider.name)'s \(quote.total?.unit ?? "credits") are worth in dollars: ranked after "
                + "comparable prices"
        case .unknown: "the price is not known (\(quote.reason ?? "price.not_documented")): ranked last, never as free"
        }
    }
}

extension Route {
    /// The JSON form: `request`, `policy`, `candidates`, `rejected`, `choice`, `catalog`.
    public var json: JSONValue {
        [
            "request": request.body,
            "policy": policy.json,
            "candidates": .array(candidates.map(\.json)),
            "rejected": .array(rejections.map(\.json)),
            "choice": choice.map { ["provider": .string($0.provider.id), "model": .string($0.offering.id)] } ?? .null,
            "catalog": .string(catalog),
        ]
    }
}

extension Route.Candidate {
    fileprivate var json: JSONValue {
        var object = JSONObject([
            ("provider", .string(provider.id)),
            ("model", .string(offering.id)),
            ("body", body),
            ("diagnostics", .array(diagnostics.map(\.json))),
            ("quote", quote.json),
            ("defaults", .object(JSONObject(defaults.map { ($0.parameter, $0.value) }))),
        ])
        object["note"] = rankingNote.map(JSONValue.string)
        return .object(object)
    }
}

extension Route.Rejection {
    fileprivate var json: JSONValue {
        [
            "provider": .string(provider.id),
            "model": .string(offering.id),
            "body": body,
            "diagnostics": .array(diagnostics.map(\.json)),
        ]
    }
}
