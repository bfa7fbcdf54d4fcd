/// Why one native request gets the verdict and the price that it gets.
public struct RequestExplanation: Sendable {
    public let provider: Provider
    public let offering: Offering
    public let isValid: Bool
    /// What is found in single parameters.
    public let findings: [FindingExplanation]
    /// What each rule of the offering makes of the request: the broken ones first.
    public let rules: [RuleExplanation]
    /// `nil` where the request is invalid.
    public let price: PriceExplanation?
    /// Digest of the catalog.
    public let catalog: String

    /// The documented JSON form.
    public var json: JSONValue {
        [
            "provider": .string(provider.id), "model": .string(offering.id), "valid": .bool(isValid),
            "findings": .array(findings.map(\.json)), "rules": .array(rules.map(\.json)),
            "price": price?.json ?? .null, "catalog": .string(catalog),
        ]
    }
}

extension Snapshot {
    /// Why a request to an offering gets its verdict and its price.
    ///
    /// - Parameter rules: Only these rules are looked at; `nil`: all of the offering, and what is found besides.
    public func explanation(
        of body: JSONValue, to offering: Offering, at provider: Provider, rules chosen: Set<String>? = nil,
        in circumstances: Circumstances
    ) -> RequestExplanation {
        let validator = Validator(provider: provider, offering: offering, snapshot: self)
        let verdict = validator.verdict(on: body, date: circumstances.date)
        let search = FlipSearch(validator, body, verdict, date: circumstances.date)
        let rules = offering.constraints.filter { chosen?.contains($0.id) ?? true }.map(search.explanation)
        let ids = Set(offering.constraints.map(\.id))
        let single = verdict.diagnostics.filter { finding in
            chosen == nil && !(finding.rule.map(ids.contains) ?? false)
        }
        let order: [RuleExplanation.State] = [.broken, .open, .met, .unbound]
        return RequestExplanation(
            provider: provider, offering: offering, isValid: verdict.isValid,
            findings: single.map(search.explanation),
            rules: order.flatMap { state in rules.filter { $0.state == state } },
            price: verdict.isValid
                ? pricer(provider, offering, in: circumstances).explanation(verdict.facts, date: circumstances.date)
                : nil,
            catalog: digest)
    }
}
