import Faregate
import FaregateProviders

/// A task of a simulated provider.
struct SimulatedTask {
    let id: String
    let medium: Medium
    let watch: Stopwatch
    /// How long it takes; `nil` where polls are counted.
    let duration: Duration?
    /// Polls that it takes; `nil` where time counts.
    let pollsNeeded: Int?
    let fault: Fault?
    /// What was asked for, and when.
    let order: ProviderTask
    let createdAt: UTCTime
    /// Its place in the ledger.
    let entry: Int
    var pollCount = 0
    var isRefunded = false
    /// Stopped at the client's wish.
    var isCancelled = false
    /// Ended by hand.
    var isEnded = false

    /// From 0 to 1.
    var fraction: Double {
        if isEnded { return 1 }
        if fault == .neverEnds { return min(Double(pollCount) / 100, 0.95) }
        if let pollsNeeded { return min(Double(pollCount) / Double(max(pollsNeeded, 1)), 1) }
        guard let duration, duration > .zero else { return 1 }
        return min(watch.elapsed / duration, 1)
    }
}

extension SimulatedProvider {
    /// Does what a request asks for.
    func act(_ route: Route, _ request: SandboxRequest, _ state: inout State, fault: Fault?) -> SandboxAnswer {
        switch route {
        case .file(let name):
            let until = request.query.first { $0.name == "until" }.flatMap { Int64($0.value) }
            if let until, watch.elapsed > .seconds(until) { return SandboxAnswer(Self.generic(403, "Expired")) }
            return SandboxAnswer(file(name, state))
        case .nowhere: return SandboxAnswer(Self.generic(404, "Not Found"))
        case .operation(let operation, let values):
            guard isAuthorized(request, state.settings) else {
                return SandboxAnswer(writer.refused(operation, .unauthorized) ?? Self.generic(401, "Unauthorized"))
            }
            switch operation {
            case .submit: return submit(request, model: values["model"], &state, fault: fault)
            case .poll: return SandboxAnswer(poll(values["task_id"] ?? "", request, &state, fault: fault))
            case .dryRun: return SandboxAnswer(price(request, model: values["model"]))
            case .balance: return SandboxAnswer(writer.balance(amount(state.balance)) ?? Self.generic(404, "Not Found"))
            case .find: return SandboxAnswer(find(values["reference"] ?? "", state))
            case .list: return SandboxAnswer(list(state))
            case .cancel: return SandboxAnswer(cancel(values["task_id"] ?? "", &state))
            case .callback: return SandboxAnswer(Self.generic(404, "Not Found"))
            }
        }
    }

    private func amount(_ number: ExactDecimal) -> StatedAmount {
        StatedAmount(amount: number, unit: manifest.traits.billing.unit)
    }

    private func refusal(_ operation: OperationName, _ kind: FailureKind, _ message: String?) -> HTTPReply {
        writer.refused(operation, kind, message: message) ?? Self.generic(400, message ?? kind.rawValue)
    }

    /// Judges a body. Either a refusal, or what it costs and makes.
    private func judge(_ request: SandboxRequest, model: String?, _ operation: OperationName) -> Judgement {
        guard let body = try? JSONValue(parsing: request.body), body.object != nil else {
            return .refused(refusal(operation, .invalidRequest, "the body is not a JSON object"))
        }
        switch check(model, body) {
        case .refuse(let message, let path):
            let place = path.map { "\($0): " } ?? ""
            return .refused(refusal(operation, .invalidRequest, place + message))
        case .accept(let charge, let medium): return .accepted(charge, medium, body)
        }
    }

    private enum Judgement {
        case refused(HTTPReply)
        case accepted(StatedAmount?, Medium, JSONValue)
    }

    private func price(_ request: SandboxRequest, model: String?) -> HTTPReply {
        switch judge(request, model: model, .dryRun) {
        case .refused(let reply): reply
        case .accepted(let charge, _, _): writer.priced(charge) ?? Self.generic(404, "Not Found")
        }
    }

