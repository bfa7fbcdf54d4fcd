import Faregate
import FaregateProviders
import Synchronization

extension RunReport {
    /// `{"provider", "model", "outcome", …}`: what happened, for programs.
    func json(_ outcome: RunOutcome) -> JSONValue {
        var object = JSONObject([
            ("provider", .string(order.provider.id)), ("model", .string(order.offering.id)),
            ("body", order.body),
        ])
        object["id"] = kept.withLock { $0 }.map(JSONValue.string)
        object["quote"] = order.quote?.json
        object["diagnostics"] = .array(order.diagnostics.map(\.json))
        for (name, value) in members(of: outcome) { object[name] = value }
        let notices = notices.withLock { $0 }
        if !notices.isEmpty { object["notices"] = .array(notices.map(\.json)) }
        return .object(object)
    }

    private func members(of outcome: RunOutcome) -> [(String, JSONValue)] {
        switch outcome {
        case .succeeded(let delivery): [("outcome", "succeeded")] + members(of: delivery)
        case .undelivered(let delivery, let problems):
            [("outcome", "undelivered")] + members(of: delivery)
                + [("problems", .array(problems.map { .string($0.description) }))]
        case .rejected(let rejection):
            [
                ("outcome", "rejected"), ("kind", .string(rejection.kind.rawValue)),
                ("retryable", .bool(rejection.isRetryable)), ("message", .string(rejection.message)),
            ]
        case .notSent(let error): [("outcome", "not_sent"), ("message", .string(error.message))]
        case .failed(let task, let failure):
            [
                ("outcome", "failed"), ("task", .string(task.id)), ("kind", .string(failure.kind.rawValue)),
                ("billed", .string(failure.billed.rawValue)), ("message", .string(failure.message)),
            ]
        case .unknown(let ambiguity):
            [
                ("outcome", "unknown"), ("code", .string(ambiguity.code.rawValue)),
                ("message", .string(ambiguity.message)), ("task", ambiguity.taskID.map(JSONValue.string) ?? .null),
            ]
        case .stillRunning(let task, let reason):
            [("outcome", "still_running"), ("task", .string(task.id)), ("reason", .string(reason.word))]
        }
    }

    private func members(of delivery: Delivery) -> [(String, JSONValue)] {
        [
            ("task", .string(delivery.task.id)),
            (
                "artifacts",
                .array(
                    delivery.artifacts.map {
                        [
                            "path": .string($0.path), "bytes": .integer(Int64($0.bytes)),
                            "media_type": .string($0.mediaType),
                        ]
                    })
            ),
            (
                "charge",
                delivery.charge.map { ["amount": .string($0.amount.description), "unit": .string($0.unit)] } ?? .null
            ),
        ]
    }
}

extension StillRunningReason {
    fileprivate var word: String {
        switch self {
        case .timeout: "timeout"
        case .cancelled: "cancelled"
        case .refused: "refused"
        }
    }
}
