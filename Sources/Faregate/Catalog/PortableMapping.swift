/// How a portable request becomes an offering's native one.
public struct PortableMapping: Sendable {
    /// Where one portable parameter goes.
    public enum Target: Sendable {
        case to(ParameterReference, append: Bool, values: [(portable: JSONValue, native: JSONValue)]?, company: Company)
        /// The offering always makes this.
        case fixed(JSONValue)
        /// The offering has nothing for it; the sentence says why.
        case unsupported(String)
    }

    /// The portable parameters without which, or together with which, one cannot be said.
    public struct Company: Sendable {
        public let needs: [String]
        public let notWith: [String]
    }

    /// A model that the offering can be asked for, and the native values that select it.
    public struct Selection: Sendable {
        public let id: String
        public let values: [(reference: ParameterReference, value: JSONValue)]
    }

    /// A native value to add, where a condition on the portable parameters holds.
    public struct Setting: Sendable {
        public let condition: Condition?
        public let values: [(reference: ParameterReference, value: JSONValue)]
    }

    public let models: [Selection]
    /// In the order of the file.
    public let targets: [(parameter: String, target: Target)]
    public let settings: [Setting]

    /// The portable parameter that goes to a native place; `nil` where none does.
    func parameter(leadingTo place: JSONPointer) -> String? { parameters(leadingTo: place).first }

    /// Every portable parameter that goes to a native place.
    func parameters(leadingTo place: JSONPointer) -> [String] {
        targets.filter { entry in
            if case .to(let reference, _, _, _) = entry.target { reference.pointer == place } else { false }
        }.map(\.parameter)
    }

    public func target(_ parameter: String) -> Target? { targets.first { $0.parameter == parameter }?.target }
}

extension PortableMapping.Target {
    init?(_ reader: ObjectReader, scope: ParameterScope, portable: [String]) {
        defer { reader.finish() }
        let kinds = ["to", "fixed", "unsupported"].filter(reader.has)
        guard kinds.count == 1 else {
            for word in ["to", "fixed", "unsupported", "append", "values", "needs", "not_with"] {
                _ = reader.value(word)
            }
            reader.fail("portable.kind", "a mapping has exactly one of to, fixed and unsupported")
            return nil
        }
        if let fixed = reader.value("fixed") {
            self = .fixed(fixed)
        } else if let reason = reader.string("unsupported") {
            self = .unsupported(reason)
        } else {
            let values = reader.object("values").map { values in
                values.names.compactMap { name in
                    values.value(name).map { (Self.plain(name), $0) }
                }
            }
            let append = reader.bool("append") ?? false
            let company = PortableMapping.Company(
                needs: reader.strings("needs") ?? [], notWith: reader.strings("not_with") ?? [])
            for name in company.needs + company.notWith where !portable.contains(name) {
                reader.fail("reference.unknown_parameter", "parameters.json has no parameter \"\(name)\"")
            }
            guard let reference = scope.reference("to", of: reader) else { return nil }
            if let spec = reference.spec {
                for (portable, native) in values ?? [] where !spec.accepts(native) {
                    reader.fail(
                        "portable.impossible", at: "values",
                        "\(portable.shown) becomes \(native.text()), which \(reference.name) does not accept")
                }
            }
            self = .to(reference, append: append, values: values, company: company)
        }
    }

    /// What a member name stands for: `true` and `8` are a boolean and a number, everything else is text.
    private static func plain(_ name: String) -> JSONValue {
        switch try? JSONValue(parsing: name) {
        case .some(let value) where value.bool != nil || value.number != nil: value
        default: .string(name)
        }
    }
}

extension ObjectReader {
    /// An object of native values by parameter name, as `set` holds them.
    func nativeValues(_ name: String, scope: ParameterScope) -> [(reference: ParameterReference, value: JSONValue)]? {
        guard let values = object(name) else { return nil }
        return values.names.compactMap { key in
            guard let value = values.value(key), let reference = scope.resolve(key, at: key, values) else { return nil }
            if let spec = reference.spec, !spec.accepts(value) {
                values.fail("portable.impossible", at: key, "\(key) does not accept \(value.text())")
            }
            return (reference, value)
        }
    }
}
