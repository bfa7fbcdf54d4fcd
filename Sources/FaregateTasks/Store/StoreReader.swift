import Faregate
import FaregateProviders
import GRDB

/// What can be looked up.
struct StoreReader {
    let db: Database

    // MARK: Tasks

    /// - Throws: `StoreError.Code.taskUnknown`.
    func task(_ id: String) throws -> DurableTask {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT * FROM tasks WHERE id = ?"), arguments: [id])
        guard let row else { throw StoreError(.taskUnknown, "there is no task \(id)") }
        return try Self.task(row)
    }

    /// The tasks whose id begins so.
    func tasks(beginning prefix: String) throws -> [String] {
        try String.fetchAll(
            db, sql: "SELECT id FROM tasks WHERE id >= ? AND id < ? ORDER BY id LIMIT 10",
            arguments: [prefix, prefix + "\u{7F}"])
    }

    /// Tasks, newest first.
    func tasks(openOnly: Bool, project: String?, limit: Int) throws -> [DurableTask] {
        let conditions: [String] =
            (openOnly ? ["ended_at IS NULL"] : []) + (project == nil ? [] : ["project = :project"])
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        var arguments: StatementArguments = ["limit": limit]
        if let project { arguments += ["project": project] }
        let rows = try Row.fetchAll(
            db, sql: "SELECT * FROM tasks \(filter) ORDER BY id DESC LIMIT :limit", arguments: arguments)
        return try rows.map(Self.task)
    }

    func project(of id: String) throws -> String {
        let project = try String.fetchOne(
            db.cachedStatement(sql: "SELECT project FROM tasks WHERE id = ?"), arguments: [id])
        guard let project else { throw StoreError(.taskUnknown, "there is no task \(id)") }
        return project
    }

    /// Where a task's end is told; `nil` where nobody asked.
    func webhook(of id: String) throws -> String? {
        try Optional<String>.fetchOne(
            db.cachedStatement(sql: "SELECT webhook FROM tasks WHERE id = ?"), arguments: [id]) ?? nil
    }

    static func task(_ row: Row) throws -> DurableTask {
        var policy = AttemptPolicy()
        policy.attemptCountMax = row["attempt_count_max"]
        policy.usesAlternatives = row["uses_alternatives"]
        policy.maxDuplicateUSD = row.decimal("max_duplicate_usd") ?? .zero
        policy.backoff = .milliseconds(row["backoff"] as Int64)
        let stored = try? JSONValue(parsing: row["offers"] as String).array
        guard let stored, case let offers = stored.compactMap(Offer.init), offers.count == stored.count else {
            throw StoreError(.unreadable, "the offers of the task \(row["id"] as String) cannot be read")
        }
        var task = DurableTask(
            id: row["id"], project: row["project"], offers: offers, policy: policy, outputFolder: row["output_folder"],
            createdAt: Timestamp(milliseconds: row["created_at"]))
        task.state = try row.word("state")
        (task.endedAt, task.note) = (row.timestamp("ended_at"), row["note"])
        task.isCancelRequested = row["is_cancel_requested"]
        return task
    }

    // MARK: Attempts

