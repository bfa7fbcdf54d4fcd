/// A key. It prints masked, reflects masked, and is compared by nobody.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// - Parameter text: The key, as the provider gave it out; blanks and line ends around it are dropped.
    public init(_ text: some StringProtocol) {
        let isBlank: (Character) -> Bool = \.isWhitespace
        var rest = Substring(text).drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        self.text = String(rest)
    }

    public var isEmpty: Bool { text.isEmpty }

    /// The key in clear: only for the bytes that go to the provider.
    public var exposed: String { text }

    /// The first three characters of a long key, nothing of a short one: `sk-…(masked)`.
    public var description: String { (text.count >= 16 ? String(text.prefix(3)) : "") + "…(masked)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(reflecting: description) }

    /// The same text with the key masked wherever it stands: providers repeat keys in their messages.
    public func masked(in message: String) -> String {
        guard text.utf8.count >= 4 else { return message }
        return message.replacing(text, with: description)
    }
}

/// How a provider wants the key.
public enum AuthenticationScheme: Sendable, Hashable {
    /// `Authorization: Bearer KEY`
    case bearer
    /// The key alone in a header of this name.
    case header(String)
    /// The key in a query item of this name. Servers log addresses: the weakest of the three.
    case query(String)
}

/// A key and how it is sent. The host attaches it; no codec ever sees one.
public struct Credential: Sendable, CustomStringConvertible {
    public let scheme: AuthenticationScheme
    public let key: Secret

    public init(scheme: AuthenticationScheme, key: Secret) { (self.scheme, self.key) = (scheme, key) }

    /// As it would be written, with the key masked: `Authorization: Bearer sk-…(masked)`.
    public var description: String {
        switch scheme {
        case .bearer: "Authorization: Bearer \(key)"
        case .header(let name): "\(name): \(key)"
        case .query(let name): "?\(name)=\(key)"
        }
    }
}
