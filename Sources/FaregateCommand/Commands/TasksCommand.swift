import ArgumentParser
import Faregate
import FaregateProviders
import FaregateTasks

/// `faregate tasks`: what was begun, and what became of it.
struct TasksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks", abstract: "What was begun, what became of it, and what it cost.",
        subcommands: [
            TasksListCommand.self, TasksShowCommand.self, TasksWatchCommand.self, TasksCancelCommand.self,
            TasksResolveCommand.self,
        ])
}

/// `faregate tasks list`.
struct TasksListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Tasks that are open, newest first.")

    @Flag(name: .long, help: "Ended ones too.")
    var all = false

    @Option(name: .long, help: "Only this project's.")
    var project: String?

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await answering {
            let tasks = try await state.look()?.tasks(openOnly: !all, project: project) ?? []
            try TasksReport(output.format, state).list(tasks, all: all, folder: state.folder())
        }
    }
}

/// `faregate tasks show ID`.
struct TasksShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Everything about a task: attempts, money, history, files.")

    @Argument(help: "The task's id, or its beginning.")
    var id: String

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await answering {
            let store = try state.looking(for: id)
            TasksReport(output.format, state).show(try await store.record(try await store.taskID(id)))
        }
    }
}

/// `faregate tasks watch [ID]`.
struct TasksWatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show what happens to open tasks, as it happens, until all have ended.",
        discussion: "Looks at what another process works on; it moves nothing itself.")

    @Argument(help: "Only this task: its id, or its beginning.")
    var id: String?

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await answering {
            let report = TasksReport(output.format, state)
            guard let store = try state.look() else {
                if let id { throw CommandFailure(StoreError(.taskUnknown, "there is no task \(id)")) }
                return report.nothingOpen()
            }
            try await TasksWatch(store: store, report: report).run(id: id)
        }
    }
}

/// `faregate tasks cancel ID`.
struct TasksCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Stop a task: what was not sent is not sent; a provider that can is asked to stop.")

    @Argument(help: "The task's id, or its beginning.")
    var id: String

    @OptionGroup var state: StateOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await answering {
            let change = try TaskChange(state: state, catalog: catalog, output: output, id: id, use: .cancel(id))
            try await change.run { session, record in
                let task = record.task
                guard !task.state.isEnded || task.state == .cancelled else {
                    throw CommandFailure(
                        code: "task.ended", message: "the task \(task.id) has ended already: it \(task.state.rawValue)",
                        hint: "There is nothing left to cancel. \(record.standing(change.snapshot))", status: .no)
                }
                try await session.engine.cancel(task.id)
            }
        }
    }
}

/// `faregate tasks resolve ID`.
struct TasksResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Say what became of a task in doubt, after a look at the account with the provider.")

    @Argument(help: "The task's id, or its beginning.")
    var id: String

    @Option(name: .long, help: ArgumentHelp("It exists there, under this id.", valueName: "task-id"))
    var accepted: String?

    @Flag(name: .long, help: "It does not exist there, and is not billed.")
    var absent = false

    @Flag(name: .long, help: "It is lost, and billed.")
    var spent = false

    @Option(name: .long, help: "Which attempt, where several are in doubt: its number in `tasks show`.")
    var attempt: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --spent: what it was billed, such as '$0.40', '0.40 USD' or '40 credits'. A number alone is in the "
                + "unit of the price, or in what the provider counts in.", valueName: "amount"))
    var charge: String?

    @OptionGroup var state: StateOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await answering {
            guard [accepted != nil, absent, spent].filter(\.self).count == 1 else {
                throw CommandFailure(
                    code: "usage.resolve", message: "say one of --accepted TASK-ID, --absent and --spent",
                    hint: "--charge goes with --spent.")
            }
            guard charge == nil || spent else {
                throw CommandFailure(
                    code: "usage.resolve", message: "--charge goes with --spent alone",
                    hint: "What exists at the provider is charged as it says; what does not is not charged.")
            }
            let amount = try charge.map(ChargeAmount.init(parsing:))
            let change = try TaskChange(state: state, catalog: catalog, output: output, id: id, use: .resolve(id))
            try await change.run { session, record in
                guard let doubt = doubt(in: record) else {
                    let what = attempt.map { "no attempt \($0) in doubt" } ?? "nothing in doubt"
                    throw CommandFailure(
                        code: "task.not_in_doubt", message: "the task \(record.task.id) has \(what)",
                        hint: "Nothing was changed. \(record.standing(change.snapshot))", status: .no)
                }
                let billing = session.hosts.open[doubt.provider]?.codec.traits.billing.unit
                let charge = try amount?.charge(of: doubt.money, billing: billing)
                try await session.engine.resolve(
                    doubt.id, accepted.map { .accepted(providerTaskID: $0) } ?? (absent ? .absent : .spent(charge)))
            }
        }
    }

    /// The attempt that is named, else the last that is unknown, else the last that somebody or something gave up: who
    /// said that nothing was there can take it back.
    private func doubt(in record: TaskRecord) -> Attempt? {
        let states: [AttemptState] = absent ? [.unknown, .orphaned] : [.unknown, .orphaned, .absent]
        let attempts = record.attempts.filter { $0.id.number == attempt ?? $0.id.number }
        return states.lazy.compactMap { state in attempts.last { $0.state == state } }.first
    }
}

extension StateOptions {
    /// The store that must hold a task.
    func looking(for id: String) throws -> TaskStore {
        guard let store = try look() else { throw StoreError(.taskUnknown, "there is no task \(id)") }
        return store
    }
}
