/// A JSON document or a part of one, with members in the order they were written.
///
/// Integers are kept exactly, as `Int64` or, past 64 bits, as their digits; every other number is a `Double`, as
/// libjansson reads it. Money is therefore never a JSON number in Faregate but a decimal string: see ``ExactDecimal``.
public enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// An integer past 64 bits: its digits, with a minus where it is negative.
    case bigInteger(String)
    case real(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// The members of a JSON object, in order. Names are unique.
public struct JSONObject: Sendable {
    /// Every member, in order.
    public private(set) var members: [(name: String, value: JSONValue)]

    public init() { members = [] }

    /// - Parameter members: Names must be unique; a repeated name replaces the earlier value.
    public init(_ members: [(String, JSONValue)]) {
        self.init()
        for (name, value) in members { self[name] = value }
    }

    /// For the parser, which has already seen to it that names are unique.
    init(uniqueMembers: [(name: String, value: JSONValue)]) { members = uniqueMembers }

    public var isEmpty: Bool { members.isEmpty }
    public var count: Int { members.count }

    /// The value of a member. Setting `nil` removes it; setting a new name appends it.
    public subscript(name: String) -> JSONValue? {
        get { index(of: name).map { members[$0].value } }
        set {
            let index = index(of: name)
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append((name, value))
            case (nil, nil): break
            }
        }
    }

    /// Names are compared by code points, as parsers do: `==` on strings would take two spellings of `é` for one.
    private func index(of name: String) -> Int? {
        members.firstIndex { $0.name == name && $0.name.utf8.elementsEqual(name.utf8) }
    }
}

extension JSONValue {
    /// The kind of value, in the words of JSON Schema. A real with no fraction, such as `8.0`, is an integer.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .bigInteger: "integer"
        case .real: isInteger ? "integer" : "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }

    /// The integer that this is by value: `8` and `8.0`, but not `8.5`, `"8"` or a number past 64 bits.
    public var integerValue: Int64? {
        switch self {
        case .integer(let value): value
        case .real(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// Whether this is an integer by value, of any size.
    public var isInteger: Bool {
        switch self {
        case .integer, .bigInteger: true
        case .real(let value): value.rounded(.towardZero) == value
        default: false
        }
    }

    /// The number that this is, integers past 2^53 rounded.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        case .bigInteger(let digits): Double(digits)
        default: nil
        }
    }

    /// A member of an object; `nil` for anything else.
    public subscript(name: String) -> JSONValue? { object?[name] }
}

extension JSONValue: Hashable {
    /// Equality as in JSON Schema: numbers by value (`8` equals `8.0`), objects whatever the order of their members.
    public static func == (a: JSONValue, b: JSONValue) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.real(let a), .real(let b)): a == b
        case (.bigInteger(let a), .bigInteger(let b)): a == b
        case (.integer, .real), (.real, .integer): a.integerValue == b.integerValue
        case (.bigInteger, .real), (.real, .bigInteger): a.number == b.number
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer, .real, .bigInteger:
            if let integer = integerValue { hasher.combine(integer) } else { hasher.combine(number) }
        case .string(let value): hasher.combine(value)
        case .array(let values): hasher.combine(values)
        case .object(let object): hasher.combine(object)
        }
    }
}

extension JSONObject: Hashable {
    public static func == (a: JSONObject, b: JSONObject) -> Bool {
        a.count == b.count && a.members.allSatisfy { b[$0.name] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for name in members.map(\.name).sorted() { hasher.combine(name) }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral, ExpressibleByFloatLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(floatLiteral value: Double) { self = .real(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}
