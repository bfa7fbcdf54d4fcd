import Faregate
import FaregateProviders
import GRDB

/// What one event came to.
struct Outcome: Sendable {
    /// The attempt as it stands now.
    var attempt: Attempt
    /// Another attempt that was made.
    var next: Attempt?
    /// The task as it stands now.
    var task: DurableTask
    /// The task moved.
    var isMoved = false
}

extension StoreTransaction {
    /// Moves an attempt and, where that leaves nothing under way, decides what becomes of the task: all in one
    /// transaction.
    ///
    /// - Parameter meansless: Providers at which nobody but a person can find out about an attempt that is unknown.
    func conclude(_ event: AttemptEvent, of id: Attempt.ID, meansless: Set<String>) throws -> Outcome {
        let before = try reader.task(id.task).state
        var outcome = try move(event, of: id, meansless: meansless)
        outcome.isMoved = outcome.task.state != before
        return outcome
    }

    /// Notes that a reserved attempt is about to be sent; withdraws it where it is not wanted any more: somebody
    /// stopped the task, or another attempt at it turned up meanwhile.
    func begin(_ id: Attempt.ID, _ marks: SubmissionMarks, meansless: Set<String>) throws -> Outcome {
        let task = try reader.task(id.task)
        let others = try reader.attempts(of: id.task).filter { $0.id != id }
        let isWanted = !task.state.isEnded && !task.isCancelRequested && !others.contains(where: \.isMade)
        return try conclude(isWanted ? .submit(marks) : .withdraw, of: id, meansless: meansless)
    }

    /// Ends a task that somebody wants stopped although it is made, and only its results are missing. `nil` for any
    /// other.
    func abandonResults(of id: String) throws -> DurableTask? {
        let task = try reader.task(id)
        let attempts = try reader.attempts(of: id)
        guard task.state == .unresolved, !attempts.contains(where: \.state.isOpen) else { return nil }
        let note = "It was given up. " + (attempts.last?.sentence ?? "")
        return try apply(.cancel, to: id, note: note)
    }

    private func move(_ event: AttemptEvent, of id: Attempt.ID, meansless: Set<String>) throws -> Outcome {
        let before = try reader.attempt(id)
        let attempt = try apply(unique(event, of: before), to: id)
        var task = try reader.task(id.task)
        if attempt.state == .submitting || task.state == .queued && attempt.state != .notSent {
            task = try start(task)
        }
        if attempt.isMade { return Outcome(attempt: attempt, task: try reopened(task)) }
        return try decide(after: attempt, event, task, meansless: meansless)
    }

    private func start(_ task: DurableTask) throws -> DurableTask {
        task.state == .queued ? try apply(.start, to: task.id) : task
    }

    /// A task that was given up, or waits for a person, goes on when its attempt turns up.
    private func reopened(_ task: DurableTask) throws -> DurableTask {
        switch task.state {
        case .unresolved, .failed, .cancelled: try apply(.reopen, to: task.id)
        case .queued: try apply(.start, to: task.id)
        case .active, .succeeded: task
        }
    }

    /// Decides what is next for a task of which an attempt ended or fell into doubt.
    private func decide(
        after attempt: Attempt, _ event: AttemptEvent, _ task: DurableTask, meansless: Set<String>
    ) throws -> Outcome {
        guard !task.state.isEnded else { return Outcome(attempt: attempt, task: task) }
        let attempts = try reader.attempts(of: task.id)
        if attempts.contains(where: { $0.state == .succeeded }) { return Outcome(attempt: attempt, task: task) }
        // Whoever says that nothing was made has looked at it, and orders again where it is still wanted.
        let isOver = event == .proveAbsent(.person)
        let move = NextMove.after(
            attempts, offerCount: task.offers.count, policy: task.policy,
            isCancelRequested: task.isCancelRequested || isOver, at: now)
        let told = attempts.told(attempt)
        switch move {
        case .attempt(let offer, let notBefore):
            do {
                let next = try another(offer, notBefore, task, number: attempts.count + 1)
                return Outcome(attempt: attempt, next: next, task: task)
            } catch let refusal as BudgetRefusal {
                let note = "\(attempt.sentence) Another attempt does not fit the budget: \(refusal.sentence)"
                // What is in doubt can still turn up.
                let isInDoubt = attempts.contains { $0.state == .unknown }
                let task = isInDoubt ? try waiting(task, attempts, note, meansless) : try fail(task, note)
                return Outcome(attempt: attempt, task: task)
            }
        case .end(let event):
            return Outcome(attempt: attempt, task: try apply(event, to: task.id, note: told))
        case .wait:
            return Outcome(attempt: attempt, task: try waiting(task, attempts, told, meansless))
        }
    }

    /// What a person said of an attempt replaces what was noted of a task without a result.
    func explained(_ outcome: Outcome) throws -> Outcome {
        var outcome = outcome
        guard outcome.task.state.isEnded || outcome.task.state == .unresolved, outcome.task.state != .succeeded
        else { return outcome }
        outcome.task.note = try reader.attempts(of: outcome.task.id).told(outcome.attempt)
        try run("UPDATE tasks SET note = ? WHERE id = ?", [outcome.task.note, outcome.task.id])
        return outcome
    }

    private func fail(_ task: DurableTask, _ note: String) throws -> DurableTask {
        try apply(.fail, to: task.id, note: note)
    }

