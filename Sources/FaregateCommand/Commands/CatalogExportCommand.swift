import ArgumentParser
import Faregate

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `faregate catalog export`: offerings in the words of other tools.
struct CatalogExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Offerings as JSON Schema, OpenAPI or Markdown.",
        discussion: """
            json-schema: the body of a request, cross-field rules included; what JSON Schema cannot say is listed in \
            x-faregate-unsaid. openapi: a document for each provider. markdown: parameters, rules and prices with \
            their sources.
            """)

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case jsonSchema = "json-schema"
        case openAPI = "openapi"
        case markdown
    }

    @Option(name: .customLong("as"), help: "json-schema, openapi or markdown.")
    var form: Form
    @Option(name: .shortAndLong, help: "Only what this provider sells.")
    var provider: String?
    @Option(name: .shortAndLong, help: "Only the offering with this id of the provider's own.")
    var model: String?
    @Option(name: .shortAndLong, help: "Folder to write a file for each into; otherwise all go to standard output.")
    var output: String?
    @OptionGroup var catalog: CatalogOptions

    func run() throws {
        let snapshot = try catalog.load()
        let providers = try chosen(snapshot)
        let documents = documents(providers, digest: snapshot.digest)
        guard let output else { return show(documents) }
        for document in documents { try OutputFile.write(document.text, to: "\(output)/\(document.path)") }
        Terminal.errors.line("\(documents.count) file\(documents.count == 1 ? "" : "s") in \(output)")
    }

    private typealias Chosen = (provider: Provider, offerings: [Offering])
    private typealias Document = (path: String, text: String, json: JSONValue?)

    /// The providers and offerings that the options leave.
    private func chosen(_ snapshot: Snapshot) throws -> [Chosen] {
        let providers = snapshot.providers.filter { provider == nil || $0.id == provider }
        if providers.isEmpty, let provider {
            throw CommandFailure.unknown(provider: provider, of: snapshot)
        }
        let chosen = providers.map { provider in
            (provider, provider.offerings.filter { model == nil || $0.id == model })
        }.filter { !$0.1.isEmpty }
        if chosen.isEmpty, let model {
            throw CommandFailure.unknown(offering: model, among: providers.flatMap(\.offerings))
        }
        return chosen
    }

    private func documents(_ chosen: [Chosen], digest: String) -> [Document] {
        chosen.flatMap { provider, offerings -> [Document] in
            switch form {
            case .openAPI:
                let json = OpenAPIDocument(provider, offerings: offerings, digest: digest).json
                return [("\(provider.id).openapi.json", json.text(pretty: true) + "\n", json)]
            case .jsonSchema:
                return offerings.map { offering in
                    let json = RequestSchema(offering, of: provider).document
                    return ("\(provider.id)/\(offering.id).schema.json", json.text(pretty: true) + "\n", json)
                }
            case .markdown:
                return offerings.map { offering in
                    ("\(provider.id)/\(offering.id).md", OfferingPage(offering, of: provider).markdown, nil)
                }
            }
        }
    }

    /// One document as it is; several JSON documents one a line, several pages one after the other.
    private func show(_ documents: [Document]) {
        let isSingle = documents.count == 1
        for document in documents {
            let text = isSingle ? document.text : document.json.map { $0.text() + "\n" } ?? document.text + "\n"
            Terminal.output.line(String(text.dropLast()))
        }
    }
}
