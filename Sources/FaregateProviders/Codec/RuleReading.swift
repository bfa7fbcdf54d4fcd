import Faregate

/// One rule applied to one reply: takes out the parts that the rule promises, and says so where one is missing.
struct RuleReading {
    let rule: ReplyRule
    let reply: HTTPReply
    let document: JSONValue?
    /// The task that was asked for.
    let asked: String?
    /// What listed tasks are held against; `nil` takes them all.
    let wanted: ProviderTask?
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
        case .absent(let completeAfter): return .absent(completeAfter: completeAfter)
        case .listed(let places): return listed(places)
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

    /// An element without an id or a time leaves the list unreadable: what is ours could be there.
    private func listed(_ places: ListedPlaces) -> CallOutcome {
        guard let document, let idAt = rule.taskIDAt, let elements = document[places.at]?.array else {
            return contradiction("the reply holds no list of tasks")
        }
        var tasks: [ListedTask] = []
        for element in elements where wanted.map({ places.isLike($0, element) }) ?? true {
            guard let id = element[idAt]?.string, let createdAt = places.created.read(element) else {
                return contradiction("a task in the list has no id or no time")
            }
            tasks.append(ListedTask(id: id, createdAt: createdAt))
        }
        return .listed(tasks)
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
