/// What can be done about the findings on a request.
public struct Remedy: Sendable {
    /// At most ``Repair/offeredMax``, the least intrusive first.
    public let repairs: [Repair]
    /// What only the user can say, where no repair makes the request valid.
    public let needs: [Need]

    package static let none = Remedy(repairs: [], needs: [])
}

extension Snapshot {
    /// Repairs of a request that was validated.
    func remedy(
        for request: NativeRequest, provider: Provider, offering: Offering, _ verdict: Verdict,
        in circumstances: Circumstances
    ) -> Remedy {
        let start = RepairSearch.State(body: request.body)
        return remedy(from: start, provider: provider, offering: offering, verdict, in: circumstances)
    }

    /// Repairs of a request whose model is not known: as the model that was most likely meant.
    func remedy(
        for request: NativeRequest, provider: Provider, misnamed finding: Diagnostic, in circumstances: Circumstances
    ) -> Remedy {
        guard
            let name = finding.suggestion, let offering = provider.offering(name),
            let place = provider.request.modelAt, finding.path == place, request.body[place] != nil,
            let start = RepairSearch.State(body: request.body).applying(
                Edit(
                    operations: [.replace(place, .string(name))], cost: Edit.Cost.guess,
                    text: "set \(place.last) to \(name)"))
        else { return .none }
        let verdict = Validator(provider: provider, offering: offering, snapshot: self)
            .verdict(on: start.body, date: circumstances.date)
        if verdict.isValid {
            let found = RepairSearch.Found(state: start, verdict: verdict)
            let pricer = pricer(provider, offering, in: circumstances)
            return Remedy(repairs: [found.repair(pricer, circumstances, meant: nil, finding: nil)], needs: [])
        }
        return remedy(from: start, provider: provider, offering: offering, verdict, in: circumstances)
    }

    private func remedy(
        from start: RepairSearch.State, provider: Provider, offering: Offering, _ verdict: Verdict,
        in circumstances: Circumstances
    ) -> Remedy {
        let validator = Validator(provider: provider, offering: offering, snapshot: self)
        let ground = offering.repairGround(validator, date: circumstances.date)
        let pricer = pricer(provider, offering, in: circumstances)
        let search = RepairSearch(ground: ground)
        let meant = start.operations.isEmpty ? pricer.quoteAsMeant(verdict, date: circumstances.date) : nil
        if verdict.isValid {
            let repairs = verdict.diagnostics.filter { $0.severity == .warning }.flatMap { warning in
                search.repairs(of: start, without: warning, verdict)
                    .map { $0.repair(pricer, circumstances, meant: meant, finding: warning) }
            }
            return Remedy(repairs: Array(repairs.prefix(Repair.offeredMax)), needs: [])
        }
        let outcome = search.outcome(of: start, warnings: verdict.warningCount)
        let repairs = outcome.found.map { $0.repair(pricer, circumstances, meant: meant, finding: nil) }
        guard repairs.isEmpty else { return Remedy(repairs: repairs, needs: []) }
        let ends = [verdict, outcome.deadEnd].compactMap(\.self)
        let needs = ends.lazy.map { RepairScene(ground: ground, facts: $0.facts).needs($0) }.first { !$0.isEmpty }
        return Remedy(repairs: [], needs: needs ?? [])
    }
}

extension RepairSearch.Found {
    fileprivate func repair(
        _ pricer: Pricer, _ circumstances: Circumstances, meant: Quote?, finding: Diagnostic?
    ) -> Repair {
        let quote = pricer.quote(verdict.facts, date: circumstances.date)
        return Repair(
            patch: JSONPatch(state.operations), steps: state.steps, body: state.body, quote: quote,
            difference: meant.flatMap { quote.difference(from: $0) }, finding: finding)
    }
}

extension Pricer {
    /// What a request would cost as it is written; `nil` where what is wrong with it bears on the price.
    fileprivate func quoteAsMeant(_ verdict: Verdict, date: CalendarDate) -> Quote? {
        let bearing = offering.prices.flatMap(\.references).map(\.pointer)
        let isBlamed = verdict.facts.rejected.contains { place in
            bearing.contains { $0.tokens.starts(with: place.tokens) || place.tokens.starts(with: $0.tokens) }
        }
        return isBlamed ? nil : quote(verdict.facts, date: date)
    }
}

extension Quote {
    /// How much more this is than another price, where both are exact and in one unit.
    fileprivate func difference(from other: Quote) -> Total? {
        guard
            status == .exact, other.status == .exact, let total, let before = other.total, total.unit == before.unit,
            let more = total.minimum.subtracting(before.minimum)
        else { return nil }
        return Total(minimum: more, maximum: more, unit: total.unit)
    }
}
