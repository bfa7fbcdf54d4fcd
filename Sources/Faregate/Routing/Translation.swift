/// A portable request in one offering's own words.
struct Translation {
    /// The native request.
    private(set) var body: JSONValue
    /// What could not be said.
    private(set) var findings: [Diagnostic] = []
    /// The portable parameters that a native place came from.
    private(set) var origins: [JSONPointer: [String]] = [:]

    private let provider: Provider
    private let offering: Offering
    private let stated: JSONObject

    /// Translates what a request states.
    init(
        _ stated: JSONObject, selection: PortableMapping.Selection, provider: Provider, offering: Offering
    ) {
        (self.provider, self.offering, self.stated) = (provider, offering, stated)
        body = .object(JSONObject())
        if let place = provider.request.modelAt { body.set(.string(offering.id), at: place) }
        if !offering.parametersAt.tokens.isEmpty { body.set(.object(JSONObject()), at: offering.parametersAt) }
        let facts = Facts(body: .object(stated))
        apply(offering.portable.settings, facts)
        for (reference, value) in selection.values { body.set(value, at: reference.pointer) }
        apply(selection.settings, facts)
        let order = offering.portable.targets.map(\.parameter)
        for name in order + stated.members.map(\.name).filter({ !order.contains($0) }) {
            if let value = stated[name] { place(value, of: name, among: stated) }
        }
    }

    /// Whether a portable parameter is stated as a list.
    func isList(_ name: String) -> Bool { stated[name]?.array != nil }

    /// Sets what goes with the request, in order, later values winning.
    private mutating func apply(_ settings: [PortableMapping.Setting], _ facts: Facts) {
        for setting in settings where setting.condition?.holds(facts) ?? true {
            for (reference, value) in setting.values { body.set(value, at: reference.pointer) }
        }
    }

    private mutating func place(_ value: JSONValue, of name: String, among stated: JSONObject) {
        switch offering.portable.target(name, in: Facts(body: .object(stated))) {
        case nil: refuse(name, "it has no parameter for it")
        case .unsupported(let reason): refuse(name, reason)
        case .fixed(let made):
            guard made != value else { return }
            refuse(name, "\(name) is always \(made.shown) there; \(value.shown) was asked for", code: .fixedValue)
        case .to(let reference, let append, let values, let terms):
            if let missing = terms.needs.first(where: { stated[$0] == nil }) {
                return refuse(name, "it takes \(name) only together with \(missing)")
            }
            if let other = terms.notWith.first(where: { stated[$0] != nil }) {
                return refuse(name, "it does not take \(name) together with \(other)")
            }
            var native = value
            if let values {
                guard let found = values.first(where: { $0.portable == value }) else {
                    let offered = listed(values.map(\.portable.shown))
                    refuse(name, "\(name) can be \(offered) there, not \(value.shown)", code: .valueNotOffered)
                    return
                }
                native = found.native
            }
            if append {
                let more = native.array ?? [native]
                native = .array((body[reference.pointer]?.array ?? []) + more)
            }
            body.set(native, at: reference.pointer)
            origins[reference.pointer, default: []].append(name)
            if let reason = terms.inference { warn(name, reference, reason) }
        }
    }

    /// No page names the native parameter: the provider may refuse it, or take no notice.
    private mutating func warn(_ name: String, _ reference: ParameterReference, _ reason: String) {
        findings.append(
            Diagnostic(
                .warning, .inferredName, at: JSONPointer([name]), related: [reference.pointer],
                "\(name) is sent as \(reference.name), a name that no page gives for \(offering.id). \(reason)",
                source: offering.source))
    }

    private mutating func refuse(_ name: String, _ reason: String, code: Diagnostic.Code = .notExpressible) {
        findings.append(
            Diagnostic(
                .error, code, at: JSONPointer([name]),
                "\(provider.name)'s \(offering.id) cannot do this \(name): \(reason)", source: offering.source))
    }
}

/// Which parameters of a portable request may be dropped.
public enum DropLeave: Sendable {
    case none
    case some(Set<String>)
    case all

    func covers(_ name: String) -> Bool {
        switch self {
        case .none: false
        case .some(let names): names.contains(name)
        case .all: name != "prompt"
        }
    }
}

extension Diagnostic.Code {
    /// The offering has nothing for a parameter that was asked for.
    public static let notExpressible = Self(rawValue: "portable.not_expressible")
    /// The native parameter's name is not documented but inferred.
    public static let inferredName = Self(rawValue: "portable.inferred_name")
    /// The offering always makes something else than was asked for.
    public static let fixedValue = Self(rawValue: "portable.fixed_value")
    /// The offering has the parameter, but not this value.
    public static let valueNotOffered = Self(rawValue: "portable.value_not_offered")
    /// The offering needs a parameter that the request does not state.
    public static let missingInput = Self(rawValue: "portable.missing_input")
    /// A parameter is left out, with the user's leave.
    public static let dropped = Self(rawValue: "portable.dropped")
    /// The price is above the user's maximum, or cannot be held against it.
    public static let overMaxPrice = Self(rawValue: "policy.over_max_price")
    public static let priceNotComparable = Self(rawValue: "policy.price_not_comparable")
    /// The user's policy leaves the provider out.
    public static let excludedProvider = Self(rawValue: "policy.provider_excluded")
    /// The user's policy leaves the model out.
    public static let excludedModel = Self(rawValue: "policy.model_excluded")
}

extension JSONValue {
    /// Puts a value at a place made of member names; objects on the way are made.
    mutating func set(_ value: JSONValue, at pointer: JSONPointer) {
        guard let name = pointer.tokens.first else {
            self = value
            return
        }
        var object = self.object ?? JSONObject()
        var inner = object[name] ?? .object(JSONObject())
        inner.set(value, at: JSONPointer(Array(pointer.tokens.dropFirst())))
        object[name] = inner
        self = .object(object)
    }
}
