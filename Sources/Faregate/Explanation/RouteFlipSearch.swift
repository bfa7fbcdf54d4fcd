/// Looks for the smallest changes of a portable request that make another way possible, or the first.
struct RouteFlipSearch {
    let snapshot: Snapshot
    let route: Route
    let circumstances: Circumstances

    /// Requests that are routed for one question at most.
    private static let routingsMax = 400

    /// One change of what is asked for.
    private struct Move {
        let parameter: String
        let operation: JSONPatch.Operation
        let words: String
        let cost: Int
    }

    /// The least that would make a rejected way possible: of the request, the policy, or what only the user can state.
    func changes(making rejection: Route.Rejection) -> [RouteExplanation.Change] {
        let errors = rejection.diagnostics.filter { $0.severity == .error }
        let policy = errors.compactMap(policyChange)
        guard errors.contains(where: { !$0.code.isPolicy }) else { return policy }
        let found = changes(to: rejection.offering, of: rejection.provider, isGoal: { _ in true })
        if !found.isEmpty { return policy + found }
        let missing = errors.filter { $0.code == .missingInput }
        let inputs = missing.compactMap { $0.path.tokens.first }
        guard !missing.isEmpty else { return policy }
        let words = inputs.isEmpty ? "state something to work on" : "state \(listed(inputs, "and"))"
        return policy + [RouteExplanation.Change(kind: .input, words: words, result: nil)]
    }

    /// The least change of the request that would make a way the first.
    func changes(makingFirst candidate: Route.Candidate) -> [RouteExplanation.Change] {
        changes(to: candidate.offering, of: candidate.provider, isGoal: { $0 == 1 })
    }

    private func policyChange(_ error: Diagnostic) -> RouteExplanation.Change? {
        guard error.code.isPolicy else { return nil }
        let words =
            switch error.code {
            case .excludedProvider: "allow the provider"
            case .excludedModel: "allow the model"
            case .overMaxPrice: "allow a higher price"
            default: "allow prices that nobody can compare: leave out the maximum"
            }
        return RouteExplanation.Change(kind: .policy, words: words, result: nil)
    }

    // MARK: Search

    /// The cheapest changes, one or two at a time, by which an offering gets a rank that will do.
    private func changes(
        to offering: Offering, of provider: Provider, isGoal: (Int) -> Bool
    ) -> [RouteExplanation.Change] {
        let moves = moves(for: offering)
        var left = Self.routingsMax
        func result(_ moves: [Move]) -> RouteExplanation.Result? {
            left -= 1
            return self.result(moves, offering, provider).flatMap { isGoal($0.rank) ? $0 : nil }
        }
        let single = moves.compactMap { move in result([move]).map { ([move], $0) } }
        let helpful = Set(single.map { $0.0[0].words })
        let rest = moves.filter { !helpful.contains($0.words) }
        var pairs: [([Move], RouteExplanation.Result)] = []
        for (index, first) in rest.enumerated() {
            for second in rest.dropFirst(index + 1) where second.parameter != first.parameter && left > 0 {
                if let result = result([first, second]) { pairs.append(([first, second], result)) }
            }
        }
        let best = (single + pairs).min { Self.cost($0.0) < Self.cost($1.0) }
        return best.map { moves, result in
            [
                RouteExplanation.Change(
                    kind: .request, words: moves.map(\.words).joined(separator: " and "), result: result)
            ]
        } ?? []
    }

    private static func cost(_ moves: [Move]) -> Int { moves.reduce(0) { $0 + $1.cost } }

    /// The changed request, routed; `nil` where the way is still none.
    private func result(_ moves: [Move], _ offering: Offering, _ provider: Provider) -> RouteExplanation.Result? {
        let patch = JSONPatch(moves.map(\.operation))
        guard let body = try? patch.applied(to: route.request.body),
            case .request(let request) = snapshot.portableRequest(body)
        else { return nil }
        // What the policy refuses is told apart from what the request makes impossible.
        let policy = Policy(
            preferred: route.policy.preferred, only: route.policy.only?.union([provider.id]),
            leave: route.policy.leave)
        let changed = snapshot.route(request, policy: policy, in: circumstances)
        guard
            let index = changed.candidates.firstIndex(where: {
                $0.provider.id == provider.id && $0.offering.id == offering.id
            })
        else { return nil }
        let candidate = changed.candidates[index]
        return RouteExplanation.Result(patch: patch, quote: candidate.quote, rank: index + 1)
    }

    /// Everything about the request that can be changed without inventing words or addresses.
    private func moves(for offering: Offering) -> [Move] {
        let stated = route.request.parameters
        let changed = stated.flatMap { name, value -> [Move] in
            let place = JSONPointer([name])
            let values = values(of: name, for: offering).filter { $0 != value }
            let near = Nearness(to: value).sorted(values).prefix(6)
            let isInput = snapshot.portableParameters.first { $0.name == name }?.isInput ?? false
            let drop = Move(
                parameter: name, operation: .remove(place), words: "drop \(name)",
                cost: isInput ? Edit.Cost.dropInput : Edit.Cost.drop)
            let others = near.enumerated().map { rank, value in
                Move(
                    parameter: name, operation: .replace(place, value), words: "ask for \(name) \(value.shown)",
                    cost: Edit.Cost.change + min(rank, 3))
            }
            return others + (name == "prompt" ? [] : [drop])
        }
        let names = Set(stated.map(\.name))
        let added = offering.portable.targets.map(\.parameter).filter { !names.contains($0) }.flatMap { name in
            values(of: name, for: offering).prefix(6).enumerated().map { rank, value in
                Move(
                    parameter: name, operation: .add(JSONPointer([name]), value),
                    words: "ask for \(name) \(value.shown)", cost: Edit.Cost.state + min(rank, 3))
            }
        }
        return changed + added
    }

    /// The values that an offering is known to take for a portable parameter.
    private func values(of name: String, for offering: Offering) -> [JSONValue] {
        switch offering.portable.target(name) {
        case .fixed(let made): [made]
        case .to(let reference, append: false, let values, _):
            if let values {
                values.map(\.portable)
            } else if reference.spec?.type == .boolean {
                [false, true]
            } else {
                reference.spec?.allowed ?? []
            }
        default: []
        }
    }
}

extension Diagnostic.Code {
    /// Whether it comes from the caller's policy.
    fileprivate var isPolicy: Bool {
        [.excludedProvider, .excludedModel, .overMaxPrice, .priceNotComparable].contains(self)
    }
}
