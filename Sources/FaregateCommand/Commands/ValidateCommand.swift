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
    @OptionGroup var circumstanceOptions: CircumstanceOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        try NativeCommand(
            request: request, batch: batch, circumstanceOptions: circumstanceOptions, catalog: catalog, output: output,
            quoting: false
        ).run()
    }
}

/// What `validate` and `quote` have in common for native requests.
struct NativeCommand {
    let request: RequestOptions
    let batch: Bool
    let circumstanceOptions: CircumstanceOptions
    let catalog: CatalogOptions
    let output: OutputOptions
    let quoting: Bool

    func run() throws {
        let snapshot = try catalog.load()
        let circumstances = try circumstanceOptions.circumstances(snapshot, try .load())
        if batch {
            let runner = BatchRunner(
                snapshot: snapshot, circumstances: circumstances, quoting: quoting, provider: request.provider,
                model: request.model)
            return try runner.run(request.file)
        }
        let (answer, _) = try answer(snapshot, circumstances)
        switch output.format {
        case .json: Terminal.output.line(answer.json.text(pretty: true))
        case .text: AnswerReport().show(answer, showsQuote: quoting, file: request.fileName)
        }
        if !answer.isValid { throw ExitStatus.no }
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
            return (snapshot.answer(native, quoting: quoting, in: circumstances), body)
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
            quote: quote)
    }
}
