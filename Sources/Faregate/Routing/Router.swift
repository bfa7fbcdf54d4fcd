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
            let question = Question(
                request: request, selection: selection, provider: provider, offering: offering, snapshot: self,
                circumstances: circumstances)
            let attempt = question.attempt(leave: policy.leave)
            let objections =
                attempt.isPossible
                ? policy.objections(to: provider, model: request.model, quote: attempt.quote) : []
            let diagnostics = attempt.diagnostics + objections.map { $0.about(.portable) }
            if attempt.isPossible, objections.isEmpty {
                candidates.append(
                    Route.Candidate(
                        provider: provider, offering: offering, body: attempt.body, diagnostics: diagnostics,
                        quote: attempt.quote, defaults: attempt.defaults, comparability: attempt.quote.comparability))
            } else {
                rejections.append(
                    Route.Rejection(
                        provider: provider, offering: offering, body: attempt.body, diagnostics: diagnostics))
            }
        }
        return Route(
            request: request, policy: policy, candidates: candidates.sorted { policy.prefers($0, $1) },
            rejections: rejections, catalog: digest)
    }
}

/// A portable request put to one offering.
private struct Question {
    let request: PortableRequest
    let selection: PortableMapping.Selection
    let provider: Provider
    let offering: Offering
    let snapshot: Snapshot
    let circumstances: Circumstances

    /// Parameters that are tried to be left out together: more than anybody states.
    private static let droppedMax = 10

    /// The offering's answer. Where it cannot do all of it, as few parameters are left out as the user's leave allows.
    func attempt(leave: DropLeave) -> Attempt {
        let stated = JSONObject(
            request.parameters.filter { $0.value != .array([]) && $0.value != .string("") })
        let whole = attempt(stated, dropped: [])
        if whole.isPossible { return whole }
        var nearest = whole
        let droppable = stated.members.map(\.name).filter(leave.covers).prefix(Self.droppedMax)
        for subset in Self.subsets(Array(droppable)) {
            var rest = stated
            for name in subset { rest[name] = nil }
            let warnings = subset.map { name in
                let reason = whole.diagnostics.first { $0.path == JSONPointer([name]) && $0.severity == .error }
                return Diagnostic(
                    .warning, .dropped, at: JSONPointer([name]),
                    "\(name) is left out. " + (reason?.statement ?? "It does not go together with the rest"),
                    source: offering.source)
            }
            let attempt = attempt(rest, dropped: warnings)
            if attempt.isPossible { return attempt }
            if attempt.errorCount < nearest.errorCount { nearest = attempt }
        }
        // Nothing helps: what stands in the way all the same is the reason.
        return nearest
    }

    /// Every choice of some of the names, small ones first.
    private static func subsets(_ names: [String]) -> [[String]] {
        (0..<(1 << names.count)).dropFirst()
            .map { bits in names.indices.filter { bits >> $0 & 1 == 1 }.map { names[$0] } }
            .sorted { $0.count < $1.count }
    }

    private func attempt(_ stated: JSONObject, dropped: [Diagnostic]) -> Attempt {
        let translation = Translation(stated, selection: selection, provider: provider, offering: offering)
        let verdict = Validator(provider: provider, offering: offering, snapshot: snapshot)
            .verdict(on: translation.body, date: circumstances.date)
        let missing = snapshot.missingInput(stated, for: offering).map { [$0] } ?? []
        return Attempt(
            body: translation.body,
            diagnostics: (dropped + missing + translation.findings).map { $0.about(.portable) }
                + verdict.diagnostics.map { $0.asSeenFrom(translation, of: offering) },
            quote: snapshot.pricer(provider, offering, in: circumstances)
                .quote(verdict.facts, date: circumstances.date),
            defaults: offering.defaults(in: verdict.facts, besides: stated, of: translation))
    }
}

/// One offering's answer to a portable request.
private struct Attempt {
    let body: JSONValue
    let diagnostics: [Diagnostic]
    let quote: Quote
    let defaults: [(parameter: String, value: JSONValue)]

    var errorCount: Int { diagnostics.count { $0.severity == .error } }
    var isPossible: Bool { errorCount == 0 }
}

extension Snapshot {
    /// An offering that only works on images, clips or recordings makes nothing of words alone.
    fileprivate func missingInput(_ stated: JSONObject, for offering: Offering) -> Diagnostic? {
        let inputs = portableParameters.filter(\.isInput).map(\.name)
        guard
            !offering.operations.contains(where: { $0.hasPrefix("text-to-") }),
            !inputs.contains(where: { stated[$0] != nil })
        else { return nil }
        return Diagnostic(
            .error, .missingInput, at: JSONPointer(),
            "\(offering.id) does \(listed(offering.operations, "and")); the request states nothing to work on",
            source: offering.source)
    }
}

