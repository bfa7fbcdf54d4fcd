/// The cheapest way to come by a number of credits.
public struct CreditPurchase: Sendable {
    /// So many of one pack.
    public struct Item: Sendable, Hashable {
        public let pack: CreditPack
        public let count: Int
    }

    /// A pack that was not considered, and why.
    public struct LeftOut: Sendable, Hashable {
        public let pack: CreditPack
        public let reason: String
    }

    /// What looking for a purchase gives.
    public enum Search: Sendable {
        case purchase(CreditPurchase)
        /// All packs together, as often as they may be bought, give no more than this.
        case notEnough(ExactDecimal, [LeftOut])
        /// The sum is more than can be reckoned with.
        case tooLarge
    }

    /// The credits that are wanted.
    public let wanted: ExactDecimal
    /// The larger packs first.
    public let items: [Item]
    public let leftOut: [LeftOut]
    /// The credits that are bought, bonuses included.
    public let credits: ExactDecimal
    /// The price in US dollars.
    public let usd: ExactDecimal

    /// The balance that remains when the wanted credits are spent.
    public var remaining: ExactDecimal { credits.subtracting(wanted) ?? .zero }
    /// Dollars for each credit that is bought, rounded up; `nil` where none is.
    public var usdPerCredit: ExactDecimal? { credits > .zero ? usd.divided(by: credits, .up) : nil }
    /// Dollars for each credit that is wanted, as if the rest were lost; rounded up.
    public var usdPerCreditUsed: ExactDecimal? { wanted > .zero ? usd.divided(by: wanted, .up) : nil }

    /// Looks for the cheapest packs that give at least so many credits.
    ///
    /// Exact: no other choice within the packs' limits costs less; of those that cost the same, this leaves the most
    /// credits, then takes the fewest packs.
    ///
    /// - Parameters:
    ///   - wanted: Credits. Zero or less buys nothing.
    ///   - days: How long the credits must last. Packs that expire sooner, or that say nothing, are left out.
    public static func cheapest(_ wanted: ExactDecimal, of packs: [CreditPack], lasting days: Int = 0) -> Search {
        let usable = packs.filter { $0.lasts(days) }
        let leftOut = packs.filter { !$0.lasts(days) }.map { pack in
            if case .days(let count)? = pack.expiry {
                return LeftOut(pack: pack, reason: "its credits expire after \(count) day\(count == 1 ? "" : "s")")
            }
            return LeftOut(pack: pack, reason: "nobody says how long its credits last")
        }
        let search = PackSearch(usable, wanted: max(.zero, wanted))
        guard let counts = search.counts() else {
            return search.most.map { .notEnough($0, leftOut) } ?? .tooLarge
        }
        let items = zip(search.packs, counts).filter { $0.1 > 0 }.map { Item(pack: $0.0, count: $0.1) }
        func sum(_ amount: (CreditPack) -> ExactDecimal) -> ExactDecimal? {
            items.reduce(ExactDecimal.zero as ExactDecimal?) { sum, item in
                let (product, overflow) = amount(item.pack).billionths.multipliedReportingOverflow(
                    by: Int64(item.count))
                return overflow ? nil : sum?.adding(ExactDecimal(billionths: product))
            }
        }
        guard let credits = sum(\.total), let usd = sum(\.usd) else { return .tooLarge }
        return .purchase(
            CreditPurchase(
                wanted: max(.zero, wanted),
                items: items.sorted { ($1.pack.total, $0.pack.id) < ($0.pack.total, $1.pack.id) },
                leftOut: leftOut, credits: credits, usd: usd))
    }
}

extension CreditRate {
    /// What a credit costs where so many are bought at a time; `nil` where they cannot be bought.
    ///
    /// Dollars for each credit that is bought, rounded up at the ninth decimal.
    ///
    /// - Parameter volume: Credits; `nil`: as few as can be bought.
    public init?(of packs: [CreditPack], volume: ExactDecimal? = nil) {
        guard
            case .purchase(let purchase) = CreditPurchase.cheapest(volume ?? ExactDecimal(billionths: 1), of: packs),
            let usd = purchase.usdPerCredit, let first = purchase.items.first?.pack
        else { return nil }
        let occasion = volume.map { "when \($0) are bought" } ?? "in the smallest purchase"
        let days = purchase.items.compactMap(\.pack.checkedOn)
        self.init(
            usd: usd, source: "\(first.source), \(occasion)",
            checkedOn: days.count == purchase.items.count ? days.min() : nil)
    }
}

extension CreditPurchase {
    /// The JSON form: `wanted`, `packs` as ``CreditPack/json`` each with its `count`, `credits`, `usd`, `remaining`,
    /// `usd_per_credit`, `usd_per_credit_used`, `left_out` (`id`, `reason`).
    public var json: JSONValue {
        [
            "wanted": .string(wanted.description),
            "packs": .array(
                items.map { item in
                    var object = item.pack.json.object ?? JSONObject()
                    object["count"] = .integer(Int64(item.count))
                    return .object(object)
                }),
            "credits": .string(credits.description), "usd": .string(usd.text(decimalsMin: 2)),
            "remaining": .string(remaining.description),
            "usd_per_credit": usdPerCredit.map { .string($0.description) } ?? .null,
            "usd_per_credit_used": usdPerCreditUsed.map { .string($0.description) } ?? .null,
            "left_out": .array(leftOut.map(\.json)),
        ]
    }
}

extension CreditPurchase.LeftOut {
    /// The JSON form: `id` of the pack, `reason`.
    package var json: JSONValue { ["id": .string(pack.id), "reason": .string(reason)] }
}

extension CreditPack {
    /// The JSON form: `id`, `label`, `credits`, `bonus`, `usd`, `usd_per_credit`, `limit` and `renews` or null, `expires`
    /// (`"never"`, `{"days": 30}` or null), `source`; where stated `note` and `checked_on`; `standing` unless documented.
    public var json: JSONValue {
        var object = JSONObject([
            ("id", .string(id)), ("label", .string(label)), ("credits", .string(credits.description)),
            ("bonus", .string(bonus.description)), ("usd", .string(usd.text(decimalsMin: 2))),
            ("usd_per_credit", usd.divided(by: total, .up).map { .string($0.description) } ?? .null),
            ("limit", limit.map { .integer(Int64($0)) } ?? .null),
            ("renews", renews.map { .string($0.rawValue) } ?? .null),
        ])
        object["expires"] =
            switch expiry {
            case .never?: "never"
            case .days(let count)?: ["days": .integer(Int64(count))]
            case nil: .null
            }
        if standing != .documented { object["standing"] = .string(standing.rawValue) }
        object["note"] = note.map(JSONValue.string)
        object["source"] = .string(source)
        object["checked_on"] = checkedOn.map { .string($0.description) }
        return .object(object)
    }
}
