import Faregate
import FaregateProviders
import FaregateTasks
import Synchronization

/// Shows a run while it happens, and how it ended. Its words are those of the attempt at hand: the first choice is
/// not always the provider that has the task.
final class RunReport: Sendable {
    /// A task that outlives the process.
    struct Kept: Sendable {
        let id: String
        /// What a command needs to find it: `--state FOLDER`, or nothing.
        let options: String
    }

    /// What was seen of the attempt at hand.
    struct Current {
        var provider: String
        var model: String
        var offer = 0
        var number = 1
        var state = AttemptState.planned
        /// The provider's task, once there is one.
        var handle: TaskHandle?
        var isSubmitted = false
        /// The last one that was shown.
        var alarm: String?
    }

    let snapshot: Snapshot
    /// Ways to do it, best first.
    let offers: [Offer]
    /// The first offer, as it was decided on; `nil` where a task is taken up again.
    let order: RunOrder?
    let format: OutputOptions.Format
    /// Simulated tasks end with the process: there is nothing to take up again.
    let isSimulated: Bool
    private let progress: RunProgress
    let current: Mutex<Current>
    /// `nil` where nothing is kept.
    let kept = Mutex<Kept?>(nil)
    let output = Terminal.output

    /// - Parameter offers: At least one.
    init(
        _ snapshot: Snapshot, offers: [Offer], order: RunOrder? = nil, format: OutputOptions.Format, pace: Double,
        isSimulated: Bool = false
    ) {
        (self.snapshot, self.offers, self.order, self.format) = (snapshot, offers, order, format)
        self.isSimulated = isSimulated
        progress = RunProgress(pace: pace)
        current = Mutex(Current(provider: offers[0].provider, model: offers[0].model))
    }

    var style: Style { output.style }

    /// The id of the task as it is kept.
    var keptID: String? { kept.withLock { $0?.id } }

    /// Runs something and shows what happens meanwhile.
    func follow<Ending: Sendable>(_ work: () async throws -> Ending) async rethrows -> Ending {
        if format == .text { output.line("") }
        let ticker = Task { await self.progress.tick() }  // ends with the work, at the end of this scope
        defer {
            ticker.cancel()
            progress.end()
        }
        return try await work()
    }

    /// The task has an id of ours. Where it is kept, it is said at once: whoever loses the rest can take it up.
    ///
    /// - Parameter otherCount: Open tasks of the same folder, which the engine carries on too.
    func begin(_ id: String, in store: TaskStore, _ state: StateOptions, otherCount: Int) {
        guard let folder = store.folder else { return }
        kept.withLock { $0 = Kept(id: id, options: state.repeated) }
        sayAlways("task \(id), kept in \(Path.shown(folder))")
        guard otherCount > 0 else { return }
        sayAlways(
            otherCount == 1
                ? "another open task of this folder is carried on meanwhile: faregate tasks list"
                : "\(otherCount) other open tasks of this folder are carried on meanwhile: faregate tasks list")
    }

    /// Something happened to the task.
    func show(_ event: TaskNotice.Event) {
        switch event {
        case .submitting(let provider):
            let number = current.withLock { current in
                (current.provider, current.isSubmitted) = (provider, true)
                return current.number
            }
            progress.pause()
            say("submitting \(number > 1 ? "attempt \(number) " : "")to \(snapshot.name(of: provider)), once")
        case .attempt(let attempt): note(attempt)
        default: if let event = RunEvent(event) { show(event) }
        }
    }

    /// The same, as a provider's host tells it.
    func show(_ event: RunEvent) {
        switch event {
        case .submitting: break  // a host that is only asked submits nothing
        case .accepted(let task, let charge):
            current.withLock { ($0.handle, $0.isSubmitted) = (task, true) }
            sayAlways("accepted as \(task.id.printable)\(charge.map { ", charged \($0)" } ?? "")")
            progress.begin(typical: typical)
        case .progress(let fraction, _, _): progress.update(fraction: fraction)
        case .alarm(let alarm): show(alarm)
        case .downloading(let name, let bytes, let total): progress.fetch(name, bytes: bytes, total: total)
        }
    }

    /// Another task of the folder, which this process carries on too, is being sent.
    func showOther(_ id: String, provider: String) {
        progress.interrupt()
        sayAlways("another task of this folder, \(id): submitting to \(snapshot.name(of: provider)), once")
    }

