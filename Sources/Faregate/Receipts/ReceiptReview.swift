/// A receipt held against today's catalog: whether exactly that can still be done.
public struct ReceiptReview: Sendable {
    /// Something that is otherwise than when the receipt was made.
    public struct Difference: Sendable, Hashable {
        /// Stable, such as `receipt.quote_changed`.
        public let code: String
        public let message: String

        public init(code: String, message: String) { (self.code, self.message) = (code, message) }
    }

    /// What would be run.
    public struct Order: Sendable {
        public let provider: Provider
        public let offering: Offering
        public let quote: Quote
        public let diagnostics: [Diagnostic]
    }

    /// Why it is not run: any one is enough.
    public let differences: [Difference]
    /// What is otherwise and changes nothing.
    public let notes: [Difference]
    /// `nil` where the receipt's provider or model is gone, or the request is not valid any more.
    public let order: Order?

    /// Whether exactly what was quoted can be run, at the same price.
    public var isSame: Bool { differences.isEmpty && order != nil }
}

extension Snapshot {
    /// Holds a receipt against this catalog.
    ///
    /// Another catalog alone is a note: what counts is that the verdict and the price of this very request are the
    /// same. A credit that is worth something else is a note too: what the provider bills is the same.
    public func review(
        _ receipt: Receipt, at now: UTCTime, in circumstances: Circumstances
    ) -> ReceiptReview {
        var review = ReviewInProgress()
        if now >= receipt.expiresAt {
            review.differ("expired", "it could be run until \(receipt.expiresAt); now it is \(now)")
        }
        if Receipt.digest(of: receipt.body) != receipt.bodyDigest {
            review.differ("body_altered", "its body is not the one that was quoted: the digest is another")
        }
        guard let provider = provider(receipt.provider), let offering = provider.offering(receipt.model) else {
            review.differ("model_gone", "the catalog has no \(receipt.model) at \(receipt.provider) any more")
            return ReceiptReview(differences: review.differences, notes: review.notes, order: nil)
        }
        let verdict = Validator(provider: provider, offering: offering, snapshot: self)
            .verdict(on: receipt.body, date: circumstances.date)
        let quote = pricer(provider, offering, in: circumstances).quote(verdict.facts, date: circumstances.date)
        review.compare(verdict, receipt)
        if verdict.isValid { review.compare(quote, receipt) }
        if digest != receipt.catalog {
            let isSame = review.differences.isEmpty ? "; the verdict and the price of this request are the same" : ""
            review.note(
                "catalog_differs", "the catalog is \(digest.prefix(12)), it was \(receipt.catalog.prefix(12))\(isSame)")
        }
        return ReceiptReview(
            differences: review.differences, notes: review.notes,
            order: verdict.isValid
                ? .init(provider: provider, offering: offering, quote: quote, diagnostics: verdict.diagnostics) : nil)
    }
}

/// Differences while they are found.
private struct ReviewInProgress {
    var differences: [ReceiptReview.Difference] = []
    var notes: [ReceiptReview.Difference] = []

    mutating func differ(_ code: String, _ message: String) {
        differences.append(.init(code: "receipt.\(code)", message: message))
    }

    mutating func note(_ code: String, _ message: String) {
        notes.append(.init(code: "receipt.\(code)", message: message))
    }

    mutating func compare(_ verdict: Verdict, _ receipt: Receipt) {
        for error in verdict.diagnostics where error.severity == .error {
            differ("now_invalid", "the request is not valid any more: \(error.message)")
        }
        let found = verdict.diagnostics.filter { $0.severity == .warning }
        for warning in found where !receipt.warnings.contains(Receipt.Warning(warning)) {
            differ("new_warning", "there is a warning that there was not: \(warning.message)")
        }
        let now = Set(found.map(Receipt.Warning.init))
        for warning in receipt.warnings where !now.contains(warning) {
            note("warning_gone", "the warning \(warning.rule ?? warning.code) does not come any more")
        }
    }

    mutating func compare(_ quote: Quote, _ receipt: Receipt) {
        let now = quote.json
        let before = receipt.quote
        if now["status"] != before["status"] || now["total"] != before["total"] {
            differ("quote_changed", "it costs \(now.priceWords); it was quoted \(before.priceWords)")
        } else {
            if now.billed != before.billed {
                differ(
                    "quote_changed",
                    "the total is the same, but the lines are not: \(now.billed) instead of \(before.billed)")
            }
            if now["assumptions"] != before["assumptions"] {
                differ(
                    "assumptions_changed",
                    "the price rests on other assumptions: \(now.assumed); before: \(before.assumed)")
            }
        }
        if now["usd"] != before["usd"], now["total"] == before["total"] {
            note("worth_changed", "a credit is worth something else: \(now.worth); it was \(before.worth)")
        }
    }
}

extension JSONValue {
    /// The price of a quote's JSON form, in words.
    fileprivate var priceWords: String {
        guard let total = self["total"], total.object != nil else {
            return "nobody knows what (\(self["reason"]?.string ?? "unknown"))"
        }
        let unit = total["unit"]?.string ?? ""
        if let low = total["min"]?.string, let high = total["max"]?.string { return "\(low) to \(high) \(unit)" }
        let least = self["status"]?.string == "at_least" ? "at least " : ""
        return "\(least)\(total["amount"]?.string ?? "") \(unit)"
    }

    /// What each line of a quote is: row, units, rate and amount.
    fileprivate var billed: String {
        let items = self["items"]?.array ?? []
        return items.map { item in
            let amount = item["amount"].map { $0.string ?? $0.text() } ?? "unknown"
            let rate = item["rate"].map { $0.string ?? $0.text() } ?? "unknown"
            return "\(item["id"]?.string ?? "?"): \(item["quantity"]?.string ?? "?") × \(rate) = \(amount)"
        }.joined(separator: ", ")
    }

    fileprivate var assumed: String {
        let all = (self["assumptions"]?.array ?? []).compactMap(\.string)
        return all.isEmpty ? "none" : all.joined(separator: "; ")
    }

    fileprivate var worth: String { self["usd"]?["per_credit"]?.string.map { "$\($0)" } ?? "not known" }
}
