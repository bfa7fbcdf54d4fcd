import Faregate
import GRDB

/// The tables, version by version. A migration that was released is never changed.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 tasks") { db in
            for statement in version1 { try db.execute(sql: statement) }
        }
        migrator.registerMigration("2 progress") { db in
            try db.execute(sql: "ALTER TABLE attempts ADD COLUMN progress_percent INTEGER")
        }
        migrator.registerMigration("3 lookups") { db in
            for statement in version3 { try db.execute(sql: statement) }
            let open = try Row.fetchAll(db, sql: "SELECT id, offers FROM tasks WHERE ended_at IS NULL")
            for row in open {
                guard let offer = try? JSONValue(parsing: row["offers"] as String).array?.first.flatMap(Offer.init)
                else { continue }
                try db.execute(
                    sql: "UPDATE tasks SET request_digest = ? WHERE id = ?",
                    arguments: [offer.requestDigest, row["id"] as String])
            }
        }
        return migrator
    }

    /// Amounts are billionths, instants milliseconds since 1970.
    private static let version1 = [
        """
        CREATE TABLE tasks (
            id TEXT PRIMARY KEY NOT NULL, project TEXT NOT NULL, state TEXT NOT NULL, offers TEXT NOT NULL,
            attempt_count_max INTEGER NOT NULL, uses_alternatives INTEGER NOT NULL,
            max_duplicate_usd INTEGER NOT NULL, backoff INTEGER NOT NULL, output_folder TEXT NOT NULL, webhook TEXT,
            created_at INTEGER NOT NULL, ended_at INTEGER, is_cancel_requested INTEGER NOT NULL, note TEXT
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX open_tasks ON tasks(id) WHERE ended_at IS NULL",
        """
        CREATE TABLE attempts (
            task_id TEXT NOT NULL REFERENCES tasks(id), number INTEGER NOT NULL, offer INTEGER NOT NULL,
            provider TEXT NOT NULL, model TEXT NOT NULL, medium TEXT NOT NULL, state TEXT NOT NULL,
            worst_case INTEGER, unit TEXT, usd_per_unit INTEGER, standing TEXT NOT NULL, spent INTEGER,
            idempotency_key TEXT, callback_token TEXT, request_digest TEXT, provider_task_id TEXT,
            stated_amount INTEGER, stated_unit TEXT, trouble_code TEXT, trouble_message TEXT,
            trouble_is_retryable INTEGER, trouble_billed TEXT, trouble_retry_after INTEGER,
            is_cancel_requested INTEGER NOT NULL, is_late INTEGER NOT NULL, planned_at INTEGER NOT NULL,
            reserved_at INTEGER, submitted_at INTEGER, accepted_at INTEGER, ended_at INTEGER, not_before INTEGER,
            PRIMARY KEY (task_id, number)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX open_attempts ON attempts(task_id, number) WHERE ended_at IS NULL",
        // Two attempts never stand for the same task of a provider.
        """
        CREATE UNIQUE INDEX provider_tasks ON attempts(provider, provider_task_id) WHERE provider_task_id IS NOT NULL
        """,
        """
        CREATE TABLE results (
            task_id TEXT NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL, state TEXT NOT NULL,
            address TEXT, data TEXT, staged TEXT, path TEXT, bytes INTEGER, media_type TEXT, problem TEXT,
            PRIMARY KEY (task_id, number, position),
            FOREIGN KEY (task_id, number) REFERENCES attempts(task_id, number)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX open_results ON results(task_id, number) WHERE state != 'delivered'",
        """
        CREATE TABLE events (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, task_id TEXT NOT NULL, number INTEGER, at INTEGER NOT NULL,
            name TEXT NOT NULL, state TEXT NOT NULL, detail TEXT
        ) STRICT
        """,
        "CREATE INDEX task_events ON events(task_id)",
        """
        CREATE TABLE ledger (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, task_id TEXT NOT NULL, number INTEGER NOT NULL,
            project TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, at INTEGER NOT NULL,
            held_at INTEGER NOT NULL, kind TEXT NOT NULL, amount INTEGER, unit TEXT, usd INTEGER, basis TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX task_ledger ON ledger(task_id)",
        "CREATE UNIQUE INDEX one_hold ON ledger(task_id, number) WHERE kind = 'hold'",
        "CREATE UNIQUE INDEX one_capture ON ledger(task_id, number) WHERE kind = 'capture'",
        """
        CREATE TRIGGER ledger_keeps BEFORE UPDATE ON ledger
        BEGIN SELECT RAISE(ABORT, 'lines of the ledger are never changed'); END
        """,
        """
        CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger
        BEGIN SELECT RAISE(ABORT, 'lines of the ledger are never deleted'); END
        """,
        """
        CREATE TABLE budgets (
            id INTEGER PRIMARY KEY, project TEXT NOT NULL, provider TEXT NOT NULL, unit TEXT NOT NULL,
            period TEXT NOT NULL, maximum INTEGER NOT NULL, set_at INTEGER NOT NULL,
            UNIQUE (project, provider, unit, period)
        ) STRICT
        """,
        """
        CREATE TABLE budget_usage (
            budget INTEGER NOT NULL REFERENCES budgets(id) ON DELETE CASCADE, period_start TEXT NOT NULL,
            held INTEGER NOT NULL, spent INTEGER NOT NULL, PRIMARY KEY (budget, period_start)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE idempotency_keys (
            project TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, task_id TEXT NOT NULL,
            created_at INTEGER NOT NULL, PRIMARY KEY (project, key)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE callback_tokens (
            token TEXT PRIMARY KEY NOT NULL, task_id TEXT NOT NULL, number INTEGER NOT NULL,
            created_at INTEGER NOT NULL, seen_count INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE outbox (
            id TEXT PRIMARY KEY NOT NULL, task_id TEXT NOT NULL, address TEXT NOT NULL, body TEXT NOT NULL,
            created_at INTEGER NOT NULL, attempt_count INTEGER NOT NULL, next_at INTEGER,
            delivered_at INTEGER, problem TEXT
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX due_outbox ON outbox(next_at) WHERE next_at IS NOT NULL",
    ]

    /// What is asked for often is found without a look at all that has ended.
    private static let version3 = [
        "ALTER TABLE tasks ADD COLUMN request_digest TEXT",
        "CREATE INDEX open_requests ON tasks(project, request_digest) WHERE ended_at IS NULL",
        """
        CREATE INDEX doubtful_attempts ON attempts(provider, submitted_at)
        WHERE state IN ('submitting', 'unknown', 'orphaned')
        """,
        "CREATE INDEX task_outbox ON outbox(task_id)",
    ]
}
