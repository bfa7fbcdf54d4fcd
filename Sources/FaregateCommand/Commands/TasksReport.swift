import Faregate
import FaregateProviders
import FaregateTasks

/// Shows tasks to people and programs.
struct TasksReport {
    let format: OutputOptions.Format
    /// What an advised command needs to find the state folder.
    let options: String
    private let output = Terminal.output

    init(_ format: OutputOptions.Format, _ state: StateOptions) {
        (self.format, options) = (format, state.repeated)
    }

    private var style: Style { output.style }

    func nothingOpen() {
        switch format {
        case .text: output.line("no task is open")
        case .json: output.line("[]")
        }
    }

    /// Nothing to watch; so many tasks wait for a person all the same.
    func nothingMoves(_ waitingCount: Int) {
        guard format == .text else { return }
        guard waitingCount > 0 else { return nothingOpen() }
        let needs = waitingCount == 1 ? "1 task needs" : "\(waitingCount) tasks need"
        output.line("\(style.yellow("!")) no task moves; \(needs) you: faregate tasks list\(options)")
    }

    func takenUp(_ count: Int) {
        let text = "\(count) task\(count == 1 ? " is" : "s are") taken up again"
        if format == .text { output.line(text) } else { Terminal.errors.line(text) }
    }

    func list(_ tasks: [(task: DurableTask, attempts: [Attempt])], all: Bool, folder: String) {
        if format == .json {
            return output.line(JSONValue.array(tasks.map { $0.json(attempt: $1.last) }).text(pretty: true))
        }
        guard !tasks.isEmpty else {
            return output.line(
                all ? "no task is kept in \(Path.shown(folder))" : "no task is open; --all shows ended ones")
        }
        var table = Table([
            Table.Column(title: "task"), Table.Column(title: "state"), Table.Column(title: "provider"),
            Table.Column(title: "model", shrinksTo: 12), Table.Column(title: "cost", isRight: true),
            Table.Column(title: "age", isRight: true), Table.Column(title: "project", shrinksTo: 8),
        ])
        for (task, attempts) in tasks {
            let (state, attempt) = (task.state, attempts.last)
            table.add([
                Table.Cell(text: task.id), Table.Cell(text: shown(state, attempt), paint: { self.paint($0, state) }),
                Table.Cell(text: attempt?.provider ?? ""), Table.Cell(text: attempt?.model ?? ""),
                Table.Cell(text: attempts.shownCost),
                Table.Cell(text: max(Timestamp.now.since(task.createdAt), .zero).shownAge),
                Table.Cell(text: task.project == "default" ? "" : task.project),
            ])
        }
        for line in table.lines(width: output.width, style: style) { output.line(line) }
    }

    private func shown(_ state: TaskState, _ attempt: Attempt?) -> String {
        state.rawValue + (attempt?.shownPercent.map { " \($0)%" } ?? "")
    }

    private func paint(_ text: String, _ state: TaskState) -> String {
        switch state {
        case .succeeded: style.green(text)
        case .failed: style.red(text)
        case .unresolved: style.yellow(text)
        case .queued, .active, .cancelled: text
        }
    }

    func show(_ record: TaskRecord) {
        if format == .json { return output.line(record.json.text(pretty: true)) }
        let task = record.task
        output.line("\(style.bold(task.id))  \(paint(task.state.rawValue, task.state))  \(task.project)")
        if let note = task.note { say(note.printable) }
        let asked = task.offers[record.telling?.offer ?? 0].body
        for line in RequestText(asked).lines(width: output.width - 2) { output.line("  \(style.dim(line.printable))") }
        for attempt in record.attempts { show(attempt) }
        for file in record.results {
            let mark = file.state == .delivered ? style.green("✓") : style.yellow("…")
            let problem = file.problem.map { "  " + $0 } ?? ""
            output.line("  \(mark) \(Path.shown(file.path ?? file.address ?? "result").printable)\(problem.printable)")
        }
        if !record.notices.isEmpty { section("notices") }
        for notice in record.notices { show(notice) }
        section("ledger")
        for line in record.ledger {
            let amount = line.entry.shown
            output.line(
                "  \(line.at.shown)  \(TextLayout.padded(line.entry.kind.rawValue, to: 7))  "
                    + "\(TextLayout.padded(amount, to: 12, right: true))  \(style.dim(line.entry.basis.rawValue))")
        }
        section("history")
        for event in record.events {
            for line in event.lines(width: output.width - 2, style: style) { output.line("  \(line)") }
        }
        if task.state == .unresolved, let doubt = record.telling, doubt.state == .unknown {
            section("what you can do")
            say("Look at your account with \(doubt.provider), then say what became of it:")
            for option in ["--accepted TASK-ID", "--absent", "--spent [--charge AMOUNT]"] {
                output.line("  faregate tasks resolve \(task.id)\(options) \(option)")
            }
            if record.attempts.count(where: { $0.state == .unknown }) > 1 {
                say("Without --attempt NUMBER it is the last one in doubt; each wants a word.")
            }
        }
    }

