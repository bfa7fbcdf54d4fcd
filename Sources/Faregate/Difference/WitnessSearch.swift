/// Looks for requests that two catalogs judge differently because of one change.
struct WitnessSearch {
    let before: OfferingEdition
    let after: OfferingEdition

    /// What a search found, and among how many requests.
    struct Result {
        var witnesses: [CatalogChange.Witness] = []
        var triedCount = 0
    }

    /// Witnesses of a changed rule or parameter: one for each way in which a verdict changed, else one whose findings did.
    ///
    /// - Parameter isConcerned: Whether a finding speaks of what changed. Nothing else may be wrong with a witness.
    func verdicts(
        around references: [ParameterReference], _ literals: Literals, isConcerned: (Diagnostic) -> Bool
    ) -> Result {
        var result = Result()
        var rejected: CatalogChange.Witness?
        var accepted: CatalogChange.Witness?
        var advised: CatalogChange.Witness?
        let isFound = { rejected != nil || accepted != nil }
        explore(references, literals, isFound: isFound) { request in
            result.triedCount += 1
            let witness = witness(request)
            switch (witness.before.isValid, witness.after.isValid) {
            case (true, false):
                if rejected == nil, witness.after.errors.allSatisfy(isConcerned) { rejected = witness }
            case (false, true):
                if accepted == nil, witness.before.errors.allSatisfy(isConcerned) { accepted = witness }
            case (true, true):
                let old = witness.before.findings.filter(isConcerned).map(\.identity)
                if advised == nil, old != witness.after.findings.filter(isConcerned).map(\.identity) {
                    advised = witness
                }
            case (false, false): break
            }
            return rejected != nil && accepted != nil
        }
        let changed = [rejected, accepted].compactMap(\.self)
        result.witnesses = changed.isEmpty ? [advised].compactMap(\.self) : changed
        return result
    }

    /// A request that is valid in both catalogs and costs something else.
    ///
    /// - Parameters:
    ///   - row: The row that the price must rest on in one of them; `nil`: any.
    ///   - isWanted: Whether a request can show the change at all.
    func price(
        around references: [ParameterReference], _ literals: Literals, row: String?,
        isWanted: (JSONValue) -> Bool = { _ in true }
    ) -> Result {
        var result = Result()
        explore(references, literals, isFound: { !result.witnesses.isEmpty }) { request in
            guard isWanted(request) else { return false }
            result.triedCount += 1
            let witness = witness(request)
            guard let old = witness.before.quote, let new = witness.after.quote else { return false }
            let rows = (old.items + new.items).map(\.row.id)
            guard old.amountText != new.amountText, row.map(rows.contains) ?? true else { return false }
            result.witnesses = [witness]
            return true
        }
        return result
    }

    /// Hands over requests around some parameters; where that finds nothing, also around those of each rule that speaks
    /// of one of them, since what changed may only show where that rule is satisfied.
    private func explore(
        _ references: [ParameterReference], _ literals: Literals, isFound: () -> Bool, _ isEnough: (JSONValue) -> Bool
    ) {
        RequestVariants([before, after], around: references, literals: literals).forEach(isEnough)
        for rule in before.offering.constraints + after.offering.constraints where !isFound() {
            let others = (rule.condition?.references ?? []) + rule.consequence.references
            guard others.contains(where: references.contains), !others.allSatisfy(references.contains) else { continue }
            var literals = literals
            literals.add(rule.condition)
            literals.add(rule.consequence)
            RequestVariants([before, after], around: references + others, literals: literals).forEach(isEnough)
        }
    }

    private func witness(_ request: JSONValue) -> CatalogChange.Witness {
        CatalogChange.Witness(
            request: request, before: before.judgement(of: request), after: after.judgement(of: request))
    }
}

extension Diagnostic {
    /// What tells a finding from another, its words aside.
    fileprivate var identity: String { "\(severity.rawValue) \(code.rawValue) \(rule ?? "") \(path)" }
}
