import Faregate
import GRDB

extension StoreTransaction {
    /// Counts a line against every budget it falls under.
    ///
    /// - Throws: ``BudgetRefusal`` for a hold that does not fit: then nothing of the transaction is stored.
    func draw(_ line: LedgerLine) throws {
        for (id, budget) in try reader.budgets(over: line) {
            let amount = budget.amount(of: line)
            let start = budget.period.start(at: line.heldAt)
            if line.entry.kind == .hold { try check(amount, line, id, budget, start) }
            guard let amount else { continue }
            try add(BudgetUse(line.entry.kind, amount), to: id, budget, start)
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

    private func add(_ use: BudgetUse, to id: Int64, _ budget: Budget, _ start: String) throws {
        let before = try reader.status(id, budget, start)
        var sum = BudgetUse(held: before.held.billionths, spent: before.spent.billionths)
        sum.add(use)
        try run(
            """
            INSERT INTO budget_usage (budget, period_start, held, spent) VALUES (?, ?, ?, ?)
            ON CONFLICT (budget, period_start) DO UPDATE SET held = excluded.held, spent = excluded.spent
            """, [id, start, sum.held, sum.spent])
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
        var uses: [String: BudgetUse] = [:]
        while let row = try lines.next() {
            let line = try LedgerLine(row)
            guard budget.counts(line), let amount = budget.amount(of: line) else { continue }
            uses[budget.period.start(at: line.heldAt), default: BudgetUse()].add(BudgetUse(line.entry.kind, amount))
        }
        for (start, use) in uses { try add(use, to: id, budget, start) }
    }
}

/// What lines of the ledger make of a budget's period, in billionths. What a provider states can be absurd: a sum stays at
/// the largest number there is, which no budget allows.
private struct BudgetUse {
    var held: Int64 = 0
    var spent: Int64 = 0

    mutating func add(_ other: BudgetUse) {
        (held, spent) = (Self.sum(held, other.held), Self.sum(spent, other.spent))
    }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, isTooLarge) = left.addingReportingOverflow(right)
        return isTooLarge ? (right > 0 ? .max : .min) : sum
    }
}

extension BudgetUse {
    /// What one line makes of it.
    fileprivate init(_ kind: LedgerEntry.Kind, _ amount: ExactDecimal) {
        let amount = amount.billionths
        switch kind {
        case .hold: self.init(held: amount)
        case .capture: self.init(held: -amount, spent: amount)
        case .release: self.init(held: -amount)
        case .adjust: self.init(spent: amount)
        }
    }
}

extension Budget {
    /// Whether a line of its project's ledger falls under it.
    func counts(_ line: LedgerLine) -> Bool {
        (provider == nil || provider == line.provider)
            && (unit == "USD" || unit == line.entry.unit || line.entry.unit == nil)
    }

    /// What a line moves, in the budget's unit; `nil` where nobody can say.
    func amount(of line: LedgerLine) -> ExactDecimal? { unit == "USD" ? line.usd : line.entry.amount }
}
