/// What a change of the catalog does to a user's own requests.
public struct UsageImpact: Sendable {
    /// What a file of requests costs by one catalog.
    public struct Bill: Sendable {
        /// By currency: exact prices added up, and the span of those that are not exact.
        public private(set) var totals: [(unit: String, total: Quote.Total)] = []
        /// Requests that are valid and have a price.
        public private(set) var pricedCount = 0
        /// Requests that are valid and have none.
        public private(set) var unknownCount = 0
        public private(set) var invalidCount = 0

        mutating func add(_ judged: Answer) {
            guard judged.isValid else {
                invalidCount += 1
                return
            }
            guard case .some(.some(let quote)) = judged.quote, let amount = quote.total, join(amount) else {
                unknownCount += 1
                return
            }
            pricedCount += 1
        }

        /// Whether the sum still fits.
        private mutating func join(_ amount: Quote.Total) -> Bool {
            guard let index = totals.firstIndex(where: { $0.unit == amount.unit }) else {
                totals.append((amount.unit, amount))
                return true
            }
            guard let sum = totals[index].total.adding(amount) else { return false }
            totals[index].total = sum
            return true
        }
    }

    /// A request whose verdict changed.
    public struct Turned: Sendable {
        public let line: Int
        public let id: JSONValue?
        public let provider: String
        public let model: String?
        /// The errors that are new, or that are gone.
        public let errors: [Diagnostic]
    }

    public private(set) var before = Bill()
    public private(set) var after = Bill()
    public private(set) var requestCount = 0
    /// Lines that are no request.
    public private(set) var unreadableCount = 0
    /// The numbers of the first of them, at most ``UsageImpact/turnedMax``.
    public private(set) var unreadable: [Int] = []
    /// Requests that are valid in both catalogs and cost something else.
    public private(set) var repricedCount = 0
    public private(set) var becameInvalidCount = 0
    public private(set) var becameValidCount = 0
    /// The first of those whose verdict changed, at most ``UsageImpact/turnedMax`` of each.
    public private(set) var becameInvalid: [Turned] = []
    public private(set) var becameValid: [Turned] = []

    /// How many requests are named.
    public static let turnedMax = 1_000

    private let old: Snapshot
    private let new: Snapshot
    private let circumstances: Circumstances

    public init(from old: Snapshot, to new: Snapshot, in circumstances: Circumstances) {
        (self.old, self.new, self.circumstances) = (old, new, circumstances)
    }

    /// Takes a request into account.
    public mutating func add(_ request: NativeRequest, line: Int) {
        requestCount += 1
        let was = old.answer(request, quoting: true, in: circumstances)
        let now = new.answer(request, quoting: true, in: circumstances)
        before.add(was)
        after.add(now)
        func turned(_ judged: Answer) -> Turned {
            Turned(
                line: line, id: request.id, provider: request.provider, model: judged.model,
                errors: judged.diagnostics.filter { $0.severity == .error })
        }
        switch (was.isValid, now.isValid) {
        case (true, false):
            becameInvalidCount += 1
            if becameInvalid.count < Self.turnedMax { becameInvalid.append(turned(now)) }
        case (false, true):
            becameValidCount += 1
            if becameValid.count < Self.turnedMax { becameValid.append(turned(was)) }
        case (true, true):
            if (was.quote ?? nil)?.amountText != (now.quote ?? nil)?.amountText { repricedCount += 1 }
        case (false, false): break
        }
    }

    /// Takes a line into account that is no request.
    public mutating func addUnreadable(line: Int) {
        unreadableCount += 1
        if unreadable.count < Self.turnedMax { unreadable.append(line) }
    }
}

extension UsageImpact {
    /// The JSON form: `requests`, `unreadable`, `unreadable_lines`, `became_invalid`, `became_valid`, `repriced`, the bills
    /// `before` and `after`, and the requests of `invalid_now` and `valid_now`.
    ///
    /// A bill has `totals` (`unit`, `min`, `max`), `priced`, `unknown`, `invalid`; a request `line`, `errors`, `provider`, and
    /// where stated `id` and `model`.
    public var json: JSONValue {
        [
            "requests": .integer(Int64(requestCount)), "unreadable": .integer(Int64(unreadableCount)),
            "unreadable_lines": .array(unreadable.map { .integer(Int64($0)) }),
            "became_invalid": .integer(Int64(becameInvalidCount)),
            "became_valid": .integer(Int64(becameValidCount)), "repriced": .integer(Int64(repricedCount)),
            "before": before.json, "after": after.json,
            "invalid_now": .array(becameInvalid.map(\.json)), "valid_now": .array(becameValid.map(\.json)),
        ]
    }
}

extension UsageImpact.Bill {
    /// `12.50 USD`, `40 to 60 credits`, `at least 3.00 USD`.
    package var totalTexts: [String] {
        totals.map { unit, total in
            let low = total.text(total.minimum)
            return switch total.maximum {
            case nil: "at least \(low) \(unit)"
            case let high? where high != total.minimum: "\(low) to \(total.text(high)) \(unit)"
            default: "\(low) \(unit)"
            }
        }
    }

    fileprivate var json: JSONValue {
        [
            "totals": .array(totals.map(\.total.unitSpanJSON)),
            "priced": .integer(Int64(pricedCount)), "unknown": .integer(Int64(unknownCount)),
            "invalid": .integer(Int64(invalidCount)),
        ]
    }
}

extension UsageImpact.Turned {
    fileprivate var json: JSONValue {
        var object = JSONObject([("line", .integer(Int64(line)))])
        object["id"] = id
        object["provider"] = .string(provider)
        object["model"] = model.map(JSONValue.string)
        object["errors"] = .array(errors.map(\.json))
        return .object(object)
    }
}
