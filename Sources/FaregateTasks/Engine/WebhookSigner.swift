import Faregate

/// Signs notices as Standard Webhooks has it (https://www.standardwebhooks.com). It prints and reflects no secret.
public struct WebhookSigner: Sendable, CustomStringConvertible, CustomReflectable {
    private let keys: [[UInt8]]

    /// What the standard allows a secret to have.
    private static let keyByteCounts = 24...64

    /// - Parameter secrets: `whsec_` and the secret in base64; several with blanks between them, where one replaces
    ///   another and receivers may still know only the old one.
    /// - Returns: `nil` for a text that is not of this form, or secrets of fewer than 24 or more than 64 bytes.
    public init?(secrets: String) {
        var keys: [[UInt8]] = []
        for word in secrets.split(whereSeparator: \.isWhitespace) {
            guard word.hasPrefix(Self.prefix), let key = Base64.decode(word.dropFirst(Self.prefix.count)),
                Self.keyByteCounts.contains(key.count)
            else { return nil }
            keys.append(key)
        }
        guard !keys.isEmpty else { return nil }
        self.keys = keys
    }

    private static let prefix = "whsec_"

    /// The value of the header `webhook-signature`: a signature for each secret.
    public func signature(id: String, timestamp: Int64, body: String) -> String {
        let message = Array("\(id).\(timestamp).\(body)".utf8)
        return keys.map { "v1," + Base64.encode(hmacSHA256(message, key: $0)) }.joined(separator: " ")
    }

    public var description: String { "\(keys.count) secret\(keys.count == 1 ? "" : "s")" }
    public var customMirror: Mirror { Mirror(reflecting: description) }
}
