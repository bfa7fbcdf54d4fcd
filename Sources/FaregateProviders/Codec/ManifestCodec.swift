package import Faregate

/// Speaks a provider's language as its manifest describes it.
public struct ManifestCodec: PluginCodec {
    package let manifest: Manifest

    public init(_ manifest: Manifest) { self.manifest = manifest }

    public var traits: ProviderTraits { manifest.traits }

    public func plan(_ call: ProviderCall) throws(PluginError) -> RequestPlan {
        guard let template = manifest.operations[call.operation]?.request else {
            throw PluginError(.notOffered, "\(traits.name) has no \(call.operation.rawValue)")
        }
        switch call {
        case .submit(let task):
            try refuseOtherMedium(task)
            try refuseQuestion(task)
            return try identified(try template.filled(with: ["model": task.model], task: task.body), task)
        case .dryRun(let task): return try template.filled(with: ["model": task.model], task: task.body)
        case .poll(let task), .cancel(let task):
            return try template.filled(with: ["task_id": task.id, "model": task.model], task: nil)
        case .find(let reference, let model):
            return try template.filled(with: ["reference": reference, "model": model], task: nil)
        case .list(let task): return try template.filled(with: ["model": task.model], task: nil)
        case .balance: return try template.filled(with: [:], task: nil)
        }
    }

    /// What the provider makes elsewhere is not sent here.
    private func refuseOtherMedium(_ task: ProviderTask) throws(PluginError) {
        guard let media = manifest.operations[.submit]?.media, !media.served.contains(task.medium) else { return }
        let served = listed(media.served.map(\.rawValue))
        throw PluginError(
            .notOffered,
            "\(traits.name)'s plugin orders \(served), and \(task.model) makes \(task.medium). \(media.reason)")
    }

    /// A body that asks for a price makes no task: to submit it would be a misunderstanding.
    private func refuseQuestion(_ task: ProviderTask) throws(PluginError) {
        for (place, value) in manifest.operations[.dryRun]?.request?.members ?? [] where task.body[place] == value {
            throw PluginError(
                .requestInvalid, "the request sets \(place), which asks for a price and makes nothing; leave it out")
        }
    }

    /// Adds the idempotency key where the provider takes one.
    private func identified(_ plan: RequestPlan, _ task: ProviderTask) throws(PluginError) -> RequestPlan {
        guard let key = task.idempotencyKey else { return plan }
        var plan = plan
        switch traits.idempotency {
        case .none: break
        case .header(let name): plan.headers.append(HTTPHeader(name, key))
        case .body(let place):
            guard let place = JSONPointer(parsing: place), let body = plan.body?.setting(.string(key), at: place) else {
                throw PluginError(.requestInvalid, "the request has no place \(place) for an idempotency key")
            }
            plan.body = body
        }
        return plan
    }

    public func decode(_ reply: HTTPReply, to call: ProviderCall) -> CallOutcome {
        switch call {
        case .poll(let task): decode(reply, .poll, taskID: task.id).outcome
        case .list(let task): decode(reply, .list, taskID: nil, like: task).outcome
        default: decode(reply, call.operation, taskID: nil).outcome
        }
    }

    public func hint(inCallback body: [UInt8]) -> String? {
        let reply = HTTPReply(status: 200, headers: [HTTPHeader("Content-Type", "application/json")], body: body)
        guard case .notified(let taskID) = decode(reply, .callback, taskID: nil).outcome else { return nil }
        return taskID
    }
}

extension ManifestCodec {
    /// The body of a reply as JSON, with embedded JSON decoded. `nil` where it is none.
    package func document(of reply: HTTPReply, _ operation: OperationName) -> JSONValue? {
        guard !reply.isHTML, var document = try? JSONValue(parsing: reply.body) else { return nil }
        for place in manifest.operations[operation]?.embeddedAt ?? [] {
            // A text that is not JSON stays a text: then no rule that looks inside applies.
            guard let text = document[place]?.string, let value = try? JSONValue(parsing: text) else { continue }
            document = document.setting(value, at: place) ?? document
        }
        return document
    }

    /// The first rule that applies, and what it says.
    ///
    /// - Parameters:
    ///   - taskID: The task that was asked for, where one was.
    ///   - task: What listed tasks are held against.
    package func decode(
        _ reply: HTTPReply, _ operation: OperationName, taskID: String?, like task: ProviderTask? = nil
    ) -> (outcome: CallOutcome, rule: ReplyRule?) {
        if (300..<400).contains(reply.status) {
            return (
                .unknown(
                    Ambiguity(code: .redirect, message: "HTTP \(reply.status), a redirect, which is not followed")), nil
            )
        }
        if reply.isHTML {
            return (.unknown(Ambiguity(code: .html, message: "HTTP \(reply.status) with a web page")), nil)
        }
        let document = document(of: reply, operation)
        let rule = manifest.operations[operation]?.rules.first { rule in
            rule.condition.matches(status: reply.status, contentType: reply.contentType, document: document)
        }
        guard let rule else { return (.unknown(unmatched(reply, operation, document)), nil) }
        let outcome = RuleReading(
            rule: rule, reply: reply, document: document, asked: taskID, wanted: task, codec: self
        ).outcome
        return (outcome, rule)
    }

    /// What to say of a reply that no rule describes.
    private func unmatched(_ reply: HTTPReply, _ operation: OperationName, _ document: JSONValue?) -> Ambiguity {
        let taskID = document.flatMap { acceptedID(in: $0, operation) }
        if reply.status >= 500 {
            return Ambiguity(code: .serverError, message: "HTTP \(reply.status)", taskID: taskID)
        }
        guard document != nil else {
            return Ambiguity(code: .unreadable, message: "HTTP \(reply.status) with a body that is not JSON")
        }
        return Ambiguity(
            code: .unrecognised, message: "HTTP \(reply.status) with JSON that the manifest does not describe",
            taskID: taskID)
    }

    /// The id of a task that a reply to a submit carries, whatever else it says.
    package func acceptedID(in document: JSONValue, _ operation: OperationName) -> String? {
        guard operation == .submit || operation == .dryRun else { return nil }
        return (manifest.operations[operation]?.rules ?? []).lazy
            .compactMap { rule -> String? in
                guard case .accepted = rule.outcome, let place = rule.taskIDAt else { return nil }
                return document[place]?.string
            }
            .first { !$0.isEmpty }
    }

    /// Why a recorded reply does not yield its rule; `nil` where it does.
    func contradiction(in reply: HTTPReply, of rule: ReplyRule, _ operation: OperationName) -> String? {
        let (outcome, found) = decode(reply, operation, taskID: nil)
        if case .unknown(let ambiguity) = outcome { return "this example is not recognised: \(ambiguity.message)" }
        return found?.id == rule.id ? nil : "this example is recognised as \(found?.id ?? "nothing")"
    }
}
