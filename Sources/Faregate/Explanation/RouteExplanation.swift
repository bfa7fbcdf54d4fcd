/// Why a route takes one way and not another.
public struct RouteExplanation: Sendable {
    /// What settles a pair.
    public enum Decision: String, Sendable, CaseIterable {
        /// The other way cannot do the request.
        case rejection
        /// The policy prefers the chosen provider.
        case preference
        /// The other price cannot be held against the chosen one as well.
        case comparability
        /// The other price is higher.
        case price
        /// The prices are the same; the names are in this order.
        case name
    }

    /// The chosen way and another one.
    public struct Pair: Sendable {
        public let provider: Provider
        public let offering: Offering
        public let decision: Decision
        /// The decision in one sentence.
        public let reason: String
        /// What the other way costs; `nil` where it cannot do the request.
        public let quote: Quote?
        /// Why it cannot do the request.
        public let rejections: [Diagnostic]
        /// What would have to be otherwise, each by itself.
        public let changes: [Change]
    }

    /// Something that would have to be otherwise for a way to be possible, or to be chosen.
    public struct Change: Sendable {
        /// What it is that would have to be otherwise.
        public enum Kind: String, Sendable, CaseIterable {
            /// The other price.
            case price
            /// What a credit is worth.
            case creditRate = "credit_rate"
            /// The caller's policy.
            case policy
            /// The request.
            case request
            /// Something that only the user can state.
            case input
        }

        public let kind: Kind
        /// `drop seed`.
        public let words: String
        /// Of a changed request: what would come of it.
        public let result: Result?
    }

    /// A changed request, routed again.
    public struct Result: Sendable {
        public let patch: JSONPatch
        /// What the other way would cost then.
        public let quote: Quote
        /// Its place among the ways, from 1.
        public let rank: Int
    }

    public let route: Route
    /// Every way but the chosen one, in the order of the route.
    public let pairs: [Pair]
}

extension Snapshot {
    /// Why a route goes where it goes.
    ///
    /// - Parameter isAsked: Which of the other ways are explained; each costs some hundred routings.
    public func explanation(
        of route: Route, in circumstances: Circumstances,
        of isAsked: (Provider, Offering) -> Bool = { _, _ in true }
    ) -> RouteExplanation {
        let search = RouteFlipSearch(snapshot: self, route: route, circumstances: circumstances)
        let behind = route.candidates.dropFirst().filter { isAsked($0.provider, $0.offering) }
        let rejected = route.rejections.filter { isAsked($0.provider, $0.offering) }
        return RouteExplanation(
            route: route,
            pairs: behind.map { pair($0, search) } + rejected.map { pair($0, search) })
    }

    private func pair(_ other: Route.Candidate, _ search: RouteFlipSearch) -> RouteExplanation.Pair {
        let route = search.route
        guard let choice = route.choice else { preconditionFailure("a candidate stands behind a choice") }
        let comparison = PriceComparison(choice: choice, other: other, policy: route.policy)
        return RouteExplanation.Pair(
            provider: other.provider, offering: other.offering, decision: comparison.decision,
            reason: comparison.reason, quote: other.quote, rejections: [],
            changes: comparison.changes + search.changes(makingFirst: other))
    }

    private func pair(_ other: Route.Rejection, _ search: RouteFlipSearch) -> RouteExplanation.Pair {
        let errors = other.diagnostics.filter { $0.severity == .error }
        let missing = errors.filter { $0.code == .missingInput }
        let told = missing.isEmpty ? errors : missing
        return RouteExplanation.Pair(
            provider: other.provider, offering: other.offering, decision: .rejection,
            reason: told.map(\.message).joined(separator: " "), quote: nil, rejections: errors,
            changes: search.changes(making: other))
    }
}

/// What puts one candidate before another, and what about the other's price would turn it.
private struct PriceComparison {
    let choice: Route.Candidate
    let other: Route.Candidate
    let policy: Policy

    private var isPreferred: Bool {
        policy.preference(of: choice.provider) < policy.preference(of: other.provider)
    }

    var decision: RouteExplanation.Decision {
        if isPreferred { return .preference }
        if choice.comparability != other.comparability { return .comparability }
        return choice.quote.rankedAmount == other.quote.rankedAmount ? .name : .price
    }

    var reason: String {
        switch decision {
        case .preference: "\(choice.provider.name) is preferred."
        case .comparability: (other.rankingNote ?? "the prices cannot be compared").endingSentence.capitalisedFirst
        case .price:
            "It costs \(other.rankedWords); \(choice.provider.id) \(choice.offering.id) costs \(choice.rankedWords)."
        case .name, .rejection:
            "Both cost \(other.rankedWords); the names decide, so that the choice is always the same."
        }
    }

    /// What about the price, the worth of credits or the policy would put the other first.
    var changes: [RouteExplanation.Change] {
        if isPreferred {
            return [change(.policy, "do not prefer \(choice.provider.id), or prefer \(other.provider.id) before it")]
        }
        guard let bar = choice.quote.rankedAmount else { return [] }
        let isEarlier = other.provider.id + " " + other.offering.id < choice.provider.id + " " + choice.offering.id
        let below = isEarlier ? "at most" : "less than"
        let unit = choice.quote.usd == nil ? choice.quote.total?.unit ?? "USD" : "USD"
        let amount = Quote.Total(minimum: bar, maximum: bar, unit: unit).text(bar)
        let price = unit == "USD" ? "$\(amount)" : "\(amount) \(unit)"
        if choice.comparability == .comparable, other.comparability == .otherUnit,
            let credits = other.quote.rankedAmount,
            other.quote.total?.unit == "credits", let worth = bar.divided(by: credits, .halfEven)
        {
            return [
                change(
                    .creditRate,
                    "one of \(other.provider.name)'s credits would have to be worth \(below) $\(worth) (--credit-rate)")
            ]
        }
        let isUnknown = other.comparability == .unknown
        return [
            change(
                .price, isUnknown ? "its price would have to be known, and \(below) \(price)" : "cost \(below) \(price)"
            )
        ]
    }

    private func change(_ kind: RouteExplanation.Change.Kind, _ words: String) -> RouteExplanation.Change {
        RouteExplanation.Change(kind: kind, words: words, result: nil)
    }
}

extension Route.Candidate {
    /// The amount by which it is ranked, with its unit.
    fileprivate var rankedWords: String {
        guard let total = quote.rankedTotal else { return "nobody knows what" }
        let amount = total.text(total.maximum ?? total.minimum)
        let open = total.maximum == nil ? "at least " : total.maximum == total.minimum ? "" : "up to "
        return open + (total.unit == "USD" ? "$\(amount)" : "\(amount) \(total.unit)")
    }
}

extension String {
    /// With a capital to begin with.
    fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
