/// What a file of requests costs as a whole, in groups.
///
/// A request with a provider is a native one. One without is portable, and counts with the price of its best way.
public struct UsageQuote: Sendable {
    /// What requests are grouped by.
    public enum Grouping: String, Sendable, CaseIterable {
        case project, provider, model
    }

    /// Requests that count together.
    public struct Group: Sendable {
        /// `nil` for requests that name no project, provider or model.
        public let name: String?
        /// Requests, each as often as it counts.
        public internal(set) var requestCount = 0
        /// Of those, valid ones with a price.
        public internal(set) var pricedCount = 0
        /// Valid ones without: they are in no total.
        public internal(set) var unknownCount = 0
        public internal(set) var invalidCount = 0
        /// What they cost, by currency.
        public internal(set) var totals: [Quote.Total] = []
        /// What those cost in dollars whose price has a worth in dollars; `nil` without such.
        public internal(set) var usd: Quote.Total?
        /// Priced requests whose price has no known worth in dollars.
        public internal(set) var worthlessCount = 0
    }

    /// One line of a file.
    public struct Entry: Sendable {
        public let project: String?
        /// How often it counts.
        public let count: Int
        /// `nil` for a portable request.
        public let provider: String?
        public let model: String?
        public let body: JSONValue

        public init(project: String? = nil, count: Int = 1, provider: String?, model: String? = nil, body: JSONValue) {
            (self.project, self.count) = (project, count)
            (self.provider, self.model, self.body) = (provider, model, body)
        }
    }

    public let grouping: Grouping
    /// By name, requests without one last.
    public var groups: [Group] {
        byName.values.sorted { ($0.name == nil ? 1 : 0, $0.name ?? "") < ($1.name == nil ? 1 : 0, $1.name ?? "") }
    }
    /// All of them together.
    public private(set) var total = Group(name: nil)
    /// Lines that are no request, with the reason; the first of them.
    public private(set) var unreadable: [(line: Int, reason: String)] = []
    public private(set) var unreadableCount = 0
    /// The first requests that are invalid or have no price, with the reason.
    public private(set) var troubles: [(line: Int, reason: String)] = []

    /// How many lines are named.
    public static let namedMax = 20
    private var byName: [String?: Group] = [:]
    private let snapshot: Snapshot
    private let policy: Policy
    private let circumstances: Circumstances

    public init(by grouping: Grouping, policy: Policy, snapshot: Snapshot, in circumstances: Circumstances) {
        (self.grouping, self.policy) = (grouping, policy)
        (self.snapshot, self.circumstances) = (snapshot, circumstances)
    }

    /// The most that everything can cost in dollars; `nil` where anything is invalid or has no bound in dollars.
    public var worstCaseUSD: ExactDecimal? {
        let isOpen =
            unreadableCount > 0 || total.invalidCount > 0 || total.unknownCount > 0 || total.worthlessCount > 0
        return isOpen ? nil : total.usd?.maximum
    }

    /// Takes a line into account that is no request.
    public mutating func addUnreadable(line: Int, _ reason: String) {
        unreadableCount += 1
        if unreadable.count < Self.namedMax { unreadable.append((line, reason)) }
    }

    /// Takes a request into account.
    public mutating func add(_ entry: Entry, line: Int) {
        let outcome = outcome(entry)
        let name: String? =
            switch grouping {
            case .project: entry.project
            case .provider: outcome.provider
            case .model: outcome.model
            }
        var group = byName[name] ?? Group(name: name)
        group.add(outcome.quote, count: entry.count)
        total.add(outcome.quote, count: entry.count)
        byName[name] = group
        if let reason = outcome.trouble, troubles.count < Self.namedMax { troubles.append((line, reason)) }
    }

    /// Where a request goes and what it costs.
    private struct Outcome {
        var provider: String?
        var model: String?
        /// `nil` for an invalid request.
        var quote: Quote?
        var trouble: String?
    }

