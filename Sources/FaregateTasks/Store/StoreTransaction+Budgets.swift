import Faregate
import GRDB

extension StoreTransaction {
    /// Counts a line against every budget it falls under.
    ///
    /// - Throws: ``BudgetRefusal`` for a hold that does not fit: then nothing of the transaction is stored.
    func draw(_ line: LedgerLine) throws {
        for (id, budget) in try reader.budgets(over: line) {
            let amount = budget.unit == "USD" ? line.usd : line.entry.amount
            let start = budget.period.start(at: line.heldAt)
            if line.entry.kind == .hold { try check(amount, line, id, budget, start) }
            guard let amount else { continue }
            try add(line.entry.kind, amount, to: id, start)
        }
    }

    private func check(
        _ amount: ExactDecimal?, _ line: LedgerLine, _ id: Int64, _ budget: Budget, _ start: String
    ) throws {
        let status = try reader.status(id, budget, start)
        guard let amount else {
            let reason: BudgetRefusal.Reason =
                line.entry.amount == nil ? .priceUnknown : .worthUnknown(unit: line.entry.unit ?? "credits")
            throw BudgetRefusal(reason: reason, status: status)
        }
        guard amount <= status.left else { throw BudgetRefusal(reason: .exceeded(asked: amount), status: status) }
    }

    private func add(_ kind: LedgerEntry.Kind, _ amount: ExactDecimal, to id: Int64, _ start: String) throws {
        let (held, spent): (Int64, Int64) =
            switch kind {
            case .hold: (amount.billionths, 0)
            case .capture: (-amount.billionths, amount.billionths)
            case .release: (-amount.billionths, 0)
            case .adjust: (0, amount.billionths)
            }
        try run(
            """
            INSERT INTO budget_usage (budget, period_start, held, spent) VALUES (?, ?, ?, ?)
            ON CONFLICT (budget, period_start) DO UPDATE SET held = held + excluded.held, spent = spent + excluded.spent
            """, [id, start, held, spent])
    }

    /// Sets a budget, or another maximum for one. What was spent in its current period already counts.
    func set(_ budget: Budget) throws {
        try run(
            """
            INSERT INTO budgets (project, provider, unit, period, maximum, set_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (project, provider, unit, period) DO UPDATE SET maximum = excluded.maximum, set_at = excluded.set_at
            """,
            [
                budget.project, budget.provider ?? "", budget.unit, budget.period.rawValue,
                budget.maximum.billionths, now.milliseconds,
            ])
        let id = try Int64.fetchOne(
            db, sql: "SELECT id FROM budgets WHERE project = ? AND provider = ? AND unit = ? AND period = ?",
            arguments: [budget.project, budget.provider ?? "", budget.unit, budget.period.rawValue])
        guard let id else { throw StoreError(.writeFailed, "the budget was not stored") }
        try recount(id, budget)
    }

    /// Takes a budget away. `false` where there is none.
    func remove(_ budget: Budget) throws -> Bool {
        try run(
            "DELETE FROM budgets WHERE project = ? AND provider = ? AND unit = ? AND period = ?",
            [budget.project, budget.provider ?? "", budget.unit, budget.period.rawValue])
        return db.changesCount > 0
    }

    /// Counts a budget's use from the ledger, which is the truth.
    private func recount(_ id: Int64, _ budget: Budget) throws {
        try run("DELETE FROM budget_usage WHERE budget = ?", [id])
        let lines = try Row.fetchCursor(
            db, sql: "SELECT * FROM ledger WHERE project = ?", arguments: [budget.project])
        var usage: [(LedgerEntry.Kind, ExactDecimal, String)] = []
        while let row = try lines.next() {
            let line = try LedgerLine(row)
            guard budget.counts(line), let amount = budget.unit == "USD" ? line.usd : line.entry.amount else {
                continue
            }
            usage.append((line.entry.kind, amount, budget.period.start(at: line.heldAt)))
        }
        for (kind, amount, start) in usage { try add(kind, amount, to: id, start) }
    }
}

extension Budget {
    /// Whether a line of its project's ledger falls under it.
    func counts(_ line: LedgerLine) -> Bool {
        (provider == nil || provider == line.provider)
            && (unit == "USD" || unit == line.entry.unit || line.entry.unit == nil)
    }
}
