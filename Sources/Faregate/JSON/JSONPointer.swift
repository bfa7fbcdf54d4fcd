/// A place in a JSON document (RFC 6901): `/input/reference_image_urls/0`.
public struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    /// The reference tokens, unescaped. Empty for the whole document.
    public var tokens: [String]

    public init(_ tokens: [String] = []) { self.tokens = tokens }

    /// - Parameter text: Empty, or beginning with a slash; `~0` and `~1` are the only escapes. Anything else gives `nil`.
    public init?(parsing text: some StringProtocol) {
        if text.isEmpty {
            self.init()
            return
        }
        // By code points: a slash stays one whatever combining mark follows it.
        let scalars = String(text).unicodeScalars
        guard scalars.first == "/" else { return nil }
        var tokens: [String] = []
        for part in scalars.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            var token = String.UnicodeScalarView()
            var rest = part[...]
            while let scalar = rest.popFirst() {
                guard scalar == "~" else {
                    token.append(scalar)
                    continue
                }
                switch rest.popFirst() {
                case "0": token.append("~")
                case "1": token.append("/")
                default: return nil
                }
            }
            tokens.append(String(token))
        }
        self.init(tokens)
    }

    public var description: String {
        tokens.map { token in
            var escaped = "/"
            for scalar in token.unicodeScalars {
                switch scalar {
                case "~": escaped += "~0"
                case "/": escaped += "~1"
                default: escaped.unicodeScalars.append(scalar)
                }
            }
            return escaped
        }.joined()
    }

    /// The name of the member, or the index, at the end. Empty for the whole document.
    public var last: String { tokens.last ?? "" }

    public static func / (parent: JSONPointer, token: String) -> JSONPointer { JSONPointer(parent.tokens + [token]) }
    public static func / (parent: JSONPointer, index: Int) -> JSONPointer { parent / String(index) }
    public static func + (a: JSONPointer, b: JSONPointer) -> JSONPointer { JSONPointer(a.tokens + b.tokens) }
}

extension JSONPointer: ExpressibleByStringLiteral {
    /// - Precondition: The literal is a JSON Pointer.
    public init(stringLiteral text: String) {
        guard let pointer = JSONPointer(parsing: text) else { preconditionFailure("not a JSON Pointer: \(text)") }
        self = pointer
    }
}

extension JSONValue {
    /// The value at a place; `nil` where there is none.
    public subscript(pointer: JSONPointer) -> JSONValue? {
        var value = self
        for token in pointer.tokens {
            guard let next = value.child(token) else { return nil }
            value = next
        }
        return value
    }

    /// A member of an object or an element of an array. Indexes have no sign and no leading zero.
    func child(_ token: String) -> JSONValue? {
        switch self {
        case .object(let object): return object[token]
        case .array(let elements):
            guard let index = JSONPointer.index(token), index < elements.count else { return nil }
            return elements[index]
        default: return nil
        }
    }
}

extension JSONPointer {
    /// A token as an array index.
    static func index(_ token: String) -> Int? {
        guard
            !token.isEmpty, token.utf8.allSatisfy({ (48...57).contains($0) }), token == "0" || !token.hasPrefix("0")
        else { return nil }
        return Int(token)
    }
}
