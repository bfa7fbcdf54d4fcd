/// Looks for requests of a space that meet conditions, whole part by part: parameters that share no rule are
/// independent, so that only the others need a joint search.
///
/// Confined to the function that makes it: it remembers what the rules said.
final class SpaceSearch {
    /// A condition on some variables.
    struct Test {
        let variables: [Int]
        /// Whether a choice meets it. Looks at its variables only.
        let holds: ([Int]) -> Bool
    }

    enum Outcome {
        case found([Int])
        case none
        /// Neither found nor excluded within the bound.
        case unsettled

        var choice: [Int]? { if case .found(let choice) = self { choice } else { nil } }
        var isNone: Bool { if case .none = self { true } else { false } }
    }

    /// A rule and the variables that it looks at.
    struct Rule {
        let constraint: Constraint
        let variables: [Int]
        /// Whether it can make a request invalid.
        let isBinding: Bool
    }

    /// Choices that one question may go through, and choices that are tried at random beyond that.
    let stepsMax: Int
    let samplesMax = 2_000

    let space: RequestSpace
    let rules: [Rule]
    private(set) var questions = 0
    private(set) var unsettled = 0
    private var memory: [[UInt64: Bool]]
    private var steps = 0

    init(_ space: RequestSpace, stepsMax: Int = 100_000) {
        (self.space, self.stepsMax) = (space, stepsMax)
        rules = space.offering.constraints.map { constraint in
            let references = (constraint.condition?.references ?? []) + constraint.consequence.references
            return Rule(
                constraint: constraint, variables: space.variables(of: references),
                isBinding: constraint.severity == .error && !constraint.consequence.isAdvice)
        }
        memory = Array(repeating: [:], count: rules.count)
    }

    /// Whether a rule finds something in the request of a choice.
    func fires(_ rule: Int, _ choice: [Int]) -> Bool {
        let variables = rules[rule].variables
        let key = Self.key(variables, choice)
        if let key, let known = memory[rule][key] { return known }
        let facts = Facts(body: space.body(choice, only: variables))
        let result = !rules[rule].constraint.findings(facts).isEmpty
        if let key { memory[rule][key] = result }
        return result
    }

    /// A number for the values of up to six variables.
    private static func key(_ variables: [Int], _ choice: [Int]) -> UInt64? {
        guard variables.count <= 6 else { return nil }
        return variables.reduce(UInt64(0)) { $0 << 10 | UInt64(choice[$1]) }
    }

    /// The ids of the rules that reject the request of a choice.
    func rejecting(_ choice: [Int]) -> [String] {
        rules.indices.filter { rules[$0].isBinding && fires($0, choice) }.map { rules[$0].constraint.id }
    }

    /// That a rule fires, or that it does not.
    func test(_ rule: Int, fires wanted: Bool) -> Test {
        Test(variables: rules[rule].variables) { [unowned self] in fires(rule, $0) == wanted }
    }

    /// What makes a request valid, as far as rules go.
    ///
    /// - Parameter excluded: A rule that is left aside.
    func validity(except excluded: Int? = nil) -> [Test] {
        rules.indices.filter { rules[$0].isBinding && $0 != excluded }.map { test($0, fires: false) }
    }

    /// A choice that meets every test.
    ///
    /// - Parameter pins: Values that variables must have.
    func find(_ tests: [Test], pins: [Int: Int] = [:]) -> Outcome {
        questions += 1
        var choice = [Int](repeating: 0, count: space.variables.count)
        for (variable, value) in pins { choice[variable] = value }
        guard space.variables.indices.allSatisfy({ !space.variables[$0].values.isEmpty }) else { return .none }
        guard tests.allSatisfy({ !$0.variables.isEmpty || $0.holds(choice) }) else { return .none }
        var isSettled = true
        for part in parts(tests) {
            steps = 0
            let order = order(part, tests, pins: pins)
            let checks = order.indices.map { depth in
                tests.filter { test in
                    test.variables.contains(order[depth])
                        && test.variables.allSatisfy { order[...depth].contains($0) }
                }
            }
            if descend(0, order, checks, pins: pins, &choice) { continue }
            if steps <= stepsMax { return .none }
            if !sample(part, checks.flatMap(\.self), pins: pins, &choice) { isSettled = false }
        }
        if isSettled { return .found(choice) }
        unsettled += 1
        return .unsettled
    }

    /// The variables of the tests in groups that no test connects, the most tested first.
    private func parts(_ tests: [Test]) -> [[Int]] {
        var parts: [Set<Int>] = []
        for test in tests where !test.variables.isEmpty {
            let variables = Set(test.variables)
            let joined = parts.filter { !$0.isDisjoint(with: variables) }
            parts.removeAll { !$0.isDisjoint(with: variables) }
            parts.append(joined.reduce(variables) { $0.union($1) })
        }
        return parts.map { $0.sorted() }
    }

    /// Pinned variables first, then always the one that completes or touches most tests.
    private func order(_ part: [Int], _ tests: [Test], pins: [Int: Int]) -> [Int] {
        var order = part.filter { pins[$0] != nil }
        var left = part.filter { pins[$0] == nil }
        while !left.isEmpty {
            let taken = Set(order)
            let scores = left.map { variable in
                tests.filter { $0.variables.contains(variable) }.reduce(0) { score, test in
                    let open = test.variables.filter { !taken.contains($0) }.count
                    return score + (open == 1 ? 100 : open < test.variables.count ? 10 : 1)
                }
            }
            let best = scores.indices.max { (scores[$0], -$0) < (scores[$1], -$1) } ?? 0
            order.append(left.remove(at: best))
        }
        return order
    }

    private func descend(
        _ depth: Int, _ order: [Int], _ checks: [[Test]], pins: [Int: Int], _ choice: inout [Int]
    ) -> Bool {
        guard depth < order.count else { return true }
        let variable = order[depth]
        let values = pins[variable].map { $0..<$0 + 1 } ?? space.variables[variable].values.indices
        for value in values {
            steps += 1
            if steps > stepsMax { return false }
            choice[variable] = value
            let isMet = checks[depth].allSatisfy { $0.holds(choice) }
            if isMet, descend(depth + 1, order, checks, pins: pins, &choice) { return true }
        }
        return false
    }

    /// Tries choices that a fixed seed decides.
    private func sample(_ part: [Int], _ tests: [Test], pins: [Int: Int], _ choice: inout [Int]) -> Bool {
        var state: UInt64 = 42
        for _ in 0..<samplesMax {
            for variable in part where pins[variable] == nil {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                choice[variable] = Int((state >> 33) % UInt64(space.variables[variable].values.count))
            }
            if tests.allSatisfy({ $0.holds(choice) }) { return true }
        }
        return false
    }
}
