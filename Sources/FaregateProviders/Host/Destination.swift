public import Faregate

/// Where requests go and on whose account. What may be sent again, or proved absent, is tied to it.
public struct Destination: Sendable, Hashable {
    /// Scheme, host and, where it is not the usual one, port.
    public let origin: String
    /// Tells one key from another: the beginning of its SHA-256. Not the key, and no way to it.
    public let account: String
    /// How a repeated submit is recognised: a header's name, a place in the body; empty where it is not.
    public let mark: String

    init(_ host: ProviderHost) {
        origin = host.access.baseAddress.origin
        var digest = SHA256()
        digest.update(Array((host.access.key?.exposed ?? "").utf8))
        account = String(digest.finalized().prefix(16))
        mark =
            switch host.codec.traits.idempotency {
            case .none: ""
            case .header(let name): name
            case .body(let place): place
            }
    }

    /// As it is stored.
    public var json: JSONValue { ["origin": .string(origin), "account": .string(account), "mark": .string(mark)] }

    /// Reads what ``json`` wrote; `nil` for anything else.
    public init?(_ json: JSONValue) {
        guard let origin = json["origin"]?.string, let account = json["account"]?.string,
            let mark = json["mark"]?.string
        else { return nil }
        (self.origin, self.account, self.mark) = (origin, account, mark)
    }

    /// Whether the same account is reached at the same place.
    public func isSameAccount(as other: Destination) -> Bool { origin == other.origin && account == other.account }
}

extension ProviderHost {
    /// Where this host sends.
    public var destination: Destination { Destination(self) }
}
