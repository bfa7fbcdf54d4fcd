/// What kind of file a media type or the end of an address stands for.
enum MediaType {
    /// Media types and the extension that files of the type get; the first of several types with one extension names
    /// it.
    private static let known: [(type: String, fileExtension: String)] = [
        ("video/mp4", "mp4"), ("video/webm", "webm"), ("video/quicktime", "mov"), ("video/x-matroska", "mkv"),
        ("image/png", "png"), ("image/jpeg", "jpg"), ("image/webp", "webp"), ("image/gif", "gif"),
        ("image/avif", "avif"),
        ("image/svg+xml", "svg"),
        ("audio/mpeg", "mp3"), ("audio/mp3", "mp3"), ("audio/wav", "wav"), ("audio/x-wav", "wav"),
        ("audio/wave", "wav"),
        ("audio/ogg", "ogg"), ("audio/flac", "flac"), ("audio/mp4", "m4a"), ("audio/aac", "aac"),
        ("application/json", "json"), ("text/plain", "txt"), ("text/vtt", "vtt"), ("application/x-subrip", "srt"),
        ("application/zip", "zip"), ("model/gltf-binary", "glb"),
    ]

    /// The extension for a file: by its media type, else by its address, else `bin`.
    static func fileExtension(type: String?, address: WebAddress) -> String {
        if let type, let match = known.first(where: { $0.type == type }) { return match.fileExtension }
        guard let dot = address.path.lastIndex(of: "."), !address.path[dot...].contains("/") else { return "bin" }
        let ending = address.path[dot...].dropFirst().lowercased()
        let match = known.first { $0.fileExtension == ending || ($0.fileExtension == "jpg" && ending == "jpeg") }
        return match?.fileExtension ?? "bin"
    }

    /// The media type of files with an extension.
    static func type(forExtension ending: String) -> String {
        known.first { $0.fileExtension == ending }?.type ?? "application/octet-stream"
    }
}

/// A file name that a task's id and a number make: letters, digits, `.`, `_` and `-`, whatever the id holds.
func safeFileName(taskID: String, number: Int, fileExtension: String) -> String {
    var stem = ""
    for byte in taskID.utf8.prefix(80) {
        let isPlain =
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            case UInt8(ascii: "."): !stem.isEmpty
            default: false
            }
        stem.unicodeScalars.append(isPlain ? Unicode.Scalar(byte) : "-")
    }
    return "\(stem.isEmpty ? "task" : stem)-\(number).\(fileExtension)"
}
