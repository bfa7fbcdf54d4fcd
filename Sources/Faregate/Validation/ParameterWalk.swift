/// Goes through a request member by member and checks each against what is said of it.
struct ParameterWalk {
    /// The whole request.
    let body: ParameterSpec
    /// Where the parameters stand: messages name them relative to it.
    let parametersAt: JSONPointer
    /// What the request is for, and who takes it, in messages.
    let title: String
    let taker: String
    let source: Source?
    private(set) var findings: [Diagnostic] = []
    private(set) var facts: Facts
    /// Sentences that were already told: each is told once.
    private var told: Set<String> = []

    init(
        _ request: JSONValue, body: ParameterSpec, parametersAt: JSONPointer, title: String, taker: String,
        source: Source?
    ) {
        (self.body, self.parametersAt, self.title) = (body, parametersAt, title)
        (self.taker, self.source, facts) = (taker, source, Facts(body: request))
    }

    /// What stands at ``parametersAt``.
    private var parameters: ParameterSpec {
        parametersAt.tokens.reduce(body) { spec, token in spec.property(token) ?? spec }
    }

    mutating func run() {
        guard let object = facts.body.object else {
            report(
                .error, .typeMismatch, JSONPointer(), body,
                "a request is a JSON object; this is \(facts.body.described)")
            return
        }
        walk(members: object, spec: body, at: JSONPointer())
    }

    // MARK: Structure

    private mutating func walk(members: JSONObject, spec: ParameterSpec, at pointer: JSONPointer) {
        for (name, value) in members.members {
            if let member = spec.property(name) {
                walk(value, member, at: pointer / name, isRequired: spec.required.contains(name))
            } else if !spec.allowsOtherMembers {
                reportUnknown(name, spec, at: pointer)
            }
        }
        for name in spec.required where members[name] == nil {
            guard let member = spec.property(name) else { continue }
            let place = pointer / name
            let allowed = member.allowed.map { "; \($0.asAllowed)" } ?? ""
            let about = member.about.map { " (\($0.trimmingFullStop()))" } ?? ""
            report(
                .error, .missing, place, member, "\(display(place)) is required\(about)\(allowed)",
                allowed: member.allowed)
        }
    }

    private mutating func walk(_ value: JSONValue, _ spec: ParameterSpec, at pointer: JSONPointer, isRequired: Bool) {
        if let reason = spec.unsupported {
            facts.rejected.insert(pointer)
            report(.error, .unsupported, pointer, spec, "\(display(pointer)) is not supported here. \(reason)")
            return
        }
        if case .array(let elements) = value, elements.isEmpty, !isRequired, spec.bounds.minItems == nil,
            spec.type == .array || spec.type == nil
        {
            return
        }
        guard check(value, spec, at: pointer, isRequired: isRequired) else { return }
        advise(value, spec, at: pointer, isRequired: isRequired)
        switch value {
        case .object(let object) where spec.type == .object: walk(members: object, spec: spec, at: pointer)
        case .array(let elements):
            guard let items = spec.items else { return }
            for (index, element) in elements.enumerated() {
                walk(element, items, at: pointer / index, isRequired: true)
            }
        default: break
        }
    }

    // MARK: Values

    /// Reports what the provider does not accept about the value itself. Whether it is to be looked into further.
    private mutating func check(
        _ value: JSONValue, _ spec: ParameterSpec, at pointer: JSONPointer, isRequired: Bool
    ) -> Bool {
        let name = display(pointer)
        if let type = spec.type, !type.includes(value) {
            reject(
                value, spec, at: pointer, .typeMismatch,
                "\(name) must be \(type.withArticle); it is \(value.described)\(hint(value, spec))")
            return false
        }
        if isRequired, isEmpty(value), !spec.isHTTPURL, spec.bounds.breach(value) == nil {
            let code: Diagnostic.Code = value.string == nil ? .count : .length
            reject(value, spec, at: pointer, code, "\(name) must not be empty")
            return false
        }
        if let breach = spec.bounds.breach(value) {
            reject(value, spec, at: pointer, breach)
            // The elements of a list that is too long are looked at all the same.
            return breach.kind == .count && value.array?.isEmpty == false
        }
        guard let string = value.string else { return true }
        if spec.isHTTPURL, !HTTPAddress.isAbsolute(string) {
            let found = string.isEmpty ? "empty" : value.given
            reject(
                value, spec, at: pointer, .format, "\(name) must be a complete http or https address; it is \(found)")
            return false
        }
        if spec.blank == .reject, string.isBlank {
            reject(value, spec, at: pointer, .blank, "\(name) must not be blank")
            return false
        }
        return true
    }

    private func isEmpty(_ value: JSONValue) -> Bool { value == .string("") || value == .array([]) }

    private mutating func reject(
        _ value: JSONValue, _ spec: ParameterSpec, at pointer: JSONPointer, _ breach: Bounds.Breach
    ) {
        let name = display(pointer)
        switch breach.kind {
        case .values:
            let allowed = spec.allowed ?? []
            let names = allowed.filter { !Nearness(to: value).isComparable($0) }.compactMap(\.string)
            let nearest = value.string.flatMap { nearestName(to: $0, among: names) }
            let hint = didYouMean(nearest)
            reject(
                value, spec, at: pointer, .notAllowed, "\(name) is \(value.given); \(allowed.asAllowed)\(hint)",
                suggestion: nearest)
        case .range:
            reject(value, spec, at: pointer, .outOfRange, "\(name) is \(value.given); it must be \(breach.wanted)")
        case .length:
            let length = value.string?.unicodeScalars.count ?? 0
            let message =
                length == 0
                ? "\(name) must not be empty" : "\(name) has \(length) characters; it must have \(breach.wanted)"
            reject(value, spec, at: pointer, .length, message)
        case .count:
            let count = value.array?.count ?? 0
            reject(
                value, spec, at: pointer, .count,
                "\(name) holds \(count) element\(count == 1 ? "" : "s"); it must hold \(breach.wanted)")
        }
    }

