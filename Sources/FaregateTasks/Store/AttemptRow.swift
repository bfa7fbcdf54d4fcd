import Faregate
import FaregateProviders
import GRDB

/// How an attempt stands in its table.
enum AttemptRow {
    private static let mutableColumns = [
        "state", "worst_case", "unit", "usd_per_unit", "standing", "spent", "idempotency_key", "callback_token",
        "request_digest", "provider_task_id", "stated_amount", "stated_unit", "trouble_code", "trouble_message",
        "trouble_is_retryable", "trouble_billed", "trouble_retry_after", "is_cancel_requested", "is_late",
        "reserved_at", "submitted_at", "accepted_at", "ended_at", "progress_percent",
    ]

    private static let fixedColumns = [
        "task_id", "number", "offer", "provider", "model", "medium", "planned_at", "not_before",
    ]

    static let insert: String = {
        let columns = mutableColumns + fixedColumns
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        return "INSERT INTO attempts (\(columns.joined(separator: ", "))) VALUES (\(places))"
    }()

    static let update =
        "UPDATE attempts SET \(mutableColumns.map { $0 + " = ?" }.joined(separator: ", ")) WHERE task_id = ? AND number = ?"

    /// What may change, in the order of the columns.
    static func mutable(_ attempt: Attempt) -> StatementArguments {
        let (money, trouble) = (attempt.money, attempt.trouble)
        return [
            attempt.state.rawValue, money.worstCase?.billionths, money.unit, money.usdPerUnit?.billionths,
            money.standing.word, money.standing.spent?.billionths, attempt.marks?.idempotencyKey,
            attempt.marks?.callbackToken, attempt.marks?.requestDigest, attempt.providerTaskID,
            attempt.statedCharge?.amount.billionths, attempt.statedCharge?.unit, trouble?.code, trouble?.message,
            trouble?.isRetryable, trouble?.billed.rawValue, trouble?.retryAfter?.milliseconds,
            attempt.isCancelRequested, attempt.isLate, attempt.reservedAt?.milliseconds,
            attempt.submittedAt?.milliseconds, attempt.acceptedAt?.milliseconds, attempt.endedAt?.milliseconds,
            attempt.progressPercent,
        ]
    }

    static func arguments(_ attempt: Attempt) -> StatementArguments {
        mutable(attempt) + [
            attempt.id.task, attempt.id.number, attempt.offer, attempt.provider, attempt.model,
            attempt.medium.rawValue, attempt.plannedAt.milliseconds, attempt.notBefore?.milliseconds,
        ]
    }

    /// - Throws: `StoreError.Code.unreadable` for a word that this release does not know.
    static func attempt(_ row: Row) throws -> Attempt {
        let id = Attempt.ID(task: row["task_id"], number: row["number"])
        var money = AttemptMoney(
            worstCase: row.decimal("worst_case"), unit: row["unit"], usdPerUnit: row.decimal("usd_per_unit"))
        money.standing = try standing(row)
        var attempt = Attempt(
            id: id, offer: row["offer"], provider: row["provider"], model: row["model"],
            medium: try row.word("medium"), money: money, plannedAt: Timestamp(milliseconds: row["planned_at"]),
            notBefore: row.timestamp("not_before"))
        attempt.state = try row.word("state")
        if let key: String = row["idempotency_key"] {
            attempt.marks = SubmissionMarks(
                idempotencyKey: key, callbackToken: row["callback_token"], requestDigest: row["request_digest"])
        }
        attempt.providerTaskID = row["provider_task_id"]
        if let amount = row.decimal("stated_amount") {
            attempt.statedCharge = StatedAmount(amount: amount, unit: row["stated_unit"])
        }
        attempt.trouble = try trouble(row)
        (attempt.isCancelRequested, attempt.isLate) = (row["is_cancel_requested"], row["is_late"])
        (attempt.reservedAt, attempt.submittedAt) = (row.timestamp("reserved_at"), row.timestamp("submitted_at"))
        (attempt.acceptedAt, attempt.endedAt) = (row.timestamp("accepted_at"), row.timestamp("ended_at"))
        attempt.progressPercent = row["progress_percent"]
        return attempt
    }

    private static func standing(_ row: Row) throws -> AttemptMoney.Standing {
        switch row["standing"] as String {
        case "none": .none
        case "held": .held
        case "spent": .spent(row.decimal("spent"))
        case "released": .released
        case let word: throw StoreError(.unreadable, "a standing of money is \"\(word)\", which is unknown")
        }
    }

    private static func trouble(_ row: Row) throws -> Trouble? {
        guard let code: String = row["trouble_code"] else { return nil }
        return Trouble(
            code: code, message: row["trouble_message"], isRetryable: row["trouble_is_retryable"],
            billed: try row.word("trouble_billed"),
            retryAfter: (row["trouble_retry_after"] as Int64?).map { .milliseconds($0) })
    }
}

extension AttemptMoney.Standing {
    var word: String {
        switch self {
        case .none: "none"
        case .held: "held"
        case .spent: "spent"
        case .released: "released"
        }
    }

    var spent: ExactDecimal? { if case .spent(let amount) = self { amount } else { nil } }
}

extension Row {
    func decimal(_ column: String) -> ExactDecimal? { (self[column] as Int64?).map { ExactDecimal(billionths: $0) } }

    func timestamp(_ column: String) -> Timestamp? { (self[column] as Int64?).map { Timestamp(milliseconds: $0) } }

    /// A word of a closed list.
    func word<Word: RawRepresentable>(_ column: String) throws -> Word where Word.RawValue == String {
        let text: String = self[column]
        guard let word = Word(rawValue: text) else {
            throw StoreError(.unreadable, "\(column) is \"\(text)\", which this release does not know")
        }
        return word
    }
}
