import Faregate

extension ReplyRule {
    /// Reads one rule of an operation. `nil`, with the problems noted, where it cannot stand.
    init?(_ reader: ObjectReader, of operation: OperationName) {
        defer { reader.finish() }
        let id = reader.required("id", reader.identifier)
        let condition = reader.required("when", reader.object).map(ReplyCondition.init)
        let source = reader.required("source", reader.string)
        let standing = reader.choice("standing", of: Standing.self) ?? .documented
        let note = reader.string("note")
        let taskIDAt = reader.pointer("task_id_at")
        let examples = reader.required("examples", reader.objects)?.compactMap(RecordedReply.init) ?? []
        guard let outcome = Self.outcome(reader, of: operation), let id, let condition, let source else { return nil }
        if examples.isEmpty, reader.has("examples") {
            reader.fail("document.value", at: "examples", "examples must show at least one reply")
        }
        if outcome.needsTaskID, taskIDAt == nil {
            reader.fail("document.missing_member", at: "task_id_at", "task_id_at is required here")
        }
        self.init(
            id: id, condition: condition, outcome: outcome, taskIDAt: taskIDAt, source: source, standing: standing,
            note: note, examples: examples, pointer: reader.pointer)
    }

    /// Reads a rule that every operation shares: it can only refuse.
    init?(refusal reader: ObjectReader) {
        self.init(reader, of: .submit)
        guard outcome.word != .rejected else { return }
        reader.fail("document.value", at: "outcome", "a shared reply can only be rejected")
    }

    /// The words that a rule's `outcome` may have.
    enum Word: String, CaseIterable {
        case accepted, rejected, running, succeeded, failed, cancelled, found, absent, listed, priced, balance, notified

        /// The operations whose replies can mean this.
        var operations: Set<OperationName> {
            switch self {
            case .accepted: [.submit, .dryRun]
            case .rejected: [.submit, .poll, .cancel, .find, .list, .dryRun, .balance]
            case .running, .succeeded, .failed: [.poll]
            case .cancelled: [.cancel, .poll]
            case .found, .absent: [.find]
            case .listed: [.list]
            case .priced: [.dryRun]
            case .balance: [.balance]
            case .notified: [.callback]
            }
        }
    }

    private static func outcome(_ reader: ObjectReader, of operation: OperationName) -> Outcome? {
        guard let word = reader.required("outcome", { reader.choice($0, of: Word.self) }) else { return nil }
        guard word.operations.contains(operation) else {
            let known = Word.allCases.filter { $0.operations.contains(operation) }.map(\.rawValue)
            reader.fail(
                "document.value", at: "outcome",
                "a reply to \(operation.rawValue) cannot be \(word.rawValue); allowed are \(listed(known))")
            return nil
        }
        switch word {
        case .accepted: return .accepted(charge: amount(reader, "charge"), balance: amount(reader, "balance"))
        case .rejected: return .rejected(FailurePlaces(reader), isRetryable: reader.bool("retryable") ?? false)
        case .running: return .running(reader.object("progress").flatMap(ProgressPlace.init))
        case .succeeded: return .succeeded(ResultPlaces(reader))
        case .failed: return .failed(FailurePlaces(reader), billed: reader.choice("billed", of: Billing.self))
        case .cancelled: return .cancelled
        case .found: return .found
        case .absent: return .absent(completeAfter: reader.seconds("complete_after_seconds"))
        case .listed: return ListedPlaces(reader).map(Outcome.listed)
        case .priced: return reader.required("charge", { amount(reader, $0) }).map(Outcome.priced)
        case .balance: return reader.required("balance", { amount(reader, $0) }).map(Outcome.balance)
        case .notified: return .notified
        }
    }

    private static func amount(_ reader: ObjectReader, _ name: String) -> AmountPlace? {
        reader.object(name).flatMap(AmountPlace.init)
    }
}

extension ReplyRule.Outcome {
    fileprivate var needsTaskID: Bool {
        switch self {
        case .accepted, .found, .listed, .notified: true
        default: false
        }
    }
}

extension AmountPlace {
    fileprivate init?(_ reader: ObjectReader) {
        defer { reader.finish() }
        let places = reader.required("at", reader.pointers)
        let unit = reader.required("unit", reader.string)
        let prefix = reader.string("prefix") ?? ""
        guard let places, let unit else { return nil }
        self.init(places: places, prefix: prefix, unit: unit)
    }
}

extension FailurePlaces {
    fileprivate init(_ reader: ObjectReader) {
        messageAt = reader.pointers("message_at") ?? []
        kind = reader.required("kind", { reader.failureKind($0) }) ?? .providerError
        guard let map = reader.object("kinds") else {
            (kindAt, kinds) = (nil, [:])
            return
        }
        kindAt = map.required("at", map.pointer)
        kinds = [:]
        if let words = map.required("words", map.object) {
            for word in words.names { kinds[word] = words.failureKind(word) }
        }
        map.finish()
    }
}

extension ProgressPlace {
    fileprivate init?(_ reader: ObjectReader) {
        defer { reader.finish() }
        guard let place = reader.required("at", reader.pointer) else { return nil }
        let outOf = reader.number("out_of") ?? 1
        if outOf <= 0 { reader.fail("document.value", at: "out_of", "out_of must be more than 0") }
        self.init(place: place, outOf: outOf > 0 ? outOf : 1)
    }
}

extension ResultPlaces {
    fileprivate init(_ reader: ObjectReader) {
        addressesAt = reader.required("addresses_at", reader.pointers) ?? []
        dataAt = reader.pointer("data_at")
        charge = reader.object("charge").flatMap(AmountPlace.init)
    }
}

extension ListedPlaces {
    /// Reads `tasks_at`, `created` and `same`: `{ "/input/prompt": "/prompt", "/model": "{model}" }`.
    fileprivate init?(_ reader: ObjectReader) {
        let at = reader.required("tasks_at", reader.pointer)
        let created = reader.required("created", reader.object).flatMap(TimePlace.init)
        let pairs = reader.required("same", reader.object)?.texts ?? []
        let same = pairs.compactMap { pair -> (at: JSONPointer, origin: Origin)? in
            guard let place = JSONPointer(parsing: pair.name) else { return nil }
            if pair.value == "{model}" { return (place, .model) }
            return JSONPointer(parsing: pair.value).map { (place, .member($0)) }
        }
        if reader.has("same"), same.isEmpty || same.count < pairs.count {
            reader.fail(
                "document.value", at: "same",
                "same must say at least one place of an element, and for each the place in the request or {model}")
        }
        guard let at, let created, !same.isEmpty else { return nil }
        self.init(at: at, created: created, same: same)
    }
}

extension TimePlace {
    /// Reads `{ "at": "/created", "as": "seconds" }`.
    fileprivate init?(_ reader: ObjectReader) {
        defer { reader.finish() }
        let at = reader.required("at", reader.pointer)
        let form = reader.required("as") { reader.choice($0, of: Form.self) }
        guard let at, let form else { return nil }
        self.init(at: at, form: form)
    }
}

extension RecordedReply {
    fileprivate init?(_ reader: ObjectReader) {
        defer { reader.finish() }
        status = reader.integer("status") ?? 200
        medium = reader.choice("medium", of: Medium.self)
        headers = reader.object("headers").map(\.texts) ?? []
        guard let body = reader.required("body", reader.value) else { return nil }
        self.body = body
    }
}
