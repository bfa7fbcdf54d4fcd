import Faregate
import FaregateProviders
import FaregateTasks
import Synchronization

/// Shows a run while it happens, and how it ended.
final class RunReport: Sendable {
    let order: RunOrder
    let format: OutputOptions.Format
    /// Simulated tasks end with the process: there is nothing to take up again.
    private let isSimulated: Bool
    private let progress: RunProgress
    private let typical: ClosedRange<Duration>?
    /// The task, once there is one.
    private let accepted = Mutex<TaskHandle?>(nil)
    /// The task as it is kept; `nil` where nothing is.
    let kept = Mutex<String?>(nil)
    /// What was told, or is to be, to the address in --webhook.
    let notices = Mutex<[OutboxNotice]>([])
    private let output = Terminal.output

    init(order: RunOrder, format: OutputOptions.Format, pace: Double, isSimulated: Bool) {
        (self.order, self.format, self.isSimulated) = (order, format, isSimulated)
        progress = RunProgress(pace: pace)
        typical = order.offering.typicalTimes(for: Facts(body: order.body)).span
            .map { .seconds($0.lowerBound) ... .seconds($0.upperBound) }
    }

    private var style: Style { output.style }

    /// Runs something and shows what happens meanwhile.
    func follow<Outcome: Sendable>(_ work: (@Sendable @escaping (RunEvent) -> Void) async throws -> Outcome)
        async rethrows -> Outcome
    {
        if format == .text { output.line("") }
        let ticker = Task { await self.progress.tick() }  // ends with the work, at the end of this scope
        defer { ticker.cancel() }
        let outcome = try await work { self.show($0) }
        progress.end()
        return outcome
    }

    /// The task has an id of ours. Where it is kept, it is said at once: whoever loses the rest can take it up.
    func begin(_ id: String, in store: TaskStore) {
        guard let folder = store.folder else { return }
        kept.withLock { $0 = id }
        let text = "task \(id), kept in \(Path.shown(folder))"
        if format == .text { say(text) } else { Terminal.errors.line(text) }
    }

    /// Waits a little for the notices of a task that has an outcome, and keeps how they stand.
    func note(_ id: String, _ session: TaskSession) async throws {
        await session.deliverNotices(of: id)
        // Not cancelled with us, so that a run that is broken off can say it too; ends here.
        let record = try await Task { try await session.store.record(id) }.value
        notices.withLock { $0 = record.notices }
    }

    private func show(_ event: RunEvent) {
        switch event {
        case .submitting: say("submitting to \(order.provider.name), once")
        case .accepted(let task, let charge):
            accepted.withLock { $0 = task }
            sayAccepted("accepted as \(task.id.printable)\(charge.map { ", charged \($0)" } ?? "")")
            progress.begin(typical: typical)
        case .progress(let fraction, _, _): progress.update(fraction: fraction)
        case .alarm(let alarm):
            progress.interrupt()
            Terminal.errors.line("  \(Terminal.errors.style.yellow("!")) \(alarm.message.printable) [\(alarm.code)]")
        case .downloading(let name, let bytes, let total): progress.fetch(name, bytes: bytes, total: total)
        }
    }

    /// In every format, at once: whoever loses the rest still knows the task.
    private func sayAccepted(_ text: String) {
        if format == .text { say(text) } else { Terminal.errors.line(text) }
    }

    private func say(_ text: String) {
        if format == .text { output.line("  \(style.dim("·")) \(text)") }
    }

    /// Tells how it ended.
    ///
    /// - Throws: ``ExitStatus/no`` where there is no complete result.
    func end(_ outcome: RunOutcome) throws {
        switch format {
        case .json: output.line(json(outcome).text(pretty: true))
        case .text:
            show(outcome)
            for notice in notices.withLock({ $0 }) { show(notice) }
        }
        if case .succeeded = outcome { return }
        throw ExitStatus.no
    }

