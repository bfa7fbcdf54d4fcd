/// The words of portable requests, the same for every provider: `parameters.json`.
public struct PortableVocabulary: Sendable {
    /// In the order of the file.
    public private(set) var parameters: [Parameter] = []
    /// What can be done, in the order of the file.
    public private(set) var operations: [Operation] = []
    /// Words for how many elements of a list are wanted, and the list: `references` of `reference_images`.
    public private(set) var counts: [(word: String, parameter: String)] = []

    /// A parameter in our own words.
    public struct Parameter: Sendable {
        public let name: String
        public let spec: ParameterSpec

        /// Whether it is something to work on: an address, or an earlier task.
        var isInput: Bool { spec.isHTTPURL || spec.items?.isHTTPURL == true || name.hasPrefix("source_") }
    }

    /// A kind of work, such as `image-to-video`.
    public struct Operation: Sendable {
        public let id: String
        public let about: String
        /// What it works on, by portable parameter: any one of these sets is enough.
        public let inputs: [[String]]
    }

    init() {}

    init(_ reader: ObjectReader) {
        parameters = (reader.required("parameters", reader.map) ?? []).map { name, parameter in
            Parameter(name: name, spec: ParameterSpec(parameter, sources: SourceReader(pages: [:])))
        }
        operations = (reader.map("operations") ?? []).compactMap { id, operation in
            let about = operation.required("about", operation.string)
            let lists = operation.required("inputs") { operation.value($0)?.array } ?? []
            operation.finish()
            let inputs = lists.map { ($0.array ?? []).compactMap(\.string) }
            for name in inputs.flatMap(\.self) where parameter(name) == nil {
                operation.fail(
                    "reference.unknown_parameter", at: "inputs", "parameters.json has no parameter \"\(name)\"")
            }
            if inputs.isEmpty || inputs.contains(where: \.isEmpty) {
                operation.fail("document.value", at: "inputs", "inputs are lists of parameters, with one at least")
            }
            return about.map { Operation(id: id, about: $0, inputs: inputs) }
        }
        if let words = reader.object("counts") {
            counts = words.names.compactMap { word in words.string(word).map { (word, $0) } }
            for (word, name) in counts where parameter(name)?.spec.type != .array {
                words.fail("reference.unknown_parameter", at: word, "\"\(name)\" is no list of parameters.json")
            }
            words.finish()
        }
        reader.finish()
    }

    public func parameter(_ name: String) -> Parameter? { parameters.first { $0.name == name } }
    public func operation(_ id: String) -> Operation? { operations.first { $0.id == id } }
}
