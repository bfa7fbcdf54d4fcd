import ArgumentParser
import Faregate
import FaregateProviders
import FaregateTasks

/// How to run.
struct RunOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output-folder")],
        help: ArgumentHelp("Where results go, otherwise here; no file is overwritten.", valueName: "folder"))
    var namedFolder: String?

    @Flag(name: .long, help: "Show the exact HTTP request, with the key masked, and send nothing.")
    var dryRun = false

    @Flag(name: .long, help: "Run against simulated providers in this process; nothing is spent.")
    var sandbox = false

    @OptionGroup var faults: FaultOptions

    @Flag(name: .long, help: "Run although nobody knows what it will cost.")
    var acceptUnknownPrice = false

    @Option(
        name: .long, defaultAsFlag: "all",
        help: ArgumentHelp("Take up a task of an earlier run; without an id, all of them.", valueName: "task-id"))
    var resume: String?

    @Flag(name: .long, help: "Keep nothing: a crash forgets what was begun, and no budget is asked.")
    var ephemeral = false

    @Option(
        name: .customLong("project"),
        help: ArgumentHelp("Whose budget and ledger it counts for, otherwise default's.", valueName: "project"))
    var namedProject: String?

    @Flag(name: .long, help: "Where a provider refuses for now or fails unbilled, try the next best offer.")
    var fallback = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What a possible duplicate may cost: sends again after a lost reply only within this.", valueName: "dollars"
        ))
    var maxDuplicateCost: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Told by a signed POST when the task ends or needs you; FAREGATE_WEBHOOK_SECRET signs.", valueName: "url"))
    var webhook: String?

    @Flag(name: .long, help: "Order it although the same request is under way: a second one is paid for.")
    var again = false

    @OptionGroup var state: StateOptions

    @Option(name: .long, help: ArgumentHelp("How long to wait; the task goes on without us.", valueName: "seconds"))
    var timeout: Int?

    /// Where results go.
    var outputFolder: String { namedFolder ?? "." }

    var settings: HostSettings {
        var settings = HostSettings()
        if sandbox { settings.pace = SandboxSession.pace }
        return settings
    }

    /// How long to wait; `nil` waits as long as the provider says that such tasks take.
    var waitMax: Duration? { timeout.map { .seconds($0) } }

    /// Where tasks are kept. Simulated ones end with the process.
    func store() throws -> TaskStore {
        guard ephemeral || sandbox else { return try state.open(for: .run) }
        do throws(StoreError) { return try TaskStore() } catch {
            throw CommandFailure(error, consequence: StateUse.run.consequence)
        }
    }

    /// What is asked of the engine.
    ///
    /// - Parameter alternatives: What may be tried after the first choice, best first.
    func order(_ order: RunOrder, alternatives: [Offer]) throws -> TaskOrder {
        var task = TaskOrder(
            project: namedProject ?? "default", offers: [order.offer] + alternatives,
            outputFolder: Path.absolute(outputFolder))
        task.refusesRepetition = !again
        task.policy.usesAlternatives = fallback
        task.webhook = webhook
        task.policy.backoff /= settings.pace
        if let maxDuplicateCost {
            let text = maxDuplicateCost.hasPrefix("$") ? String(maxDuplicateCost.dropFirst()) : maxDuplicateCost
            guard let amount = ExactDecimal(text), amount >= .zero else {
                throw CommandFailure(
                    code: "usage.max_duplicate_cost", message: "\"\(maxDuplicateCost)\" is no amount of dollars",
                    hint: "Write it like 0.05.")
            }
            task.policy.maxDuplicateUSD = amount
        }
        return task
    }

    /// Refuses options that do not go together.
    func checkCombination() throws {
        if !sandbox, !faults.fault.isEmpty || faults.faultRate != nil {
            throw CommandFailure(
                code: "usage.fault", message: "--fault is for simulated providers", hint: "Add --sandbox.")
        }
        if resume != nil {
            let ofNewTasks = [
                (sandbox, "--sandbox"), (dryRun, "--dry-run"), (ephemeral, "--ephemeral"), (again, "--again"),
                (fallback, "--fallback"), (maxDuplicateCost != nil, "--max-duplicate-cost"),
                (namedProject != nil, "--project"),
            ]
            try Self.refuseWithResume(ofNewTasks.filter(\.0).map(\.1))
        }
        if resume != nil, webhook != nil {
            throw CommandFailure(
                code: "usage.webhook",
                message: "--webhook goes with a new task; one that is taken up has what it began with"
            )
        }
        if sandbox, state.state != nil {
            throw CommandFailure(
                code: "usage.state", message: "simulated tasks end with the process; --state keeps nothing of them",
                hint: "Run `faregate sandbox` in another shell, export what it prints, and leave --sandbox out.")
        }
    }

    /// Refuses a folder for the results of a task of ours: they go where it was begun for.
    func checkFolderOfResumed() throws { try Self.refuseWithResume(namedFolder == nil ? [] : ["--output-folder"]) }

    private static func refuseWithResume(_ options: [String]) throws {
        guard !options.isEmpty else { return }
        throw CommandFailure(
            code: "usage.resume",
            message: "--resume takes up what an earlier run left, as it was begun; \(listed(options, "and")) "
                + (options.count == 1 ? "does not fit" : "do not fit"))
    }

    /// Refuses to spend what nobody can tell.
    func check(_ quote: Quote?) throws {
        guard !dryRun, !sandbox, !acceptUnknownPrice, let quote, quote.total?.maximum == nil else { return }
        throw CommandFailure(
            code: "run.price_unknown",
            message: "what this may cost is not known: \(quote.shownTotal)\(quote.note.map { " — \($0)" } ?? "")",
            hint: "Nothing was sent. Say --accept-unknown-price to run it all the same, or --only another provider.")
    }
}