    private func show(_ outcome: RunOutcome) {
        switch outcome {
        case .succeeded(let delivery): show(delivery)
        case .undelivered(let delivery, let problems):
            show(delivery)
            conclude(
                "the task is done and billed, but not everything could be fetched",
                problems.map(\.description),
                command: resumeCommand)
        case .rejected(let rejection):
            conclude(
                "\(order.provider.name) refused it (\(rejection.kind)): \(rejection.message.printable)",
                [
                    "Nothing was made or billed.", rejection.isRetryable ? "The same request may succeed later." : "",
                    alternativeHint,
                ])
        case .notSent(let error):
            conclude(
                "it was not sent: \(error.message)",
                ["\(order.provider.name) never saw the request; nothing was billed.", alternativeHint])
        case .failed(let task, let failure):
            conclude(
                "the task \(task.id.printable) failed (\(failure.kind)): \(failure.message.printable)",
                [failure.billed.sentence])
        case .unknown(let ambiguity):
            let id = ambiguity.taskID.map { "The unclear reply named the task \($0.printable)." } ?? ""
            conclude(
                "unknown: \(ambiguity.message.printable) [\(ambiguity.code.rawValue)]",
                [
                    "The request was sent once and may have been accepted; \(order.quote?.total.map { "it may cost \($0.shown)" } ?? "what it may cost is not known").",
                    "It was not sent again, and should not be before you have looked at your account with \(order.provider.name).",
                    id, keptDoubt,
                ])
        case .stillRunning(_, let reason):
            conclude(
                "the task was not seen to end: \(reason.sentence)",
                ["It goes on at \(order.provider.name) and may be billed."], command: resumeCommand)
        }
    }

    private func show(_ notice: OutboxNotice) {
        if notice.deliveredAt != nil { return say("\(notice.origin) was told") }
        let problem = notice.problem?.printable ?? "no answer yet"
        let rest =
            notice.nextAt == nil || kept.withLock({ $0 }) == nil ? "" : "; a later start of faregate run tells it"
        for line in TextLayout.hanging(
            "  \(style.yellow("!")) ", "\(notice.origin) was not told: \(problem)\(rest)", indent: 4,
            width: output.width)
        {
            output.line(line)
        }
    }

    private func show(_ delivery: Delivery) {
        for artifact in delivery.artifacts {
            output.line(
                "  \(style.green("✓")) \(style.bold(artifact.path))  \(style.dim("\(artifact.mediaType), \(artifact.bytes.shownBytes)"))"
            )
        }
        let charge = delivery.charge.map { "charged \($0)" } ?? order.quote.map { "quoted \($0.shownTotal)" }
        if let charge { output.line("  \(style.dim("·")) \(charge)") }
    }

    /// - Parameter command: Something to type: never broken into lines.
    private func conclude(_ message: String, _ lines: [String], command: String? = nil) {
        for line in TextLayout.hanging("  \(style.red("✗")) ", message, indent: 4, width: output.width) {
            output.line(line)
        }
        for text in lines where !text.isEmpty {
            for line in TextLayout.wrapped(text, to: output.width - 4) { output.line("    \(line)") }
        }
        if let command {
            output.line("    Take it up again:")
            output.line("    \(command)")
        }
    }

    private var alternativeHint: String { order.alternative.map { "The next best is \($0): add --only \($0)." } ?? "" }

    /// What a person can do about a task in doubt that is kept.
    private var keptDoubt: String {
        guard let id = kept.withLock({ $0 }) else { return "" }
        return
            "Its worst-case price stays set aside. `faregate tasks resolve \(id)` takes your word for what became of "
            + "it: --accepted TASK-ID, --absent or --spent."
    }

    private var resumeCommand: String? {
        if let id = kept.withLock({ $0 }) { return "faregate run --resume \(id)" }
        guard !isSimulated, let handle = accepted.withLock({ $0 }) else { return nil }
        let words = ["--resume", handle.id.printable, "--provider", order.provider.id, "--model", handle.model]
        return "faregate run \(words.map(\.shellQuoted).joined(separator: " "))"
    }
}

extension Billing {
    /// What the provider does about money then.
    fileprivate var sentence: String {
        switch self {
        case .charged: "The provider bills it all the same."
        case .notCharged: "The provider does not bill it."
        case .refunded: "The provider gives the charge back."
        case .unknown: "No page says whether the provider bills it."
        }
    }
}

extension StillRunningReason {
    fileprivate var sentence: String {
        switch self {
        case .timeout(let after): "no end within \(after.shown)"
        case .cancelled: "the waiting was broken off"
        case .refused(let rejection): "the provider does not tell (\(rejection.kind): \(rejection.message.printable))"
        }
    }
}