    /// What happens next to a task that was shown; for people alone.
    func note(_ text: String) {
        guard format == .text else { return }
        section("what happens next")
        say(text)
    }

    private func section(_ title: String) { output.line(style.dim(title)) }

    private func say(_ text: String) {
        for line in TextLayout.wrapped(text, to: output.width - 2) { output.line("  \(line)") }
    }

    private func show(_ attempt: Attempt) {
        let id = attempt.providerTaskID.map { "  as \($0.printable)" } ?? ""
        let state = attempt.state.rawValue + (attempt.shownPercent.map { " \($0)%" } ?? "")
        let (mark, text) =
            ("  \(attempt.id.number). ", "\(attempt.provider) \(attempt.model)  \(state)\(id)  \(attempt.money.shown)")
        if TextLayout.width(mark + text) <= output.width { return output.line(mark + text) }
        for line in TextLayout.hanging(mark, text, indent: mark.count, width: output.width) { output.line(line) }
    }

    private func show(_ notice: OutboxNotice) {
        let when =
            if let at = notice.deliveredAt { "delivered at \(at.shown)" } else if let at = notice.nextAt {
                at > .now ? "waits, next try at \(at.shown)" : "waits, due since \(at.shown)"
            } else { "given up" }
        let problem = notice.problem.map { ": \($0.printable)" } ?? ""
        say("\(notice.origin) \(when)\(problem)")
    }

    /// One thing that happened to one of many tasks.
    func show(_ notice: TaskNotice) {
        guard let text = notice.event.text else { return }
        guard format == .text else { return }
        let lines = TextLayout.wrapped(text.printable, to: output.width - notice.task.count - 2)
        for (index, line) in lines.enumerated() {
            output.line(
                (index == 0 ? style.dim(notice.task) : String(repeating: " ", count: notice.task.count)) + "  " + line)
        }
    }

    /// A task that waits for a provider in vain.
    func waits(_ id: String, for provider: String, _ problem: CommandFailure, _ standing: String) {
        mark(id, "waits for \(provider): \(problem.message) [\(problem.code)]. \(standing)")
    }

    /// What became of all tasks that were taken up: those that did not end, with the reason.
    func end(
        _ records: [TaskRecord], _ reasons: [String: StillRunningReason], _ hosts: ProviderHosts, _ snapshot: Snapshot
    ) {
        let rest = records.filter { !$0.task.state.isEnded }
        if format == .json {
            return output.line(
                JSONValue.array(
                    rest.map { record in
                        var json = record.task.json(attempt: record.attempts.last)
                        if let (_, problem) = hosts.obstacle(to: record), case .object(var object) = json {
                            object["waits_for"] = .string(problem.message)
                            json = .object(object)
                        }
                        return json
                    }
                ).text(pretty: true))
        }
        for record in records {
            for file in record.results where file.state == .delivered {
                output.line(
                    "\(style.green("✓")) \(style.bold(Path.shown(file.path ?? "").printable))  "
                        + style.dim("\(file.mediaType ?? ""), \((file.bytes ?? 0).shownBytes)"))
            }
        }
        var isLeft = false
        for record in rest {
            let id = record.task.id
            if record.task.state == .unresolved {
                output.line("\(style.yellow("!")) \(id) needs you: faregate tasks show \(id)\(options)")
            } else if hosts.obstacle(to: record) == nil {
                isLeft = true
                mark(id, "\((reasons[id] ?? .cancelled).sentence). \(record.standing(snapshot))")
            }
        }
        if isLeft { output.line("faregate run --resume\(options) takes them up again") }
    }