    /// - Throws: `StoreError.Code.taskUnknown`.
    func attempt(_ id: Attempt.ID) throws -> Attempt {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT * FROM attempts WHERE task_id = ? AND number = ?"),
            arguments: [id.task, id.number])
        guard let row else { throw StoreError(.taskUnknown, "there is no attempt \(id)") }
        return try AttemptRow.attempt(row)
    }

    /// All attempts at a task, in order.
    func attempts(of task: String) throws -> [Attempt] {
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT * FROM attempts WHERE task_id = ? ORDER BY number"), arguments: [task])
        return try rows.map(AttemptRow.attempt)
    }

    /// Every attempt that something may still come of, at one task or at all.
    func openAttempts(of task: String? = nil) throws -> [Attempt] {
        let filter = task == nil ? "" : "AND task_id = :task"
        let cursor = try Row.fetchCursor(
            db, sql: "SELECT * FROM attempts WHERE ended_at IS NULL \(filter) ORDER BY task_id, number",
            arguments: task.map { ["task": $0] } ?? [])
        var attempts: [Attempt] = []
        while let row = try cursor.next() { attempts.append(try AttemptRow.attempt(row)) }
        return attempts
    }

    /// The attempt that holds a provider's task.
    func attempt(provider: String, providerTaskID: String) throws -> Attempt? {
        try Row.fetchOne(
            db, sql: "SELECT * FROM attempts WHERE provider = ? AND provider_task_id = ?",
            arguments: [provider, providerTaskID]
        ).map(AttemptRow.attempt)
    }

    /// When the last event was noted; `nil` where there is none.
    func latestEvent() throws -> Timestamp? {
        try Int64.fetchOne(db, sql: "SELECT at FROM events ORDER BY sequence DESC LIMIT 1")
            .map { Timestamp(milliseconds: $0) }
    }

    /// Attempts sent to a provider within a span whose outcome is in doubt.
    func doubtful(at provider: String, submitted: ClosedRange<Timestamp>) throws -> [Attempt] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM attempts WHERE provider = ? AND state IN ('submitting', 'unknown', 'orphaned')
                AND submitted_at BETWEEN ? AND ?
                """,
            arguments: [provider, submitted.lowerBound.milliseconds, submitted.upperBound.milliseconds]
        ).map(AttemptRow.attempt)
    }

    /// Attempts at one task or at all whose results are not all where they belong, or not noted to be, unless somebody
    /// gave the task up. Looks at what is open, however much has ended.
    func undelivered(of task: String? = nil) throws -> [Attempt] {
        let attempts = try Row.fetchAll(
            db,
            sql: """
                WITH places AS (
                    SELECT task_id, number FROM results WHERE state != 'delivered'
                    UNION SELECT attempts.task_id, attempts.number
                    FROM tasks CROSS JOIN attempts ON attempts.task_id = tasks.id
                    WHERE tasks.ended_at IS NULL AND attempts.state = 'succeeded')
                SELECT attempts.* FROM places CROSS JOIN attempts USING (task_id, number)
                CROSS JOIN tasks ON tasks.id = attempts.task_id
                WHERE attempts.state = 'succeeded' AND tasks.state != 'cancelled' ORDER BY task_id, number
                """
        ).map(AttemptRow.attempt)
        return task.map { task in attempts.filter { $0.id.task == task } } ?? attempts
    }

    func openTaskCount() throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM tasks WHERE ended_at IS NULL") ?? 0
    }

    // MARK: History and money

    /// What happened to a task, in order.
    func events(of task: String) throws -> [HistoryEvent] {
        try Row.fetchAll(db, sql: "SELECT * FROM events WHERE task_id = ? ORDER BY sequence", arguments: [task])
            .map(HistoryEvent.init)
    }

    /// The lines of the ledger, in order, each handed over as it is read.
    func ledger(project: String?, _ body: (LedgerLine) throws -> Void) throws {
        let cursor = try Row.fetchCursor(
            db, sql: "SELECT * FROM ledger WHERE :project IS NULL OR project = :project ORDER BY sequence",
            arguments: ["project": project])
        while let row = try cursor.next() { try body(try LedgerLine(row)) }
    }

    /// The lines of one task, in order.
    func ledger(of task: String) throws -> [LedgerLine] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT * FROM ledger WHERE task_id = ? ORDER BY sequence"), arguments: [task]
        ).map(LedgerLine.init)
    }

    /// The budgets that a line falls under, with their ids.
    func budgets(over line: LedgerLine) throws -> [(Int64, Budget)] {
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT * FROM budgets WHERE project = ?"), arguments: [line.project])
        return try rows.map { ($0["id"], try Self.budget($0)) }.filter { $0.1.counts(line) }
    }

    /// Every budget and its use in the period of an instant.
    func budgets(project: String?, at now: Timestamp) throws -> [BudgetStatus] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM budgets WHERE :project IS NULL OR project = :project
                ORDER BY project, provider, unit, period
                """, arguments: ["project": project])
        return try rows.map { row in
            let budget = try Self.budget(row)
            var status = try status(row["id"], budget, budget.period.start(at: now))
            status.unpricedCount = try unpricedCount(budget, status.periodStart)
            return status
        }
    }

    private func unpricedCount(_ budget: Budget, _ start: String) throws -> Int {
        var unpriced: Set<Attempt.ID> = []
        try ledger(project: budget.project) { line in
            guard budget.counts(line), budget.period.start(at: line.heldAt) == start else { return }
            switch line.entry.kind {
            case .hold, .capture, .adjust:
                if budget.amount(of: line) == nil {
                    unpriced.insert(line.attempt)
                } else if line.entry.kind != .hold {
                    unpriced.remove(line.attempt)
                }
            case .release: unpriced.remove(line.attempt)
            }
        }
        return unpriced.count
    }

    func status(_ id: Int64, _ budget: Budget, _ start: String) throws -> BudgetStatus {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT held, spent FROM budget_usage WHERE budget = ? AND period_start = ?"),
            arguments: [id, start])
        return BudgetStatus(
            budget: budget, periodStart: start, held: row?.decimal("held") ?? .zero,
            spent: row?.decimal("spent") ?? .zero)
    }

    private static func budget(_ row: Row) throws -> Budget {
        let provider: String = row["provider"]
        return Budget(
            project: row["project"], provider: provider.isEmpty ? nil : provider, unit: row["unit"],
            period: try row.word("period"), maximum: row.decimal("maximum") ?? .zero)
    }
}

/// One thing that happened to a task or to an attempt at it.
public struct HistoryEvent: Sendable, Hashable {
    /// The attempt; `nil` for the task itself.
    public let number: Int?
    public let at: Timestamp
    public let name: String
    /// The state that it led to.
    public let state: String
    public let detail: String?
}

extension HistoryEvent {
    init(_ row: Row) {
        self.init(
            number: row["number"], at: Timestamp(milliseconds: row["at"]), name: row["name"], state: row["state"],
            detail: row["detail"])
    }
}