    private func submit(
        _ request: SandboxRequest, model: String?, _ state: inout State, fault: Fault?
    ) -> SandboxAnswer {
        let reference = reference(request)
        if let known = reference.flatMap({ state.references[$0] }), isRecognised(known, state) {
            return repeated(known, state)
        }
        switch judge(request, model: model, .submit) {
        case .refused(let reply): return SandboxAnswer(reply)
        case .accepted(let charge, let medium, let body):
            guard let balance = state.balance.subtracting(charge?.amount ?? .zero), balance >= .zero else {
                return SandboxAnswer(refusal(.submit, .insufficientBalance, nil))
            }
            state.balance = balance
            let task = makeTask(model: model, body, charge, medium, &state, fault: fault)
            if let reference { state.references[reference] = task.id }
            let reply = writer.accepted(taskID: task.id, charge: charge, balance: amount(balance))
            return SandboxAnswer(
                reply ?? Self.generic(500, "the manifest accepts nothing"),
                callbacks: callbacks(task, body, fault: fault))
        }
    }

    /// The key that makes a repeated submit the same task, where the provider takes one.
    private func reference(_ request: SandboxRequest) -> String? {
        switch manifest.traits.idempotency {
        case .none: return nil
        case .header(let name): return request.header(name)
        case .body(let place):
            guard let place = JSONPointer(parsing: place), let body = try? JSONValue(parsing: request.body) else {
                return nil
            }
            return body[place]?.string
        }
    }

    /// The answer to a submit that was seen before: the first task, and no other charge.
    private func repeated(_ taskID: String, _ state: State) -> SandboxAnswer {
        let charge = state.ledger.tasks.first { $0.id == taskID }?.charge
        let reply = writer.accepted(taskID: taskID, charge: charge, balance: amount(state.balance))
        return SandboxAnswer(reply ?? Self.generic(500, "the manifest accepts nothing"))
    }

    private func find(_ reference: String, _ state: State) -> HTTPReply {
        let known = state.references[reference].flatMap { isFindable($0, state) ? $0 : nil }
        let reply = known.map { writer.found(taskID: $0) } ?? writer.absent()
        return reply ?? Self.generic(404, "Not Found")
    }

    /// The latest tasks, newest first.
    private func list(_ state: State) -> HTTPReply {
        let tasks = state.ledger.tasks.suffix(100).reversed().filter { isFindable($0.id, state) }
        return writer.listed(tasks.compactMap { state.tasks[$0.id] }) ?? Self.generic(404, "Not Found")
    }

    /// Whether a key still stands for the task that it made.
    private func isRecognised(_ id: String, _ state: State) -> Bool {
        guard let window = manifest.traits.idempotencyWindow ?? state.settings.keyLife, let task = state.tasks[id]
        else { return true }
        return task.watch.elapsed < window
    }

    /// Whether a search or a list shows a task by now.
    private func isFindable(_ id: String, _ state: State) -> Bool {
        state.tasks[id].map { $0.watch.elapsed >= state.settings.searchDelay } ?? false
    }

    private func cancel(_ id: String, _ state: inout State) -> HTTPReply {
        guard var task = state.tasks[id], task.fraction < 1 else { return refusal(.cancel, .notFound, nil) }
        task.isCancelled = true
        refund(&task, as: manifest.traits.billing.cancelled, &state)
        state.tasks[id] = task
        return writer.cancelled(.cancel, taskID: id) ?? Self.generic(404, "Not Found")
    }

    private func makeTask(
        model: String?, _ body: JSONValue, _ charge: StatedAmount?, _ medium: Medium, _ state: inout State,
        fault: Fault?
    ) -> SimulatedTask {
        let id = writer.taskID(state.tasks.count + 1, mark: state.settings.taskMark)
        var (duration, polls): (Duration?, Int?) = (nil, nil)
        switch state.settings.progress {
        case .time(let speed): duration = typicalDuration(medium) / speed
        case .polls(let count): polls = count
        }
        let task = SimulatedTask(
            id: id, medium: medium, watch: Stopwatch(clock), duration: duration, pollsNeeded: polls, fault: fault,
            order: ProviderTask(model: model ?? body["model"]?.string ?? "", body: body, medium: medium),
            createdAt: state.settings.now(), entry: state.ledger.tasks.count)
        state.tasks[id] = task
        state.ledger.tasks.append(
            SandboxLedger.PaidTask(id: id, model: model, charge: charge, body: body, madeAt: watch.elapsed))
        state.ledger.spent = state.ledger.spent.adding(charge?.amount ?? .zero) ?? state.ledger.spent
        return task
    }

