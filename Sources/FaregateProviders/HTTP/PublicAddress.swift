import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Keeps downloads and notices away from machines that are not on the public internet: their addresses are somebody
/// else's word.
package enum PublicAddress {
    /// Looks a host up and returns the address to connect to.
    ///
    /// **All** addresses of the host must be public: a name that mixes them is an attack, or about to become one.
    package static func resolve(_ host: String) async throws(TransportError) -> String {
        let addresses: [(text: String, bytes: [UInt8])]
        do {
            addresses = try await NIOThreadPool.singleton.runIfActive { lookUp(host) }
        } catch {
            throw TransportError(.notSent, .cancelled, "the caller gave up")
        }
        guard let first = addresses.first else { throw TransportError(.notSent, .connect, "\(host) is not known") }
        guard addresses.allSatisfy({ isPublic($0.bytes) }) else {
            throw TransportError(.notSent, .refused, "\(host) is not on the public internet")
        }
        return first.text
    }

    /// All addresses of a host, as text and in network order; none where it is not known. Blocks.
    private static func lookUp(_ host: String) -> [(text: String, bytes: [UInt8])] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_protocol = Int32(IPPROTO_TCP)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [(String, [UInt8])] = []
        var next = list
        while let entry = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let status = getnameinfo(
                entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            let name = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let raw = UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(entry.ai_addrlen))
            // Port and address of sockaddr_in, port, flow and address of sockaddr_in6: the same places on every
            // system.
            let bytes = entry.ai_family == AF_INET ? raw[4..<8] : entry.ai_family == AF_INET6 ? raw[8..<24] : raw[0..<0]
            addresses.append((status == 0 ? name : "", Array(bytes)))
            next = entry.ai_next
        }
        return addresses
    }

    /// Whether an address of 4 or 16 bytes is one of the public internet. What is not known to be is not.
    static func isPublic(_ bytes: [UInt8]) -> Bool {
        switch bytes.count {
        case 4: isPublic(v4: bytes)
        case 16: isPublic(v6: bytes)
        default: false
        }
    }

    /// Everything but the blocks of the IANA special-purpose registry.
    private static func isPublic(v4 bytes: [UInt8]) -> Bool {
        switch (bytes[0], bytes[1], bytes[2]) {
        case (0, _, _), (10, _, _), (127, _, _), (224..., _, _): false
        case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _), (198, 18...19, _): false
        case (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 51, 100), (203, 0, 113): false
        default: true
        }
    }

    /// Global unicast, without the blocks that carry other addresses inside (Teredo, 6to4) and those for documents.
    private static func isPublic(v6 bytes: [UInt8]) -> Bool {
        guard bytes[0] & 0xE0 == 0x20 else { return false }
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (0x20, 0x01, 0...1, _), (0x20, 0x01, 0x0D, 0xB8), (0x20, 0x02, _, _), (0x3F, 0xFF, 0...0x0F, _):
            return false
        default: return true
        }
    }
}
