import Faregate
import FaregateProviders
import FaregateSandbox
import FaregateTasks

/// One run: a world in which everything goes wrong, processes that die and start again, and a judgement at the end.
struct ChaosRun {
    let world: ChaosWorld

    /// Runs until every task has ended, and judges.
    func run() async throws -> ChaosResult {
        var starts = 0
        while true {
            starts += 1
            world.start()
            if starts > world.plan.crashes.count { world.calm() }
            if try await process(isLast: starts > world.plan.crashes.count) { break }
            if starts > world.plan.crashes.count + 3 { break }
        }
        let store = try TaskStore(folder: world.folder + "/state")
        defer { try? store.close() }
        return try await ChaosJudge(
            providers: world.providers, made: { [world] in world.made.all }, taskCount: world.plan.taskCount,
            crashCount: world.crashCount, folder: world.folder, store: store
        ).judge()
    }

    /// One life of the process. `true` where it ended by itself, with every task ended.
    private func process(isLast: Bool) async throws -> Bool {
        let store: TaskStore
        do {
            store = try TaskStore(folder: world.folder + "/state", probe: { [world] in try world.probe($0) })
        } catch {
            // It died while it opened the file.
            return false
        }
        defer { try? store.close() }
        let world = world
        let engine = TaskEngine(
            store: store, hosts: try world.hosts(), settings: settings, clock: world.clock, now: { world.now })
        let running = Task { try await engine.run() }  // ends below: it is stopped and waited for
        var isDone = false
        do {
            isDone = try await live(engine, store, isLast: isLast)
        } catch is SimulatedCrash {
        } catch is StoreError {
        }
        engine.stop()
        do { try await running.value } catch is SimulatedCrash { return false } catch is StoreError { return false }
        return isDone
    }

    private var settings: EngineSettings {
        var settings = EngineSettings()
        settings.callbackBase = "https://us.example/callbacks"
        return settings
    }

    /// What happens while a process lives: orders come, again after a crash with the same keys; callbacks come,
    /// some of them twice, some of them forged; somebody wants a task stopped.
    private func live(_ engine: TaskEngine, _ store: TaskStore, isLast: Bool) async throws -> Bool {
        var ids: [String] = []
        for number in 0..<world.plan.taskCount { ids.append(try await admit(engine, number)) }
        for _ in 0..<40_000 {
            if world.isDead { return false }
            try await deliverCallbacks(engine)
            if let cancel = world.plan.cancel, world.step >= cancel.step { try? await engine.cancel(ids[cancel.task]) }
            if try await store.tasks(openOnly: true, limit: 1).isEmpty { return true }
            try await Task.sleep(for: .microseconds(isLast ? 200 : 50))
        }
        return false
    }

    /// A client that lost the answer, or was told that the disk is full, asks again.
    private func admit(_ engine: TaskEngine, _ number: Int) async throws -> String {
        for _ in 0..<50 {
            do { return try await engine.admit(world.order(number)).taskID } catch StoreError.Code.diskFull {}
        }
        throw StoreError(.diskFull, "the disk stays full")
    }

    private func deliverCallbacks(_ engine: TaskEngine) async throws {
        for callback in world.takeCallbacks() {
            let token = callback.address.split(separator: "/").last.map(String.init) ?? ""
            if world.plan.forgesCallbacks {
                _ = try await engine.callback(token: "forged", body: callback.body)
                _ = try await engine.callback(token: token, body: Array(#"{"task": "acme-7"}"#.utf8))
            }
            for _ in 0..<world.plan.callbackCopies {
                _ = try await engine.callback(token: token, body: callback.body)
            }
        }
    }
}