    /// Warnings and notes about a value that is accepted.
    private mutating func advise(_ value: JSONValue, _ spec: ParameterSpec, at pointer: JSONPointer, isRequired: Bool) {
        let name = display(pointer)
        if let reason = spec.ignored {
            report(.warning, .ignored, pointer, spec, "\(name) will be ignored. \(reason)")
        }
        if let string = value.string {
            if isRequired || spec.blank == .warn, spec.allowed == nil, string.isBlank {
                report(.warning, .blank, pointer, spec, "\(name) is blank: what will be made is left to chance")
            }
            if let extensions = spec.extensions, let found = HTTPAddress.mediaExtension(string),
                !extensions.contains(found)
            {
                report(
                    .warning, .fileExtension, pointer, spec,
                    "\(name) ends in .\(found); \(taker) takes \(listed(extensions))")
            }
        }
        if let sentence = spec.unchecked, told.insert(sentence).inserted {
            report(.info, .unchecked, pointer, spec, sentence)
        }
    }

    // MARK: Reports

    /// An error; or a warning where the provider quietly uses its default instead.
    private mutating func reject(
        _ value: JSONValue, _ spec: ParameterSpec, at pointer: JSONPointer, _ code: Diagnostic.Code, _ message: String,
        suggestion: String? = nil
    ) {
        guard spec.onInvalid == .default, let used = spec.defaultValue else {
            facts.rejected.insert(pointer)
            if code == .typeMismatch { facts.mistyped.insert(pointer) }
            report(.error, code, pointer, spec, message, allowed: spec.allowed, suggestion: suggestion)
            return
        }
        facts.replaced.insert(pointer)
        report(
            .warning, .replaced, pointer, spec,
            "\(message.endingSentence) \(taker) does not reject it: \(pointer.last) \(used.shown) will be made",
            allowed: spec.allowed, suggestion: suggestion)
    }

    private mutating func reportUnknown(_ name: String, _ spec: ParameterSpec, at pointer: JSONPointer) {
        let place = pointer / name
        let shown = display(place).cut(to: 60)
        if pointer.tokens.isEmpty, parametersAt != pointer, parameters.property(name) != nil {
            let message = "\(shown) belongs inside \(parametersAt.last), not at the top"
            return report(.error, .unknownParameter, place, spec, message)
        }
        if pointer == parametersAt, pointer != JSONPointer(), body.property(name) != nil {
            let message = "\(shown) belongs at the top, beside \(pointer.last)"
            return report(.error, .unknownParameter, place, spec, message)
        }
        let known = spec.properties.filter { $0.spec.unsupported == nil }.map(\.name)
        // Past what is shown, nobody reads what may have been meant.
        let suggestion = findings.count < Verdict.diagnosticsMax ? nearestName(to: name, among: known) : nil
        let hint = didYouMean(suggestion, otherwise: "it takes \(listed(known, "and"))")
        report(
            .error, .unknownParameter, place, spec, "\(shown) is not a parameter of \(title)\(hint)",
            suggestion: suggestion)
    }

    private mutating func report(
        _ severity: Diagnostic.Severity, _ code: Diagnostic.Code, _ pointer: JSONPointer, _ spec: ParameterSpec,
        _ message: String, allowed: [JSONValue]? = nil, suggestion: String? = nil
    ) {
        findings.append(
            Diagnostic(
                severity, code, at: pointer, message, allowed: allowed, suggestion: suggestion,
                otherReading: code.isAboutValue ? spec.otherReading : nil, source: spec.source ?? source))
    }

    /// The place as people call it: relative to the parameters.
    private func display(_ pointer: JSONPointer) -> String {
        let prefix = parametersAt.tokens
        let tokens = pointer.tokens
        let isInside = tokens.count > prefix.count && tokens.starts(with: prefix)
        return (isInside ? tokens.dropFirst(prefix.count) : tokens[...]).joined(separator: "/")
    }

    private func hint(_ value: JSONValue, _ spec: ParameterSpec) -> String {
        switch (spec.type, value) {
        case (.integer, .string(let text)), (.number, .string(let text)):
            (try? JSONValue(parsing: text))?.number == nil ? "" : "; write it without quotes"
        case (.boolean, .string("true")), (.boolean, .string("false")): "; write it without quotes"
        case (.array, .string) where spec.items?.type ?? .string == .string: "; put it in brackets"
        default: ""
        }
    }
}

extension ParameterSpec.ValueType {
    fileprivate var withArticle: String {
        switch self {
        case .integer, .object, .array: "an \(rawValue)"
        default: "a \(rawValue)"
        }
    }
}

extension String {
    /// Nothing but white space, and some of it. By code points: a blank with an accent on it is to be seen.
    fileprivate var isBlank: Bool { !isEmpty && unicodeScalars.allSatisfy(\.properties.isWhitespace) }

    fileprivate func trimmingFullStop() -> String { hasSuffix(".") ? String(dropLast()) : self }
}

extension Diagnostic.Code {
    /// Whether another page's word on the values may bear on the finding.
    fileprivate var isAboutValue: Bool {
        [.notAllowed, .outOfRange, .length, .count, .replaced, .unsupported, .ignored].contains(self)
    }
}
