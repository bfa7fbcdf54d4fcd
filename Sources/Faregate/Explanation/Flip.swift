/// The shortest change of a request after which a rule says the opposite.
public struct Flip: Sendable {
    /// What the changed request does to the rule.
    public enum Effect: String, Sendable {
        case satisfies, breaks
    }

    public let effect: Effect
    public let patch: JSONPatch
    /// What each edit does, in words: `set duration to 8`.
    public let steps: [String]
    /// The changed request.
    public let body: JSONValue
    /// What else would then be wrong that is not wrong now.
    public let others: [Diagnostic]

    /// The documented JSON form.
    public var json: JSONValue {
        var object = JSONObject([
            ("effect", .string(effect.rawValue)), ("patch", patch.json),
            ("steps", .array(steps.map(JSONValue.string))),
        ])
        if !others.isEmpty { object["others"] = .array(others.map(\.json)) }
        return .object(object)
    }
}

/// Looks for the shortest changes that flip what is said about one request.
struct FlipSearch {
    let validator: Validator
    let date: CalendarDate
    let body: JSONValue
    let verdict: Verdict
    let space: RequestSpace

    init(_ validator: Validator, _ body: JSONValue, _ verdict: Verdict, date: CalendarDate) {
        (self.validator, self.body, self.verdict, self.date) = (validator, body, verdict, date)
        space = RequestSpace(provider: validator.provider, offering: validator.offering)
    }

    private var offering: Offering { validator.offering }

    // MARK: From broken to satisfied

    /// The least intrusive edits after which some findings are gone and nothing new is wrong; or what only the user can
    /// say. The other findings on the request may stay.
    func satisfying(_ isIt: @escaping (Diagnostic) -> Bool) -> (flip: Flip?, needs: [Need]) {
        let ground = ground(for: isIt)
        let start = ground.judge(body)
        guard !start.isValid else { return (nil, []) }
        let outcome = RepairSearch(ground: ground).outcome(of: .init(body: body), warnings: 0)
        guard let found = outcome.found.first else {
            let ends = [start, outcome.deadEnd].compactMap(\.self)
            let needs = ends.lazy.map { RepairScene(ground: ground, facts: $0.facts).needs($0) }.first { !$0.isEmpty }
            return (nil, needs ?? [])
        }
        let flip = Flip(
            effect: .satisfies, patch: JSONPatch(found.state.operations), steps: found.state.steps,
            body: found.state.body, others: [])
        return (flip, [])
    }

    /// A ground on which only the chosen findings count, and what is wrong anew.
    private func ground(for isIt: @escaping (Diagnostic) -> Bool) -> RepairGround {
        let known = Set(verdict.diagnostics.map(FindingKey.init))
        let (validator, date) = (validator, date)
        return RepairGround(root: offering.body, parametersAt: offering.parametersAt, constraints: offering.constraints)
        { body in
            let verdict = validator.verdict(on: body, date: date)
            let counted = verdict.diagnostics.compactMap { finding -> Diagnostic? in
                if isIt(finding) { return finding.asError }
                return known.contains(FindingKey(finding)) ? nil : finding
            }
            return Verdict(counted, facts: verdict.facts)
        }
    }

    // MARK: From met to broken

    /// Requests that are judged for one rule at most, and of those that break it, how many are compared.
    private static let (triesMax, comparedMax) = (20_000, 24)
    /// Parameters that are changed at most.
    private static let changesMax = 3

    /// The fewest parameters to change so that a rule finds something, preferably nothing else being wrong.
    func breaking(_ rule: Constraint) -> Flip? {
        guard body[offering.parametersAt]?.object != nil else { return nil }
        let references = (rule.condition?.references ?? []) + rule.consequence.references
        let lists = space.variables(of: references).map { choices(of: space.variables[$0]) }
        var tries = Self.triesMax
        for count in 1...Self.changesMax where count <= lists.count {
            var found: [[FlipEdit]] = []
            for combination in combinations(of: lists, count) {
                guard tries > 0, found.count < Self.comparedMax else { break }
                collect(combination, rule, &tries, &found)
            }
            let flips = found.compactMap { flip($0, rule) }
            if let best = flips.min(by: { ($0.flip.others.count, $0.cost) < ($1.flip.others.count, $1.cost) }) {
                return best.flip
            }
        }
        return nil
    }

