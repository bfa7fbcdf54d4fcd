import Faregate
import FaregateProviders
import FaregateTasks

extension RunReport {
    /// `{"provider", "model", "outcome", …}`: what happened, for programs. Provider, model, body and quote are those of
    /// the attempt that the outcome is about.
    func json(_ ending: RunEnding) -> JSONValue {
        let attempt = ending.attempt
        let number = attempt.map(\.offer) ?? 0
        let offer = offers.indices.contains(number) ? offers[number] : offers[0]
        var object = JSONObject([
            ("provider", .string(offer.provider)), ("model", .string(offer.model)), ("body", offer.body),
        ])
        object["id"] = keptID.map(JSONValue.string)
        object["quote"] = offer.quote
        object["diagnostics"] = .array(number == 0 ? (order?.diagnostics ?? []).map(\.json) : [])
        for (name, value) in members(of: ending.result) { object[name] = value }
        object["attempt"] = attempt?.json
        let notices = ending.record?.notices ?? []
        if !notices.isEmpty { object["notices"] = .array(notices.map(\.json)) }
        if !ending.others.isEmpty { object["other_attempts"] = .array(ending.others.map(\.json)) }
        return .object(object)
    }

    private func members(of result: RunEnding.Result) -> [(String, JSONValue)] {
        switch result {
        case .outcome(let outcome): members(of: outcome)
        case .reserved(let reason): [("outcome", "reserved"), ("reason", .string(reason.word))]
        case .absent: [("outcome", "absent")]
        }
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
