/// What can be said about an address without asking the network.
enum HTTPAddress {
    /// Whether it is an absolute http or https address with a host (RFC 3986), without blanks and control characters.
    static func isAbsolute(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !Self.forbidden.contains($0) }) else { return false }
        let lower = text.lowercased()
        guard let scheme = ["http://", "https://"].first(where: lower.hasPrefix) else { return false }
        let authority = text.dropFirst(scheme.count).prefix { !"/?#\\".contains($0) }
        let hostAndPort = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        if hostAndPort.hasPrefix("[") {
            guard let end = hostAndPort.firstIndex(of: "]"), end > hostAndPort.index(after: hostAndPort.startIndex)
            else {
                return false
            }
            return isPort(hostAndPort[hostAndPort.index(after: end)...])
        }
        let host = hostAndPort.prefix { $0 != ":" }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isNamed =
            !host.isEmpty && (host.hasSuffix(".") ? labels.dropLast() : labels[...]).allSatisfy { !$0.isEmpty }
        return isNamed && isPort(hostAndPort.dropFirst(host.count))
    }

    /// Characters that must be escaped in an address.
    private static let forbidden: Set<UInt8> = Set("\"<>\\^`{|}".utf8)

    private static func isPort(_ text: Substring) -> Bool {
        guard text.hasPrefix(":") else { return text.isEmpty }
        let digits = text.dropFirst()
        return digits.utf8.allSatisfy { (48...57).contains($0) }
            && (digits.isEmpty || Int(digits).map { $0 < 65_536 } == true)
    }

    /// The file extension that an address ends in, in lower case, where it is one of a media file.
    static func mediaExtension(_ text: String) -> String? {
        let path = text.prefix { !"?#".contains($0) }
        guard
            let file = path.split(separator: "/").dropFirst(2).last, let dot = file.lastIndex(of: ".")
        else { return nil }
        let ending = file[file.index(after: dot)...].lowercased()
        return mediaExtensions.contains(ending) ? ending : nil
    }

    private static let mediaExtensions: Set<String> = [
        "avif", "bmp", "gif", "heic", "heif", "ico", "jfif", "jpeg", "jpg", "png", "psd", "svg", "tif", "tiff", "webp",
        "avi", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "webm", "wmv",
        "aac", "aiff", "flac", "m4a", "mp3", "ogg", "opus", "wav", "wma",
        "doc", "docx", "htm", "html", "pdf", "txt", "zip",
    ]
}
