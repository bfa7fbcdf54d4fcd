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
        var seen: [String: Int] = [:]
        var isFirst = true
        var bar = ProgressBar()
        while true {
            let open = try await open(only)
            for id in Set(open).union(seen.keys).sorted() {
                let record = try await store.record(id)
                let before = seen[id] ?? (isFirst ? max(0, record.events.count - 1) : 0)
                if record.events.count > before { bar.finish() }
                for event in record.events.dropFirst(before) { tell(id, event) }
                seen[id] = open.contains(id) ? record.events.count : nil
                if open.count == 1, open.contains(id) { draw(record, &bar) }
            }
            if open.isEmpty {
                if isFirst { report.nothingOpen() }
                return bar.finish()
            }
            isFirst = false
            try await Task.sleep(for: Self.pause)
        }
    }

    private func open(_ only: String?) async throws -> [String] {
        let open = try await store.tasks(openOnly: true).filter { $0.0.state != .unresolved }.map(\.0.id)
        return only.map { only in open.filter { $0 == only } } ?? open
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

    /// How long the one task that is open has been under way, on a terminal.
    private func draw(_ record: TaskRecord, _ bar: inout ProgressBar) {
        guard Terminal.errors.isTerminal, report.format == .text, let attempt = record.attempts.last,
            let since = attempt.acceptedAt, attempt.state.isOpen
        else { return }
        bar.show(nil, attempt.provider, detail: max(Timestamp.now.since(since), .zero).shown)
    }
}
