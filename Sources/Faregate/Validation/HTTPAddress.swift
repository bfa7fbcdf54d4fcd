/// What can be said about an address without asking the network.
enum HTTPAddress {
    /// Whether it is an absolute http or https address with a host (RFC 3986), without blanks and control characters.
    ///
    /// By code points: a slash stays one whatever combining mark follows it.
    static func isAbsolute(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard scalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F && !Self.forbidden.contains($0) }) else {
            return false
        }
        let schemes = ["http://", "https://"].map { Array($0.unicodeScalars) }
        guard let scheme = schemes.first(where: { scalars.prefix($0.count).map(lower).elementsEqual($0) }) else {
            return false
        }
        let authority = scalars.dropFirst(scheme.count).prefix { !"/?#".unicodeScalars.contains($0) }
        let hostAndPort = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
        if hostAndPort.first == "[" {
            guard let end = hostAndPort.firstIndex(of: "]"), end > hostAndPort.index(after: hostAndPort.startIndex)
            else {
                return false
            }
            return isPort(hostAndPort[hostAndPort.index(after: end)...])
        }
        let host = hostAndPort.prefix { $0 != ":" }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isNamed = !host.isEmpty && (host.last == "." ? labels.dropLast() : labels[...]).allSatisfy { !$0.isEmpty }
        return isNamed && isPort(hostAndPort[host.endIndex...])
    }

    /// An ASCII letter as a small one.
    private static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar
    }

    /// Characters that must be escaped in an address.
    private static let forbidden = Set("\"<>\\^`{|}".unicodeScalars)

    private static func isPort(_ text: Substring.UnicodeScalarView) -> Bool {
        guard text.first == ":" else { return text.isEmpty }
        let digits = text.dropFirst()
        return digits.allSatisfy { ("0"..."9").contains($0) }
            && (digits.isEmpty || Int(String(digits)).map { $0 < 65_536 } == true)
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
