/// Looks for the least intrusive edits that make a request valid.
///
/// Uniform-cost search over requests: one finding after the other is mended in every way that is known, and of all
/// requests that come of it the cheapest is gone on with. What is found is valid and minimal: without any one of its
/// operations it would not be valid.
struct RepairSearch {
    let ground: RepairGround
    /// Requests that are judged at most; past them, what was found counts.
    var verdictsMax = 300
    /// Edits in one repair at most.
    var editsMax = 24
    /// How much more than the best a repair may cost and still be offered.
    static let spread = Edit.Cost.dropInput

    /// A request that came of some edits.
    struct State {
        let body: JSONValue
        var operations: [JSONPatch.Operation] = []
        var steps: [String] = []
        var cost = 0
        /// Whether the cost holds the warnings that came up.
        var isCharged = false
    }

    /// A repaired request, with what the validator understood of it.
    struct Found {
        let state: State
        let verdict: Verdict
    }

    /// What a search comes to.
    struct Outcome {
        /// Valid requests, the least intrusive edits first.
        var found: [Found] = []
        /// The best request that only the user can mend further.
        var deadEnd: Verdict?
    }

    func outcome(of start: State, warnings: Int) -> Outcome {
        var outcome = Outcome()
        var queue = CostQueue(start)
        var seen: Set<JSONValue> = [start.body]
        var verdicts = budget(start.body)
        while var state = queue.next(), verdicts > 0, outcome.found.count < Repair.offeredMax {
            if let best = outcome.found.first, state.cost > best.state.cost + Self.spread { break }
            verdicts -= 1
            let verdict = ground.judge(state.body)
            if verdict.isValid {
                let added = verdict.warningCount - warnings
                if added > 0, !state.isCharged {
                    (state.isCharged, state.cost) = (true, state.cost + added * Edit.Cost.warning)
                    queue.add(state)
                    continue
                }
                let minimal = reduced(state, of: start, verdict, &verdicts)
                if !outcome.found.contains(where: { $0.state.body == minimal.state.body }) {
                    outcome.found.append(minimal)
                }
                continue
            }
            let edits = state.steps.count < editsMax ? nextEdits(verdict) : []
            if edits.isEmpty, outcome.deadEnd == nil { outcome.deadEnd = verdict }
            for edit in edits {
                guard let next = state.applying(edit), seen.insert(next.body).inserted else { continue }
                queue.add(next)
            }
        }
        return outcome
    }

    /// Valid requests without one of the warnings, by one edit each.
    func repairs(of start: State, without warning: Diagnostic, _ verdict: Verdict) -> [Found] {
        func isIt(_ other: Diagnostic) -> Bool {
            other.code == warning.code && other.rule == warning.rule && other.path == warning.path
        }
        let edits = RepairScene(ground: ground, facts: verdict.facts).edits(for: warning)
        return edits.compactMap { edit in
            guard let state = start.applying(edit) else { return nil }
            let verdict = ground.judge(state.body)
            guard verdict.isValid, !verdict.diagnostics.contains(where: isIt) else { return nil }
            return Found(state: state, verdict: verdict)
        }
    }

    /// A large request is judged less often.
    private func budget(_ body: JSONValue) -> Int { max(20, min(verdictsMax, 2_000_000 / max(1, body.weight))) }

    /// The edits that mend one finding. What stands where it should not goes first, since it may be what is missing;
    /// rules go last, since they say nothing about rejected values.
    private func nextEdits(_ verdict: Verdict) -> [Edit] {
        let scene = RepairScene(ground: ground, facts: verdict.facts)
        let errors = verdict.diagnostics.filter { $0.severity == .error }
        func turn(_ error: Diagnostic) -> Int {
            error.rule != nil ? 3 : error.code == .missing ? 2 : error.code == .unknownParameter ? 0 : 1
        }
        for error in (0...3).flatMap({ wanted in errors.filter { turn($0) == wanted } }) {
            let edits = scene.edits(for: error)
            if !edits.isEmpty { return edits }
        }
        return []
    }

    /// The same repair without the operations that it does not need.
    private func reduced(_ state: State, of start: State, _ verdict: Verdict, _ verdicts: inout Int) -> Found {
        var found = Found(state: state, verdict: verdict)
        var index = start.operations.count
        while found.state.operations.count > 1, index < found.state.operations.count {
            var fewer = found.state.operations
            fewer.remove(at: index)
            verdicts -= 1
            guard
                let body = try? JSONPatch(Array(fewer.dropFirst(start.operations.count))).applied(to: start.body),
                case let verdict = ground.judge(body), verdict.isValid
            else {
                index += 1
                continue
            }
            var steps = found.state.steps
            if steps.count == found.state.operations.count { steps.remove(at: index) }
            found = Found(
                state: State(body: body, operations: fewer, steps: steps, cost: found.state.cost), verdict: verdict)
            index = start.operations.count
        }
        return found
    }
}

extension Verdict {
    var warningCount: Int { diagnostics.count { $0.severity == .warning } }
}

extension RepairSearch.State {
    /// The request after an edit; `nil` where it does not apply.
    func applying(_ edit: Edit) -> Self? {
        guard let body = try? JSONPatch(edit.operations).applied(to: body) else { return nil }
        return Self(
            body: body, operations: operations + edit.operations, steps: steps + [edit.text], cost: cost + edit.cost)
    }
}

/// States by cost; among equals, first in, first out.
private struct CostQueue {
    private var buckets: [[RepairSearch.State]] = []
    private var places: [Int] = []
    private var lowest = 0

    init(_ state: RepairSearch.State) { add(state) }

    mutating func add(_ state: RepairSearch.State) {
        while buckets.count <= state.cost {
            buckets.append([])
            places.append(0)
        }
        buckets[state.cost].append(state)
        lowest = min(lowest, state.cost)
    }

    mutating func next() -> RepairSearch.State? {
        while lowest < buckets.count {
            if places[lowest] < buckets[lowest].count {
                defer { places[lowest] += 1 }
                return buckets[lowest][places[lowest]]
            }
            lowest += 1
        }
        return nil
    }
}

extension JSONValue {
    /// Roughly how much work it is to look at: values, and characters by the dozen.
    fileprivate var weight: Int {
        switch self {
        case .array(let elements): elements.reduce(1) { $0 + $1.weight }
        case .object(let object): object.members.reduce(1) { $0 + $1.value.weight }
        case .string(let text): 1 + text.utf8.count / 12
        default: 1
        }
    }
}
