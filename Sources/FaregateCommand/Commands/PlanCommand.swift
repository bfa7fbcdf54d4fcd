import ArgumentParser
import Faregate
import FaregateProviders

/// `faregate plan`: the cheapest tasks that make up a job.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "The cheapest tasks for a job larger than one clip.",
        discussion: """
            FILE is a portable request for one task; --seconds or --count says how much of it. The plan is exactly the \
            cheapest over all providers and lengths of a clip. What has no price in dollars is left out and said so.

            A deadline counts with the worst typical times, the tasks that a provider does at once and its requests in \
            a minute. Exit status 1: it cannot be done, not in time, or not for --max.
            """)

    @Argument(help: "A portable request: a JSON file, - for standard input, or '{…}' itself.")
    var file: String?
    @OptionGroup var job: JobOptions
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A model to choose from; may be repeated. Otherwise the request's.", valueName: "model"))
    var model: [String] = []
    @Option(
        name: .long,
        help: ArgumentHelp("Choose from every model that does this, such as text-to-video.", valueName: "operation"))
    var operation: String?
    @Option(
        name: .long,
        help: ArgumentHelp("A provider that may be used; may be repeated. Otherwise all may.", valueName: "provider"))
    var only: [String] = []
    @Option(
        name: .long,
        help: ArgumentHelp(
            "A parameter that may be left out where a provider cannot do it, or all; may be repeated.",
            valueName: "parameter"))
    var allowDrop: [String] = []
    @Option(
        name: .long,
        help: ArgumentHelp("Tasks that a provider does at once for you; may be repeated.", valueName: "provider=number")
    )
    var concurrency: [String] = []
    @Option(
        name: .long,
        help: ArgumentHelp(
            "How long a provider's tasks take at the worst, such as 3m; may be repeated. Goes before what is documented.",
            valueName: "provider=time"))
    var takes: [String] = []
    @OptionGroup var circumstanceOptions: CircumstanceOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let job = try job.job()
        let snapshot = try catalog.load()
        let configuration = try Configuration.load()
        let circumstances = try circumstanceOptions.circumstances(snapshot, configuration)
        let requests = try requests(snapshot, job)
        var policyOptions = PolicyOptions.plain
        (policyOptions.only, policyOptions.allowDrop) = (only, allowDrop)
        let found = PlanOptions(
            requests, for: job.measure, operation: operation, policy: try policyOptions.policy(snapshot),
            snapshot: snapshot, in: circumstances)
        let paces = try paces(found, snapshot, configuration)
        let plan = Planner(paces: paces).plan(job, try timed(found.options, snapshot))
        let report = PlanReport(
            plan: plan, request: requests[0], models: requests.map(\.model.id), operation: operation,
            leftOut: plan.leftOut + found.leftOut,
            purchases: plan.purchases(
                of: Dictionary(uniqueKeysWithValues: snapshot.providers.map { ($0.id, configuration.packs($0)) }),
                worth: Dictionary(
                    uniqueKeysWithValues: snapshot.providers.compactMap { provider in
                        (circumstances.credits[provider.id] ?? provider.credit).map { (provider.id, $0) }
                    })), catalog: snapshot.digest)
        switch output.format {
        case .json: Terminal.output.line(report.json.text(pretty: true))
        case .text: report.show(.output)
        }
        if !plan.isMet { throw ExitStatus.no }
    }

    // MARK: Requests

    /// The request, once for each model that may be chosen.
    private func requests(_ snapshot: Snapshot, _ job: Job) throws -> [PortableRequest] {
        let body: JSONValue
        switch try RequestOptions.document(file) {
        case .failure(let error): throw CommandFailure(code: error.code.rawValue, message: "\(error.message)")
        case .success(let document): body = document
        }
        if job.measure == .seconds, let stated = body["duration"]?.number, Int(exactly: stated) == nil {
            throw CommandFailure(
                code: "usage.duration",
                message: "a plan counts whole seconds; the request says \(JSONValue.real(stated).text())")
        }
        let models = try models(snapshot, stated: body["model"]?.string)
        return try models.map { id in
            guard var object = body.object else {
                throw CommandFailure(code: "usage.request", message: "a portable request is an object")
            }
            if let id { object["model"] = .string(id) }
            switch snapshot.portableRequest(.object(object)) {
            case .request(let request): return request
            case .invalid(let diagnostics):
                Terminal.errors.line(Terminal.errors.style.red("✗ not a portable request"))
                AnswerReport(.errors).show(diagnostics)
                throw ExitStatus.no
            }
        }
    }

    /// The models to choose from; `nil` for the request's own.
    private func models(_ snapshot: Snapshot, stated: String?) throws -> [String?] {
        guard let operation else { return model.isEmpty ? [nil] : model }
        guard model.isEmpty, stated == nil else {
            throw CommandFailure(
                code: "usage.operation", message: "--operation chooses the models, so none is named besides",
                hint: "Leave out the model, or --operation.")
        }
        let found = snapshot.models.filter { $0.operations.contains(operation) }.map(\.id)
        if found.isEmpty {
            let known = Set(snapshot.models.flatMap(\.operations)).sorted()
            throw CommandFailure(
                code: "operation.unknown", message: "no model does \"\(operation)\"",
                hint: CommandFailure.hint(operation, among: known))
        }
        return found
    }

    // MARK: Limits

    /// How fast the providers of the options take tasks: by their plugins, and by what the user says.
    private func paces(
        _ found: PlanOptions, _ snapshot: Snapshot, _ configuration: Configuration
    ) throws -> [String: ProviderPace] {
        let stated = try statedConcurrency(snapshot)
        let opener = (try? catalog.pluginFolder()).map {
            ProviderOpener(pluginFolder: $0, configuration: configuration)
        }
        var paces: [String: ProviderPace] = [:]
        for id in Set(found.options.map(\.provider)) {
            let traits = try snapshot.provider(id).flatMap { try opener?.traits($0) }
            paces[id] = ProviderPace(
                concurrentTasksMax: stated[id] ?? traits?.concurrentTasksMax,
                requestsPerMinuteMax: traits?.requestsPerMinuteMax)
        }
        return paces
    }

    /// The options with the times that the user states.
    private func timed(_ options: [PlanOption], _ snapshot: Snapshot) throws -> [PlanOption] {
        var stated: [String: Int] = [:]
        for text in takes {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, snapshot.provider(parts[0]) != nil, let seconds = JobOptions.seconds(parts[1])
            else {
                throw CommandFailure(
                    code: "usage.takes", message: "\"\(text)\" is not a provider and the time of its tasks",
                    hint: "Write it like sjinn=10m; providers are \(listed(snapshot.providers.map(\.id), "and")).")
            }
            stated[parts[0]] = seconds
        }
        return options.map { option in
            guard let seconds = stated[option.provider] else { return option }
            var option = option
            option.typicalSeconds = seconds...seconds
            option.notes.append("a task takes \(PlanReport.shown(seconds)) at the worst, by --takes")
            return option
        }
    }

    private func statedConcurrency(_ snapshot: Snapshot) throws -> [String: Int] {
        var stated: [String: Int] = [:]
        for text in concurrency {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, snapshot.provider(parts[0]) != nil, let count = Int(parts[1]), count > 0 else {
                throw CommandFailure(
                    code: "usage.concurrency", message: "\"\(text)\" is not a provider and its tasks at once",
                    hint: "Write it like sjinn=4; providers are \(listed(snapshot.providers.map(\.id), "and")).")
            }
            stated[parts[0]] = count
        }
        return stated
    }
}
