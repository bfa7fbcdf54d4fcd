/// A parameter, or its default, takes fewer values than usual.
public struct Restrict: ConsequenceKind {
    public let parameter: ParameterReference
    public let allowed: [JSONValue]?
    public let minimum: Double?
    public let maximum: Double?
    /// Unicode code points.
    public let minLength: Int?
    public let maxLength: Int?
    public let minItems: Int?
    public let maxItems: Int?

    var word: String { "restrict" }
    var references: [ParameterReference] { [parameter] }

    func findings(_ facts: Facts, _ mood: Mood) -> [Finding] {
        let places = facts.places(parameter)
        if places.isEmpty {
            guard let value = facts.value(parameter), let asked = breach(value) else { return [] }
            return [finding(at: parameter.pointer, parameter.name, mood, asked, "it \(described(value)) by default")]
        }
        return places.compactMap { place in
            guard !facts.rejected.contains(place.pointer) else { return nil }
            let isReplaced = facts.replaced.contains(place.pointer)
            guard let value = isReplaced ? parameter.spec?.defaultValue : place.value, let asked = breach(value) else {
                return nil
            }
            return finding(at: place.pointer, parameter.name(at: place.pointer), mood, asked, "it \(described(value))")
        }
    }

    private func finding(
        at path: JSONPointer, _ name: String, _ mood: Mood, _ asked: String, _ found: String
    ) -> Finding {
        Finding(
            path: path, message: "\(name) \(mood == .must ? "must" : "should") be \(asked); \(found)", allowed: allowed)
    }

    /// What the value would have to be; `nil` where it is fine.
    private func breach(_ value: JSONValue) -> String? {
        if let allowed, !allowed.contains(value) { return listed(allowed.map(\.shown)) }
        if let number = value.number {
            if let minimum, number < minimum { return "at least \(JSONValue.plain(minimum))" }
            if let maximum, number > maximum { return "at most \(JSONValue.plain(maximum))" }
        }
        if let length = value.string?.unicodeScalars.count {
            if let minLength, length < minLength { return "at least \(minLength) characters long" }
            if let maxLength, length > maxLength { return "at most \(maxLength) characters long" }
        }
        if let count = value.array?.count {
            if let minItems, count < minItems { return "\(minItems) elements or more" }
            if let maxItems, count > maxItems { return "\(maxItems) elements or fewer" }
        }
        return nil
    }

    /// `is 4`; for an array `has 4 elements`, for a text that is too long `has 812 characters`.
    private func described(_ value: JSONValue) -> String {
        if let count = value.array?.count { return "has \(count)" }
        if let length = value.string?.unicodeScalars.count, allowed == nil { return "has \(length)" }
        return "is \(value.given)"
    }

    init?(_ reader: ObjectReader, scope: ParameterScope) {
        let parameter = scope.reference("parameter", of: reader)
        allowed = reader.value("enum")?.array
        (minimum, maximum) = (reader.number("minimum"), reader.number("maximum"))
        (minLength, maxLength) = (reader.integer("minLength"), reader.integer("maxLength"))
        (minItems, maxItems) = (reader.integer("minItems"), reader.integer("maxItems"))
        reader.finish()
        let bounds = ["enum", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"]
        guard bounds.contains(where: reader.has) else {
            reader.fail("document.missing_member", "restrict needs one of \(listed(bounds))")
            return nil
        }
        if reader.has("enum"), allowed == nil { reader.fail("document.type", at: "enum", "enum must be an array") }
        if let allowed, allowed.isEmpty {
            reader.fail("constraint.impossible", at: "enum", "enum is empty: nothing would be accepted")
        }
        guard let parameter else { return nil }
        if let spec = parameter.spec, let impossible = allowed?.first(where: { !spec.accepts($0) }) {
            reader.fail(
                "constraint.impossible", at: "enum", "\(parameter.name) can never be \(impossible.text())")
        }
        self.parameter = parameter
    }
}
