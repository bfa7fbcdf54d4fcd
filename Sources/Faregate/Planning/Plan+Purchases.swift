extension Plan {
    /// The credits that a provider's tasks use up, and the packs to buy for them.
    public struct Purchase: Sendable {
        public let provider: String
        /// What the tasks cost at the worst, in credits.
        public let credits: ExactDecimal
        public let search: CreditPurchase.Search
    }

    /// What to buy where credits are sold in packs: for prices in credits, and for prices in dollars that are paid from
    /// a balance of credits of known worth.
    ///
    /// - Parameters:
    ///   - packs: By provider. One without packs is left out.
    ///   - worth: What a credit is worth, by provider.
    /// - Returns: By provider. One is left out where nobody can tell how many credits its tasks take at the most, or
    ///   they are more than can be reckoned with.
    public func purchases(of packs: [String: [CreditPack]], worth: [String: CreditRate]) -> [Purchase] {
        shares.map(\.provider).compactMap { provider in
            guard let offered = packs[provider], !offered.isEmpty else { return nil }
            var sum: ExactDecimal? = .zero
            for line in lines where line.option.provider == provider {
                let used = line.option.credits(worth[provider])?.billionths
                    .multipliedReportingOverflow(by: Int64(line.count))
                guard let used, !used.overflow else { return nil }
                sum = sum?.adding(ExactDecimal(billionths: used.partialValue))
            }
            return sum.map {
                Purchase(provider: provider, credits: $0, search: CreditPurchase.cheapest($0, of: offered))
            }
        }
    }
}

extension PlanOption {
    /// What one task costs at the worst, in credits; `nil` where that cannot be told.
    fileprivate func credits(_ worth: CreditRate?) -> ExactDecimal? {
        if let total = quote?.total, total.unit == "credits" { return total.maximum }
        return usd?.maximum.flatMap { most in worth.flatMap { most.divided(by: $0.usd, .up) } }
    }
}

extension Plan.Purchase {
    /// Why so many credits cannot be bought; `nil` where they can.
    package var obstacle: (code: String, reason: String)? {
        switch search {
        case .purchase: nil
        case .notEnough(let most, _):
            ("plan.packs_not_enough", "all its packs together give \(most) of the \(credits) credits that this takes")
        case .tooLarge:
            (
                "plan.purchase_too_large",
                "what packs for the \(credits) credits that this takes come to is more than can be reckoned with"
            )
        }
    }

    /// The JSON form: `provider`, `credits`, `purchase` as ``CreditPurchase/json``, and where that is null the `code` and
    /// the `reason`.
    public var json: JSONValue {
        var object = JSONObject([("provider", .string(provider)), ("credits", .string(credits.description))])
        if case .purchase(let purchase) = search {
            object["purchase"] = purchase.json
        } else {
            object["purchase"] = .some(.null)
        }
        object["code"] = obstacle.map { .string($0.code) }
        object["reason"] = obstacle.map { .string($0.reason) }
        return .object(object)
    }
}
