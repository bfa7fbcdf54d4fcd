import ArgumentParser
import Faregate

/// `faregate validate`: would the provider accept this exact request, and do what it says?
struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Would the provider accept this exact request, and do what it says?",
        discussion: """
            With --batch, JSON Lines in and out: {"id": "x", "provider": "sjinn", "model": "sora2-image-to-video-api", \
            "body": {…}}. One answer for each line, in order, as they come.
            """)

    @OptionGroup var request: RequestOptions
    @Flag(name: .long, help: "JSON Lines in, JSON Lines out.")
    var batch = false
    @OptionGroup var repairOptions: RepairOptions
    @OptionGroup var circumstanceOptions: CircumstanceOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        try NativeCommand(
            request: request, batch: batch, repairOptions: repairOptions, circumstanceOptions: circumstanceOptions,
            catalog: catalog, output: output, quoting: false
        ).run()
    }
}

/// What is done about a request that is not as it should be.
struct RepairOptions: ParsableArguments {
    @Flag(name: .customLong("no-repairs"), help: "Answer without repairs: a little faster.")
    var withoutRepairs = false
    @Option(name: .customLong("repair"), help: "Print the request as this repair of the answer makes it.")
    var chosen: Int?

    /// The request as the chosen repair makes it.
    func repaired(_ remedy: Remedy) throws -> JSONValue? {
        guard let chosen else { return nil }
        guard remedy.repairs.indices.contains(chosen - 1) else {
            let count = remedy.repairs.count
            throw CommandFailure(
                code: "usage.repair", message: "there is no repair \(chosen)",
                hint: count == 0
                    ? "The answer offers none." : "The answer offers \(count == 1 ? "1" : "1 to \(count)").")
        }
        return remedy.repairs[chosen - 1].body
    }
}

/// What `validate` and `quote` have in common for native requests.
struct NativeCommand {
    let request: RequestOptions
    let batch: Bool
    /// `nil`: no repairs are made.
    var repairOptions: RepairOptions?
    let circumstanceOptions: CircumstanceOptions
    let catalog: CatalogOptions
    let output: OutputOptions
    let quoting: Bool
    /// `nil`: no receipt is written.
    var receiptOptions: ReceiptOptions?

    private var isRepairing: Bool { repairOptions.map { !$0.withoutRepairs } ?? false }

    func run() throws {
        let snapshot = try catalog.load()
        let circumstances = try circumstanceOptions.circumstances(snapshot, try .load())
        if batch {
            if repairOptions?.chosen != nil {
                throw CommandFailure(code: "usage.repair", message: "--repair is for a single request")
            }
            let runner = BatchRunner(
                snapshot: snapshot, circumstances: circumstances, quoting: quoting,
                repairing: isRepairing, provider: request.provider, model: request.model)
            return try runner.run(request.file)
        }
        let (answer, body) = try answer(snapshot, circumstances)
        if let body = try repairOptions?.repaired(answer.remedy ?? Remedy.none) {
            return Terminal.output.line(body.text(pretty: true))
        }
        switch output.format {
        case .json: Terminal.output.line(answer.json.text(pretty: true))
        case .text: AnswerReport().show(answer, showsQuote: quoting, file: request.fileName)
        }
        if !answer.isValid { throw ExitStatus.no }
        try writeReceipt(answer, body, snapshot, circumstances)
    }

    private func writeReceipt(
        _ answer: Answer, _ body: JSONValue?, _ snapshot: Snapshot, _ circumstances: Circumstances
    ) throws {
        guard
            let receiptOptions, let body, let provider = answer.provider.flatMap(snapshot.provider),
            let offering = answer.model.flatMap(provider.offering)
        else { return }
        try receiptOptions.write {
            snapshot.receipt(for: body, to: offering, at: provider, made: $0, validFor: $1, in: circumstances)
        }
    }

    /// The answer, and the body where there is one.
    func answer(_ snapshot: Snapshot, _ circumstances: Circumstances) throws -> (Answer, JSONValue?) {
        switch try request.document() {
        case .failure(let error):
            let answer = Answer(
                id: nil, provider: request.provider, model: request.model, diagnostics: [Diagnostic(error)],
                isValid: false, quote: quoting ? .some(nil) : nil)
            return (answer, nil)
        case .success(let body):
            guard let provider = request.provider else {
                throw CommandFailure(
                    code: "usage.provider", message: "a native request needs --provider",
                    hint:
                        "Known are \(listed(snapshot.providers.map(\.id), "and")). A portable request goes to `faregate route`."
                )
            }
            let native = NativeRequest(provider: provider, model: request.model, body: body)
            let answer = snapshot.answer(
                native, quoting: quoting, repairing: isRepairing, in: circumstances)
            return (answer, body)
        }
    }

    /// A valid native request, shown, checked and priced.
    ///
    /// - Throws: ``ExitStatus/no``, after showing why, where it is not valid.
    func order(
        _ snapshot: Snapshot, _ circumstances: Circumstances, policyOptions: PolicyOptions
    ) throws -> RunOrder {
        try policyOptions.checkNative()
        let (answer, body) = try answer(snapshot, circumstances)
        if output.format == .text { AnswerReport().show(answer, showsQuote: true) }
        guard
            answer.isValid, let body, case .some(.some(let quote)) = answer.quote,
            let provider = answer.provider.flatMap(snapshot.provider),
            let offering = answer.model.flatMap(provider.offering)
        else {
            if output.format == .json { Terminal.output.line(answer.json.text(pretty: true)) }
            throw ExitStatus.no
        }
        let objections = try policyOptions.policy(snapshot).objections(to: provider, quote: quote)
        guard objections.isEmpty else {
            if output.format == .json {
                Terminal.output.line(answer.adding(objections).json.text(pretty: true))
            } else {
                AnswerReport().show(objections)
            }
            throw ExitStatus.no
        }
        return RunOrder(
            provider: provider, offering: offering, body: body, quote: quote, diagnostics: answer.diagnostics,
            alternative: nil)
    }
}

extension Answer {
    /// The same answer with objections that make it a no.
    func adding(_ objections: [Diagnostic]) -> Answer {
        Answer(
            id: id, provider: provider, model: model, diagnostics: diagnostics + objections, isValid: false,
            quote: quote, remedy: remedy)
    }
}