    /// A line about one task that somebody should read; on standard error where the output is for programs.
    private func mark(_ id: String, _ text: String) {
        let terminal = format == .text ? output : Terminal.errors
        let lines = TextLayout.hanging(
            "\(terminal.style.yellow("!")) ", "\(id) \(text.printable)", indent: 2, width: terminal.width)
        for line in lines { terminal.line(line) }
    }
}

extension TaskNotice.Event {
    /// For people; `nil` for what is not worth a line.
    var text: String? {
        switch self {
        case .submitting(let provider): "submitting to \(provider), once"
        case .accepted(let task, let charge): "accepted as \(task.id)\(charge.map { ", charged \($0)" } ?? "")"
        case .alarm(let alarm): "! \(alarm.message) [\(alarm.code)]"
        case .overdue(let elapsed): "takes longer than usual: \(elapsed.shown)"
        case .refused(let rejection): "the provider does not tell (\(rejection.kind)): \(rejection.message)"
        case .task(let task): task.state.rawValue + (task.note.map { ": \($0)" } ?? "")
        case .progress, .downloading, .attempt: nil
        }
    }
}

extension HistoryEvent {
    /// A line of a history; what does not fit beside it stands below.
    func lines(width: Int, style: Style) -> [String] {
        let who = number.map { "attempt \($0)" } ?? "task"
        let words = name.split(separator: "_").joined(separator: " ")
        let head =
            "\(at.shown)  \(TextLayout.padded(who, to: 9))  \(TextLayout.padded(words, to: 15))  "
            + TextLayout.padded(state, to: 10)
        guard let detail = detail?.printable, !detail.isEmpty else { return [head.trimmedEnd] }
        if TextLayout.width(head) + 2 + TextLayout.width(detail) <= width { return [head + "  " + style.dim(detail)] }
        return [head.trimmedEnd] + TextLayout.wrapped(detail, to: width - 4).map { "    " + style.dim($0) }
    }
}

extension String {
    fileprivate var trimmedEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}

extension Attempt {
    /// How far it is while the provider works on it; `nil` where nobody tells.
    var shownPercent: Int? { state == .accepted || state == .running ? progressPercent : nil }
}

extension AttemptMoney {
    /// What it cost or may cost.
    var shown: String {
        func amount(_ number: ExactDecimal?) -> String {
            number.map { StatedAmount(amount: $0, unit: unit ?? "USD").description } ?? "unknown"
        }
        return switch standing {
        case .none: ""
        case .held: "≤ " + amount(worstCase)
        case .spent(let spent): amount(spent)
        case .released: amount(.zero)
        }
    }
}

extension [Attempt] {
    /// What a task cost or may cost, all attempts together: `≤ $0.09` while anything is set aside.
    fileprivate var shownCost: String {
        let costly = filter { $0.money.standing != .released && $0.money.standing != .none }
        guard costly.count > 1 else { return (costly.first ?? last)?.money.shown ?? "" }
        let isOpen = costly.contains { $0.money.standing == .held }
        var sums: [(unit: String, amount: ExactDecimal)] = []
        for money in costly.map(\.money) {
            guard let amount = money.cost, let unit = money.unit else { return "unknown" }
            let index = sums.firstIndex { $0.unit == unit } ?? sums.endIndex
            if index == sums.endIndex { sums.append((unit, .zero)) }
            guard let sum = sums[index].amount.adding(amount) else { return "unknown" }
            sums[index].amount = sum
        }
        let parts = sums.map { StatedAmount(amount: $0.amount, unit: $0.unit).description }
        return (isOpen ? "≤ " : "") + parts.joined(separator: " + ")
    }
}

extension AttemptMoney {
    /// What is spent, or may be; `nil` where nobody knows.
    fileprivate var cost: ExactDecimal? {
        switch standing {
        case .none, .released: .zero
        case .held: worstCase
        case .spent(let amount): amount
        }
    }
}

extension LedgerEntry {
    var shown: String { amount.map { StatedAmount(amount: $0, unit: unit ?? "USD").description } ?? "unknown" }
}

extension Timestamp {
    /// `2026-11-21 14:03:02`, UTC.
    var shown: String { iso.dropLast().split(separator: "T").joined(separator: " ") }
}

extension Duration {
    /// `42 s`, `3 min`, `5 h`, `2 d`.
    var shownAge: String {
        let seconds = components.seconds
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: "\(seconds / 60) min"
        case ..<86_400: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