    /// What the manifest says such tasks take, or a guess.
    private func typicalDuration(_ medium: Medium) -> Duration {
        let guess: Duration =
            switch medium {
            case .video: .seconds(90)
            case .image: .seconds(15)
            case .audio: .seconds(40)
            case .text: .seconds(8)
            }
        return manifest.traits.polling(for: medium).typical?.lowerBound ?? guess
    }

    private func callbacks(_ task: SimulatedTask, _ body: JSONValue, fault: Fault?) -> [SandboxCallback] {
        guard let place = manifest.traits.callback.flatMap({ JSONPointer(parsing: $0.addressAt) }),
            let address = body[place]?.string, let notice = writer.callback(taskID: task.id)
        else { return [] }
        let real = SandboxCallback(address: address, body: notice.body, delay: task.duration ?? .zero)
        switch fault {
        case .duplicateCallback: return [real, real]
        case .forgedCallback: return [SandboxCallback(address: address, body: notice.body, delay: .zero), real]
        case .neverEnds: return []
        default: return [real]
        }
    }
}

extension SimulatedProvider {
    private func poll(_ id: String, _ request: SandboxRequest, _ state: inout State, fault: Fault?) -> HTTPReply {
        guard var task = state.tasks[id] else { return refusal(.poll, .notFound, nil) }
        task.pollCount += 1
        defer { state.tasks[id] = task }
        let reply: HTTPReply?
        switch fault {
        case .unknownStatus: reply = writer.unheardOf(taskID: id)
        case .flappingStatus: reply = writer.succeeded(taskID: id, medium: task.medium, addresses: [])
        default: reply = report(&task, request, &state)
        }
        return reply ?? Self.generic(500, "the manifest has no such state")
    }

    private func report(_ task: inout SimulatedTask, _ request: SandboxRequest, _ state: inout State) -> HTTPReply? {
        if task.isCancelled {
            return writer.cancelled(.poll, taskID: task.id) ?? writer.failed(taskID: task.id, .providerError)
        }
        guard task.fraction >= 1 else { return writer.running(taskID: task.id, fraction: task.fraction) }
        if task.fault == .taskFails {
            refund(&task, as: manifest.traits.billing.failed, &state)
            return writer.failed(taskID: task.id, .contentPolicy)
        }
        var address =
            request.base + "/files/" + percentEncoded(task.id) + "." + SampleFile.of(task.medium).fileExtension
        if let life = state.settings.addressLife {
            address += "?until=\((watch.elapsed + life).components.seconds)"
        }
        return writer.succeeded(
            taskID: task.id, medium: task.medium, addresses: [address], charge: state.ledger.tasks[task.entry].charge)
    }

    /// Gives the charge of a task without a result back where the provider does.
    private func refund(_ task: inout SimulatedTask, as billing: Billing, _ state: inout State) {
        guard !task.isRefunded, billing == .refunded || billing == .notCharged else { return }
        task.isRefunded = true
        let charge = state.ledger.tasks[task.entry].charge?.amount ?? .zero
        state.ledger.tasks[task.entry].refundedAt = watch.elapsed
        state.balance = state.balance.adding(charge) ?? state.balance
        state.ledger.spent = state.ledger.spent.subtracting(charge) ?? state.ledger.spent
    }

    /// The result of a task, by the name that its address ends in.
    private func file(_ name: String, _ state: State) -> HTTPReply {
        let id = name.lastIndex(of: ".").flatMap { percentDecoded(name[..<$0]) }
        guard let id, let task = state.tasks[id], task.fraction >= 1 else { return Self.generic(404, "Not Found") }
        let file = SampleFile.of(task.medium)
        return HTTPReply(status: 200, headers: [HTTPHeader("Content-Type", file.mediaType)], body: file.bytes)
    }
}
