extension Snapshot {
    /// Finds every way to do a portable request, and ranks them.
    ///
    /// Each offering of the model is asked: the request is translated into its own words, checked and priced. What the
    /// user asked for is never dropped silently: an offering that cannot express a stated parameter, would replace it or
    /// ignore it is rejected with that reason, unless the policy gives leave.
    public func route(_ request: PortableRequest, policy: Policy, in circumstances: Circumstances) -> Route {
        var candidates: [Route.Candidate] = []
        var rejections: [Route.Rejection] = []
        for (provider, offering) in offerings(of: request.model.id) {
            guard let selection = offering.portable.models.first(where: { $0.id == request.model.id }) else { continue }
            let translation = Translation(
                request, selection: selection, provider: provider, offering: offering, leave: policy.leave)
            let attempt = Attempt(
                translation, request: request, provider: provider, offering: offering, policy: policy, snapshot: self,
                circumstances: circumstances)
            if attempt.isPossible {
                candidates.append(attempt.candidate)
            } else {
                rejections.append(
                    Route.Rejection(
                        provider: provider, offering: offering, body: translation.body,
                        diagnostics: attempt.diagnostics))
            }
        }
        return Route(
            request: request, policy: policy, candidates: candidates.sorted { policy.prefers($0, $1) },
            rejections: rejections, catalog: digest)
    }
}

/// One offering's answer to a portable request.
private struct Attempt {
    let candidate: Route.Candidate
    let diagnostics: [Diagnostic]

    var isPossible: Bool { !diagnostics.contains { $0.severity == .error } }

    init(
        _ translation: Translation, request: PortableRequest, provider: Provider, offering: Offering, policy: Policy,
        snapshot: Snapshot, circumstances: Circumstances
    ) {
        let verdict = Validator(provider: provider, offering: offering, snapshot: snapshot)
            .verdict(on: translation.body, date: circumstances.date)
        let quote = snapshot.pricer(provider, offering, in: circumstances)
            .quote(verdict.facts, date: circumstances.date)
        var diagnostics = translation.findings
        diagnostics += verdict.diagnostics.map { $0.asSeenFrom(translation, of: offering, leave: policy.leave) }
        if !diagnostics.contains(where: { $0.severity == .error }) {
            diagnostics += policy.objections(to: provider, offering: offering, quote: quote)
        }
        self.diagnostics = diagnostics
        candidate = Route.Candidate(
            provider: provider, offering: offering, body: translation.body, diagnostics: diagnostics, quote: quote,
            defaults: offering.defaults(in: verdict.facts, leftOpenBy: request), comparability: quote.comparability)
    }
}

extension Diagnostic {
    /// A finding on the native request, where it takes away what the user asked for or asks for what the user left out.
    fileprivate func asSeenFrom(_ translation: Translation, of offering: Offering, leave: DropLeave) -> Diagnostic {
        if code == .missing, let name = offering.portable.parameter(leadingTo: path) {
            return Diagnostic(
                .error, .missingInput, at: JSONPointer([name]), related: [path],
                "\(offering.id) needs \(name), which the request does not state", source: source)
        }
        let isLoss = [.replaced, .ignored, Diagnostic.Code(rawValue: "constraint.ignored")].contains(code)
        guard isLoss, let name = translation.origins[path] else { return self }
        if leave.covers(name) { return self }
        return Diagnostic(
            .error, .notExpressible, rule: rule, at: JSONPointer([name]), related: [path], statement, allowed: allowed,
            otherReading: otherReading, source: source)
    }
}

extension Offering {
    /// What is made where the request left it open.
    fileprivate func defaults(
        in facts: Facts, leftOpenBy request: PortableRequest
    ) -> [(parameter: String, value: JSONValue)] {
        let stated = Set(request.parameters.map(\.name))
        return portable.targets.compactMap { name, target in
            guard !stated.contains(name) else { return nil }
            switch target {
            case .fixed(let value): return (name, value)
            case .to(let reference, append: false, let values, _):
                guard let native = facts.value(reference), native != .array([]) else { return nil }
                if let values { return values.first { $0.native == native }.map { (name, $0.portable) } }
                return (name, native)
            default: return nil
            }
        }
    }
}

extension Quote {
    fileprivate var comparability: Route.Comparability {
        guard let usd else { return total == nil ? .unknown : .otherUnit }
        return usd.total.maximum == nil ? .lowerBound : .comparable
    }
}

extension Policy {
    /// Whether one candidate goes before another: by preference, then how well prices compare, then price, then name.
    fileprivate func prefers(_ a: Route.Candidate, _ b: Route.Candidate) -> Bool {
        func key(_ candidate: Route.Candidate) -> (Int, Int, Int64, String) {
            let preference = preferred.firstIndex(of: candidate.provider.id) ?? preferred.count
            let total = candidate.quote.usd?.total ?? candidate.quote.total
            let amount = total.map { ($0.maximum ?? $0.minimum).billionths } ?? 0
            return (
                preference, candidate.comparability.rawValue, amount,
                candidate.provider.id + " " + candidate.offering.id
            )
        }
        return key(a) < key(b)
    }

    /// Why the policy refuses an offering that could do the request.
    fileprivate func objections(to provider: Provider, offering: Offering, quote: Quote) -> [Diagnostic] {
        if let only, !only.contains(provider.id) {
            return [
                Diagnostic(
                    .error, .excludedProvider, at: JSONPointer(), "\(provider.name) is not among the allowed providers",
                    source: nil)
            ]
        }
        guard let maximumUSD else { return [] }
        let limit = "$\(maximumUSD.text(decimalsMin: 2))"
        if let worst = quote.worstCaseUSD {
            guard worst > maximumUSD else { return [] }
            let message = "it may cost $\(worst.text(decimalsMin: 2)), above the maximum of \(limit)"
            return [
                Diagnostic(.error, .overMaxPrice, at: JSONPointer(), message, source: quote.items.first?.row.source)
            ]
        }
        let why =
            switch quote.comparability {
            case .lowerBound: "only a lower bound of its price is known"
            case .otherUnit: "its price in \(quote.total?.unit ?? "credits") has no known worth in dollars"
            default: "its price is not known (\(quote.reason ?? "price.not_documented"))"
            }
        return [
            Diagnostic(
                .error, .priceNotComparable, at: JSONPointer(),
                "\(why), so it cannot be held against the maximum of \(limit)",
                source: quote.items.first?.row.source)
        ]
    }
}
