extension Quote {
    /// How well the price can be held against others.
    package var comparability: Route.Comparability {
        guard let usd else { return total == nil ? .unknown : .otherUnit }
        return usd.total.maximum == nil ? .lowerBound : .comparable
    }

    /// What is ranked: dollars where they are known.
    var rankedTotal: Total? { usd?.total ?? total }

    /// The amount by which it is ranked: the most that it may come to, where there is such; `nil` without a price.
    var rankedAmount: ExactDecimal? { rankedTotal.map { $0.maximum ?? $0.minimum } }

    /// How well the price compares, and its amount.
    var rank: (Int, Int64) { (comparability.rawValue, rankedAmount?.billionths ?? 0) }

    /// Whether this price goes before another: how well it compares, then what it may come to at most.
    func isCheaper(than other: Quote) -> Bool { rank < other.rank }
}

extension Policy {
    /// The place of a provider among the preferred ones; behind them all for any other.
    func preference(of provider: Provider) -> Int { preferred.firstIndex(of: provider.id) ?? preferred.count }

    /// The place of a way among others: by preference, then how well prices compare, then price, then name.
    func rank(_ provider: Provider, _ quote: Quote, named name: String) -> (Int, Int, Int64, String) {
        let rank = quote.rank
        return (preference(of: provider), rank.0, rank.1, name)
    }
}
