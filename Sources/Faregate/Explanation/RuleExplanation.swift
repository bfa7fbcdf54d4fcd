/// Why a rule says what it says about one request, and what would make it say the opposite.
public struct RuleExplanation: Sendable {
    /// What the rule makes of the request.
    public enum State: String, Sendable, CaseIterable {
        /// It finds something.
        case broken
        /// It binds, and the request does what it asks for.
        case met
        /// Its condition does not hold.
        case unbound = "does_not_bind"
        /// Its condition, or what it asks for, depends on something that is not set or not accepted.
        case open
    }

    public let constraint: Constraint
    /// When the page that states it was read.
    public let checkedOn: CalendarDate?
    public let state: State
    /// `nil` for a rule that always binds.
    public let condition: ConditionReading?
    /// What the condition and the consequence looked at.
    public let observations: [Observation]
    public let findings: [Diagnostic]
    /// `nil` where no change of a few parameters is known.
    public let flip: Flip?
    /// What only the user can say, where no edit mends a broken rule.
    public let needs: [Need]

    /// What the rule asks for, in words: `duration must be 8`.
    public var demand: String { constraint.consequence.words }

    /// The documented JSON form.
    public var json: JSONValue {
        var object = JSONObject([
            ("rule", .string(constraint.id)), ("text", .string(constraint.text)),
            ("severity", .string(constraint.severity.rawValue)), ("state", .string(state.rawValue)),
            ("demand", .string(demand)),
        ])
        object["when"] = condition?.json
        object["facts"] = .array(observations.map(\.json))
        object["findings"] = .array(findings.map(\.json))
        object["flip"] = flip?.json
        if !needs.isEmpty { object["needs"] = .array(needs.map(\.json)) }
        object["standing"] = .string(constraint.standing.rawValue)
        object["other_reading"] = constraint.otherReading.map(JSONValue.string)
        object["source"] = .string(constraint.source.description)
        object["checked_on"] = checkedOn.map { .string($0.description) }
        return .object(object)
    }
}

/// Why something is found in a request that no rule over several parameters is about.
public struct FindingExplanation: Sendable {
    public let finding: Diagnostic
    /// What the parameter is for.
    public let about: String?
    public let observation: Observation?
    public let checkedOn: CalendarDate?
    public let flip: Flip?
    /// What only the user can say, where no edit mends it.
    public let needs: [Need]

    /// The documented JSON form.
    public var json: JSONValue {
        var object = JSONObject([("finding", finding.json)])
        object["about"] = about.map(JSONValue.string)
        object["facts"] = observation.map { .array([$0.json]) }
        object["flip"] = flip?.json
        if !needs.isEmpty { object["needs"] = .array(needs.map(\.json)) }
        object["checked_on"] = checkedOn.map { .string($0.description) }
        return .object(object)
    }
}

extension FlipSearch {
    /// Everything about one rule.
    func explanation(of rule: Constraint) -> RuleExplanation {
        let facts = verdict.facts
        let references = (rule.condition?.references ?? []) + rule.consequence.references
        let observations = facts.observations(of: references)
        let findings = verdict.diagnostics.filter { $0.rule == rule.id }
        let state = state(of: rule, observations, isBroken: !findings.isEmpty)
        let satisfied: (flip: Flip?, needs: [Need]) =
            state == .broken ? satisfying { $0.rule == rule.id } : (breaking(rule), [])
        return RuleExplanation(
            constraint: rule, checkedOn: validator.provider.checkedOn(rule.source), state: state,
            condition: rule.condition?.reading(facts), observations: observations, findings: findings,
            flip: satisfied.flip, needs: satisfied.needs)
    }

    private func state(
        of rule: Constraint, _ observations: [Observation], isBroken: Bool
    ) -> RuleExplanation.State {
        if isBroken { return .broken }
        switch rule.condition?.truth(verdict.facts) ?? .yes {
        case .no: return .unbound
        case .open: return .open
        case .yes:
            return observations.contains { $0.origin == .rejected } || body[validator.offering.parametersAt] == nil
                ? .open : .met
        }
    }

    /// Everything about a finding on a single parameter.
    func explanation(of finding: Diagnostic) -> FindingExplanation {
        let key = FindingKey(finding)
        // That a model goes away, no edit of the request changes.
        let isMendable = finding.severity != .info && ![.modelRetired, .modelDeprecated].contains(finding.code)
        let satisfied: (flip: Flip?, needs: [Need]) = isMendable ? satisfying { FindingKey($0) == key } : (nil, [])
        let spec = validator.offering.repairGround(validator, date: date).spec(at: finding.path)
        let reference = ParameterReference(
            name: finding.path.last, path: finding.path.tokens.map(Optional.some), spec: spec)
        return FindingExplanation(
            finding: finding, about: isMendable ? spec?.about : nil,
            observation: finding.path.tokens.isEmpty || !isMendable ? nil : verdict.facts.observation(of: reference),
            checkedOn: finding.source.flatMap(validator.provider.checkedOn), flip: satisfied.flip,
            needs: satisfied.needs)
    }
}

extension Provider {
    /// When the page of a source was read; `nil` for a page that the provider does not list.
    public func checkedOn(_ source: Source) -> CalendarDate? {
        pages.values.first { ($0.url ?? $0.title) == source.page }?.checkedOn
    }
}
