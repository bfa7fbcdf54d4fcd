import Faregate
import FaregateProviders
import FaregateTasks

/// How a run ended, and what is kept of the task.
struct RunEnding: Sendable {
    /// What came of the task.
    enum Result: Sendable {
        case outcome(RunOutcome)
        /// Nothing was sent yet: its price is set aside, and it is sent when somebody works on the folder again.
        case reserved(StillRunningReason)
        /// It was sent once, and is proved not to exist.
        case absent
    }

    let result: Result
    /// `nil` where no store of ours knows the task.
    let record: TaskRecord?
    /// The attempt that the result is about.
    let attempt: Attempt?

    /// A task that no store of ours knows.
    init(_ outcome: RunOutcome) { (result, record, attempt) = (.outcome(outcome), nil, nil) }

    /// A task as it stands.
    ///
    /// - Parameters:
    ///   - reason: Why its end was not waited for, where it is still open.
    ///   - isKept: The task outlives the process.
    init(_ record: TaskRecord, reason: StillRunningReason = .cancelled, isKept: Bool) {
        (self.record, attempt) = (record, record.telling)
        switch attempt?.state {
        case .reserved where isKept, .planned where isKept: result = .reserved(reason)
        case .absent: result = .absent
        default: result = .outcome(RunOutcome(record, reason: reason))
        }
    }

    /// The attempts that are not the one it is about, and cost something or may: the sum is the whole truth.
    var others: [Attempt] {
        (record?.attempts ?? []).filter { other in
            guard other.id != attempt?.id else { return false }
            return switch other.money.standing {
            case .held, .spent: true
            case .none, .released: false
            }
        }
    }

    /// Whether something of the task may have been made that nobody knows of.
    var isInDoubt: Bool {
        record?.attempts.contains { $0.state == .unknown || $0.state == .orphaned || $0.state == .submitting } ?? false
    }
}

extension TaskRecord {
    /// The attempt that tells how the task stands.
    var telling: Attempt? { attempts.telling }

    /// Whether only a person can move it.
    var needsPerson: Bool { task.needsPerson(attempts) }
}

extension [Attempt] {
    /// The attempt that tells how its task stands: what succeeded, else what is open, else the last.
    fileprivate var telling: Attempt? { last { $0.state == .succeeded } ?? last { $0.state.isOpen } ?? last }
}

extension DurableTask {
    /// Whether only a person can move it.
    func needsPerson(_ attempts: [Attempt]) -> Bool { state == .unresolved && attempts.telling?.state != .succeeded }
}

extension RunOutcome {
    /// How a task stands, in the words of a run.
    fileprivate init(_ record: TaskRecord, reason: StillRunningReason) {
        guard let attempt = record.telling else {
            self = .notSent(TransportError(.notSent, .other, "nothing was sent"))
            return
        }
        let trouble = attempt.trouble
        let message = trouble?.message ?? record.task.note ?? ""
        let handle = attempt.handle ?? TaskHandle(id: "", model: attempt.model, medium: attempt.medium)
        switch attempt.state {
        case .succeeded:
            let delivery = Delivery(
                task: handle,
                artifacts: record.results.filter { $0.state == .delivered }.map {
                    Artifact(path: Path.shown($0.path ?? ""), bytes: $0.bytes ?? 0, mediaType: $0.mediaType ?? "")
                },
                charge: record.statedCharge(of: attempt))
            var problems = record.results.compactMap(\.problem).map { DownloadError(.transport, $0) }
            // The waiting ended before everything was fetched.
            if problems.isEmpty, !record.task.state.isEnded {
                problems = [DownloadError(.transport, "the results were not waited for")]
            }
            self = problems.isEmpty ? .succeeded(delivery) : .undelivered(delivery, problems: problems)
        case .rejected:
            self = .rejected(
                Rejection(
                    kind: FailureKind(rawValue: trouble?.code ?? ""), isRetryable: trouble?.isRetryable ?? false,
                    message: message, retryAfter: trouble?.retryAfter, rule: ""))
        case .failed,
            .cancelled where attempt.handle != nil:
            self = .failed(
                handle,
                TaskFailure(
                    kind: FailureKind(rawValue: trouble?.code ?? "cancelled"), message: message,
                    billed: trouble?.billed ?? attempt.billed, rule: ""))
        case .unknown, .orphaned:
            self = .unknown(
                Ambiguity(
                    code: Ambiguity.Code(rawValue: trouble?.code ?? "reply.lost"), message: message,
                    taskID: attempt.providerTaskID))
        case .submitting:
            self = .unknown(Ambiguity(code: .interrupted, message: "the answer to the submit was not waited for"))
        case .accepted, .running: self = .stillRunning(handle, reason)
        case .planned, .reserved, .notSent, .absent, .cancelled:
            self = .notSent(TransportError(.notSent, .other, message.isEmpty ? "it was stopped" : message))
        }
    }
}

extension Attempt {
    /// What the ledger says of its bill, where no page does.
    fileprivate var billed: Billing {
        switch money.standing {
        case .spent: .unknown
        case .released: .notCharged
        case .none, .held: .unknown
        }
    }
}

extension TaskRecord {
    /// What the provider stated that an attempt took; `nil` where it stated nothing.
    fileprivate func statedCharge(of attempt: Attempt) -> StatedAmount? {
        let entries = ledger.filter { $0.attempt == attempt.id }.map(\.entry)
        guard entries.contains(where: { $0.basis == .stated && $0.kind != .release }) else { return nil }
        let spent = entries.filter { $0.kind == .capture || $0.kind == .adjust }
        guard let unit = spent.compactMap(\.unit).last else { return nil }
        let sum = spent.compactMap(\.amount).reduce(ExactDecimal.zero) { $0.adding($1) ?? $0 }
        return StatedAmount(amount: sum, unit: unit)
    }
}
