import Faregate

extension Quote {
    /// The price as it compares: dollars where they are known.
    var shownPrice: String {
        guard let total else { return "unknown" }
        guard let usd, usd.credit != nil else { return total.shown }
        return "\(usd.total.shown) (\(total.shown))"
    }

    /// Why the first of several ways is first.
    ///
    /// - Parameters:
    ///   - provider: Who quotes it.
    ///   - count: How many ways there are.
    func whyFirst(at provider: Provider, of count: Int, by policy: Policy) -> String {
        if count == 1 { return "the only way" }
        if policy.preferred.contains(provider.id) { return "preferred" }
        return switch comparability {
        case .comparable: "the cheapest known price"
        case .lowerBound: "no provider has an exact price; this one begins lowest"
        case .otherUnit: "no price is known in dollars; this one is stated in credits"
        case .unknown: "no provider's price is known"
        }
    }
}