    /// Adds every choice of one edit from each list that breaks the rule.
    private func collect(
        _ lists: [[FlipEdit]], _ rule: Constraint, _ tries: inout Int, _ found: inout [[FlipEdit]]
    ) {
        guard !lists.contains(where: \.isEmpty) else { return }
        var indices = [Int](repeating: 0, count: lists.count)
        while tries > 0 {
            tries -= 1
            let edits = zip(lists, indices).map { $0[$1] }
            if let facts = facts(after: edits), !rule.findings(facts).isEmpty { found.append(edits) }
            var place = 0
            while place < indices.count {
                indices[place] += 1
                if indices[place] < lists[place].count { break }
                indices[place] = 0
                place += 1
            }
            if place == indices.count { return }
        }
    }

    /// The request after edits, with what is known of the rest of it.
    private func facts(after edits: [FlipEdit]) -> Facts? {
        guard let changed = try? JSONPatch(edits.map(\.operation)).applied(to: body) else { return nil }
        var facts = verdict.facts.moved(to: changed)
        for edit in edits {
            let isBeneath = { (place: JSONPointer) in place.tokens.starts(with: edit.pointer.tokens) }
            facts.replaced = facts.replaced.filter { !isBeneath($0) }
            facts.rejected = facts.rejected.filter { !isBeneath($0) }
            facts.mistyped = facts.mistyped.filter { !isBeneath($0) }
        }
        return facts
    }

    /// The change as the validator itself sees it; `nil` where the rule keeps silent after all.
    private func flip(_ edits: [FlipEdit], _ rule: Constraint) -> (flip: Flip, cost: Int)? {
        let patch = JSONPatch(edits.map(\.operation))
        guard let changed = try? patch.applied(to: body) else { return nil }
        let after = validator.verdict(on: changed, date: date)
        guard after.diagnostics.contains(where: { $0.rule == rule.id }) else { return nil }
        let known = Set(verdict.diagnostics.map(FindingKey.init))
        let others = after.diagnostics.filter {
            $0.severity == .error && $0.rule != rule.id && !known.contains(FindingKey($0))
        }
        let flip = Flip(
            effect: .breaks, patch: patch, steps: edits.map(\.text), body: changed, others: others)
        return (flip, edits.reduce(0) { $0 + $1.cost })
    }

    /// Every choice of so many of some lists, in order.
    private func combinations<Element>(of lists: [Element], _ count: Int) -> [[Element]] {
        guard count > 0 else { return [[]] }
        return lists.indices.flatMap { index in
            combinations(of: Array(lists[(index + 1)...]), count - 1).map { [lists[index]] + $0 }
        }
    }
}

/// What makes two findings the same one.
struct FindingKey: Hashable {
    let code: Diagnostic.Code
    let rule: String?
    let path: JSONPointer

    init(_ finding: Diagnostic) { (code, rule, path) = (finding.code, finding.rule, finding.path) }
}

extension Diagnostic {
    /// The same finding, counted as an error.
    fileprivate var asError: Diagnostic {
        Diagnostic(
            .error, code, rule: rule, at: path, related: related, statement, allowed: allowed,
            suggestion: suggestion, otherReading: otherReading, source: source)
    }
}

extension Facts {
    /// The same knowledge about another state of the request.
    fileprivate func moved(to body: JSONValue) -> Facts {
        var facts = Facts(body: body)
        (facts.replaced, facts.rejected, facts.mistyped) = (replaced, rejected, mistyped)
        return facts
    }
}
