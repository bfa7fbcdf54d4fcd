/// A rule over several parameters of an offering.
public struct Constraint: Sendable {
    public let id: String
    /// When the rule binds; `nil`: always.
    public let condition: Condition?
    public let consequence: Consequence
    /// The rule in one sentence, for people.
    public let text: String
    public let severity: Diagnostic.Severity
    public let standing: Standing
    public let otherReading: String?
    public let source: Source

    /// What the rule finds in a request.
    func findings(_ facts: Facts) -> [Diagnostic] {
        guard condition?.holds(facts) ?? true else { return [] }
        let cause = condition?.references.filter { facts.isPresent($0) }.map(\.pointer) ?? []
        return consequence.findings(facts, severity == .error ? .must : .should).map { finding in
            Diagnostic(
                consequence.isAdvice ? .warning : severity, consequence.code, rule: id, at: finding.path,
                related: finding.related + cause, "\(finding.message). \(text)", allowed: finding.allowed,
                otherReading: otherReading, source: source)
        }
    }
}

/// A breach of a consequence; the constraint adds who says so and why.
struct Finding {
    let path: JSONPointer
    var related: [JSONPointer] = []
    /// What was given and what is allowed, without a full stop.
    let message: String
    var allowed: [JSONValue]?
}

/// What a constraint asks for. One kind, one file.
public enum Consequence: Sendable {
    case require(Require)
    case forbid(Forbid)
    case restrict(Restrict)
    case presence(Presence)
    case exclusive(Exclusive)
    case total(Total)
    case order(Order)
    case ignored(Ignored)
    case mentions(Mentions)

    /// Every member name under which a consequence is written.
    static let words =
        ["require", "forbid", "restrict", "exclusive", "total", "order", "ignored", "mentions"]
        + Presence.Bound.allCases.map(\.rawValue)

    private var kind: any ConsequenceKind {
        switch self {
        case .require(let kind): kind
        case .forbid(let kind): kind
        case .restrict(let kind): kind
        case .presence(let kind): kind
        case .exclusive(let kind): kind
        case .total(let kind): kind
        case .order(let kind): kind
        case .ignored(let kind): kind
        case .mentions(let kind): kind
        }
    }

    var code: Diagnostic.Code { Diagnostic.Code(rawValue: "constraint.\(kind.word)") }

    /// Whether it only ever advises.
    var isAdvice: Bool {
        switch self {
        case .ignored, .mentions: true
        default: false
        }
    }

    func findings(_ facts: Facts, _ mood: Mood) -> [Finding] { kind.findings(facts, mood) }

    func edits(_ scene: RepairScene) -> [Edit] { kind.edits(scene) }

    /// Every parameter that the consequence looks at.
    public var references: [ParameterReference] { kind.references }
}

/// What the kinds of consequence have in common.
protocol ConsequenceKind: Sendable {
    /// The last part of the diagnostic's code.
    var word: String { get }
    var references: [ParameterReference] { get }
    func findings(_ facts: Facts, _ mood: Mood) -> [Finding]
    /// Changes of a request that may mend a breach; none where only the user can.
    func edits(_ scene: RepairScene) -> [Edit]
}

/// How a finding speaks: of what must be, in an error, or of what should be, in a warning.
enum Mood {
    case must, should
}

extension Constraint {
    /// Reads a constraint of a catalog file. `nil`, with problems noted, where it makes no sense.
    init?(_ reader: ObjectReader, scope: ParameterScope, sources: SourceReader, inherited: Source?) {
        let id = reader.required("id", reader.identifier)
        let text = reader.required("text", reader.string)
        severity = reader.choice("severity", of: Diagnostic.Severity.self) ?? .error
        standing = reader.choice("standing", of: Standing.self) ?? .documented
        otherReading = sources.otherReading(reader)
        let source = sources.optional(reader) ?? inherited
        let when = reader.object("when")
        let condition = when.flatMap { Condition($0, scope: scope) }
        let consequence = reader.required("then", reader.object).flatMap { Consequence($0, scope: scope) }
        reader.finish()
        if let text, text.isEmpty { reader.fail("document.value", at: "text", "a rule needs a sentence for people") }
        guard let id, let text, let source, let consequence, (when == nil) == (condition == nil) else { return nil }
        (self.id, self.text, self.source) = (id, text, source)
        (self.condition, self.consequence) = (condition, consequence)
    }
}

extension Consequence {
    init?(_ reader: ObjectReader, scope: ParameterScope) {
        defer { reader.finish() }
        let words = Self.words.filter(reader.has)
        guard words.count == 1, let word = words.first else {
            for word in Self.words { _ = reader.value(word) }
            reader.fail(
                "constraint.kind",
                "a constraint has exactly one consequence (\(listed(Self.words))); this has "
                    + (words.isEmpty ? "none" : listed(words, "and")))
            return nil
        }
        let read: Consequence? =
            switch word {
            case "require": scope.references(word, of: reader).map { .require(Require(parameters: $0)) }
            case "forbid": scope.references(word, of: reader).map { .forbid(Forbid(parameters: $0)) }
            case "restrict": reader.object(word).flatMap { Restrict($0, scope: scope) }.map(Consequence.restrict)
            case "exclusive": Exclusive(reader, scope: scope).map(Consequence.exclusive)
            case "total": reader.object(word).flatMap { Total($0, scope: scope) }.map(Consequence.total)
            case "order": Order(reader, scope: scope).map(Consequence.order)
            case "ignored": scope.references(word, of: reader).map { .ignored(Ignored(parameters: $0)) }
            case "mentions": reader.object(word).flatMap { Mentions($0, scope: scope) }.map(Consequence.mentions)
            default:
                Presence.Bound(rawValue: word).flatMap { bound in
                    scope.references(word, of: reader).map { .presence(Presence(bound: bound, parameters: $0)) }
                }
            }
        guard let read else { return nil }
        self = read
    }
}