    private func show(_ alarm: Alarm) {
        // What is tried again and again is said once.
        let isNew = current.withLock { current in
            defer { current.alarm = alarm.message }
            return current.alarm != alarm.message
        }
        guard isNew else { return }
        progress.interrupt()
        let errors = Terminal.errors
        let text = "\(alarm.message.printable) [\(alarm.code)]"
        for line in TextLayout.hanging("  \(errors.style.yellow("!")) ", text, indent: 4, width: errors.width) {
            errors.line(line)
        }
    }

    /// Keeps which attempt is at hand. One that waits is said: it looks like nothing happens.
    private func note(_ attempt: Attempt) {
        let before = current.withLock { current in
            defer {
                let handle = attempt.handle
                current = Current(
                    provider: attempt.provider, model: attempt.model, offer: attempt.offer, number: attempt.id.number,
                    state: attempt.state, handle: handle, isSubmitted: attempt.submittedAt != nil, alarm: current.alarm)
            }
            return current
        }
        if !attempt.state.isOpen, attempt.state != .succeeded { progress.pause() }
        guard attempt.state == .reserved, attempt.id.number > 1 else { return }
        let name = snapshot.name(of: attempt.provider)
        let wait = attempt.notBefore.map { " in \(max($0.since(.now), .seconds(1)).shown)" } ?? ""
        let another = "attempt \(attempt.id.number) goes to \(name)\(wait) and may cost \(attempt.money.atMost)"
        let message =
            switch before.state {
            case .unknown, .orphaned:
                "attempt \(before.number) may be made and paid for all the same; \(another), as was allowed"
            case .notSent: "\(snapshot.name(of: before.provider)) could not be reached; \(another)"
            case .absent: "\(snapshot.name(of: before.provider)) has no such task; \(another)"
            default:
                before.provider == attempt.provider
                    ? "\(name) does not take it now; attempt \(attempt.id.number) follows\(wait)" : another
            }
        show(Alarm(code: "attempt.again", message: message))
    }

    /// How long tasks like the attempt at hand usually take.
    private var typical: ClosedRange<Duration>? {
        let (provider, model, offer) = current.withLock { ($0.provider, $0.model, $0.offer) }
        guard let offering = snapshot.provider(provider)?.offering(model), offers.indices.contains(offer) else {
            return nil
        }
        return offering.typicalTimes(for: Facts(body: offers[offer].body)).span
            .map { .seconds($0.lowerBound) ... .seconds($0.upperBound) }
    }

    /// In every format, at once: whoever loses the rest still knows the task.
    private func sayAlways(_ text: String) {
        if format == .text { say(text) } else { Terminal.errors.line(text) }
    }

    private func say(_ text: String) {
        guard format == .text else { return }
        for line in TextLayout.hanging("  \(style.dim("·")) ", text, indent: 4, width: output.width) {
            output.line(line)
        }
    }

    private func show(_ notice: OutboxNotice) {
        if notice.deliveredAt != nil { return say("\(notice.origin) was told") }
        let problem = notice.problem?.printable ?? "no answer yet"
        let rest = notice.nextAt == nil || keptID == nil ? "" : "; a later start of faregate run tells it"
        for line in TextLayout.hanging(
            "  \(style.yellow("!")) ", "\(notice.origin) was not told: \(problem)\(rest)", indent: 4,
            width: output.width)
        {
            output.line(line)
        }
    }

    /// Tells how it ended.
    ///
    /// - Throws: ``ExitStatus/no`` where there is no complete result.
    func end(_ ending: RunEnding) throws {
        switch format {
        case .json: output.line(json(ending).text(pretty: true))
        case .text:
            show(ending)
            for notice in ending.record?.notices ?? [] { show(notice) }
        }
        if case .outcome(.succeeded) = ending.result { return }
        throw ExitStatus.no
    }
}

extension RunEvent {
    /// What a provider's host would tell; `nil` for what only an engine tells.
    fileprivate init?(_ event: TaskNotice.Event) {
        switch event {
        case .accepted(let task, let charge): self = .accepted(task, charge: charge)
        case .progress(let fraction, let elapsed): self = .progress(fraction: fraction, elapsed: elapsed, typical: nil)
        case .alarm(let alarm): self = .alarm(alarm)
        case .downloading(let name, let bytes, let total): self = .downloading(name: name, bytes: bytes, total: total)
        case .submitting, .overdue, .refused, .attempt, .task: return nil
        }
    }
}
