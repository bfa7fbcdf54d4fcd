extension ProviderHost {
    /// Polls a task until it ends, or the time to wait is up, and fetches what it made.
    ///
    /// - Parameter question: Asks for the task.
    func follow(
        _ task: TaskHandle, asking question: Question, charge: StatedAmount?, into folder: String, isResumed: Bool,
        events: (RunEvent) -> Void
    ) async -> RunOutcome {
        let advice = codec.traits.polling(for: task.medium)
        var schedule = PollSchedule(advice, settings: settings, isResumed: isResumed)
        let watch = Stopwatch(clock)
        var refusals = 0
        while true {
            // The last poll goes out when the time is up, not before.
            let remaining = schedule.timeout - watch.elapsed
            guard remaining > .zero else { return .stillRunning(task, .timeout(after: watch.elapsed)) }
            let wait = min(schedule.nextWait(random: random()), remaining)
            do {
                if wait > .zero { try await clock.sleep(for: wait) }
                try Task.checkCancellation()
            } catch {
                return .stillRunning(task, .cancelled)
            }
            let answer = await ask(question, timeout: settings.askTimeout)
            refusals = answer.isRefusal ? refusals + 1 : 0
            switch step(answer, &schedule, refusals: refusals, events: events) {
            case .goOn: events(.progress(fraction: answer.fraction, elapsed: watch.elapsed, typical: advice.typical))
            case .wait: break
            case .done(let result):
                return await deliver(result, of: task, charge: result.charge ?? charge, into: folder, events: events)
            case .ended(let failure): return .failed(task, failure)
            case .stopped(let rejection): return .stillRunning(task, .refused(rejection))
            }
        }
    }

    /// What to do after one poll.
    private enum Step {
        case goOn, wait
        case done(TaskResult)
        case ended(TaskFailure)
        case stopped(Rejection)
    }

    private func step(
        _ answer: Exchange, _ schedule: inout PollSchedule, refusals: Int, events: (RunEvent) -> Void
    ) -> Step {
        switch answer {
        case .decoded(.running, _):
            schedule.seenRunning()
            return .goOn
        case .decoded(.succeeded(let result), _): return .done(result)
        case .decoded(.failed(let failure), _): return .ended(failure)
        case .decoded(.cancelled, _):
            return .ended(
                TaskFailure(
                    kind: FailureKind(rawValue: "cancelled"), message: "cancelled",
                    billed: codec.traits.billing.cancelled, rule: ""))
        case .decoded(.rejected(let rejection), let retryAfter):
            events(.alarm(Alarm(code: rejection.kind.rawValue, message: "a poll was refused: \(rejection.message)")))
            if !rejection.isRetryable, refusals >= settings.refusalCountMax { return .stopped(rejection) }
            schedule.seenTrouble(retryAfter: retryAfter)
            return .wait
        case .decoded(.unknown(let ambiguity), let retryAfter):
            events(.alarm(Alarm(code: ambiguity.code.rawValue, message: "a poll was unclear: \(ambiguity.message)")))
            schedule.seenTrouble(retryAfter: retryAfter)
            return .wait
        case .decoded(_, let retryAfter):
            schedule.seenTrouble(retryAfter: retryAfter)
            return .wait
        case .failed(let error):
            events(.alarm(Alarm(code: error.code.rawValue, message: "a poll was lost: \(error.message)")))
            schedule.seenTrouble(retryAfter: nil)
            return .wait
        }
    }
}

extension ProviderHost.Exchange {
    /// The provider refused to answer, and not just for now.
    fileprivate var isRefusal: Bool {
        if case .decoded(.rejected(let rejection), _) = self { !rejection.isRetryable } else { false }
    }

    fileprivate var fraction: Double? {
        if case .decoded(.running(let fraction), _) = self { fraction } else { nil }
    }
}
