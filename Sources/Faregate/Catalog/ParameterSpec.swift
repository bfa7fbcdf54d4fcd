/// What a parameter accepts, in JSON Schema's words, and what the provider does with what it does not accept.
///
/// Immutable and shared: an offering's parameters form a tree of these.
public final class ParameterSpec: Sendable {
    public enum ValueType: String, Sendable, CaseIterable {
        case string, integer, number, boolean, object, array
    }

    /// What the provider does with a value that it does not accept.
    public enum OnInvalid: String, Sendable, CaseIterable {
        case reject
        /// It quietly uses the default.
        case `default`
    }

    /// What the provider does with text of nothing but blanks.
    public enum Blank: String, Sendable, CaseIterable {
        case warn, reject
    }

    /// `nil`: any type.
    public let type: ValueType?
    public let bounds: Bounds
    /// What the elements of an array must be.
    public let items: ParameterSpec?
    /// The members of an object, in order.
    public let properties: [(name: String, spec: ParameterSpec)]
    public let required: [String]
    /// Whether members that are not listed are let through.
    public let allowsOtherMembers: Bool
    public let defaultValue: JSONValue?
    /// An absolute http or https address.
    public let isHTTPURL: Bool
    public let about: String?
    public let unit: String?
    public let onInvalid: OnInvalid
    /// `nil`: a required text gets a warning, an optional one may be blank.
    public let blank: Blank?
    /// Why the offering rejects the member, where it does.
    public let unsupported: String?
    /// Why the member has no effect, where it has none.
    public let ignored: String?
    /// Endings of an address that the provider takes.
    public let extensions: [String]?
    /// What cannot be judged offline.
    public let unchecked: String?
    public let standing: Standing
    public let otherReading: String?
    /// Where other than the offering's.
    public let source: Source?

    private let propertyIndex: [String: Int]

    /// The values that are accepted; `nil`: any.
    public var allowed: [JSONValue]? { bounds.allowed }

    /// The spec of a member; `nil` where it is not listed.
    public func property(_ name: String) -> ParameterSpec? { propertyIndex[name].map { properties[$0].spec } }

    /// An object that holds other parameters: the body itself, or what holds an offering's parameters.
    init(
        object properties: [(name: String, spec: ParameterSpec)], required: [String], allowsOtherMembers: Bool = false,
        like spec: ParameterSpec? = nil, source: Source? = nil
    ) {
        type = .object
        bounds = .none
        (items, defaultValue, unit, unsupported, ignored, extensions) = (nil, nil, nil, nil, nil, nil)
        (isHTTPURL, onInvalid, blank) = (false, .reject, nil)
        self.properties = properties
        self.required = required
        self.allowsOtherMembers = allowsOtherMembers
        (about, unchecked, otherReading) = (spec?.about, spec?.unchecked, spec?.otherReading)
        (standing, self.source) = (spec?.standing ?? .documented, source ?? spec?.source)
        propertyIndex = Self.index(properties)
    }

    /// Reads a parameter of a catalog file, and notes what is wrong with it.
    ///
    /// - Parameter fallback: The source where the parameter names none.
    init(_ reader: ObjectReader, sources: SourceReader, fallback: Source? = nil) {
        type = reader.choice("type", of: ValueType.self)
        bounds = Bounds(reader)
        items = reader.object("items").map { ParameterSpec($0, sources: sources) }
        properties = (reader.map("properties") ?? []).map { ($0.name, ParameterSpec($0.reader, sources: sources)) }
        required = reader.strings("required") ?? []
        allowsOtherMembers = reader.bool("additionalProperties") ?? false
        defaultValue = reader.value("default")
        isHTTPURL = reader.choice("format", of: Format.self) != nil
        about = reader.string("about")
        unit = reader.string("unit")
        onInvalid = reader.choice("on_invalid", of: OnInvalid.self) ?? .reject
        blank = reader.choice("blank", of: Blank.self)
        (unsupported, ignored) = (reader.string("unsupported"), reader.string("ignored"))
        (extensions, unchecked) = (reader.strings("extensions"), reader.string("unchecked"))
        standing = reader.choice("standing", of: Standing.self) ?? .documented
        otherReading = sources.otherReading(reader)
        source = sources.optional(reader) ?? fallback
        propertyIndex = Self.index(properties)
        reader.finish()
        checkSense(reader)
    }

    private enum Format: String, CaseIterable { case httpURL = "http-url" }

    private static func index(_ properties: [(name: String, spec: ParameterSpec)]) -> [String: Int] {
        Dictionary(properties.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Notes what contradicts itself: a default outside the bounds, names that are not there.
    private func checkSense(_ reader: ObjectReader) {
        func reject(_ name: String, _ message: String) { reader.fail("parameter.contradiction", at: name, message) }
        if let defaultValue, !accepts(defaultValue) {
            reject("default", "the default \(defaultValue.text()) is not among the values that are accepted")
        }
        if onInvalid == .default, defaultValue == nil { reject("on_invalid", "there is no default to use instead") }
        for name in required where property(name) == nil { reject("required", "\(name) is not among the properties") }
    }

    /// Whether a value is of the type, among the values and within the bounds. Members and elements are not looked at.
    func accepts(_ value: JSONValue) -> Bool {
        if let type, !type.includes(value) { return false }
        return bounds.breach(value) == nil
    }
}

extension ParameterSpec.ValueType {
    /// Whether a value is of this type by JSON Schema: `8.0` is an integer, an integer is a number, null is neither.
    func includes(_ value: JSONValue) -> Bool {
        switch self {
        case .string: value.string != nil
        case .integer: value.isInteger
        case .number: value.number != nil
        case .boolean: value.bool != nil
        case .object: value.object != nil
        case .array: value.array != nil
        }
    }
}
