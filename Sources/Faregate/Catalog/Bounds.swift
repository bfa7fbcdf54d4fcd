/// The values that a parameter takes: among these, between these, so long, so many. JSON Schema's words.
public struct Bounds: Sendable {
    /// The values that are accepted (`enum`, or the one of `const`); `nil`: any.
    public let allowed: [JSONValue]?
    public let minimum: Double?
    public let maximum: Double?
    /// Unicode code points.
    public let minLength: Int?
    public let maxLength: Int?
    public let minItems: Int?
    public let maxItems: Int?

    /// What a value misses, and what it would have to be: `at most 800`.
    struct Breach {
        enum Kind { case values, range, length, count }
        let kind: Kind
        let wanted: String
    }

    /// What the value misses first; `nil` where it is within all bounds that concern its type.
    func breach(_ value: JSONValue) -> Breach? {
        if let allowed, !allowed.contains(value) {
            return Breach(kind: .values, wanted: listed(allowed.map(\.shown)))
        }
        func missed(_ number: Double, _ minimum: Double?, _ maximum: Double?, _ kind: Breach.Kind) -> Breach? {
            guard number < minimum ?? -.infinity || number > maximum ?? .infinity else { return nil }
            return Breach(kind: kind, wanted: Self.span(minimum, maximum))
        }
        switch value {
        case .string(let text):
            return missed(
                Double(text.unicodeScalars.count), minLength.map(Double.init), maxLength.map(Double.init), .length)
        case .array(let elements):
            return missed(Double(elements.count), minItems.map(Double.init), maxItems.map(Double.init), .count)
        default: return value.number.flatMap { missed($0, minimum, maximum, .range) }
        }
    }

    /// `1 to 50`, `exactly 1`, `at least 2`, `at most 7`.
    private static func span(_ minimum: Double?, _ maximum: Double?) -> String {
        switch (minimum, maximum) {
        case (let low?, let high?) where low == high: "exactly \(JSONValue.plain(low))"
        case (let low?, let high?): "\(JSONValue.plain(low)) to \(JSONValue.plain(high))"
        case (nil, let high?): "at most \(JSONValue.plain(high))"
        case (let low?, nil): "at least \(JSONValue.plain(low))"
        case (nil, nil): "anything"
        }
    }

    /// No bounds at all.
    static let none = Bounds()

    private init() {
        (allowed, minimum, maximum, minLength, maxLength, minItems, maxItems) = (nil, nil, nil, nil, nil, nil, nil)
    }

    /// The member names of a catalog file that bound a value.
    static let words = ["enum", "const", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"]

    /// Reads the bounds of a parameter or a restriction, and notes those that contradict one another.
    init(_ reader: ObjectReader) {
        allowed = reader.value("const").map { [$0] } ?? reader.value("enum")?.array
        (minimum, maximum) = (reader.number("minimum"), reader.number("maximum"))
        (minLength, maxLength) = (reader.integer("minLength"), reader.integer("maxLength"))
        (minItems, maxItems) = (reader.integer("minItems"), reader.integer("maxItems"))
        func reject(_ name: String, _ message: String) { reader.fail("parameter.contradiction", at: name, message) }
        if reader.has("enum"), allowed == nil { reject("enum", "enum must be an array") }
        if let allowed, allowed.isEmpty { reject("enum", "enum is empty: nothing would be accepted") }
        if let minimum, let maximum, minimum > maximum { reject("minimum", "minimum is above maximum") }
        if let minLength, let maxLength, minLength > maxLength { reject("minLength", "minLength is above maxLength") }
        if let minItems, let maxItems, minItems > maxItems { reject("minItems", "minItems is above maxItems") }
    }
}
