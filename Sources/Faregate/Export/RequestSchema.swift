/// An offering's request as JSON Schema (draft 2020-12): a body is valid by it exactly when no finding of the validator is
/// an error, as far as JSON Schema goes. Where it does not, ``unsaid`` says so.
public struct RequestSchema: Sendable {
    public let offering: Offering
    public let provider: Provider
    /// Where the schema of an address stands in the document.
    let addressReference: String

    /// A rule that the schema does not hold requests to.
    public struct Note: Sendable, Hashable {
        /// The rule, or the code of the finding that the validator makes.
        public let rule: String
        public let text: String
        /// Why it cannot be said; `nil` for advice, which makes no request invalid.
        public var reason: String?
        /// What the schema says instead, where it says less.
        public var approximation: String?
        public let source: Source?
    }

    public init(_ offering: Offering, of provider: Provider) {
        self.init(offering, of: provider, addressReference: "#/$defs/http-address")
    }

    init(_ offering: Offering, of provider: Provider, addressReference: String) {
        (self.offering, self.provider, self.addressReference) = (offering, provider, addressReference)
    }

    /// The schema as a document of its own.
    public var document: JSONValue {
        var document = JSONObject([("$schema", "https://json-schema.org/draft/2020-12/schema")])
        for (name, value) in json.members { document[name] = value }
        document["$defs"] = ["http-address": Self.address]
        return .object(document)
    }

    /// The schema, without what it refers to.
    var json: JSONObject {
        var schema = JSONObject([
            ("title", .string("\(offering.name) at \(provider.name)")),
            ("description", .string("The body of a request for \(offering.id). Source: \(offering.source)")),
        ])
        for (name, value) in self.schema(offering.body, isRequired: true).members { schema[name] = value }
        nameModel(in: &schema)
        let rules = enforced.compactMap(rule)
        if !rules.isEmpty { schema["allOf"] = .array(rules) }
        schema["x-faregate-provider"] = .string(provider.id)
        schema["x-faregate-model"] = .string(offering.id)
        schema["x-faregate-unsaid"] = .array(unsaid.map(\.json))
        schema["x-faregate-advice"] = .array(advice.map(\.json))
        return schema
    }

    /// The body names this offering, if it names any.
    private func nameModel(in schema: inout JSONObject) {
        guard
            let name = provider.request.modelAt?.last, var properties = schema["properties"]?.object,
            var model = properties[name]?.object
        else { return }
        model["const"] = .string(offering.id)
        if provider.request.defaultModel == offering.id { model["default"] = .string(offering.id) }
        properties[name] = .object(model)
        schema["properties"] = .object(properties)
        if let other = provider.request.defaultModel, other != offering.id {
            let required = schema["required"]?.array ?? []
            if !required.contains(.string(name)) { schema["required"] = .array([.string(name)] + required) }
        }
    }

    // MARK: Rules

    /// The rules that make a request invalid.
    private var enforced: [Constraint] {
        offering.constraints.filter { $0.severity == .error && !$0.consequence.isAdvice }
    }

    /// A rule with its name and its sentence; `nil` where nothing can be said, or need be.
    private func rule(_ constraint: Constraint) -> JSONValue? {
        let said = try? statement(constraint)
        guard case .schema(let members)? = said ?? approximation(constraint)?.statement else {
            guard case .never? = said else { return nil }
            return ["title": .string(constraint.id), "description": .string(constraint.text), "not": [:]]
        }
        var rule = JSONObject([("title", .string(constraint.id)), ("description", .string(constraint.text))])
        for (name, value) in guarded(members).members { rule[name] = value }
        return .object(rule)
    }

    /// Rules bind where there are parameters at all.
    private func guarded(_ rule: JSONObject) -> JSONObject {
        let isAlwaysThere = offering.parametersAt.tokens.allSatisfy(offering.body.required.contains)
        guard !isAlwaysThere else { return rule }
        let parameters = somewhere(offering.parametersAt.tokens.map(Optional.some), from: root) { _ in .always }
        return JSONObject([("if", parameters.json), ("then", .object(rule))])
    }

    /// What makes a request invalid and cannot be said in JSON Schema.
    public var unsaid: [Note] {
        var notes: [Note] = []
        for constraint in enforced {
            do throws(Unsayable) {
                _ = try statement(constraint)
            } catch {
                notes.append(
                    Note(
                        rule: constraint.id, text: constraint.text, reason: error.reason,
                        approximation: approximation(constraint)?.text, source: constraint.source))
            }
        }
        if let lifecycle = offering.lifecycle, lifecycle.status == .retired {
            notes.append(
                Note(
                    rule: Diagnostic.Code.modelRetired.rawValue, text: lifecycle.note ?? "The offering is retired.",
                    reason: "it depends on the day", source: lifecycle.source))
        }
        return notes
    }

    /// What a request is warned about, or told, without being invalid.
    public var advice: [Note] {
        var notes = offering.constraints.filter { $0.severity != .error || $0.consequence.isAdvice }.map {
            Note(rule: $0.id, text: $0.text, source: $0.source)
        }
        collect(offering.body, at: JSONPointer(), isRequired: false, into: &notes)
        if let note = offering.additional {
            notes.append(Note(rule: Diagnostic.Code.undocumented.rawValue, text: note, source: offering.source))
        }
        return notes
    }

    private func collect(_ spec: ParameterSpec, at place: JSONPointer, isRequired: Bool, into notes: inout [Note]) {
        func add(_ code: Diagnostic.Code, _ text: String?) {
            guard let text else { return }
            notes.append(
                Note(rule: code.rawValue, text: "\(place): \(text)", source: spec.source ?? offering.source))
        }
        if spec.unsupported != nil { return }
        if let used = spec.defaultValue, !spec.isEnforced {
            add(.replaced, "a value that is not accepted is quietly replaced by \(used.shown)")
        }
        add(.ignored, spec.ignored)
        add(.fileExtension, spec.extensions.map { "an address that ends in other than \(listed($0)) is doubtful" })
        add(.unchecked, spec.unchecked)
        let isNamed = spec.allowed != nil || spec.isHTTPURL || place == provider.request.modelAt
        if isRequired && spec.type == .string && spec.blank == nil && !isNamed || spec.blank == .warn {
            add(.blank, "text of nothing but blanks is accepted")
        }
        for (name, member) in spec.properties {
            collect(member, at: place / name, isRequired: spec.required.contains(name), into: &notes)
        }
        if let items = spec.items { collect(items, at: place / "*", isRequired: true, into: &notes) }
    }
}

extension RequestSchema.Note {
    fileprivate var json: JSONValue {
        var object = JSONObject([("rule", .string(rule)), ("text", .string(text))])
        object["reason"] = reason.map(JSONValue.string)
        object["approximation"] = approximation.map(JSONValue.string)
        object["source"] = source.map { .string($0.description) }
        return .object(object)
    }
}
