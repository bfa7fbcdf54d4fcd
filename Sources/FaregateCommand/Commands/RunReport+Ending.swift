import Faregate
import FaregateProviders
import FaregateTasks
import Synchronization

extension RunReport {
    /// Tells people how it ended.
    func show(_ ending: RunEnding) {
        let name = snapshot.name(of: ending.attempt?.provider ?? offers[0].provider)
        switch ending.result {
        case .reserved(let reason): show(reserved: ending, reason, name)
        case .absent:
            conclude(
                "\(name) has no such task",
                [
                    "The request was sent once, no reply came, and it is proved that no task exists.", money(ending),
                    others(ending), alternativeHint(ending),
                ])
        case .outcome(let outcome): show(outcome, ending, name)
        }
    }

    private func show(reserved ending: RunEnding, _ reason: StillRunningReason, _ name: String) {
        let wait =
            ending.attempt?.notBefore.flatMap { $0 > .now ? " \(name) asks to wait until \($0.shown) UTC." : nil } ?? ""
        let attempt = ending.attempt
        let number = attempt.map { $0.id.number > 1 ? "Attempt \($0.id.number) at \(name)" : "The request" } ?? ""
        conclude(
            "\(reason.unsent(name))",
            [
                "\(number) was not sent, and nothing is billed for it.\(wait)", money(ending),
                "It is sent when faregate next works on this state folder.", others(ending),
            ],
            commands: commands([("Send it", "run --resume"), ("Withdraw it", "tasks cancel")]))
    }

    private func show(_ outcome: RunOutcome, _ ending: RunEnding, _ name: String) {
        let attempt = ending.attempt
        switch outcome {
        case .succeeded(let delivery):
            show(delivery, attempt)
            for line in TextLayout.wrapped(others(ending), to: output.width - 4) where !line.isEmpty {
                output.line("    \(line)")
            }
        case .undelivered(let delivery, let problems):
            show(delivery, attempt)
            conclude(
                "the task is done and billed, but not everything could be fetched",
                problems.map(\.description) + [others(ending)], commands: resumeCommand)
        case .rejected(let rejection):
            let isBilled = if case .spent = attempt?.money.standing { true } else { false }
            conclude(
                sentence("\(name) refused it (\(rejection.kind))", rejection.message),
                [
                    isBilled ? "Nothing was made, and \(name) bills the refusal." : "Nothing was made.", money(ending),
                    rejection.isRetryable ? "The same request may succeed later." : "", others(ending),
                    alternativeHint(ending),
                ])
        case .notSent(let error):
            let number = attempt?.id.number ?? 1
            conclude(
                sentence("it was not sent", error.message),
                [
                    "\(name) never saw \(number > 1 ? "attempt \(number)" : "the request").",
                    attempt == nil ? "Nothing is billed." : money(ending), others(ending), alternativeHint(ending),
                ])
        case .failed(let task, _) where attempt?.state == .cancelled:
            conclude("the task \(task.id.printable) was stopped at \(name)", [money(ending), others(ending)])
        case .failed(let task, let failure):
            conclude(
                sentence("the task \(task.id.printable) failed at \(name) (\(failure.kind))", failure.message),
                [failure.billed.sentence, money(ending), others(ending)])
        case .unknown(let ambiguity) where attempt?.state == .orphaned:
            conclude(
                sentence("given up", "\(ambiguity.message) [\(ambiguity.code.rawValue)]"),
                [
                    "\(what(ending)) was sent once to \(name), and nobody can tell what became of it. It is not sent again.",
                    money(ending), others(ending), keptDoubt,
                ])
        case .unknown(let ambiguity):
            let id = ambiguity.taskID.map { "The unclear reply named the task \($0.printable)." } ?? ""
            conclude(
                sentence("unknown", "\(ambiguity.message) [\(ambiguity.code.rawValue)]"),
                [
                    "\(what(ending)) was sent once to \(name) and may have been accepted; it may cost \(attempt?.money.atMost ?? "an amount that nobody knows").",
                    "It was not sent again, and should not be before you have looked at your account with \(name).",
                    id, keptID == nil ? "" : money(ending), others(ending), keptDoubt,
                ],
                // Some means may still find it by itself.
                commands: ending.record?.task.state == .active ? commands([("Look for it again", "run --resume")]) : [])
        case .stillRunning(_, let reason):
            conclude(
                "the task was not seen to end: \(reason.sentence)",
                ["It goes on at \(name) and may be billed. \(money(ending))", others(ending)], commands: resumeCommand)
        }
    }

    /// What was sent: where there were several attempts, which.
    private func what(_ ending: RunEnding) -> String {
        guard let attempt = ending.attempt, ending.record?.attempts.count ?? 1 > 1 else { return "The request" }
        return "Attempt \(attempt.id.number)"
    }

    /// A sentence with the words that somebody else gave, where they gave any.
    private func sentence(_ text: String, _ message: String) -> String {
        message.isEmpty ? text : "\(text): \(message.printable)"
    }

