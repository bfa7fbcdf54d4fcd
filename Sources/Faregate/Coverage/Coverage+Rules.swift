extension Coverage {
    /// Rules that never fire, and pairs that always fire together.
    mutating func checkRules() {
        var firing: [Int: [Int]] = [:]
        for rule in search.rules.indices {
            switch search.find([search.test(rule, fires: true)]) {
            case .found(let choice): firing[rule] = choice
            case .none:
                let id = search.rules[rule].constraint.id
                report(
                    .ruleNeverFires, id, "nothing that can be said breaks the rule \(id)", bound(rule) ?? plainest)
            case .unsettled: break
            }
        }
        let live = firing.keys.sorted()
        let constant = Set(live.filter { search.find([search.test($0, fires: false)]).isNone })
        for (position, first) in live.enumerated() {
            for second in live.dropFirst(position + 1) where isInseparable(first, second, constant) {
                let (a, b) = (search.rules[first].constraint.id, search.rules[second].constraint.id)
                report(
                    .rulesFireTogether, "\(a) + \(b)", "whenever \(a) fires, \(b) does, and the other way round",
                    firing[first])
            }
        }
    }

    /// The first value of everything.
    private var plainest: [Int] { [Int](repeating: 0, count: space.variables.count) }

    /// A choice that the rule binds.
    private func bound(_ rule: Int) -> [Int]? {
        guard let condition = search.rules[rule].constraint.condition else { return nil }
        return search.find([search.test(condition, is: .yes)]).choice
    }

    /// Whether neither of two rules ever fires without the other.
    private func isInseparable(_ first: Int, _ second: Int, _ constant: Set<Int>) -> Bool {
        if constant.contains(first) || constant.contains(second) {
            return constant.contains(first) && constant.contains(second)
        }
        guard !Set(search.rules[first].variables).isDisjoint(with: search.rules[second].variables) else { return false }
        return search.find([search.test(first, fires: true), search.test(second, fires: false)]).isNone
            && search.find([search.test(first, fires: false), search.test(second, fires: true)]).isNone
    }
}

extension SpaceSearch {
    /// That a condition is true, false or open.
    func test(_ condition: Condition, is wanted: Truth) -> Test {
        let variables = space.variables(of: condition.references)
        return Test(variables: variables) { [space] choice in
            condition.truth(Facts(body: space.body(choice, only: variables))) == wanted
        }
    }
}
