import Faregate
import FaregateProviders
import GRDB

/// What can be done inside one transaction. Everything here is stored together or not at all.
struct StoreTransaction {
    let db: Database
    let now: Timestamp

    /// The same file, for looking.
    var reader: StoreReader { StoreReader(db: db) }

    /// Runs a statement whose preparation is kept.
    func run(_ sql: String, _ arguments: StatementArguments) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    // MARK: Tasks

    /// Stores a task that nobody has admitted yet.
    func insert(_ task: DurableTask, webhook: String?) throws {
        try run(
            """
            INSERT INTO tasks (id, project, state, offers, request_digest, attempt_count_max, uses_alternatives,
                max_duplicate_usd, backoff, output_folder, webhook, created_at, is_cancel_requested)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
            """,
            [
                task.id, task.project, task.state.rawValue, JSONValue.array(task.offers.map(\.json)).text(),
                task.offers.first?.requestDigest, task.policy.attemptCountMax, task.policy.usesAlternatives,
                task.policy.maxDuplicateUSD.billionths,
                task.policy.backoff.milliseconds, task.outputFolder, webhook, task.createdAt.milliseconds,
            ])
        try note(task.id, nil, "admit", state: task.state.rawValue)
    }

    /// Moves a task. A move that ends it, or needs a person, goes into the outbox.
    ///
    /// - Throws: ``IllegalTransition``.
    @discardableResult
    func apply(_ event: TaskEvent, to id: String, note: String? = nil) throws -> DurableTask {
        let task = try reader.task(id).applying(event, note: note, at: now)
        try run(
            "UPDATE tasks SET state = ?, ended_at = ?, note = ? WHERE id = ?",
            [task.state.rawValue, task.endedAt?.milliseconds, note, id])
        try self.note(id, nil, event.rawValue, state: task.state.rawValue, note)
        if task.state.isEnded || task.state == .unresolved { try announce(task) }
        return task
    }

    /// Keeps that somebody wants a task stopped.
    func requestCancel(_ id: String) throws {
        try run("UPDATE tasks SET is_cancel_requested = 1 WHERE id = ?", [id])
        try note(id, nil, "request_cancel", state: try reader.task(id).state.rawValue)
    }

    /// Puts the notice of a task's state where it waits to be sent.
    private func announce(_ task: DurableTask) throws {
        guard let address = try reader.webhook(of: task.id) else { return }
        let number = try Int.fetchOne(db, sql: "SELECT count(*) FROM outbox WHERE task_id = ?", arguments: [task.id])
        let body: JSONValue = [
            "type": .string("task.\(task.state.rawValue)"), "timestamp": .string(now.iso),
            "data": [
                "task": .string(task.id), "project": .string(task.project), "state": .string(task.state.rawValue),
                "note": task.note.map(JSONValue.string) ?? .null,
            ],
        ]
        try run(
            """
            INSERT INTO outbox (id, task_id, address, body, created_at, attempt_count, next_at)
            VALUES (?, ?, ?, ?, ?, 0, ?)
            """,
            [
                "msg_\(task.id)_\(number ?? 0)", task.id, address, body.text(), now.milliseconds, now.milliseconds,
            ])
    }

    // MARK: Attempts

    /// Stores an attempt whose price is set aside.
    func insert(_ attempt: Attempt) throws {
        try db.cachedStatement(sql: AttemptRow.insert).execute(arguments: AttemptRow.arguments(attempt))
        try note(attempt.id.task, attempt.id.number, "reserve", state: attempt.state.rawValue)
    }

    /// Moves an attempt, with the ledger lines and the use of budgets that follow from it.
    ///
    /// - Throws: ``IllegalTransition``; ``BudgetRefusal`` where an amount does not fit a budget.
    @discardableResult
    func apply(_ event: AttemptEvent, to id: Attempt.ID) throws -> Attempt {
        let before = try reader.attempt(id)
        let transition = try before.applying(event, at: now)
        let attempt = transition.attempt
        try db.cachedStatement(sql: AttemptRow.update).execute(
            arguments: AttemptRow.mutable(attempt) + [id.task, id.number])
        try note(id.task, id.number, event.name, state: attempt.state.rawValue, event.detail)
        if !transition.entries.isEmpty {
            try book(transition.entries, attempt, project: try reader.project(of: id.task))
        }
        if case .submit(let marks) = event {
            try run(
                """
                INSERT INTO callback_tokens (token, task_id, number, created_at, seen_count) VALUES (?, ?, ?, ?, 0)
                """, [marks.callbackToken, id.task, id.number, now.milliseconds])
        }
        return attempt
    }