    private func show(_ delivery: Delivery, _ attempt: Attempt?) {
        for artifact in delivery.artifacts {
            output.line(
                "  \(style.green("✓")) \(style.bold(artifact.path))  \(style.dim("\(artifact.mediaType), \(artifact.bytes.shownBytes)"))"
            )
        }
        var cost = delivery.charge.map { "charged \($0)" }
        if cost == nil, attempt?.offer ?? 0 == 0 { cost = (order?.quote?.shownTotal).map { "quoted \($0)" } }
        if cost == nil, let attempt { cost = "quoted \(attempt.money.atMost)" }
        if let cost { output.line("  \(style.dim("·")) \(cost)") }
    }

    /// Something to type, and what it does.
    private typealias Command = (purpose: String, line: String)

    /// - Parameter commands: Never broken into lines.
    private func conclude(_ message: String, _ lines: [String], commands: [Command] = []) {
        for line in TextLayout.hanging("  \(style.red("✗")) ", message, indent: 4, width: output.width) {
            output.line(line)
        }
        for text in lines where !text.isEmpty {
            for line in TextLayout.wrapped(text, to: output.width - 4) { output.line("    \(line)") }
        }
        for command in commands {
            output.line("    \(command.purpose):")
            output.line("    \(command.line)")
        }
    }

    private func money(_ ending: RunEnding) -> String {
        ending.attempt?.money.sentence(isKept: keptID != nil) ?? ""
    }

    /// Attempts beside the one that the result is about, and what they cost or may cost.
    private func others(_ ending: RunEnding) -> String {
        ending.others.map { attempt in
            let state = attempt.state == .orphaned ? "unknown, given up" : attempt.state.rawValue
            let name = snapshot.name(of: attempt.provider)
            return
                "Attempt \(attempt.id.number) at \(name) is \(state): \(attempt.money.sentence(isKept: keptID != nil))"
        }.joined(separator: " ")
    }

    /// The next best, where trying it cannot cost twice.
    private func alternativeHint(_ ending: RunEnding) -> String {
        guard let alternative = order?.alternative, !ending.isInDoubt,
            ending.record?.task.state.isEnded ?? true,
            !(ending.record?.attempts.contains { $0.provider == alternative } ?? false)
        else { return "" }
        return "The next best is \(alternative): add --only \(alternative)."
    }

    /// What a person can do about a task in doubt that is kept.
    private var keptDoubt: String {
        guard let kept = kept.withLock({ $0 }) else { return "" }
        return
            "`faregate tasks resolve \(kept.id)\(kept.options)` takes your word for what became of it: "
            + "--accepted TASK-ID, --absent or --spent."
    }

    private func commands(_ commands: [(purpose: String, words: String)]) -> [Command] {
        guard let kept = kept.withLock({ $0 }) else { return [] }
        return commands.map { ($0.purpose, "faregate \($0.words) \(kept.id)\(kept.options)") }
    }

    private var resumeCommand: [Command] {
        let kept = commands([("Take it up again", "run --resume")])
        guard kept.isEmpty else { return kept }
        let (handle, provider) = current.withLock { ($0.handle, $0.provider) }
        guard !isSimulated, let handle else { return [] }
        let words = ["--resume", handle.id.printable, "--provider", provider, "--model", handle.model]
        return [("Take it up again", "faregate run \(words.map(\.shellQuoted).joined(separator: " "))")]
    }

    /// What is known of the task where the work on it ended by an error, and how to go on.
    ///
    /// - Parameter record: `nil` where it cannot be read.
    func known(_ record: TaskRecord?) -> String {
        var standing = record?.standing(snapshot)
        if standing == nil {
            let current = current.withLock { $0 }
            let name = snapshot.name(of: current.provider)
            standing =
                "What is stored of it cannot be read. "
                + (current.handle.map { "\(name) has it as \($0.id.printable); it goes on there and may be billed." }
                    ?? (current.isSubmitted
                        ? "It was sent once to \(name) and may be billed; do not order it again before you have looked."
                        : "This process has not sent it."))
        }
        guard let command = resumeCommand.first?.line else { return standing ?? "" }
        let condition = record == nil ? "when the state can be read again, " : ""
        return "\(standing ?? "") It is kept; \(condition)`\(command)` goes on with it."
    }
}

extension CommandFailure {
    /// The work on a task that was stored ended by an error: it may have been sent, and is kept.
    ///
    /// - Parameter known: What is known of it, and how to go on.
    init(brokenOff error: any Error, task id: String, _ known: String) {
        let (code, text) =
            switch error {
            case let error as StoreError: (error.code.rawValue, error.message)
            case let error as PluginError: (error.code.rawValue, error.message)
            case let error as CommandFailure: (error.code, error.message)
            default: ("run.broken_off", "\(error)")
            }
        self.init(
            code: code, message: "the work on the task \(id) ended by an error: \(text)", hint: known, status: .no)
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
    /// Why something was not sent.
    fileprivate func unsent(_ name: String) -> String {
        switch self {
        case .timeout(let after): "not sent within \(after.shown)"
        case .cancelled: "not sent yet: the waiting was broken off"
        case .refused(let rejection): "not sent yet: \(name) cannot be worked with: \(rejection.message)"
        }
    }

    /// Why an end was not seen.
    var sentence: String {
        switch self {
        case .timeout(let after): "no end within \(after.shown)"
        case .cancelled: "the waiting was broken off"
        case .refused(let rejection): "the provider does not tell (\(rejection.kind): \(rejection.message.printable))"
        }
    }
}
