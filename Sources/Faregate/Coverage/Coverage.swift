/// Proves what can be proved about an offering's rules and rates, over everything that they can tell apart.
///
/// Every parameter takes the values at which something changes: each of an enum, both truths, absence, one and many
/// elements, and what lies at and beside every bound that a rule or a rate names. Rules are asked themselves, so that the
/// answers are the validator's. Lifecycles are left aside. Pure.
public struct Coverage {
    let space: RequestSpace
    let search: SpaceSearch
    var findings: [CoverageFinding] = []

    /// - Parameter stepsMax: Choices that one question may go through before it counts as unsettled.
    public init(provider: Provider, offering: Offering, stepsMax: Int = 100_000) {
        space = RequestSpace(provider: provider, offering: offering)
        search = SpaceSearch(space, stepsMax: stepsMax)
    }

    /// Everything that was found, with what the offering acknowledges marked so.
    public consuming func report() -> CoverageReport {
        checkRules()
        if let plain = search.find(search.validity()).choice {
            checkValues()
            checkRates(plain: plain)
        } else {
            report(.nothingValid, "offering", "no request is valid", [Int](repeating: 0, count: space.variables.count))
        }
        acknowledge()
        return CoverageReport(
            provider: space.provider.id, offering: space.offering.id, findings: findings, points: space.points,
            questions: search.questions, unsettled: search.unsettled)
    }

    /// Notes a finding with the request of a choice.
    mutating func report(_ kind: CoverageFinding.Kind, _ subject: String, _ message: String, _ choice: [Int]?) {
        let choice = choice.flatMap { choice in
            space.variables.indices.allSatisfy { !space.variables[$0].values.isEmpty } ? choice : nil
        }
        findings.append(
            CoverageFinding(
                kind: kind, subject: subject, message: message, witness: choice.map { space.body($0) },
                rejectedBy: choice.map { search.rejecting($0) } ?? []))
    }

    private mutating func acknowledge() {
        for acknowledgement in space.offering.acknowledged {
            let matches = findings.indices.filter {
                findings[$0].kind == acknowledgement.kind && findings[$0].subject == acknowledgement.subject
            }
            for index in matches { findings[index].acknowledged = acknowledgement.reason }
            guard matches.isEmpty else { continue }
            let subject = "\(acknowledgement.kind.rawValue) \(acknowledgement.subject)"
            report(.acknowledgementUnused, subject, "\(subject) is acknowledged, but was not found", nil)
        }
    }
}
