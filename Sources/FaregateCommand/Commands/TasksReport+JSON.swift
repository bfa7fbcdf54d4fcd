import Faregate
import FaregateProviders
import FaregateTasks

extension DurableTask {
    /// `{"id", "state", "project", …}` with the last attempt's provider, model and money.
    func json(attempt: Attempt?) -> JSONValue {
        var object = JSONObject([
            ("id", .string(id)), ("state", .string(state.rawValue)), ("project", .string(project)),
            ("created_at", .string(createdAt.iso)),
        ])
        object["ended_at"] = endedAt.map { .string($0.iso) }
        object["note"] = note.map(JSONValue.string)
        if let attempt { object["attempt"] = attempt.json }
        return .object(object)
    }
}

extension Attempt {
    var json: JSONValue {
        var object = JSONObject([
            ("number", .integer(Int64(id.number))), ("provider", .string(provider)), ("model", .string(model)),
            ("state", .string(state.rawValue)),
        ])
        object["task"] = providerTaskID.map(JSONValue.string)
        object["worst_case"] = money.worstCase.map { .string($0.description) }
        object["unit"] = money.unit.map(JSONValue.string)
        object["standing"] = .string(money.standing.name)
        if case .spent(let spent) = money.standing { object["spent"] = spent.map { .string($0.description) } ?? .null }
        object["progress"] = shownPercent.map { .real(Double($0) / 100) }
        object["not_before"] = notBefore.map { .string($0.iso) }
        object["submitted_at"] = submittedAt.map { .string($0.iso) }
        if let trouble {
            object["trouble"] = ["code": .string(trouble.code), "message": .string(trouble.message)]
        }
        if isLate { object["late"] = .bool(true) }
        return .object(object)
    }
}

extension AttemptMoney.Standing {
    /// The word for programs.
    fileprivate var name: String {
        switch self {
        case .none: "none"
        case .held: "held"
        case .spent: "spent"
        case .released: "released"
        }
    }
}

extension LedgerLine {
    var json: JSONValue {
        var object = JSONObject([
            ("sequence", .integer(sequence ?? 0)), ("at", .string(at.iso)), ("project", .string(project)),
            ("task", .string(attempt.task)), ("attempt", .integer(Int64(attempt.number))),
            ("provider", .string(provider)), ("model", .string(model)), ("kind", .string(entry.kind.rawValue)),
        ])
        object["amount"] = entry.amount.map { .string($0.description) } ?? .null
        object["unit"] = entry.unit.map(JSONValue.string) ?? .null
        object["usd"] = usd.map { .string($0.description) } ?? .null
        object["basis"] = .string(entry.basis.rawValue)
        object["held_at"] = .string(heldAt.iso)
        return .object(object)
    }
}

extension TaskRecord {
    /// Everything about a task.
    var json: JSONValue {
        guard case .object(var object) = task.json(attempt: nil) else { return .null }
        object["request"] = task.offers[telling?.offer ?? 0].body
        object["attempts"] = .array(attempts.map(\.json))
        object["results"] = .array(
            results.map { file in
                [
                    "state": .string(file.state.rawValue), "path": file.path.map(JSONValue.string) ?? .null,
                    "bytes": file.bytes.map { .integer(Int64($0)) } ?? .null,
                    "media_type": file.mediaType.map(JSONValue.string) ?? .null,
                    "problem": file.problem.map(JSONValue.string) ?? .null,
                ]
            })
        if !notices.isEmpty { object["notices"] = .array(notices.map(\.json)) }
        object["ledger"] = .array(ledger.map(\.json))
        object["history"] = .array(
            events.map { event in
                [
                    "at": .string(event.at.iso), "attempt": event.number.map { .integer(Int64($0)) } ?? .null,
                    "event": .string(event.name), "state": .string(event.state),
                    "detail": event.detail.map(JSONValue.string) ?? .null,
                ]
            })
        return .object(object)
    }
}

extension OutboxNotice {
    /// `{"id", "to", "state", …}`; of the address only what is not confidential.
    var json: JSONValue {
        var object = JSONObject([
            ("id", .string(id)), ("to", .string(origin)), ("state", .string(state)),
            ("attempts", .integer(Int64(attemptCount))),
        ])
        object["delivered_at"] = deliveredAt.map { .string($0.iso) }
        object["next_at"] = nextAt.map { .string($0.iso) }
        object["problem"] = problem.map(JSONValue.string)
        return .object(object)
    }

    /// `delivered`, `waiting` or `given_up`.
    var state: String { deliveredAt != nil ? "delivered" : nextAt != nil ? "waiting" : "given_up" }
}

extension BudgetStatus {
    var json: JSONValue {
        [
            "project": .string(budget.project), "provider": budget.provider.map(JSONValue.string) ?? .null,
            "unit": .string(budget.unit), "period": .string(budget.period.rawValue),
            "period_start": .string(periodStart), "limit": .string(budget.maximum.description),
            "held": .string(held.description), "spent": .string(spent.description), "left": .string(left.description),
            "unpriced": .integer(Int64(unpricedCount)),
        ]
    }
}
