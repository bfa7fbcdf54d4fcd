/// What a catalog had better not say, although it can be loaded: names that lead nowhere, mappings and rules without
/// effect, histories out of order, sentences that are none.
///
/// The codes are stable. A finding changes no answer; what would is refused when the catalog is loaded.
public struct CatalogLint {
    let snapshot: Snapshot
    private(set) var problems: [CatalogProblem] = []
    private var cited = CitedPages([])

    /// Every finding, by file and position.
    public static func problems(_ files: [CatalogFile], snapshot: Snapshot) -> [CatalogProblem] {
        var lint = CatalogLint(snapshot: snapshot)
        lint.cited = CitedPages(files)
        for file in files { lint.check(file) }
        return lint.problems.inOrder
    }

    /// Characters that the sentence of a rule takes at most.
    public static let sentenceLengthMax = 160

    private init(snapshot: Snapshot) { self.snapshot = snapshot }

    private mutating func check(_ file: CatalogFile) {
        guard
            let path = CatalogPath(file.path), path.isPartOfSnapshot,
            let value = try? JSONValue(parsing: file.bytes)
        else { return }
        let found = DocumentProblems()
        let document = LintedDocument(value: value, found: found, snapshot: snapshot)
        document.checkWords(value, at: JSONPointer())
        switch path.kind {
        case .model: document.checkModel()
        case .parameters: document.checkUnits(value["parameters"], at: "/parameters")
        case .provider:
            snapshot.provider(path.id).map { document.check($0) }
            document.checkPages(cited: cited[path.id])
        case .offering:
            path.provider.flatMap { snapshot.provider($0)?.offering(path.id) }.map { document.check($0) }
        case .units, .cases, .schema: break
        }
        problems += found.all.map {
            CatalogProblem(
                file: file.path, position: JSONPosition(of: $0.pointer, in: file.bytes), code: $0.code,
                message: $0.message, severity: Code(rawValue: $0.code)?.severity ?? .error)
        }
    }
}

/// The pages that a provider's files name as their sources.
private struct CitedPages {
    private var names: [String: Set<String>] = [:]

    init(_ files: [CatalogFile]) {
        for file in files {
            guard
                let path = CatalogPath(file.path), path.isPartOfSnapshot, let provider = path.provider,
                let value = try? JSONValue(parsing: file.bytes)
            else { continue }
            names[provider, default: []].formUnion(Self.names(in: value))
        }
    }

    subscript(provider: String) -> Set<String> { names[provider] ?? [] }

    private static func names(in value: JSONValue) -> Set<String> {
        var found: Set<String> = []
        for (name, value) in value.object?.members ?? [] {
            if ["source", "other_source"].contains(name), let source = value.string {
                found.insert(SourceReader.parts(of: source).page)
            }
            found.formUnion(names(in: value))
        }
        for element in value.array ?? [] { found.formUnion(names(in: element)) }
        return found
    }
}

/// One file while it is looked through.
struct LintedDocument {
    let value: JSONValue
    let found: DocumentProblems
    let snapshot: Snapshot

    func add(_ code: CatalogLint.Code, at pointer: JSONPointer, _ message: String) {
        found.add(code.rawValue, at: pointer, message)
    }

    // MARK: Models and providers

    func checkModel() { checkReplacement() }

    /// A lifecycle's `replaced_by` names a model.
    func checkReplacement() {
        guard let name = value["lifecycle"]?["replaced_by"]?.string, snapshot.model(name) == nil else { return }
        let hint = didYouMean(name, among: snapshot.models.map(\.id))
        add(.unknownModel, at: "/lifecycle/replaced_by", "there is no model \"\(name)\"\(hint)")
    }

    func check(_ provider: Provider) {
        checkUnits(value["request"]?["envelope"], at: "/request/envelope")
        checkRules(
            value["request"]?["constraints"], at: "/request/constraints", provider.offerings.first?.constraints ?? [])
        checkPacks(provider)
    }

