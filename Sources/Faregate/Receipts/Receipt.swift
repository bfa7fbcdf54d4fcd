/// What a quote rested on: enough to do exactly that later, or to say what is different.
///
/// It holds the whole native request, prompts and addresses included: it could not be run otherwise.
public struct Receipt: Sendable {
    /// A price or a rule that the quote rested on.
    public struct Ground: Sendable, Hashable {
        public let id: String
        /// Of a rate: what it was. `0.20 USD per video`.
        public let rate: String?
        public let source: String
        public let checkedOn: CalendarDate?
    }

    /// Another way that was considered.
    public struct Alternative: Sendable, Hashable {
        public let provider: String
        public let model: String
        /// What it would have cost, as quotes have it; `nil` where it could not do the request.
        public let price: JSONValue?
        /// Why it could not.
        public let reasons: [String]
    }

    /// A warning that came with the quote.
    public struct Warning: Sendable, Hashable {
        public let code: String
        public let rule: String?
        public let path: String
    }

    /// The form of receipts that this build writes.
    public static let version: Int64 = 1

    public let madeAt: UTCTime
    /// From then on it is not run any more.
    public let expiresAt: UTCTime
    /// Digest of the catalog.
    public let catalog: String
    public let provider: String
    /// The provider's own model id.
    public let model: String
    /// The exact body that the provider would receive.
    public let body: JSONValue
    /// SHA-256 of the body as compact JSON, in hexadecimal.
    public let bodyDigest: String
    /// The portable request that the body was made of, where it was.
    public let request: JSONValue?
    /// What decided between ways; `nil` for a native request.
    public let policy: JSONValue?
    /// The quote as `quote --format json` prints it.
    public let quote: JSONValue
    /// The rules that bound the request.
    public let rules: [Ground]
    /// The rates that the price is made of.
    public let rates: [Ground]
    public let warnings: [Warning]
    public let alternatives: [Alternative]
}

extension Receipt {
    /// The digest of a body: of its compact JSON text, members in the order written.
    static func digest(of body: JSONValue) -> String {
        var hash = SHA256()
        hash.update(Array(body.text().utf8))
        return hash.finalized()
    }
}

extension Receipt.Warning {
    init(_ finding: Diagnostic) {
        (code, rule, path) = (finding.code.rawValue, finding.rule, finding.path.description)
    }
}

extension Snapshot {
    /// A receipt for a native request; `nil` where it is not valid, for what cannot be run is no quote.
    ///
    /// - Parameters:
    ///   - now: When the receipt is made.
    ///   - seconds: How long it can be run.
    public func receipt(
        for body: JSONValue, to offering: Offering, at provider: Provider, made now: UTCTime, validFor seconds: Int64,
        in circumstances: Circumstances
    ) -> Receipt? {
        receipt(body, offering, provider, made: now, validFor: seconds, circumstances, route: nil)
    }

    /// A receipt for the choice of a route; `nil` where there is none.
    public func receipt(
        for route: Route, made now: UTCTime, validFor seconds: Int64, in circumstances: Circumstances
    ) -> Receipt? {
        route.choice.flatMap {
            receipt($0.body, $0.offering, $0.provider, made: now, validFor: seconds, circumstances, route: route)
        }
    }

    private func receipt(
        _ body: JSONValue, _ offering: Offering, _ provider: Provider, made now: UTCTime, validFor seconds: Int64,
        _ circumstances: Circumstances, route: Route?
    ) -> Receipt? {
        let verdict = Validator(provider: provider, offering: offering, snapshot: self)
            .verdict(on: body, date: circumstances.date)
        guard verdict.isValid else { return nil }
        let quote = pricer(provider, offering, in: circumstances).quote(verdict.facts, date: circumstances.date)
        let binding = offering.constraints.filter { ($0.condition?.truth(verdict.facts) ?? .yes) != .no }
        return Receipt(
            madeAt: now, expiresAt: now.adding(seconds: seconds), catalog: digest, provider: provider.id,
            model: offering.id, body: body, bodyDigest: Receipt.digest(of: body), request: route?.request.body,
            policy: route?.policy.json, quote: quote.json,
            rules: binding.map {
                Receipt.Ground(
                    id: $0.id, rate: nil, source: $0.source.description, checkedOn: provider.checkedOn($0.source))
            },
            rates: quote.items.map(\.ground),
            warnings: verdict.diagnostics.filter { $0.severity == .warning }.map(Receipt.Warning.init),
            alternatives: route?.alternatives ?? [])
    }
}

extension Quote.Item {
    fileprivate var ground: Receipt.Ground {
        Receipt.Ground(id: row.id, rate: row.rateWords, source: row.source.description, checkedOn: row.checkedOn)
    }
}

extension Route {
    /// Every way but the chosen one.
    fileprivate var alternatives: [Receipt.Alternative] {
        candidates.dropFirst().map { other in
            Receipt.Alternative(
                provider: other.provider.id, model: other.offering.id, price: other.quote.priceOnly, reasons: [])
        }
            + rejections.map { other in
                Receipt.Alternative(
                    provider: other.provider.id, model: other.offering.id, price: nil,
                    reasons: other.diagnostics.filter { $0.severity == .error }.map(\.message))
            }
    }
}

extension Quote {
    /// Status, total, dollars and reason of the JSON form.
    fileprivate var priceOnly: JSONValue {
        .object(JSONObject(["status", "total", "usd", "reason"].map { ($0, json[$0] ?? .null) }))
    }
}
