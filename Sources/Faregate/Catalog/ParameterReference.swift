/// A parameter as a constraint, a price or a mapping names it.
public struct ParameterReference: Sendable, Hashable {
    /// As people call it: `duration`, `reference_characters/*/image_urls`, `callback_url`.
    public let name: String
    /// From the top of the body; `nil` stands for every element.
    public let path: [String?]
    /// What the offering says about it; `nil` for portable parameters.
    public let spec: ParameterSpec?

    /// The place to blame when it is missing. Elements are left out.
    public var pointer: JSONPointer { JSONPointer(path.prefix { $0 != nil }.compactMap(\.self)) }

    /// The name of one of the places that it leads to: `voices/0/voice_id`.
    func name(at place: JSONPointer) -> String {
        place.tokens.suffix(name.split(separator: "/").count).joined(separator: "/")
    }

    public static func == (a: ParameterReference, b: ParameterReference) -> Bool { a.path == b.path }
    public func hash(into hasher: inout Hasher) { hasher.combine(path) }
}

/// The parameters that names can refer to: an offering's body, or a portable request.
struct ParameterScope {
    /// The whole body.
    let root: ParameterSpec
    /// Where names without a leading slash begin.
    let prefix: JSONPointer

    /// What a name refers to; `nil` for an unknown one.
    func reference(_ name: String) -> ParameterReference? {
        let isAbsolute = name.hasPrefix("/")
        guard let relative = JSONPointer(parsing: isAbsolute ? name : "/" + name) else { return nil }
        let tokens = (isAbsolute ? JSONPointer() : prefix).tokens + relative.tokens
        var spec: ParameterSpec? = root
        var path: [String?] = []
        for token in tokens {
            path.append(token == "*" ? nil : token)
            // Inside something of any type, every name will do.
            guard let current = spec, let type = current.type else {
                spec = nil
                continue
            }
            switch (type, token) {
            case (.array, "*"): spec = current.items
            case (.object, _):
                guard let next = current.property(token) else { return nil }
                spec = next
            default: return nil
            }
        }
        return ParameterReference(name: isAbsolute ? String(name.dropFirst()) : name, path: path, spec: spec)
    }

    /// The reference that a member names, with a problem where it names nothing.
    func reference(_ member: String, of reader: ObjectReader) -> ParameterReference? {
        reader.required(member, reader.string).flatMap { resolve($0, at: member, reader) }
    }

    /// The references of an array of names. At least one is required.
    func references(_ member: String, of reader: ObjectReader) -> [ParameterReference]? {
        guard let names = reader.required(member, reader.strings) else { return nil }
        if names.isEmpty { reader.fail("document.value", at: member, "\(member) is empty") }
        let found = names.compactMap { resolve($0, at: member, reader) }
        return found.count == names.count && !names.isEmpty ? found : nil
    }

    func resolve(_ name: String, at member: String, _ reader: ObjectReader) -> ParameterReference? {
        if let found = reference(name) { return found }
        let known = knownNames
        let hint = didYouMean(name, among: known)
        reader.fail("reference.unknown_parameter", at: member, "no parameter is called \"\(name)\"\(hint)")
        return nil
    }

    private var knownNames: [String] {
        var spec = root
        for token in prefix.tokens { spec = spec.property(token) ?? spec }
        return spec.properties.map(\.name) + root.properties.map { "/" + $0.name }
    }
}
