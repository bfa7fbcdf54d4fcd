/// Checks native requests against one offering. Pure: what varies is an argument.
public struct Validator: Sendable {
    public let provider: Provider
    public let offering: Offering
    /// The models that the offering sells, for their lifecycle.
    public let models: [Model]

    public init(provider: Provider, offering: Offering, snapshot: Snapshot) {
        (self.provider, self.offering) = (provider, offering)
        models = offering.portable.models.compactMap { snapshot.model($0.id) }
    }

    /// Every finding on a request.
    ///
    /// - Parameters:
    ///   - body: The exact body that the provider would receive.
    ///   - date: The day of the request, UTC, for models that come and go.
    public func verdict(on body: JSONValue, date: CalendarDate) -> Verdict {
        var walk = ParameterWalk(
            body, body: offering.body, parametersAt: offering.parametersAt, title: offering.id, taker: provider.name,
            source: offering.source)
        walk.run()
        var findings = walk.findings
        guard body.object != nil else { return Verdict(findings, facts: walk.facts) }
        let mismatch = modelFindings(body)
        guard mismatch.isEmpty else { return Verdict(mismatch, facts: walk.facts) }
        if body[offering.parametersAt]?.object != nil {
            for constraint in offering.constraints { findings += constraint.findings(walk.facts) }
        }
        findings += lifecycleFindings(walk.facts, date: date)
        if let note = offering.additional {
            findings.append(
                Diagnostic(.info, .undocumented, at: offering.parametersAt, note, source: offering.source))
        }
        return Verdict(findings, facts: walk.facts)
    }

    /// Where the body names a model, it must be this one.
    private func modelFindings(_ body: JSONValue) -> [Diagnostic] {
        guard let place = provider.request.modelAt else { return [] }
        let source = provider.request.source
        guard let named = body[place] else {
            guard let meant = provider.request.defaultModel, meant != offering.id else { return [] }
            return [
                Diagnostic(
                    .error, .modelMismatch, at: place,
                    "the request names no model, so \(provider.name) would run \(meant), not \(offering.id)",
                    allowed: [.string(offering.id)], source: source)
            ]
        }
        guard let id = named.string, id != offering.id else { return [] }
        if provider.offering(id) == nil { return [provider.unknownModel(id, at: place)] }
        return [
            Diagnostic(
                .error, .modelMismatch, at: place, "the request names \(id), but was to be checked as \(offering.id)",
                allowed: [.string(offering.id)], source: source)
        ]
    }

    private func lifecycleFindings(_ facts: Facts, date: CalendarDate) -> [Diagnostic] {
        let place = provider.request.modelAt ?? JSONPointer()
        if let lifecycle = offering.lifecycle {
            return lifecycle.finding(about: offering.id, on: date, at: place, severityWhenGone: .error).map { [$0] }
                ?? []
        }
        // The provider's own document still offers it: its maker's word is a warning.
        return zip(offering.portable.models, models).compactMap { selection, model in
            guard selection.values.allSatisfy({ facts.value($0.reference) == $0.value }) else { return nil }
            var finding = model.lifecycle?.finding(about: model.id, on: date, at: place, severityWhenGone: .warning)
            if let said = finding?.statement.endingSentence, finding?.code == .modelRetired {
                finding?.statement = "\(said) \(provider.name)'s page still offers it; the request may fail"
            }
            return finding
        }
    }
}

extension Lifecycle {
    /// What a request on a day should be told; `nil` for a model that is simply there.
    func finding(
        about id: String, on date: CalendarDate, at place: JSONPointer, severityWhenGone: Diagnostic.Severity
    ) -> Diagnostic? {
        let begun = from.map { $0 <= date } ?? true
        let replacement = replacedBy.map { "; use \($0) instead" } ?? ""
        let explained = note.map { ". \($0)" } ?? ""
        switch status {
        case .retired where begun:
            let since = from.map { " since \($0)" } ?? ""
            return Diagnostic(
                severityWhenGone, .modelRetired, at: place,
                "\(id) \(from == nil ? "is" : "has been") retired\(since)\(replacement)\(explained)",
                source: source)
        case .retired:
            let when = from.map { " on \($0)" } ?? ""
            return Diagnostic(
                .warning, .modelDeprecated, at: place, "\(id) goes away\(when)\(replacement)\(explained)",
                source: source)
        case .deprecated where begun:
            let end = until.map { " and ends on \($0)" } ?? ""
            return Diagnostic(
                .warning, .modelDeprecated, at: place, "\(id) is deprecated\(end)\(replacement)\(explained)",
                source: source)
        default: return nil
        }
    }
}

extension Provider {
    /// The finding on a model that the provider does not sell, with the nearest that it does.
    func unknownModel(_ id: String, at place: JSONPointer) -> Diagnostic {
        let ids = offerings.map(\.id)
        let suggestion = nearestID(to: id, among: ids)
        let hint = didYouMean(suggestion, otherwise: "`faregate models --provider \(self.id)` lists them")
        return Diagnostic(
            .error, .unknownModel, at: place, "\(name) has no model \(JSONValue.string(id).given)\(hint)",
            suggestion: suggestion, source: request.source)
    }
}
