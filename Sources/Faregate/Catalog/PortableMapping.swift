/// How a portable request becomes an offering's native one.
public struct PortableMapping: Sendable {
    /// Where one portable parameter goes.
    public enum Target: Sendable {
        case to(ParameterReference, append: Bool, values: [(portable: JSONValue, native: JSONValue)]?, terms: Terms)
        /// The offering always makes this.
        case fixed(JSONValue)
        /// The offering has nothing for it; the sentence says why.
        case unsupported(String)
    }

    /// On what terms a portable parameter can be said.
    public struct Terms: Sendable {
        /// The portable parameters without which it cannot be said.
        public let needs: [String]
        /// The portable parameters together with which it cannot be said.
        public let notWith: [String]
        /// Where no page names the native parameter: why it is thought to be this one.
        public let inference: String?
    }

    /// Where a portable parameter goes instead, where a condition on the portable request holds.
    public struct Exception: Sendable {
        public let parameter: String
        public let condition: Condition
        public let target: Target
    }

    /// A model that the offering can be asked for, and the native values that select it.
    public struct Selection: Sendable {
        public let id: String
        public let values: [(reference: ParameterReference, value: JSONValue)]
        /// What else to set for it, where that depends on the request.
        public let settings: [Setting]
    }

    /// A native value to add, where a condition on the portable parameters holds.
    public struct Setting: Sendable {
        public let condition: Condition?
        public let values: [(reference: ParameterReference, value: JSONValue)]
    }

    public let models: [Selection]
    /// In the order of the file.
    public let targets: [(parameter: String, target: Target)]
    /// Of those of one parameter, the first that holds goes before its target.
    public let exceptions: [Exception]
    public let settings: [Setting]

    /// The portable parameter that goes to a native place; `nil` where none does.
    func parameter(leadingTo place: JSONPointer) -> String? { parameters(leadingTo: place).first }

    /// Every portable parameter that goes to a native place.
    func parameters(leadingTo place: JSONPointer) -> [String] {
        targets.filter { entry in
            if case .to(let reference, _, _, _) = entry.target { reference.pointer == place } else { false }
        }.map(\.parameter)
    }

    /// Where a parameter goes, as a rule.
    public func target(_ parameter: String) -> Target? { targets.first { $0.parameter == parameter }?.target }

    /// Where a parameter goes in a request that states all this.
    func target(_ parameter: String, in stated: Facts) -> Target? {
        exceptions.first { $0.parameter == parameter && $0.condition.holds(stated) }?.target ?? target(parameter)
    }
}

extension PortableMapping.Target {
    init?(_ reader: ObjectReader, scope: ParameterScope, portable: [String]) {
        defer { reader.finish() }
        let kinds = ["to", "fixed", "unsupported"].filter(reader.has)
        guard kinds.count == 1 else {
            for word in ["to", "fixed", "unsupported", "append", "values", "needs", "not_with", "standing", "note"] {
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
            let terms = PortableMapping.Terms(reader)
            for name in terms.needs + terms.notWith where !portable.contains(name) {
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
            self = .to(reference, append: append, values: values, terms: terms)
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

extension PortableMapping.Terms {
    fileprivate init(_ reader: ObjectReader) {
        enum Standing: String, CaseIterable { case inferred }
        (needs, notWith) = (reader.strings("needs") ?? [], reader.strings("not_with") ?? [])
        let isInferred = reader.choice("standing", of: Standing.self) != nil
        inference = reader.string("note")
        if isInferred != (inference != nil) {
            reader.fail("portable.inference", "standing inferred and the note that gives the reason go together")
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
