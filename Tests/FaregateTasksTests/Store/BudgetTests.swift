import Faregate
import FaregateProviders
import Testing

@testable import FaregateTasks

@Suite("Budgets")
struct BudgetTests {
    static let now = TaskStoreTests.now
    static let first = Attempt.ID(task: "t1", number: 1)

    private static func store(_ budgets: Budget...) async throws -> TaskStore {
        let store = try TaskStore()
        try await store.transact(at: now) { store in for budget in budgets { try store.set(budget) } }
        return store
    }

    private static func status(_ store: TaskStore, at instant: Timestamp = now) async throws -> BudgetStatus {
        try #require(try await store.read { try $0.budgets(project: nil, at: instant) }.first)
    }

    @Test("Hundreds of admissions at once do not overspend by a cent, whatever the order")
    func concurrent() async throws {
        try await withTemporaryFolder { folder in
            let store = try TaskStore(folder: folder)
            try await store.transact(at: Self.now) {
                try $0.set(Budget(project: "default", period: .month, maximum: "100"))
            }
            let outcomes = await withTaskGroup(of: Result<Void, any Error>.self) { group in
                for number in 0..<600 {
                    group.addTask {
                        do {
                            let cost: ExactDecimal = number % 3 == 0 ? "0.7" : "0.3"
                            _ = try await store.admit(TaskStoreTests.order(cost), id: "t\(number)", at: Self.now)
                            return .success(())
                        } catch {
                            return .failure(error)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let status = try await Self.status(store)
            let held = try await store.ledger().reduce(0) { $0 + ($1.entry.amount?.billionths ?? 0) }
            #expect(status.held.billionths == held)
            #expect(status.held <= 100 && status.held > "99.2")
            #expect(outcomes.count == 600)
            for case .failure(let error) in outcomes { #expect(error is BudgetRefusal) }
        }
    }

    @Test("A refusal stores nothing and says what is left")
    func refused() async throws {
        let store = try await Self.store(Budget(project: "default", period: .day, maximum: "3"))
        _ = try await store.admit(TaskStoreTests.order("2"), id: "t1", at: Self.now)
        let refusal = await #expect(throws: BudgetRefusal.self) {
            _ = try await store.admit(TaskStoreTests.order("1.000000001"), id: "t2", at: Self.now)
        }
        #expect(refusal?.reason == .exceeded(asked: "1.000000001"))
        #expect(refusal?.status.left == 1)
        #expect(try await store.read { try $0.tasks(openOnly: false, project: nil, limit: 9) }.count == 1)
        _ = try await store.admit(TaskStoreTests.order("1"), id: "t3", at: Self.now)
        _ = try await store.admit(TaskStoreTests.order("9", project: "another"), id: "t4", at: Self.now)
    }

    @Test("What nobody can price does not fit any budget")
    func unknown() async throws {
        let store = try await Self.store(Budget(project: "default", period: .day, maximum: "3"))
        let price = await #expect(throws: BudgetRefusal.self) {
            _ = try await store.admit(TaskStoreTests.order(nil), id: "t1", at: Self.now)
        }
        #expect(price?.reason == .priceUnknown)
        let worth = await #expect(throws: BudgetRefusal.self) {
            _ = try await store.admit(TaskStoreTests.order("5", unit: "credits"), id: "t1", at: Self.now)
        }
        #expect(worth?.reason == .worthUnknown(unit: "credits"))
    }

    @Test("A budget in credits counts one provider's credits, and nothing else")
    func credits() async throws {
        let store = try await Self.store(
            Budget(project: "default", provider: "acme", unit: "credits", period: .day, maximum: "100"))
        _ = try await store.admit(TaskStoreTests.order("60", unit: "credits"), id: "t1", at: Self.now)
        _ = try await store.admit(TaskStoreTests.order("900"), id: "t2", at: Self.now)
        var other = TaskStoreTests.order("60", unit: "credits")
        other.offers[0].provider = "coin"
        _ = try await store.admit(other, id: "t3", at: Self.now)
        let refusal = await #expect(throws: BudgetRefusal.self) {
            _ = try await store.admit(TaskStoreTests.order("60", unit: "credits"), id: "t4", at: Self.now)
        }
        #expect(refusal?.status.held == 60)
    }

    @Test("What is released can be spent again; what is captured cannot")
    func settles() async throws {
        let store = try await Self.store(Budget(project: "default", period: .day, maximum: "3"))
        _ = try await store.admit(TaskStoreTests.order("2"), id: "t1", at: Self.now)
        try await store.transact(at: Self.now) { _ = try $0.apply(.withdraw, to: Self.first) }
        #expect(try await Self.status(store).left == 3)
        _ = try await store.admit(TaskStoreTests.order("3"), id: "t2", at: Self.now)
        try await store.transact(at: Self.now) { store in
            let id = Attempt.ID(task: "t2", number: 1)
            try store.apply(
                .submit(SubmissionMarks(idempotencyKey: "k", callbackToken: "c", requestDigest: "d")), to: id)
            try store.apply(.accept(providerTaskID: "p", charge: nil), to: id)
            try store.apply(.succeed(charge: StatedAmount(amount: "2.5", unit: "USD")), to: id)
        }
        let status = try await Self.status(store)
        #expect(status.held == .zero && status.spent == "2.5" && status.left == "0.5")
    }

    @Test("A budget that is set late counts what its period saw, as if it had always been there")
    func late() async throws {
        let store = try await Self.store()
        _ = try await store.admit(TaskStoreTests.order("2"), id: "t1", at: Self.now)
        _ = try await store.admit(TaskStoreTests.order("1"), id: "t2", at: Self.now.advanced(by: .seconds(86_400)))
        try await store.transact(at: Self.now) { store in
            try store.apply(.withdraw, to: Self.first)
            try store.set(Budget(project: "default", period: .day, maximum: "3"))
        }
        #expect(try await Self.status(store).left == 3)
        #expect(try await Self.status(store, at: Self.now.advanced(by: .seconds(86_400))).held == 1)
    }

    @Test("What was spent before a budget was set, and nobody can price, is counted beside it")
    func unpriced() async throws {
        let store = try await Self.store()
        var order = TaskStoreTests.order("2")
        order.offers[0].worstCase = nil
        for id in ["t1", "t2"] { _ = try await store.admit(order, id: id, at: Self.now) }
        try await store.transact(at: Self.now) { _ = try $0.apply(.withdraw, to: Self.first) }
        try await store.set(Budget(project: "default", period: .day, maximum: "3"), at: Self.now)
        #expect(try await store.budgets(at: Self.now).map(\.unpricedCount) == [1])
        #expect(try await store.budgets(at: Self.now.advanced(by: .seconds(86_400))).map(\.unpricedCount) == [0])
    }

    @Test("Absurd amounts make a sum that no budget allows, and break nothing")
    func absurd() async throws {
        let store = try await Self.store(Budget(project: "default", period: .total, maximum: "100"))
        for id in ["t1", "t2"] {
            _ = try await store.admit(TaskStoreTests.order("2"), id: id, at: Self.now)
            try await store.transact(at: Self.now) { store in
                let id = Attempt.ID(task: id, number: 1)
                let marks = SubmissionMarks(idempotencyKey: id.task, callbackToken: id.task, requestDigest: "d")
                _ = try store.apply(.submit(marks), to: id)
                _ = try store.apply(.accept(providerTaskID: "p" + id.task, charge: nil), to: id)
            }
        }
        for id in ["t1", "t2"] {
            try await store.transact(at: Self.now) { store in
                _ = try store.apply(
                    .succeed(charge: StatedAmount(amount: "9000000000", unit: "USD")),
                    to: Attempt.ID(task: id, number: 1))
            }
        }
        #expect(try await Self.status(store).left <= .zero)
        try await store.transact(at: Self.now) {
            try $0.set(Budget(project: "default", period: .total, maximum: "200"))
        }
        #expect(try await Self.status(store).left <= .zero)
    }

    @Test(
        "A period begins where it should",
        arguments: [
            (Budget.Period.day, "2026-11-21", "2026-11-21"), (.week, "2026-11-21", "2026-11-16"),
            (.week, "2026-11-16", "2026-11-16"), (.week, "2026-11-15", "2026-11-09"),
            (.month, "2026-11-21", "2026-11"), (.total, "2026-11-21", "total"), (.week, "1969-12-31", "1969-12-29"),
        ])
    func periods(_ period: Budget.Period, _ day: String, _ start: String) throws {
        let date = try #require(CalendarDate(day))
        // The first and the last second of the day, found without arithmetic of ours.
        var seconds = (Int64(date.year) - 1970) * 31_556_952 - 400 * 86_400
        seconds -= seconds % 86_400
        while CalendarDate(secondsSince1970: seconds) < date { seconds += 86_400 }
        #expect(period.start(at: Timestamp(milliseconds: seconds * 1000)) == start)
        #expect(period.start(at: Timestamp(milliseconds: (seconds + 86_399) * 1000 + 999)) == start)
    }
}
