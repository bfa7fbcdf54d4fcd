/// What a catalog holds and how well it is known, in figures.
public struct CatalogSummary: Sendable {
    /// The figures of one provider, or of all of them.
    public struct Figures: Sendable {
        public internal(set) var offeringCount = 0
        /// Offerings whose simplest valid case has a price.
        public internal(set) var pricedCount = 0
        /// Rules of offerings; those of a provider count once for each.
        public internal(set) var constraintCount = 0
        public internal(set) var rateCount = 0
        /// Rates that are a number.
        public internal(set) var knownRateCount = 0
        public internal(set) var caseCount = 0
        /// Rules and rates whose page has an address.
        public internal(set) var sourcedCount = 0
        /// The day of the oldest check of a rate.
        public internal(set) var oldestCheck: CalendarDate?

        fileprivate mutating func add(_ other: Figures) {
            offeringCount += other.offeringCount
            pricedCount += other.pricedCount
            constraintCount += other.constraintCount
            rateCount += other.rateCount
            knownRateCount += other.knownRateCount
            caseCount += other.caseCount
            sourcedCount += other.sourcedCount
            oldestCheck = [oldestCheck, other.oldestCheck].compactMap(\.self).min()
        }
    }

    public let providers: [(id: String, name: String, figures: Figures)]
    public let total: Figures
    public let modelCount: Int

    /// - Parameter edition: The catalog with its cases. Prices are those of the day on which it was last checked.
    public init(_ edition: CatalogEdition) {
        let snapshot = edition.snapshot
        let date = snapshot.providers.flatMap(\.offerings).flatMap(\.prices).map(\.checkedOn).max()
        var total = Figures()
        providers = snapshot.providers.map { provider in
            var figures = Figures()
            for offering in provider.offerings {
                figures.add(Self.figures(of: offering, provider, edition, date ?? CalendarDate(secondsSince1970: 0)))
            }
            total.add(figures)
            return (provider.id, provider.name, figures)
        }
        self.total = total
        modelCount = snapshot.models.count
    }

    private static func figures(
        of offering: Offering, _ provider: Provider, _ edition: CatalogEdition, _ date: CalendarDate
    ) -> Figures {
        let side = OfferingEdition(edition: edition, provider: provider, offering: offering, date: date)
        var figures = Figures()
        figures.offeringCount = 1
        figures.constraintCount = offering.constraints.count
        figures.rateCount = offering.prices.count
        figures.knownRateCount = offering.prices.filter { $0.rate.lowest != nil }.count
        figures.caseCount = side.requests.count
        let sources = offering.constraints.map(\.source) + offering.prices.map(\.source)
        figures.sourcedCount = sources.filter { $0.page.hasPrefix("https://") }.count
        figures.oldestCheck = offering.prices.map(\.checkedOn).min()
        let simplest = side.requests.map { ($0.text().utf8.count, side.judgement(of: $0)) }
            .filter { $0.1.isValid }.min { $0.0 < $1.0 }
        figures.pricedCount = simplest?.1.quote?.total == nil ? 0 : 1
        return figures
    }
}

extension CatalogSummary.Figures {
    /// The JSON form.
    public var json: JSONValue {
        [
            "offerings": .integer(Int64(offeringCount)), "priced": .integer(Int64(pricedCount)),
            "constraints": .integer(Int64(constraintCount)), "rates": .integer(Int64(rateCount)),
            "rates_known": .integer(Int64(knownRateCount)), "cases": .integer(Int64(caseCount)),
            "sourced": .integer(Int64(sourcedCount)),
            "oldest_check": oldestCheck.map { .string($0.description) } ?? .null,
        ]
    }
}

extension CatalogSummary {
    /// The JSON form.
    public var json: JSONValue {
        [
            "providers": .object(JSONObject(providers.map { ($0.id, $0.figures.json) })), "total": total.json,
            "models": .integer(Int64(modelCount)),
        ]
    }
}
