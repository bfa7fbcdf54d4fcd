/// What is said about one native request: the verdict and, where asked for, the quote.
public struct Answer: Sendable {
    public let id: JSONValue?
    public let provider: String?
    public let model: String?
    public let diagnostics: [Diagnostic]
    public let isValid: Bool
    /// `nil` where no quote was asked for; a quote of `nil` where the request is invalid.
    public let quote: Quote??
    /// What can be done about it: repairs of an invalid request, and of a valid one that gets a warning. `nil` where
    /// nobody asked.
    public let remedy: Remedy?

    public init(
        id: JSONValue?, provider: String?, model: String?, diagnostics: [Diagnostic], isValid: Bool, quote: Quote??,
        remedy: Remedy? = nil
    ) {
        (self.id, self.provider, self.model) = (id, provider, model)
        (self.diagnostics, self.isValid, self.quote) = (diagnostics, isValid, quote)
        self.remedy = remedy
    }

    /// The documented JSON form.
    public var json: JSONValue {
        var object = JSONObject()
        object["id"] = id
        object["provider"] = provider.map(JSONValue.string) ?? .null
        object["model"] = model.map(JSONValue.string) ?? .null
        object["valid"] = .bool(isValid)
        object["diagnostics"] = .array(diagnostics.map(\.json))
        if let remedy, !isValid || !remedy.repairs.isEmpty {
            object["repairs"] = .array(remedy.repairs.map(\.json))
            if !remedy.needs.isEmpty { object["needs"] = .array(remedy.needs.map(\.json)) }
        }
        if let quote { object["quote"] = quote?.json ?? .null }
        return .object(object)
    }
}

/// What answers depend on besides the catalog and the request.
public struct Circumstances: Sendable {
    /// The day of the request, UTC.
    public var date: CalendarDate
    /// What the user says a provider's credit is worth, by provider: it goes before the catalog's.
    public var credits: [String: CreditRate]

    public init(date: CalendarDate, credits: [String: CreditRate] = [:]) {
        (self.date, self.credits) = (date, credits)
    }
}

extension Snapshot {
    /// Validates a native request and, where asked to, prices it.
    ///
    /// - Parameters:
    ///   - quoting: Whether the answer holds a quote.
    ///   - repairing: Whether the answer holds repairs, each validated and priced like the request.
    public func answer(
        _ request: NativeRequest, quoting: Bool, repairing: Bool = true, in circumstances: Circumstances
    ) -> Answer {
        switch resolve(request) {
        case .notFound(let diagnostics):
            let misnamed = diagnostics.first { $0.code == .unknownModel }
            let seller = provider(request.provider)
            let remedy = misnamed.flatMap { finding in
                seller.map { self.remedy(for: request, provider: $0, misnamed: finding, in: circumstances) }
            }
            return Answer(
                id: request.id, provider: request.provider, model: request.model, diagnostics: diagnostics,
                isValid: false, quote: quoting ? .some(nil) : nil, remedy: repairing ? remedy ?? Remedy.none : nil)
        case .found(let provider, let offering):
            let verdict = Validator(provider: provider, offering: offering, snapshot: self)
                .verdict(on: request.body, date: circumstances.date)
            let pricer = pricer(provider, offering, in: circumstances)
            let isReplaced = verdict.diagnostics.contains { $0.code == .replaced }
            let quote =
                verdict.isValid && (quoting || isReplaced)
                ? pricer.quote(verdict.facts, date: circumstances.date) : nil
            return Answer(
                id: request.id, provider: provider.id, model: offering.id,
                diagnostics: verdict.diagnostics.map { $0.naming(quote, in: verdict.facts, of: offering) },
                isValid: verdict.isValid, quote: quoting ? .some(quote) : nil,
                remedy: repairing
                    ? remedy(for: request, provider: provider, offering: offering, verdict, in: circumstances) : nil)
        }
    }

    public func pricer(_ provider: Provider, _ offering: Offering, in circumstances: Circumstances) -> Pricer {
        Pricer(offering: offering, credit: circumstances.credits[provider.id] ?? provider.credit, catalog: digest)
    }
}

extension Diagnostic {
    /// A replaced value that the price depends on also says what will be billed.
    fileprivate func naming(_ quote: Quote?, in facts: Facts, of offering: Offering) -> Diagnostic {
        guard
            code == .replaced, let total = quote?.total,
            offering.prices.flatMap(\.references).contains(where: { $0.pointer == path })
        else { return self }
        var diagnostic = self
        let amount = total.text(total.maximum ?? total.minimum)
        diagnostic.statement += " and \(total.unit == "USD" ? "$\(amount)" : "\(amount) \(total.unit)") billed"
        return diagnostic
    }
}
