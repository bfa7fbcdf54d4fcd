/// Where a provider is reached and with which key: what the environment says, else what the manifest documents.
public struct ProviderAccess: Sendable {
    /// Scheme and host, and perhaps a path that the documented one follows.
    public let baseAddress: WebAddress
    /// The only hosts that the key may go to.
    public let hosts: Set<String>
    /// `nil` where none is set: then requests can be shown, not sent.
    public let key: Secret?
    /// The variable that the key is read from, for messages.
    public let keyName: String
    /// The address replaces the documented one.
    public let isOverridden: Bool

    /// Reads `FAREGATE_<PROVIDER>_API_KEY` and `FAREGATE_<PROVIDER>_BASE_URL`.
    ///
    /// - Parameter environment: Names and values; an empty value counts as unset.
    /// - Throws: `PluginError.Code.baseURLInvalid`: not an address, a query in it, or plain http to another machine.
    ///   `.keyInvalid`: the key holds what no header can carry.
    public init(_ traits: ProviderTraits, environment: [String: String]) throws(PluginError) {
        let prefix = Self.variablePrefix(for: traits.id)
        keyName = prefix + "_API_KEY"
        key = try Self.key(environment[prefix + "_API_KEY"], name: prefix + "_API_KEY")
        let override = environment[prefix + "_BASE_URL"].flatMap { $0.isEmpty ? nil : $0 }
        isOverridden = override != nil
        baseAddress =
            try override.map { text throws(PluginError) in try Self.address(text, name: prefix + "_BASE_URL") }
            ?? traits.baseAddress
        hosts = override == nil ? Set(traits.hosts) : [baseAddress.host]
    }

    /// `FAREGATE_` and the id in capitals, whatever is no letter or digit as an underscore.
    public static func variablePrefix(for id: String) -> String {
        "FAREGATE_" + String(id.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    private static func key(_ text: String?, name: String) throws(PluginError) -> Secret? {
        guard let key = text.map({ Secret($0) }), !key.isEmpty else { return nil }
        guard key.exposed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw PluginError(.keyInvalid, "\(name) holds blanks or characters that no key has")
        }
        return key
    }

    private static func address(_ text: String, name: String) throws(PluginError) -> WebAddress {
        guard let address = WebAddress(text), address.query == nil else {
            throw PluginError(
                .baseURLInvalid, "\(name) must be an https address without a query, such as https://api.example.com")
        }
        guard address.scheme == .https || address.isLoopback else {
            throw PluginError(
                .baseURLInvalid, "\(name) is plain http to another machine: the key would travel in clear; use https")
        }
        return address
    }

    /// The key, for a request that is about to be sent.
    ///
    /// - Throws: `PluginError.Code.keyMissing`, which names the variable to set.
    func requiredKey() throws(PluginError) -> Secret {
        guard let key else { throw PluginError(.keyMissing, "no key: set \(keyName)") }
        return key
    }
}
