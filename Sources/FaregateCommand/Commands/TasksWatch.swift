import Faregate
import FaregateProviders
import FaregateTasks

/// Shows what another process does to tasks, by looking at what it stores.
struct TasksWatch {
    let store: TaskStore
    let report: TasksReport

    /// How often it looks.
    private static let pause = Duration.milliseconds(300)

    func run(id: String?) async throws {
        let only = if let id { try await store.taskID(id) } else { String?.none }
        var (latest, isWorkedOn) = (Int64?.none, true)
        var bar = ProgressBar()
        while true {
            let glance = try await store.glance(at: only, since: latest)
            if glance.open.isEmpty, latest == nil { return try await tellSettled(only) }
            latest = glance.latest
            if !glance.events.isEmpty { bar.clear() }
            for (id, event) in glance.events { tell(id, event) }
            if glance.open.isEmpty { return bar.clear() }
            if store.isWorkedOn != isWorkedOn {
                isWorkedOn.toggle()
                bar.clear()
                tell(isWorkedOn: isWorkedOn)
            }
            draw(glance.open, isWorkedOn: isWorkedOn, &bar)
            try await Task.sleep(for: Self.pause)
        }
    }

    /// There is nothing to watch: how it stands with the one that was asked for.
    private func tellSettled(_ only: String?) async throws {
        guard let only else { return report.nothingMoves(try await store.openTaskCount()) }
        let record = try await store.record(only)
        if report.format == .text { return report.show(record) }
        if let last = record.events.last(where: { $0.number == nil }) { tell(only, last) }
    }

    private func tell(_ id: String, _ event: HistoryEvent) {
        switch report.format {
        case .text:
            let output = Terminal.output
            let lines = event.lines(width: output.width - 2 - id.count, style: output.style)
            for line in lines { output.line("\(output.style.dim(id))  \(line)") }
        case .json:
            let line: JSONValue = [
                "id": .string(id), "at": .string(event.at.iso),
                "attempt": event.number.map { .integer(Int64($0)) } ?? .null, "event": .string(event.name),
                "state": .string(event.state), "detail": event.detail.map(JSONValue.string) ?? .null,
            ]
            Terminal.output.line(line.text())
        }
    }

    private func tell(isWorkedOn: Bool) {
        let text =
            isWorkedOn
            ? "a process works on them again"
            : "no process works on these tasks; `faregate run --resume\(report.options)` takes them up"
        Terminal.errors.line("\(Terminal.errors.style.yellow("!")) \(text)")
    }

    /// How far the tasks are, on a terminal.
    private func draw(_ open: [Attempt], isWorkedOn: Bool, _ bar: inout ProgressBar) {
        guard Terminal.errors.isTerminal, report.format == .text else { return }
        guard open.count == 1, let attempt = open.first, let since = attempt.acceptedAt, attempt.state.isOpen else {
            return bar.show(OpenTasksLine(open).text(width: Terminal.errors.width - 3))
        }
        let elapsed = max(Timestamp.now.since(since), .zero).shown
        bar.show(
            attempt.shownPercent.map { Double($0) / 100 }, attempt.provider,
            detail: isWorkedOn ? elapsed : "\(elapsed), nobody asks")
    }
}

/// How far many tasks are, in one line: `3 open: 1 at 40%, 1 at 85%, 1 queued`.
struct OpenTasksLine {
    private let count: Int
    /// How many are so far, by percent.
    private var percents: [Int: Int] = [:]
    /// How many stand otherwise, by what is said of them.
    private var others: [String: Int] = [:]

    /// - Parameter open: Their last attempts.
    init(_ open: [Attempt]) {
        count = open.count
        for attempt in open {
            if let percent = attempt.shownPercent {
                percents[percent, default: 0] += 1
            } else {
                others[Self.word(attempt.state), default: 0] += 1
            }
        }
    }

    private static func word(_ state: AttemptState) -> String {
        switch state {
        case .planned, .reserved: "queued"
        case .unknown: "in doubt"
        case .succeeded: "to fetch"
        default: "under way"
        }
    }

    /// In so many columns: where they do not do for every percentage, the least and the most.
    func text(width: Int) -> String {
        let rest = others.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        let each = percents.sorted { $0.key < $1.key }.map { "\($0.value) at \($0.key)%" }
        let whole = line(each + rest)
        guard TextLayout.width(whole) > width, let least = percents.keys.min(), let most = percents.keys.max() else {
            return whole
        }
        return line(["\(percents.values.reduce(0, +)) at \(least)% to \(most)%"] + rest)
    }

    private func line(_ parts: [String]) -> String { "\(count) open: \(parts.joined(separator: ", "))" }
}
