import ArgumentParser
import Faregate

/// `faregate quote`: what will it cost, and how sure is that?
struct QuoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quote",
        abstract: "What will it cost, and how sure is that?",
        discussion: """
            A native request with --provider gets one quote, with its sources. A portable request gets one from every \
            provider that sells the model, and the reasons of those that cannot do it.
            """)

    @OptionGroup var request: RequestOptions
    @Flag(name: .long, help: "JSON Lines in, JSON Lines out; native requests.")
    var batch = false
    @OptionGroup var policyOptions: PolicyOptions
    @OptionGroup var circumstanceOptions: CircumstanceOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        if batch || request.provider != nil {
            return try NativeCommand(
                request: request, batch: batch, circumstanceOptions: circumstanceOptions, catalog: catalog,
                output: output, quoting: true
            ).run()
        }
        try PortableCommand(
            request: request, policyOptions: policyOptions, circumstanceOptions: circumstanceOptions, catalog: catalog,
            output: output
        ).run(choosing: false)
    }
}

/// `faregate route`: which provider can do this, and which is cheapest; why not the others?
struct RouteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "Which provider can do a portable request, and which is cheapest; why not the others?")

    @OptionGroup var request: RequestOptions
    @OptionGroup var policyOptions: PolicyOptions
    @OptionGroup var circumstanceOptions: CircumstanceOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        if let provider = request.provider {
            throw CommandFailure(
                code: "usage.provider", message: "route takes portable requests, so --provider does not fit",
                hint: "To keep to one provider, say --only \(provider).")
        }
        try PortableCommand(
            request: request, policyOptions: policyOptions, circumstanceOptions: circumstanceOptions, catalog: catalog,
            output: output
        ).run(choosing: true)
    }
}

/// What `quote` and `route` have in common for portable requests.
struct PortableCommand {
    let request: RequestOptions
    let policyOptions: PolicyOptions
    let circumstanceOptions: CircumstanceOptions
    let catalog: CatalogOptions
    let output: OutputOptions

    func run(choosing: Bool) throws {
        let snapshot = try catalog.load()
        let route = try route(snapshot)
        switch output.format {
        case .json: Terminal.output.line(route.json.text(pretty: true))
        case .text: RouteReport().show(route, choosing: choosing)
        }
        if route.candidates.isEmpty { throw ExitStatus.no }
    }

    /// The ways to do the request.
    ///
    /// - Throws: ``ExitStatus/no``, after showing why, where the request itself is wrong.
    func route(_ snapshot: Snapshot) throws -> Route {
        let circumstances = try circumstanceOptions.circumstances(snapshot, try .load())
        let policy = try policyOptions.policy(snapshot)
        switch try reading(snapshot) {
        case .request(let request): return snapshot.route(request, policy: policy, in: circumstances)
        case .invalid(let diagnostics):
            switch output.format {
            case .json:
                let answer: JSONValue = [
                    "valid": false, "diagnostics": .array(diagnostics.map(\.json)), "candidates": [], "rejected": [],
                    "choice": nil, "catalog": .string(snapshot.digest),
                ]
                Terminal.output.line(answer.text(pretty: true))
            case .text:
                Terminal.output.line(Terminal.output.style.red("✗ not a portable request"))
                AnswerReport().show(diagnostics)
            }
            throw ExitStatus.no
        }
    }

    private func reading(_ snapshot: Snapshot) throws -> PortableRequest.Reading {
        switch try request.document() {
        case .failure(let error): return .invalid([Diagnostic(error)])
        case .success(let body): return snapshot.portableRequest(naming(body))
        }
    }

    /// `--model` may name the model that the request leaves out.
    private func naming(_ body: JSONValue) -> JSONValue {
        guard let model = request.model, var object = body.object, object["model"] == nil else { return body }
        object["model"] = .string(model)
        return .object(object)
    }
}