extension Diagnostic {
    /// A finding on the native request, where it takes away what the user asked for or asks for what the user left out.
    fileprivate func asSeenFrom(_ translation: Translation, of offering: Offering) -> Diagnostic {
        if [.missing, .constraintRequire].contains(code), severity == .error,
            let name = offering.portable.parameter(leadingTo: path)
        {
            return Diagnostic(
                .error, .missingInput, at: JSONPointer([name]), related: [path],
                "\(offering.id) needs \(name), which the request does not state", source: source
            ).about(.portable)
        }
        let isLoss = [.replaced, .ignored, .constraintIgnored].contains(code)
        let names = translation.origins[path] ?? []
        if isLoss, let name = names.first {
            return Diagnostic(
                .error, .notExpressible, rule: rule, at: JSONPointer([name]), related: [path], statement,
                allowed: allowed, otherReading: otherReading, source: source
            ).about(.portable)
        }
        return inPortableWords(translation, of: offering).about(.native)
    }

    /// The finding with what a portable parameter alone leads to under that parameter's name. A doubt about what the
    /// user asked for is a warning: nobody says that it will be made.
    private func inPortableWords(_ translation: Translation, of offering: Offering) -> Diagnostic {
        let isDoubt = severity == .info && rule != nil && translation.origins[path] != nil
        var finding = Diagnostic(
            isDoubt ? .warning : severity, code, rule: rule, at: path, related: related, statement, allowed: allowed,
            suggestion: suggestion, otherReading: otherReading, source: source)
        if let (native, portable) = offering.portableName(at: path, translation), statement.hasPrefix(native + " ") {
            finding.statement = portable + statement.dropFirst(native.count)
        }
        return finding
    }

    /// The finding with the request that its place is in.
    fileprivate func about(_ form: RequestForm) -> Diagnostic {
        var finding = self
        finding.pathIn = form
        return finding
    }
}

extension Offering {
    /// How messages call a native place, and how the user does, where one portable parameter alone leads there.
    fileprivate func portableName(
        at place: JSONPointer, _ translation: Translation
    ) -> (native: String, portable: String)? {
        let prefix = parametersAt.tokens.count
        guard place.tokens.count > prefix, place.tokens.starts(with: parametersAt.tokens) else { return nil }
        for length in stride(from: place.tokens.count, to: prefix, by: -1) {
            let target = JSONPointer(Array(place.tokens[..<length]))
            let names = translation.origins[target] ?? portable.parameters(leadingTo: target)
            guard let name = names.first else { continue }
            // Where values are translated, the sentence speaks of the native ones.
            guard names.count == 1, case .to(_, _, nil, _)? = portable.target(name) else { return nil }
            // The one element of a list that was made of one value is that value.
            let rest = place.tokens[length...].dropFirst(translation.isList(name) ? 0 : 1)
            return (place.tokens[prefix...].joined(separator: "/"), ([name] + rest).joined(separator: "/"))
        }
        return nil
    }

    /// What is made where the request left it open.
    fileprivate func defaults(
        in facts: Facts, besides stated: JSONObject, of translation: Translation
    ) -> [(parameter: String, value: JSONValue)] {
        portable.targets.compactMap { name, target in
            guard stated[name] == nil else { return nil }
            switch target {
            case .fixed(let value): return (name, value)
            case .to(let reference, append: false, let values, _):
                guard translation.origins[reference.pointer] == nil, let native = facts.value(reference),
                    native != .array([])
                else { return nil }
                if let values { return values.first { $0.native == native }.map { (name, $0.portable) } }
                return (name, native)
            default: return nil
            }
        }
    }
}

extension Policy {
    /// Whether one candidate goes before another.
    fileprivate func prefers(_ a: Route.Candidate, _ b: Route.Candidate) -> Bool {
        func place(_ candidate: Route.Candidate) -> (Int, Int, Int64, String) {
            rank(
                candidate.provider, candidate.quote, named: "\(candidate.provider.id) \(candidate.offering.id)")
        }
        return place(a) < place(b)
    }

    /// Why the policy refuses a provider, whatever it could do.
    private func objection(to provider: Provider) -> Diagnostic? {
        var reason = excluded[provider.id]
        if let only, !only.contains(provider.id) { reason = "is not among the allowed providers" }
        return reason.map {
            Diagnostic(.error, .excludedProvider, at: JSONPointer(), "\(provider.name) \($0)", source: nil)
        }
    }

    /// Why the policy refuses a model at a provider, whatever it could do.
    func objections(to provider: Provider, model: Model) -> [Diagnostic] {
        if let objection = objection(to: provider) { return [objection] }
        let isExcluded = excludedModels.contains(model.id) || onlyModels.map { !$0.contains(model.id) } ?? false
        guard isExcluded else { return [] }
        let message =
            "\(model.id) is \(excludedModels.contains(model.id) ? "excluded" : "not among the allowed models")"
        return [Diagnostic(.error, .excludedModel, at: JSONPointer(), message, source: nil)]
    }

    /// Why the policy refuses an offering that could do the request for a model.
    func objections(to provider: Provider, model: Model, quote: Quote) -> [Diagnostic] {
        let excluded = objections(to: provider, model: model)
        return excluded.isEmpty ? objections(to: provider, quote: quote) : excluded
    }

    /// Why the policy refuses an offering that could do the request.
    package func objections(to provider: Provider, quote: Quote) -> [Diagnostic] {
        if let objection = objection(to: provider) { return [objection] }
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