    private func outcome(_ entry: Entry) -> Outcome {
        guard let provider = entry.provider else { return portable(entry) }
        let answer = snapshot.answer(
            NativeRequest(provider: provider, model: entry.model, body: entry.body), quoting: true, in: circumstances)
        let quote = answer.quote ?? nil
        let error = answer.diagnostics.first { $0.severity == .error }
        return Outcome(
            provider: answer.provider, model: answer.model, quote: quote,
            trouble: error?.message ?? quote.flatMap(\.unknownReason))
    }

    private func portable(_ entry: Entry) -> Outcome {
        var body = entry.body
        if let model = entry.model, var object = body.object, object["model"] == nil {
            object["model"] = .string(model)
            body = .object(object)
        }
        let named = body["model"]?.string
        switch snapshot.portableRequest(body) {
        case .invalid(let diagnostics):
            return Outcome(model: named, trouble: diagnostics.first { $0.severity == .error }?.message)
        case .request(let request):
            let route = snapshot.route(request, policy: policy, in: circumstances)
            guard let choice = route.choice else {
                let reason = route.rejections.first?.diagnostics.first { $0.severity == .error }?.message
                return Outcome(model: named, trouble: reason ?? "no provider can do this")
            }
            return Outcome(
                provider: choice.provider.id, model: named, quote: choice.quote, trouble: choice.quote.unknownReason)
        }
    }
}

extension UsageQuote.Group {
    fileprivate mutating func add(_ quote: Quote?, count: Int) {
        requestCount += count
        guard let quote else {
            invalidCount += count
            return
        }
        guard let amount = quote.total?.times(count), let sums = Self.joined(totals, amount) else {
            unknownCount += count
            return
        }
        totals = sums
        pricedCount += count
        guard let dollars = quote.usd?.total.times(count) else {
            worthlessCount += count
            return
        }
        if let sum = usd.map({ $0.adding(dollars) }) ?? dollars { usd = sum } else { worthlessCount += count }
    }

    /// The totals with one more amount; `nil` past all bounds.
    private static func joined(_ totals: [Quote.Total], _ amount: Quote.Total) -> [Quote.Total]? {
        var totals = totals
        guard let index = totals.firstIndex(where: { $0.unit == amount.unit }) else { return totals + [amount] }
        guard let sum = totals[index].adding(amount) else { return nil }
        totals[index] = sum
        return totals
    }
}

extension Quote {
    /// Why there is no price.
    fileprivate var unknownReason: String? {
        total == nil ? "the price is not known (\(reason ?? "price.not_documented"))" : nil
    }
}

extension UsageQuote {
    /// The JSON form: `by`, `groups`, `total`, `worst_case_usd` (null where that has no bound), `unreadable`, and the lines
    /// of `unreadable_lines` and `troubles`, each with `line` and `reason`.
    ///
    /// A group, as the total, has `name`, `requests`, `priced`, `unknown`, `invalid`, `without_dollars`, `totals` (`unit`,
    /// `min`, `max`) and `usd` (`min`, `max`, or null).
    public var json: JSONValue {
        func lines(_ list: [(line: Int, reason: String)]) -> JSONValue {
            .array(list.map { ["line": .integer(Int64($0.line)), "reason": .string($0.reason)] })
        }
        return [
            "by": .string(grouping.rawValue), "groups": .array(groups.map(\.json)), "total": total.json,
            "worst_case_usd": worstCaseUSD.map { .string($0.text(decimalsMin: 2)) } ?? .null,
            "unreadable": .integer(Int64(unreadableCount)), "unreadable_lines": lines(unreadable),
            "troubles": lines(troubles),
        ]
    }
}

extension UsageQuote.Group {
    fileprivate var json: JSONValue {
        [
            "name": name.map(JSONValue.string) ?? .null, "requests": .integer(Int64(requestCount)),
            "priced": .integer(Int64(pricedCount)), "unknown": .integer(Int64(unknownCount)),
            "invalid": .integer(Int64(invalidCount)), "without_dollars": .integer(Int64(worthlessCount)),
            "totals": .array(totals.map(\.unitSpanJSON)), "usd": usd.map(\.spanJSON) ?? .null,
        ]
    }
}
