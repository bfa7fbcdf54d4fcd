/// What a request will cost, and how sure that is.
public struct Quote: Sendable {
    public enum Status: String, Sendable {
        case exact
        case atLeast = "at_least"
        case range
        /// With a reason; there is no total, which is never zero.
        case unknown
    }

    /// An amount, or the bounds of one. `maximum` is `nil` where there is no upper bound.
    public struct Total: Sendable, Hashable {
        public let minimum: ExactDecimal
        public let maximum: ExactDecimal?
        /// An ISO currency or `credits`.
        public let unit: String

        public init(minimum: ExactDecimal, maximum: ExactDecimal?, unit: String) {
            (self.minimum, self.maximum, self.unit) = (minimum, maximum, unit)
        }
    }

    /// One line of the bill.
    public struct Item: Sendable {
        public let row: PriceRow
        /// Units that are paid for; `nil` where they depend on something that is not set.
        public let quantity: ExactDecimal?
        /// The line's amount; `nil` where the rate is unknown.
        public let amount: Total?
        public let applies: Application
    }

    /// Whether a line counts.
    public enum Application: Sendable {
        case surely
        /// One of several that exclude each other: which, depends on a parameter that is not set.
        case alternatively
        /// It comes on top or does not, depending on a parameter that is not set.
        case perhaps
    }

    /// The total in US dollars, and what it rests on.
    public struct Dollars: Sendable {
        public let total: Total
        /// `nil` where the price is in dollars anyway.
        public let credit: CreditRate?
    }

    public let status: Status
    public let total: Total?
    public let usd: Dollars?
    public let items: [Item]
    /// What was assumed, in words: defaults that were used.
    public let assumptions: [String]
    /// What is to be known about the rates that were used: inferred, conflicting, first recorded later.
    public let notes: [String]
    /// Why there is no exact price: a stable code such as `price.not_documented`.
    public let reason: String?
    /// The reason in words.
    public let note: String?
    /// Digest of the catalog.
    public let catalog: String

    /// The most that the request can cost in dollars; `nil` where nobody can say.
    public var worstCaseUSD: ExactDecimal? { usd?.total.maximum }
}

extension Quote {
    /// The documented JSON form.
    public var json: JSONValue {
        .object(
            JSONObject(
                [
                    ("status", .string(status.rawValue)),
                    ("total", total.map { $0.json(status) } ?? .null),
                    ("usd", usd.map { $0.json(status) } ?? .null),
                    ("items", .array(items.map(\.json))),
                    ("assumptions", .array((assumptions + notes).map(JSONValue.string))),
                    ("reason", reason.map(JSONValue.string) ?? .null),
                ] + (note.map { [("note", .string($0))] } ?? []) + [("catalog", .string(catalog))]))
    }
}

extension Quote.Total {
    fileprivate func json(_ status: Quote.Status) -> JSONValue {
        var object = JSONObject()
        if status == .range {
            object["min"] = .string(text(minimum))
            object["max"] = .string(text(maximum ?? minimum))
        } else {
            object["amount"] = .string(text(minimum))
        }
        object["unit"] = .string(unit)
        return .object(object)
    }

    /// An amount in this unit: dollars with two decimals or more.
    package func text(_ amount: ExactDecimal) -> String { amount.text(decimalsMin: unit == "credits" ? 0 : 2) }
}

extension Quote.Dollars {
    fileprivate func json(_ status: Quote.Status) -> JSONValue {
        guard case .object(var object) = total.json(status) else { return .null }
        object["unit"] = nil
        if let credit {
            object["per_credit"] = .string(credit.usd.description)
            object["source"] = .string(credit.source)
            object["checked_on"] = credit.checkedOn.map { .string($0.description) }
        }
        return .object(object)
    }
}

extension Quote.Item {
    fileprivate var json: JSONValue {
        var object = JSONObject([
            ("id", .string(row.id)),
            ("label", .string(row.label)),
            ("unit", .string(row.unit)),
            ("quantity", quantity.map { .string($0.description) } ?? .null),
            ("rate", row.rate.json(in: row.currency)),
            ("amount", amount.map { $0.itemJSON } ?? .null),
            ("source", .string(row.source.description)),
            ("checked_on", .string(row.checkedOn.description)),
        ])
        switch applies {
        case .surely: break
        case .alternatively: object["alternative"] = true
        case .perhaps: object["uncertain"] = true
        }
        if row.standing != .documented { object["standing"] = .string(row.standing.rawValue) }
        object["other_reading"] = row.otherReading.map(JSONValue.string)
        return .object(object)
    }
}

extension Quote.Total {
    fileprivate var itemJSON: JSONValue {
        guard let maximum else { return ["at_least": .string(text(minimum))] }
        return minimum == maximum
            ? .string(text(minimum)) : ["min": .string(text(minimum)), "max": .string(text(maximum))]
    }
}

extension PriceRow.Rate {
    fileprivate func json(in currency: String) -> JSONValue {
        func text(_ amount: ExactDecimal) -> JSONValue {
            .string(Quote.Total(minimum: amount, maximum: amount, unit: currency).text(amount))
        }
        return switch self {
        case .exact(let amount): text(amount)
        case .atLeast(let amount): ["at_least": text(amount)]
        case .range(let low, let high): ["min": text(low), "max": text(high)]
        case .unknown: .null
        }
    }
}
