import Faregate

/// One rule applied to one reply: takes out the parts that the rule promises, and says so where one is missing.
struct RuleReading {
    let rule: ReplyRule
    let reply: HTTPReply
    let document: JSONValue?
    /// The task that was asked for.
    let asked: String?
    let codec: ManifestCodec

    var outcome: CallOutcome {
        if let asked, let id = taskID, id != asked {
            return contradiction("the reply speaks of another task than the one asked for")
        }
        switch rule.outcome {
        case .accepted(let charge, let balance): return withTaskID { accepted($0, charge, balance) }
        case .rejected(let places, let isRetryable): return rejected(places, isRetryable)
        case .running(let progress): return .running(fraction: progress.flatMap(fraction))
        case .succeeded(let places): return succeeded(places)
        case .failed(let places, let billed):
            return .failed(
                TaskFailure(
                    kind: places.kind(in: document), message: places.message(in: document),
                    billed: billed ?? codec.traits.billing.failed, rule: rule.id))
        case .cancelled: return .cancelled
        case .found: return withTaskID(CallOutcome.found)
        case .absent: return .absent
        case .priced(let place):
            return amount(place).map(CallOutcome.priced) ?? contradiction("the reply holds no readable price")
        case .balance(let place):
            return amount(place).map(CallOutcome.balance) ?? contradiction("the reply holds no readable balance")
        case .notified: return withTaskID(CallOutcome.notified)
        }
    }

    /// The id of the task in the reply; numbers count, empty texts do not.
    private var taskID: String? {
        guard let place = rule.taskIDAt, let value = document?[place] else { return nil }
        let text = value.string ?? value.integerValue.map { String($0) }
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func withTaskID(_ make: (String) -> CallOutcome) -> CallOutcome {
        taskID.map(make) ?? contradiction("the reply holds no task id")
    }

    private func amount(_ place: AmountPlace?) -> StatedAmount? {
        document.flatMap { place?.read($0) }
    }

    private func accepted(_ id: String, _ charge: AmountPlace?, _ balance: AmountPlace?) -> CallOutcome {
        .accepted(taskID: id, charge: amount(charge), balance: amount(balance))
    }

    /// A refusal that carries the id of a task is none: a task may exist.
    private func rejected(_ places: FailurePlaces, _ isRetryable: Bool) -> CallOutcome {
        if let id = document.flatMap({ codec.acceptedID(in: $0, .submit) }), asked == nil {
            return contradiction("the reply refuses, and yet carries a task id", taskID: id)
        }
        return .rejected(
            Rejection(
                kind: places.kind(in: document), isRetryable: isRetryable, message: places.message(in: document),
                retryAfter: reply.retryAfter, rule: rule.id))
    }

    private func fraction(_ progress: ProgressPlace) -> Double? {
        guard let number = document?[progress.place]?.number else { return nil }
        return min(max(number / progress.outOf, 0), 1)
    }

    /// Success without a result is not believed.
    private func succeeded(_ places: ResultPlaces) -> CallOutcome {
        guard let document else { return contradiction("the reply names no result") }
        let addresses = places.addresses(in: document)
        let data = addresses.isEmpty ? data(places, in: document) : Optional.none
        guard !addresses.isEmpty || data != nil else {
            return contradiction("the task is done, and the reply names no result")
        }
        return .succeeded(TaskResult(addresses: addresses, data: data, charge: amount(places.charge)))
    }

    private func data(_ places: ResultPlaces, in document: JSONValue) -> JSONValue? {
        guard let place = places.dataAt, let data = document[place], !data.isBlank else { return Optional.none }
        return data
    }

    private func contradiction(_ message: String, taskID: String? = nil) -> CallOutcome {
        .unknown(Ambiguity(code: .contradictory, message: message, taskID: taskID))
    }
}

extension JSONValue {
    /// Null, or an empty text, array or object.
    fileprivate var isBlank: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let object): object.isEmpty
        case .bool, .integer, .bigInteger, .real: false
        }
    }
}