    /// The task while nothing is to be sent. Where nobody but a person can find out about what is open, it waits for
    /// one.
    private func waiting(
        _ task: DurableTask, _ attempts: [Attempt], _ note: String, _ meansless: Set<String>
    ) throws -> DurableTask {
        let isStuck = attempts.filter(\.state.isOpen).allSatisfy {
            $0.state == .unknown && $0.handle == nil && meansless.contains($0.provider)
        }
        return isStuck && task.state == .active ? try apply(.stall, to: task.id, note: note) : task
    }

    /// Sets the price of another attempt aside.
    ///
    /// - Throws: ``BudgetRefusal``, with nothing stored.
    private func another(_ offer: Int, _ notBefore: Timestamp?, _ task: DurableTask, number: Int) throws -> Attempt? {
        var next: Attempt?
        try db.inSavepoint {
            next = try reserve(task, offer: offer, number: number, notBefore: notBefore)
            return .commit
        }
        return next
    }

    /// An id that stands for another attempt already is not believed.
    private func unique(_ event: AttemptEvent, of attempt: Attempt) throws -> AttemptEvent {
        let claimed: String?
        switch event {
        case .accept(let id, _): claimed = id
        case .lose(let ambiguity): claimed = ambiguity.taskID
        default: return event
        }
        guard let claimed,
            let other = try reader.attempt(provider: attempt.provider, providerTaskID: claimed),
            other.id != attempt.id
        else { return event }
        return .lose(
            Ambiguity(
                code: .contradictory, message: "the reply names the task \(claimed), which belongs to \(other.id)"))
    }
}

extension [Attempt] {
    /// What became of one, and of those in doubt: for people. Of several the first is told at length.
    fileprivate func told(_ attempt: Attempt) -> String {
        let others = filter { $0.id != attempt.id && ($0.state == .unknown || $0.state == .orphaned) }
        guard !others.isEmpty else { return attempt.sentence }
        let rest = others.map { other in
            "Attempt \(other.id.number), sent once to \(other.provider), is "
                + (other.state == .unknown ? "in doubt, and its price stays set aside." : "taken for spent.")
        }
        return "Attempt \(attempt.id.number): " + ([attempt.sentence] + rest).joined(separator: " ")
    }
}

extension Attempt {
    /// The provider makes it, or has made it.
    var isMade: Bool { state == .accepted || state == .running || state == .succeeded }

    /// What was sent, what it may cost and what happens next: for people.
    var sentence: String {
        let cost = money.worstCase.map { StatedAmount(amount: $0, unit: money.unit ?? "credits").description }
        let said = trouble.map { ": \($0.message)" } ?? ""
        switch state {
        case .unknown:
            return
                "It was sent once to \(provider), and no reply says whether a task exists\(said). It may cost "
                + "\(cost.map { "up to \($0), which stays set aside" } ?? "an amount that nobody knows"). It is not sent again."
        case .orphaned:
            let known = acceptedAt == nil ? "nothing was heard of it" : "it took it, and no end was heard of"
            return "It was sent once to \(provider), and \(known) (\(trouble?.message ?? "no reply")). "
                + "\(spent ?? "An unknown amount") is taken for spent. It is not sent again."
        case .rejected: return "\(provider) refused it\(said). Nothing was made. \(bill)"
        case .notSent: return "It was not sent to \(provider)\(said). Nothing was billed."
        case .absent: return "\(provider) has no such task. Nothing was billed."
        case .failed:
            return "It failed at \(provider)\(said). \(bill)"
        case .cancelled:
            return "It was stopped\(submittedAt == nil ? " before it was sent" : " at \(provider)"). \(bill)"
        default: return "It is \(state.rawValue) at \(provider)."
        }
    }
}

extension Attempt {
    /// What was spent, or is taken for spent; `nil` where nobody knows.
    private var spent: String? {
        guard case .spent(let amount?) = money.standing else { return nil }
        return StatedAmount(amount: amount, unit: money.unit ?? "credits").description
    }

    /// What the attempt cost, as far as anybody knows.
    private var bill: String {
        switch money.standing {
        case .none, .released: return "Nothing is billed."
        case .held: return "What it may cost stays set aside."
        case .spent:
            guard let spent else { return "What it cost is not known." }
            return trouble?.billed == .charged
                ? "\(spent) is billed." : "Whether it is billed, no page says: \(spent) is taken for spent."
        }
    }
}

extension BudgetRefusal {
    /// What was asked, what is left, and that nothing was sent: for people.
    public var sentence: String {
        let budget = status.budget
        func shown(_ amount: ExactDecimal) -> String { StatedAmount(amount: amount, unit: budget.unit).description }
        let used =
            "of \(shown(budget.maximum)) for \(budget.project) this \(budget.period.rawValue) "
            + "\(shown(status.spent)) is spent and \(shown(status.held)) set aside"
        switch reason {
        case .exceeded(let asked):
            let left = status.left > .zero ? shown(status.left) : "nothing"
            return "it may cost up to \(shown(asked)), and \(used): \(left) is left. Nothing was sent."
        case .priceUnknown:
            return "what it may cost is not known, so it cannot be shown to fit: \(used). Nothing was sent."
        case .worthUnknown(let unit):
            return
                "nobody says what its \(unit) are worth in dollars, so it cannot be shown to fit: \(used). Nothing was sent."
        }
    }
}