    /// Stores how far attempts are, of those that are still open. No history: it is for people who look.
    func note(progressPercent: [Attempt.ID: Int]) throws {
        for (id, percent) in progressPercent {
            try run(
                "UPDATE attempts SET progress_percent = ? WHERE task_id = ? AND number = ? AND ended_at IS NULL",
                [percent, id.task, id.number])
        }
    }

    /// Adds lines to the ledger and to the use of the budgets they fall under.
    func book(_ entries: [LedgerEntry], _ attempt: Attempt, project: String) throws {
        let heldAt = attempt.reservedAt ?? now
        for line in LedgerLine.lines(entries, of: attempt, project: project, at: now, heldAt: heldAt) {
            try db.cachedStatement(sql: LedgerLine.insert).execute(arguments: line.arguments)
            try draw(line)
        }
    }

    /// Adds to the history of a task.
    func note(_ task: String, _ number: Int?, _ name: String, state: String, _ detail: String? = nil) throws {
        try run(
            "INSERT INTO events (task_id, number, at, name, state, detail) VALUES (?, ?, ?, ?, ?, ?)",
            [task, number, now.milliseconds, name, state, detail])
    }

    // MARK: Idempotency

    /// The task that a key was used for before.
    ///
    /// - Throws: `StoreError.Code.keyReused` where it came with another request.
    func task(forKey key: String, project: String, fingerprint: String) throws -> String? {
        let row = try Row.fetchOne(
            db, sql: "SELECT task_id, fingerprint FROM idempotency_keys WHERE project = ? AND key = ?",
            arguments: [project, key])
        guard let row else { return nil }
        guard row["fingerprint"] == fingerprint else {
            throw StoreError(
                .keyReused,
                "the idempotency key \(key) belongs to another request, the task \(row["task_id"] as String); "
                    + "nothing was sent")
        }
        return row["task_id"]
    }

    /// Keeps what a key was used for.
    func keep(key: String, project: String, fingerprint: String, task: String) throws {
        try run(
            "INSERT INTO idempotency_keys (project, key, fingerprint, task_id, created_at) VALUES (?, ?, ?, ?, ?)",
            [project, key, fingerprint, task, now.milliseconds])
    }

    /// The attempt that a callback's token belongs to, and that it was seen. `nil` for a token that we never gave.
    func attempt(forToken token: String) throws -> Attempt.ID? {
        try run("UPDATE callback_tokens SET seen_count = seen_count + 1 WHERE token = ?", [token])
        return try Row.fetchOne(
            db, sql: "SELECT task_id, number FROM callback_tokens WHERE token = ?", arguments: [token]
        ).map { Attempt.ID(task: $0["task_id"], number: $0["number"]) }
    }
}

extension AttemptEvent {
    /// What the history says of it beside its name.
    fileprivate var detail: String? {
        switch self {
        case .accept(let id, let charge): charge.map { "\(id), \($0)" } ?? id
        case .reject(let rejection, _): "\(rejection.kind): \(rejection.message)"
        case .proveNotSent(let message, _): message
        case .lose(let ambiguity): "\(ambiguity.code.rawValue): \(ambiguity.message)"
        case .fail(let failure): "\(failure.kind): \(failure.message)"
        case .assumeSpent(let reason): reason
        case .succeed(let charge): charge?.description
        case .confirmCancel(let billed): billed.rawValue
        case .proveAbsent(let basis): basis.rawValue
        case .correct(let amount, let basis): "\(amount), \(basis.rawValue)"
        case .reserve, .submit, .observeRunning, .requestCancel, .withdraw: nil
        }
    }
}
