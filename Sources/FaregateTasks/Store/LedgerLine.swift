public import Faregate
import GRDB

/// One line of the ledger as it is stored and exported.
public struct LedgerLine: Sendable, Hashable {
    /// In the order of storing, from 1; `nil` before it is stored.
    public var sequence: Int64?
    public var attempt: Attempt.ID
    public var project: String
    public var provider: String
    public var model: String
    public var at: Timestamp
    /// When the attempt's money was set aside: the line counts for the budget period of that instant.
    public var heldAt: Timestamp
    public var entry: LedgerEntry
    /// The amount in dollars; `nil` where nobody can say.
    public var usd: ExactDecimal?

    /// The lines of one transition. What is given back is what was set aside less what was captured, in dollars as
    /// in the unit, so that no rounding leaves anything open.
    static func lines(
        _ entries: [LedgerEntry], of attempt: Attempt, project: String, at now: Timestamp, heldAt: Timestamp
    ) -> [LedgerLine] {
        var open = attempt.money.worstCaseUSD
        return entries.map { entry in
            var usd = entry.amount.flatMap(attempt.money.dollars)
            if entry.kind == .capture { open = usd.flatMap { open?.subtracting($0) } }
            if entry.kind == .release { usd = open }
            return LedgerLine(
                sequence: nil, attempt: attempt.id, project: project, provider: attempt.provider,
                model: attempt.model, at: now, heldAt: heldAt, entry: entry, usd: usd)
        }
    }

    static let insert = """
        INSERT INTO ledger (task_id, number, project, provider, model, at, held_at, kind, amount, unit, usd, basis)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    var arguments: StatementArguments {
        [
            attempt.task, attempt.number, project, provider, model, at.milliseconds, heldAt.milliseconds,
            entry.kind.rawValue, entry.amount?.billionths, entry.unit, usd?.billionths, entry.basis.rawValue,
        ]
    }

    init(
        sequence: Int64?, attempt: Attempt.ID, project: String, provider: String, model: String, at: Timestamp,
        heldAt: Timestamp, entry: LedgerEntry, usd: ExactDecimal?
    ) {
        (self.sequence, self.attempt, self.project) = (sequence, attempt, project)
        (self.provider, self.model, self.at, self.heldAt) = (provider, model, at, heldAt)
        (self.entry, self.usd) = (entry, usd)
    }

    init(_ row: Row) throws {
        self.init(
            sequence: row["sequence"], attempt: Attempt.ID(task: row["task_id"], number: row["number"]),
            project: row["project"], provider: row["provider"], model: row["model"],
            at: Timestamp(milliseconds: row["at"]), heldAt: Timestamp(milliseconds: row["held_at"]),
            entry: LedgerEntry(
                try row.word("kind"), row.decimal("amount"), unit: row["unit"], basis: try row.word("basis")),
            usd: row.decimal("usd"))
    }
}
