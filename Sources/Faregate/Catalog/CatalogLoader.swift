extension Snapshot {
    /// Loads a catalog from its files: all of it, or nothing with every problem of every file.
    ///
    /// - Parameter files: In any order. Schemas and cases are left alone.
    /// - Throws: Everything that is wrong, by file and position.
    public init(files: [CatalogFile]) throws(CatalogError) {
        var loader = CatalogLoader(files)
        let snapshot = loader.load()
        let problems = loader.problems()
        guard problems.isEmpty else { throw CatalogError(problems: problems) }
        self = snapshot
    }
}

/// Reads and links the files of a catalog. Each step notes what is wrong and goes on.
struct CatalogLoader {
    private let files: [CatalogFile]
    /// What the paths of the files say; those that a catalog does not have are left out.
    private let paths: [String: CatalogPath]
    /// Syntax and path problems, which have no pointer.
    private var fileProblems: [CatalogProblem] = []
    /// What was found in each file that parsed.
    private var documentProblems: [String: DocumentProblems] = [:]
    private var documents: [(path: CatalogPath, value: JSONValue)] = []

    init(_ files: [CatalogFile]) {
        let byPath = Dictionary(grouping: files, by: \.path)
        self.files = byPath.values.compactMap(\.first).sorted { $0.path < $1.path }
        paths = byPath.keys.reduce(into: [:]) { $0[$1] = CatalogPath($1) }
        for path in byPath.keys.sorted() where byPath[path]?.count != 1 {
            report(path, nil, "catalog.duplicate_file", "two files have this path")
        }
    }

    mutating func load() -> Snapshot {
        parse()
        let units = readUnits()
        let vocabulary = readVocabulary()
        let models = readModels()
        let drafts = readOfferingDrafts()
        let linker = OfferingLinker(
            drafts: drafts, offerings: offeringIDs(), units: unitIDs(), models: ids(of: .model),
            portable: vocabulary.parameters)
        var providers: [Provider] = []
        for var provider in readProviders() {
            provider.offerings = drafts.filter { $0.provider == provider.id }
                .compactMap { linker.offering($0, of: provider) }
            check(provider)
            providers.append(provider)
        }
        return Snapshot(
            digest: digest(), providers: providers, models: models, units: units, vocabulary: vocabulary)
    }

    /// Everything that is wrong, by file and position. A problem of a base offering is reported once.
    func problems() -> [CatalogProblem] {
        var found = Set(fileProblems)
        let bytes = Dictionary(files.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        for (path, problems) in documentProblems {
            for problem in problems.all {
                let position = JSONPosition(of: problem.pointer, in: bytes[path] ?? [])
                found.insert(
                    CatalogProblem(file: path, position: position, code: problem.code, message: problem.message))
            }
        }
        return found.inOrder
    }

    private func digest() -> String {
        var hash = SHA256()
        for file in files where paths[file.path]?.isPartOfSnapshot == true {
            hash.update(Array(file.path.utf8) + [0])
            hash.update(Array(String(file.bytes.count).utf8) + [0])
            hash.update(file.bytes)
        }
        return hash.finalized()
    }

    private mutating func parse() {
        for file in files {
            guard let path = paths[file.path] else {
                report(file.path, nil, "catalog.unexpected_file", "no file of a catalog has this path")
                continue
            }
            guard path.isPartOfSnapshot else { continue }
            do {
                documents.append((path, try JSONValue(parsing: file.bytes)))
                documentProblems[file.path] = DocumentProblems()
            } catch {
                report(file.path, error.position, error.code.rawValue, error.message)
            }
        }
        let present = Set(files.map(\.path))
        for name in ["units.json", "parameters.json"] where !present.contains(name) {
            report(name, nil, "catalog.missing_file", "the catalog has no \(name)")
        }
        let providers = Set(documents.compactMap { $0.path.provider })
        for provider in providers.sorted() where !present.contains("providers/\(provider)/provider.json") {
            report(
                "providers/\(provider)/provider.json", nil, "catalog.missing_file", "the provider has no provider.json")
        }
        if providers.isEmpty { report("providers", nil, "catalog.empty", "the catalog has no provider") }
    }

    private mutating func report(_ file: String, _ position: JSONPosition?, _ code: String, _ message: String) {
        fileProblems.append(CatalogProblem(file: file, position: position, code: code, message: message))
    }

    /// The top-level readers of all files of a kind, by path.
    private func readers(_ isWanted: (CatalogPath) -> Bool) -> [(path: CatalogPath, reader: ObjectReader)] {
        documents.filter { isWanted($0.path) }.compactMap { document in
            guard
                let problems = documentProblems[document.path.text],
                let reader = ObjectReader(document: document.value, problems: problems)
            else { return nil }
            return (document.path, reader)
        }
    }

    private func readUnits() -> [Snapshot.Unit] {
        readers { $0.kind == .units }.flatMap { file -> [Snapshot.Unit] in
            defer { file.reader.finish() }
            return (file.reader.required("units", file.reader.map) ?? []).compactMap { id, unit in
                let plural = unit.required("plural", unit.string)
                let about = unit.required("about", unit.string)
                unit.finish()
                guard let plural, let about else { return nil }
                return Snapshot.Unit(id: id, plural: plural, about: about)
            }
        }
    }

    private func readVocabulary() -> PortableVocabulary {
        readers { $0.kind == .parameters }.map { PortableVocabulary($0.reader) }.first ?? PortableVocabulary()
    }

    private func readModels() -> [Model] {
        readers { $0.kind == .model }.compactMap { Model(id: $0.path.id, $0.reader) }.sorted { $0.id < $1.id }
    }

    private func readProviders() -> [Provider] {
        readers { $0.kind == .provider }.compactMap { Provider(id: $0.path.id, $0.reader) }.sorted { $0.id < $1.id }
    }

    private func readOfferingDrafts() -> [OfferingDraft] {
        let shapes = Dictionary(
            documents.filter { $0.path.kind == .provider }.map { ($0.path.id, $0.value) },
            uniquingKeysWith: { first, _ in first })
        return readers { $0.kind == .offering }.map { file in
            OfferingDraft(
                id: file.path.id, provider: file.path.provider ?? "", reader: file.reader,
                shared: shapes[file.path.provider ?? ""]?["request"],
                sharedProblems: documentProblems["providers/\(file.path.provider ?? "")/provider.json"])
        }
    }

    /// The ids that paths give, whether their files can be read or not: nobody is blamed for a mistake elsewhere.
    private func ids(of kind: CatalogPath.Kind, provider: String? = nil) -> Set<String> {
        Set(paths.values.filter { $0.kind == kind && $0.provider == provider }.map(\.id))
    }

    private func offeringIDs() -> [String: Set<String>] {
        let offerings = paths.values.filter { $0.kind == .offering }
        return Dictionary(grouping: offerings) { $0.provider ?? "" }.mapValues { Set($0.map(\.id)) }
    }

    /// The units that units.json names, well described or not.
    private func unitIDs() -> Set<String> {
        let units = documents.first { $0.path.kind == .units }?.value["units"]?.object?.members ?? []
        return Set(units.map(\.name))
    }

    private func check(_ provider: Provider) {
        guard let problems = documentProblems["providers/\(provider.id)/provider.json"] else { return }
        let offerings = ids(of: .offering, provider: provider.id)
        if offerings.isEmpty { problems.add("catalog.empty", at: JSONPointer(), "the provider has no offering") }
        if let model = provider.request.defaultModel, !offerings.contains(model) {
            problems.add(
                "reference.unknown_offering", at: "/request/default_model", "no offering is called \"\(model)\"")
        }
    }
}