    /// Packs that nobody would buy, and a worth of credits at which none is sold.
    private func checkPacks(_ provider: Provider) {
        for (index, pack) in provider.packs.enumerated() {
            if let better = provider.packs.first(where: { $0.isAlwaysBetter(than: pack) }) {
                add(
                    .worthlessPack, at: "/packs" / index,
                    "\(better.id) gives at least as many credits for less, on terms that are no worse")
            }
        }
        let rates = provider.packs.compactMap { $0.usd.divided(by: $0.total, .up) }
        guard value["credit"] != nil, let credit = provider.credit, !rates.isEmpty, !rates.contains(credit.usd) else {
            return
        }
        add(.otherWorth, at: "/credit/usd", "no pack sells a credit for \(credit.usd) dollars")
    }

    /// Every page that was read is the source of something.
    func checkPages(cited: Set<String>) {
        for (name, _) in value["pages"]?.object?.members ?? [] where !cited.contains(name) {
            add(.uncitedPage, at: "/pages" / name, "nothing names the page as its source")
        }
    }

    // MARK: Parameters

    /// The `unit` of every parameter, nested ones too, is one of units.json.
    func checkUnits(_ parameters: JSONValue?, at place: JSONPointer) {
        for (name, spec) in parameters?.object?.members ?? [] { checkUnit(spec, at: place / name) }
    }

    private func checkUnit(_ spec: JSONValue, at place: JSONPointer) {
        if let unit = spec["unit"]?.string, snapshot.unit(unit) == nil {
            let hint = didYouMean(unit, among: snapshot.units.map(\.id))
            add(.unknownUnit, at: place / "unit", "units.json has no unit \"\(unit)\"\(hint)")
        }
        checkUnits(spec["properties"], at: place / "properties")
        if let items = spec["items"] { checkUnit(items, at: place / "items") }
    }

    // MARK: Rules

    /// The sentences of a file's own rules, and two of them that do the same.
    func checkRules(_ list: JSONValue?, at place: JSONPointer, _ linked: [Constraint]) {
        for (index, rule) in (list?.array ?? []).enumerated() {
            let here = place / index
            if let text = rule["text"]?.string { checkSentence(text, at: here / "text") }
            guard let id = rule["id"]?.string, let own = linked.firstIndex(where: { $0.id == id }) else { continue }
            let twin = linked.first { $0.id != id && $0.doesTheSame(as: linked[own]) }
            guard let twin, linked.firstIndex(where: { $0.id == twin.id }) ?? 0 < own else { continue }
            add(.duplicateConstraint, at: here, "the rule does the same as \(twin.id)")
        }
    }

    private func checkSentence(_ text: String, at place: JSONPointer) {
        if text != text.endingSentence || text.isEmpty {
            add(.sentenceOpen, at: place, "a rule's sentence ends with a full stop")
        }
        if text.count > CatalogLint.sentenceLengthMax {
            add(
                .sentenceTooLong, at: place,
                "a rule's sentence has at most \(CatalogLint.sentenceLengthMax) characters; this has \(text.count)")
        }
    }
}

extension CreditPack {
    /// Whether nobody who may buy this one would buy the other.
    fileprivate func isAlwaysBetter(than other: CreditPack) -> Bool {
        let days: (CreditPack) -> Int = { pack in
            switch pack.expiry {
            case .never: .max
            case .days(let count): count
            case nil: 0
            }
        }
        return total >= other.total && usd < other.usd && limit ?? .max >= other.limit ?? .max && renews == other.renews
            && days(self) >= days(other)
    }
}

extension Constraint {
    /// Whether it has the condition and the consequence of another.
    fileprivate func doesTheSame(as other: Constraint) -> Bool {
        condition?.words == other.condition?.words && consequence.words == other.consequence.words
            && consequence.code == other.consequence.code
    }
}
