/// An absolute `http` or `https` address, read strictly.
///
/// Two readers that disagree about an address are how a request ends up at another host. So this takes only the plain
/// characters of RFC 3986, no user part and no backslash, and hands on exactly the text that it read.
public struct WebAddress: Sendable, Hashable {
    /// The only two that anything is sent to.
    public enum Scheme: String, Sendable { case http, https }

    public let scheme: Scheme
    /// Lower case; an IPv6 address without its brackets.
    public let host: String
    /// `nil` where the address names none.
    public let port: Int?
    /// Begins with a slash; percent-encoded as written.
    public let path: String
    /// After the question mark; `nil` where there is none.
    public let query: String?

    init(scheme: Scheme, host: String, port: Int?, path: String, query: String?) {
        (self.scheme, self.host, self.port, self.path, self.query) = (scheme, host, port, path, query)
    }

    /// Reads an absolute address. Blanks and characters past ASCII in the path are percent-encoded, a fragment is
    /// dropped.
    ///
    /// - Returns: `nil` for anything that is not plainly an absolute http or https address.
    public init?(_ text: some StringProtocol) {
        guard let separator = text.firstRange(of: "://") else { return nil }
        guard let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased()) else { return nil }
        let rest = text[separator.upperBound...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        guard let (host, port) = Self.authority(rest[..<end]) else { return nil }
        let target = rest[end...].prefix { $0 != "#" }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = Self.encoded(parts.first ?? ""), let query = Self.encoded(parts.count > 1 ? parts[1] : "")
        else {
            return nil
        }
        self.init(
            scheme: scheme, host: host, port: port, path: path.isEmpty ? "/" : path,
            query: parts.count > 1 ? query : nil)
    }

    private static func authority(_ text: some StringProtocol) -> (host: String, port: Int?)? {
        let isBracketed = text.hasPrefix("[")
        let hostEnd = (isBracketed ? text.firstIndex(of: "]") : text.firstIndex(of: ":")) ?? text.endIndex
        guard !isBracketed || hostEnd != text.endIndex else { return nil }
        let host = text[..<hostEnd].drop { $0 == "[" }.lowercased()
        let rest = text[hostEnd...].drop { $0 == "]" }
        let allowed: (UInt8) -> Bool = { byte in
            isAlphanumeric(byte) || (isBracketed ? byte == UInt8(ascii: ":") : byte == UInt8(ascii: "-"))
                || byte == UInt8(ascii: ".")
        }
        guard !host.isEmpty, host.utf8.allSatisfy(allowed), host.contains(where: { $0 != "." }) else { return nil }
        if rest.isEmpty { return (host, nil) }
        guard rest.hasPrefix(":"), let port = Int(rest.dropFirst()), (1...65535).contains(port) else { return nil }
        return (host, port)
    }

    /// `nil` where a character can only be there to confuse: controls, quotes, backslashes.
    private static func encoded(_ text: some StringProtocol) -> String? {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case 0x21, 0x24...0x3B, 0x3D, 0x3F...0x5A, 0x5F, 0x61...0x7A, 0x7E:
                out.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x20, 0x5B, 0x5D, 0x7B...0x7D, 0x80...: out += percentEncoded(byte)
            default: return nil
            }
        }
        return out
    }
}

extension WebAddress: CustomStringConvertible {
    /// The address as it goes on the wire.
    public var description: String { origin + path + (query.map { "?" + $0 } ?? "") }

    /// Scheme, host and port: `https://api.example.com`, `http://127.0.0.1:8080`.
    public var origin: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(scheme.rawValue)://\(name)" + (port.map { ":\($0)" } ?? "")
    }

    /// Whether the host is this machine: `localhost`, `127.0.0.0/8` or `::1`.
    public var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Where a redirect leads: an absolute address, or one relative to this.
    func following(_ location: String) -> WebAddress? {
        if location.contains("://") { return WebAddress(location) }
        if location.hasPrefix("//") { return WebAddress("\(scheme.rawValue):\(location)") }
        if location.hasPrefix("/") { return WebAddress(origin + location) }
        let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        return WebAddress(origin + folder + location)
    }

    /// The same address under a prefix (`/sjinn` + `/api/x`) and with more query items, already encoded.
    func appending(path more: String, query items: [String]) -> WebAddress {
        let prefix = path.hasSuffix("/") ? String(path.dropLast()) : path
        let all = (query.map { [$0] } ?? []) + items
        return WebAddress(
            scheme: scheme, host: host, port: port, path: prefix + more,
            query: all.isEmpty ? nil : all.joined(separator: "&"))
    }
}

/// Text as one path segment or query value: everything but letters, digits and `-._~` is percent-encoded.
package func percentEncoded(_ text: some StringProtocol) -> String {
    var out = ""
    for byte in text.utf8 {
        if isAlphanumeric(byte) || "-._~".utf8.contains(byte) {
            out.unicodeScalars.append(Unicode.Scalar(byte))
        } else {
            out += percentEncoded(byte)
        }
    }
    return out
}

/// The text that a percent-encoded one stands for; `nil` for a broken escape or what is not UTF-8.
package func percentDecoded(_ text: some StringProtocol) -> String? {
    var bytes: [UInt8] = []
    var rest = Substring(text).utf8
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "%") {
            guard let escape = String(rest.prefix(2)), escape.utf8.count == 2, let value = UInt8(escape, radix: 16)
            else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte)
        }
    }
    return String(validating: bytes, as: UTF8.self)
}

private func percentEncoded(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "%" + (digits.count == 1 ? "0" + digits : digits)
}

private func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: false
    }
}
