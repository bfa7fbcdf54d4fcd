/// Credits as a provider sells them: so many, and some on top, at a price.
public struct CreditPack: Sendable, Hashable {
    /// How long bought credits can be used.
    public enum Expiry: Sendable, Hashable {
        case never
        /// Days after the purchase.
        case days(Int)
    }

    /// A plan is bought anew at the end of each of these.
    public enum Renewal: String, Sendable, CaseIterable {
        case month, year
    }

    public let id: String
    public let label: String
    /// What is paid for, without the bonus.
    public let credits: ExactDecimal
    public let bonus: ExactDecimal
    /// The price in US dollars.
    public let usd: ExactDecimal
    /// How many one buyer may have; `nil`: no limit.
    public let limit: Int?
    /// `nil` for a pack that is bought once.
    public let renews: Renewal?
    /// `nil` where nobody says.
    public let expiry: Expiry?
    public let standing: Standing
    public let note: String?
    /// Who says so: a page, or the user's configuration.
    public let source: String
    public let checkedOn: CalendarDate?

    public init(
        id: String, label: String? = nil, credits: ExactDecimal, bonus: ExactDecimal = .zero, usd: ExactDecimal,
        limit: Int? = nil, renews: Renewal? = nil, expiry: Expiry? = nil, standing: Standing = .documented,
        note: String? = nil, source: String, checkedOn: CalendarDate? = nil
    ) {
        (self.id, self.label, self.credits, self.bonus, self.usd) = (id, label ?? id, credits, bonus, usd)
        (self.limit, self.renews, self.expiry) = (limit, renews, expiry)
        (self.standing, self.note, self.source, self.checkedOn) = (standing, note, source, checkedOn)
    }

    /// Everything that one of them gives. Reading refuses what does not fit.
    public var total: ExactDecimal { credits.adding(bonus) ?? credits }

    /// Whether credits bought today can still be used so many days later. What nobody says counts as no.
    public func lasts(_ days: Int) -> Bool {
        switch expiry {
        case .never: true
        case .days(let count): count >= days
        case nil: days == 0
        }
    }
}

extension CreditPack {
    /// Reads the packs of a catalog's provider, and notes what is wrong with them.
    static func list(_ reader: ObjectReader, sources: SourceReader) -> [CreditPack] {
        list(reader) { pack in
            let source = sources.required(pack)
            let checkedOn = pack.required("checked_on", pack.date)
            return source.flatMap { source in checkedOn.map { (source.description, $0) } }
        }
    }

    /// Reads the packs of the user's configuration, which need no source.
    ///
    /// - Parameter file: The configuration's path: who says so where a pack names nobody.
    package static func list(_ reader: ObjectReader, configuredIn file: String) -> [CreditPack] {
        list(reader) { pack in (pack.string("source") ?? file, pack.date("checked_on")) }
    }

    private static func list(
        _ reader: ObjectReader, _ origin: (ObjectReader) -> (source: String, checkedOn: CalendarDate?)?
    ) -> [CreditPack] {
        var taken: Set<String> = []
        return (reader.objects("packs") ?? []).compactMap { pack in
            if let id = pack.value("id")?.string, !taken.insert(id).inserted {
                pack.fail("pack.duplicate_id", at: "id", "the id \(id) is taken")
            }
            return CreditPack(pack, origin: origin(pack))
        }
    }

    private init?(_ reader: ObjectReader, origin: (source: String, checkedOn: CalendarDate?)?) {
        let id = reader.required("id", reader.string)
        let label = reader.string("label")
        let credits = reader.required("credits", reader.decimal)
        let bonus = reader.decimal("bonus") ?? .zero
        let usd = reader.required("usd", reader.decimal)
        let limit = reader.integer("limit")
        let renews = reader.choice("renews", of: Renewal.self)
        let expiry = Expiry(reader)
        let standing = reader.choice("standing", of: Standing.self) ?? .documented
        let note = reader.string("note")
        reader.finish()
        for (name, number) in [("credits", credits), ("usd", usd)] {
            if let number, number <= .zero { reader.fail("document.value", at: name, "\(name) must be above zero") }
        }
        if bonus < .zero { reader.fail("document.value", at: "bonus", "a bonus takes nothing away") }
        if let credits, credits.adding(bonus) == nil {
            reader.fail("document.value", at: "bonus", "credits and bonus together are too many")
        }
        if let limit, limit < 1 { reader.fail("document.value", at: "limit", "limit must be at least 1") }
        guard let id, let credits, credits > .zero, let usd, usd > .zero, let origin else { return nil }
        self.init(
            id: id, label: label, credits: credits, bonus: max(.zero, bonus), usd: usd,
            // A plan is held once.
            limit: limit.map { max(1, $0) } ?? (renews == nil ? nil : 1), renews: renews, expiry: expiry,
            standing: standing, note: note, source: origin.source, checkedOn: origin.checkedOn)
    }
}

extension CreditPack.Expiry {
    /// `never expires`, `expires after 30 days`.
    package var words: String {
        switch self {
        case .never: "never expires"
        case .days(let count): "expires after \(count) day\(count == 1 ? "" : "s")"
        }
    }

    /// Reads `"expires": "never"` or `"expires": { "days": 365 }`.
    fileprivate init?(_ reader: ObjectReader) {
        guard let value = reader.value("expires") else { return nil }
        if value == "never" {
            self = .never
            return
        }
        guard value.object != nil, let form = reader.object("expires") else {
            reader.fail("document.value", at: "expires", "expires is \"never\" or an object with days")
            return nil
        }
        defer { form.finish() }
        guard let days = form.required("days", form.integer) else { return nil }
        guard days >= 1 else {
            form.fail("document.value", at: "days", "days must be at least 1")
            return nil
        }
        self = .days(days)
    }
}
