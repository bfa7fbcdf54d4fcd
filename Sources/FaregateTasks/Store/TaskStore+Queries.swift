import GRDB

/// Everything that is known of one task.
public struct TaskRecord: Sendable {
    public let task: DurableTask
    /// In order.
    public let attempts: [Attempt]
    /// Of every attempt that succeeded, in the provider's order.
    public let results: [TaskResultFile]
    /// In order.
    public let ledger: [LedgerLine]
    /// In order.
    public let events: [HistoryEvent]
    /// In order.
    public let notices: [OutboxNotice]
}

/// How tasks stand at one instant.
public struct TasksGlance: Sendable {
    /// The last attempt at each task that is open and needs no person.
    public let open: [Attempt]
    /// What happened, in order, each with its task's id.
    public let events: [(task: String, event: HistoryEvent)]
    /// Of all events so far, for the next look.
    public let latest: Int64
}

extension StoreReader {
    fileprivate func lastAttemptsOfOpenTasks(only: String?) throws -> [Attempt] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT attempts.* FROM tasks JOIN attempts ON task_id = tasks.id
                    AND number = (SELECT max(number) FROM attempts WHERE task_id = tasks.id)
                WHERE tasks.ended_at IS NULL AND tasks.state != 'unresolved' AND (:only IS NULL OR tasks.id = :only)
                ORDER BY tasks.id
                """, arguments: ["only": only]
        ).map(AttemptRow.attempt)
    }

    fileprivate func events(after sequence: Int64, of only: String?) throws -> [(task: String, event: HistoryEvent)] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM events WHERE sequence > :sequence AND (:only IS NULL OR task_id = :only)
                ORDER BY sequence
                """, arguments: ["sequence": sequence, "only": only]
        ).map { ($0["task_id"], HistoryEvent($0)) }
    }

    fileprivate func latestSequence() throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT max(sequence) FROM events") ?? 0
    }
}

extension TaskStore {
    /// Everything that is known of a task.
    ///
    /// - Throws: `StoreError.Code.taskUnknown`.
    public func record(_ id: String) async throws -> TaskRecord {
        try await read { store in
            let attempts = try store.attempts(of: id)
            return TaskRecord(
                task: try store.task(id), attempts: attempts,
                results: try attempts.filter { $0.state == .succeeded }.flatMap { try store.results(of: $0.id) },
                ledger: try store.ledger(of: id), events: try store.events(of: id), notices: try store.notices(of: id))
        }
    }

    /// What happened to a task, in order.
    public func events(of id: String) async throws -> [HistoryEvent] { try await read { try $0.events(of: id) } }

    /// The one task whose id is this or begins so.
    ///
    /// - Throws: `StoreError.Code.taskUnknown` where there is none, or more than one.
    public func taskID(_ text: String) async throws -> String {
        let ids = try await read { try $0.tasks(beginning: text) }
        if ids.contains(text) || ids.count == 1 { return ids[0] }
        guard ids.isEmpty else {
            throw StoreError(.taskUnknown, "\(ids.count) tasks begin with \(text): \(ids.joined(separator: ", "))")
        }
        throw StoreError(.taskUnknown, "there is no task \(text)")
    }

    /// The task that an attempt with a provider's own id belongs to; `nil` where none is known.
    public func taskID(provider: String, providerTaskID: String) async throws -> String? {
        try await read { try $0.attempt(provider: provider, providerTaskID: providerTaskID)?.id.task }
    }

    /// Tasks with their attempts, newest first.
    public func tasks(
        openOnly: Bool, project: String? = nil, limit: Int = .max
    ) async throws -> [(task: DurableTask, attempts: [Attempt])] {
        try await read { store in
            try store.tasks(openOnly: openOnly, project: project, limit: limit).map {
                ($0, try store.attempts(of: $0.id))
            }
        }
    }

    /// How open tasks stand, and what happened since an earlier look.
    ///
    /// - Parameters:
    ///   - only: Of this task alone; `nil` for all.
    ///   - before: The ``TasksGlance/latest`` of the earlier look; at the first one, `nil`, the last that happened to
    ///     each open task is told.
    public func glance(at only: String?, since before: Int64?) async throws -> TasksGlance {
        try await read { store in
            let open = try store.lastAttemptsOfOpenTasks(only: only)
            let events =
                if let before { try store.events(after: before, of: only) } else {
                    try open.compactMap { attempt in
                        try store.events(of: attempt.id.task).last.map { (attempt.id.task, $0) }
                    }
                }
            return TasksGlance(open: open, events: events, latest: try store.latestSequence())
        }
    }

    /// Every budget, with what is used of it in the period of an instant.
    public func budgets(project: String? = nil, at now: Timestamp) async throws -> [BudgetStatus] {
        try await read { try $0.budgets(project: project, at: now) }
    }

    /// When the next notice that waits is due, of a task or of all; `nil` where none waits.
    public func nextNoticeAt(task: String?) async throws -> Timestamp? {
        try await read { try $0.nextNoticeAt(task: task) }
    }

    /// Makes every notice that waits due at once: a program that is started now and then does not wait out a pause of
    /// hours. It costs the notices no attempt.
    public func hastenNotices(at now: Timestamp) async throws { try await transact(at: now) { try $0.hastenNotices() } }

    /// Sets a budget, or another maximum for one. What its period already saw counts.
    public func set(_ budget: Budget, at now: Timestamp) async throws {
        try await transact(at: now) { try $0.set(budget) }
    }

    /// Takes a budget away. `false` where there is none.
    public func remove(_ budget: Budget, at now: Timestamp) async throws -> Bool {
        try await transact(at: now) { try $0.remove(budget) }
    }

    /// Hands over the lines of the ledger, in order, as they are read.
    public func readLedger(
        project: String? = nil, _ body: @escaping @Sendable (LedgerLine) throws -> Void
    ) async throws {
        try await read { try $0.ledger(project: project, body) }
    }
}

extension TaskStore {
    /// Stores one order without an engine, for measurements of the store alone.
    package func admit(_ order: TaskOrder) async throws -> String {
        let now = Timestamp(milliseconds: 0)
        return try await transact(at: now) { try $0.admit(order, id: "sample").0.taskID }
    }

    /// How many tasks are open.
    public func openTaskCount() async throws -> Int { try await read { try $0.openTaskCount() } }

    /// How many attempts have results that are still to be fetched.
    public func undeliveredCount() async throws -> Int { try await read { try $0.undelivered().count } }

    /// How many attempts are open: those of open tasks, and those in doubt of tasks that ended without them.
    public func openAttemptCount() async throws -> Int { try await read { try $0.openAttempts().count } }
}
