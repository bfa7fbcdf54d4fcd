package import Faregate

/// One provider's wire protocol as data, read from `plugins/<provider>/plugin.json` and checked.
///
/// It holds no code and no key. ``ManifestCodec`` runs it forwards, towards the provider; the sandbox runs it
/// backwards.
public struct Manifest: Sendable {
    /// The version of the plugin protocol that this program speaks.
    public static let protocolVersion = 1

    public let traits: ProviderTraits
    /// The pages that were read.
    package let pages: [String: String]
    package let operations: [OperationName: Operation]

    public var id: String { traits.id }

    /// One thing that can be asked of the provider (or, for a callback, that the provider says unasked).
    package struct Operation: Sendable {
        /// `nil` for a callback.
        package var request: RequestTemplate?
        /// What can be made by it; `nil`: whatever the provider makes.
        package var media: Media?
        /// Members of a reply that are a text holding JSON; they are decoded before any rule is tried.
        package var embeddedAt: [JSONPointer]
        /// In order: the first that applies counts.
        package var rules: [ReplyRule]
    }

    /// The media that an operation is for, where a provider makes others elsewhere.
    package struct Media: Sendable {
        package var served: [Medium]
        /// Why it is not for the others.
        package var reason: String
    }

    init(traits: ProviderTraits, pages: [String: String], operations: [OperationName: Operation]) {
        (self.traits, self.pages, self.operations) = (traits, pages, operations)
    }
}

extension Manifest {
    /// Reads a manifest from its text.
    ///
    /// - Parameters:
    ///   - id: The provider's id, which is the name of the manifest's folder.
    ///   - file: Where the text comes from, for messages.
    /// - Throws: `PluginError.Code.manifestInvalid` with every problem and its place; `.protocolUnsupported`.
    public init(parsing text: [UInt8], id: String, file: String = "plugin.json") throws(PluginError) {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: text)
        } catch {
            let problem = PluginError.Problem(
                code: error.code.rawValue, message: error.message, file: file, position: error.position,
                pointer: JSONPointer())
            throw PluginError(.manifestInvalid, "\(file) is not a plugin manifest", problems: [problem])
        }
        try Self.checkProtocol(document, file: file)
        let problems = DocumentProblems()
        let manifest = ObjectReader(document: document, problems: problems).flatMap { Manifest($0, id: id) }
        manifest?.check(problems)
        guard problems.all.isEmpty, let manifest else {
            throw PluginError(
                .manifestInvalid, "\(file) is not a plugin manifest",
                problems: problems.all.map { PluginError.Problem($0, file: file, text: text) })
        }
        self = manifest
    }

    /// Another version is refused before anything else is said about the file.
    private static func checkProtocol(_ document: JSONValue, file: String) throws(PluginError) {
        guard let version = document["protocol"]?.integerValue, version != protocolVersion else { return }
        let advice = version > protocolVersion ? "update faregate" : "update the manifest"
        throw PluginError(
            .protocolUnsupported,
            "\(file) speaks plugin protocol \(version), this program speaks \(protocolVersion): \(advice)")
    }

    /// Every example must decode to its own rule: a manifest that contradicts itself is not loaded.
    private func check(_ problems: DocumentProblems) {
        guard problems.all.isEmpty else { return }
        let codec = ManifestCodec(self)
        var blamed: Set<JSONPointer> = []
        for name in OperationName.allCases {
            for rule in operations[name]?.rules ?? [] {
                for (index, example) in rule.examples.enumerated() {
                    let place = rule.pointer / "examples" / index
                    guard let message = codec.contradiction(in: example.reply, of: rule, name) else { continue }
                    // A refusal is shared by all operations: one finding is enough.
                    if blamed.insert(place).inserted { problems.add("manifest.example", at: place, message) }
                }
            }
        }
    }
}

extension PluginError.Problem {
    fileprivate init(_ problem: DocumentProblem, file: String, text: [UInt8]) {
        self.init(
            code: problem.code, message: problem.message, file: file,
            position: JSONPosition(of: problem.pointer, in: text), pointer: problem.pointer)
    }
}
