import Faregate
import FaregateProviders
import FaregateSandbox
import FaregateTasks

/// One run: a world in which everything goes wrong, processes that die and start again, and a judgement at the end.
struct ChaosRun {
    let world: ChaosWorld

    private var plan: ChaosPlan { world.plan }

    /// Runs until every task has ended, and judges.
    func run() async throws -> ChaosResult {
        var unplanned: [String] = []
        var life = 1
        while true {
            world.start()
            // The last life has to bring everything to an end; without crashes, whatever goes wrong on the way.
            if life > 1, life > plan.crashes.count { world.calm() }
            let end = try await process()
            if case .died = end { life += 1; continue }
            // There was no room on the disk when it started: it is started again.
            if case .failed(StoreError.Code.diskFull) = end { continue }
            if case .failed(let error) = end { unplanned.append("life \(life) ended by itself: \(error)") }
            if case .stuck = end { unplanned.append("life \(life) did not come to an end") }
            break
        }
        let store = try TaskStore(folder: world.folder + "/state")
        defer { try? store.close() }
        var result = try await ChaosJudge(
            providers: world.providers, admitted: world.admitted, crashCount: world.crashCount, folder: world.folder,
            store: store, allowsDuplicates: plan.allowsDuplicates
        ).judge()
        result.lost += unplanned
        return result
    }

    /// How one life of the process ended.
    private enum End {
        /// Every task has ended.
        case done
        /// Where the plan said.
        case died
        case stuck
        case failed(any Error)
    }

    private func process() async throws -> End {
        let store: TaskStore
        do {
            store = try TaskStore(folder: world.folder + "/state", probe: { [world] in try world.probe($0) })
        } catch {
            return world.isDead ? .died : .failed(error)
        }
        defer { try? store.close() }
        let world = world
        let engine = TaskEngine(
            store: store, hosts: try world.hosts(), settings: settings, clock: world.clock, now: { world.now })
        let running = Task {  // ends below: the engine is stopped and waited for
            defer { world.noteEngineEnd() }
            try await engine.run()
        }
        var end = End.died
        do { end = try await live(engine, store) ? .done : .stuck } catch { end = .failed(error) }
        engine.stop()
        do { try await running.value } catch { end = .failed(error) }
        return world.isDead ? .died : end
    }

    private var settings: EngineSettings {
        var settings = EngineSettings()
        settings.callbackBase = "https://us.example/callbacks"
        return settings
    }

    /// What happens while a process lives: orders come, again after a crash with the same keys; callbacks come,
    /// some of them twice, some of them forged; somebody wants a task stopped; a person looks at an account.
    ///
    /// - Returns: Whether every task has ended.
    private func live(_ engine: TaskEngine, _ store: TaskStore) async throws -> Bool {
        if try await store.budgets(at: world.now).isEmpty { try await set(budget, store) }
        var ids: [Int: String] = [:]
        for number in 0..<plan.taskCount { ids[number] = try await admit(engine, store, number) }
        for _ in 0..<40_000 {
            if world.isDead || world.isEngineOver { return false }
            try await limitDisk(store)
            try await deliverCallbacks(engine)
            if let task = world.takeCancel(), let id = ids[task] { try await cancel(engine, store, id) }
            if plan.hasPerson { try await lookAtAccount(engine, store) }
            if try await isOver(store) { return true }
            try await Task.sleep(for: .microseconds(500))
        }
        return false
    }

    /// Every task has ended, nothing is in doubt, and every result is where it belongs.
    private func isOver(_ store: TaskStore) async throws -> Bool {
        guard try await store.openTaskCount() == 0, try await store.openAttemptCount() == 0 else { return false }
        return try await store.undeliveredCount() == 0
    }

    private var budget: Budget {
        let needed = ExactDecimal(plan.taskCount).multiplied(by: ChaosWorld.price.amount)
        return Budget(
            project: "chaos", period: .total, maximum: plan.isBudgetTight ? needed ?? .zero : ExactDecimal(1000))
    }

    /// Does something again for as long as the disk is full.
    private func insist<Result: Sendable>(_ store: TaskStore, _ work: () async throws -> Result) async throws -> Result
    {
        for _ in 0..<100 {
            try await limitDisk(store)
            do { return try await work() } catch StoreError.Code.diskFull {}
        }
        throw StoreError(.diskFull, "the disk stays full")
    }

    private func set(_ budget: Budget, _ store: TaskStore) async throws {
        try await insist(store) { try await store.set(budget, at: world.now) }
    }

    /// A client that lost the answer, or was told that the disk is full, asks again. `nil` where the budget refuses.
    private func admit(_ engine: TaskEngine, _ store: TaskStore, _ number: Int) async throws -> String? {
        do {
            let id = try await insist(store) { try await engine.admit(world.order(number)).taskID }
            world.noteAdmission(number)
            return id
        } catch let refusal as BudgetRefusal {
            guard plan.isBudgetTight else { throw refusal }
            return nil
        }
    }

    private func cancel(_ engine: TaskEngine, _ store: TaskStore, _ id: String) async throws {
        try await insist(store) { try await engine.cancel(id) }
    }

    /// SQLite itself finds no room while the plan says so.
    private func limitDisk(_ store: TaskStore) async throws {
        guard let isFull = world.diskChange() else { return }
        try await store.limitSize(isFull)
    }

    private func deliverCallbacks(_ engine: TaskEngine) async throws {
        for callback in world.takeCallbacks() {
            let token = callback.address.split(separator: "/").last.map(String.init) ?? ""
            do {
                if plan.forgesCallbacks {
                    _ = try await engine.callback(token: "forged", body: callback.body)
                    _ = try await engine.callback(token: token, body: Array(#"{"task": "acme-7"}"#.utf8))
                }
                for _ in 0..<plan.callbackCopies { _ = try await engine.callback(token: token, body: callback.body) }
            } catch StoreError.Code.diskFull {
                // The provider is told that it was not taken, and posts it again.
                world.post(callback)
            }
        }
    }

    /// A person sees every task of the account, and says what became of one that needs them.
    private func lookAtAccount(_ engine: TaskEngine, _ store: TaskStore) async throws {
        for (task, attempts) in try await store.tasks(openOnly: true) where task.state == .unresolved {
            guard let attempt = attempts.last, attempt.state == .unknown,
                let provider = world.providers.first(where: { $0.id == attempt.provider })
            else { continue }
            let sold = provider.ledger.tasks.filter { $0.body["prompt"] == task.offers[0].body["prompt"] }
            var unknown: [SandboxLedger.PaidTask] = []
            for sale in sold where try await store.taskID(provider: provider.id, providerTaskID: sale.id) == nil {
                unknown.append(sale)
            }
            do {
                switch unknown.last {
                case nil: try await engine.resolve(attempt.id, .absent)
                case let sale? where plan.seed.isMultiple(of: 2):
                    try await engine.resolve(attempt.id, .accepted(providerTaskID: sale.id))
                case _?: try await engine.resolve(attempt.id, .spent(nil))
                }
            } catch is IllegalTransition {
                // The engine found out first.
            } catch let error as StoreError where error.code == .notAtProvider || error.code == .diskFull {
                // Asked again later.
            }
        }
    }
}
