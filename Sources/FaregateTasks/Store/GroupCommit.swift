import GRDB
import Synchronization

/// Something that can go wrong at a place, for tests: the process dies there.
package enum StorePoint: String, Sendable, CaseIterable {
    case beforeRead, afterRead, beforeWrite, afterWrite, beforeCommit, afterCommit
}

/// Called at every ``StorePoint``. What it throws ends the work there.
package typealias StoreProbe = @Sendable (StorePoint) throws -> Void

/// Puts transactions that come at the same time into one: they share one wait for the disk.
///
/// Guarantees: a body runs whole or not at all, whatever the others do; its result is told after the commit, never
/// before.
final class GroupCommit: Sendable {
    /// One transaction that waits.
    private struct Job: Sendable {
        /// Runs the body and keeps its result. Throws where the whole group must end.
        let run: @Sendable (Database) throws -> Void
        /// Tells the result, or the error that ended the group.
        let tell: @Sendable ((any Error)?) -> Void
    }

    private struct State {
        var jobs: [Job] = []
        var isFlushing = false
    }

    private let writer: any DatabaseWriter
    private let probe: StoreProbe?
    private let state = Mutex(State())

    /// Bodies in one transaction at most.
    private static let jobCountMax = 512

    init(_ writer: any DatabaseWriter, probe: StoreProbe?) { (self.writer, self.probe) = (writer, probe) }

    /// Runs a body in a transaction and returns when it is on the disk.
    func commit<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let box = Outcome<Result>()
            add(
                Job(
                    run: { [probe] db in
                        do {
                            try probe?(.beforeWrite)
                            var result: Result?
                            try db.inSavepoint {
                                result = try body(db)
                                return .commit
                            }
                            try probe?(.afterWrite)
                            box.set(.success(result!))
                        } catch {
                            box.set(.failure(error))
                        }
                        // A full disk can end the transaction under our feet: then nothing of the group counts.
                        if !db.isInsideTransaction { throw box.error ?? DatabaseError(message: "transaction ended") }
                    },
                    tell: { error in
                        continuation.resume(with: error.map { .failure($0) } ?? box.result)
                    }))
        }
    }

    /// The result of one body: written on the writer's queue, read there after the commit.
    private final class Outcome<Value: Sendable>: Sendable {
        private let value = Mutex<Swift.Result<Value, any Error>?>(nil)

        func set(_ result: Swift.Result<Value, any Error>) { value.withLock { $0 = result } }
        var result: Swift.Result<Value, any Error> {
            value.withLock { $0 ?? .failure(DatabaseError(message: "the transaction did not run")) }
        }
        var error: (any Error)? { if case .failure(let error) = result { error } else { nil } }
    }

    private func add(_ job: Job) {
        let mustFlush = state.withLock { state in
            state.jobs.append(job)
            defer { state.isFlushing = true }
            return !state.isFlushing
        }
        guard mustFlush else { return }
        writer.asyncWriteWithoutTransaction { db in self.flush(db) }
    }

    /// Runs whatever waits until nothing waits any more. What comes in meanwhile makes the next group.
    private func flush(_ db: Database) {
        while true {
            let group: [Job] = state.withLock { state in
                let group = Array(state.jobs.prefix(Self.jobCountMax))
                state.jobs.removeFirst(group.count)
                if group.isEmpty { state.isFlushing = false }
                return group
            }
            if group.isEmpty { return }
            var failure: (any Error)?
            do {
                try db.inTransaction(.immediate) {
                    for job in group { try job.run(db) }
                    try probe?(.beforeCommit)
                    return .commit
                }
                try probe?(.afterCommit)
            } catch {
                failure = error
            }
            for job in group { job.tell(failure) }
        }
    }
}
