/// A result that could not be fetched. Match on `code`; prose may change between releases.
public struct DownloadError: Error, Sendable, Hashable, CustomStringConvertible {
    /// An open set of stable codes.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The address is not https, or leads to a machine that is not public.
        public static let addressNotAllowed = Code(rawValue: "download.address_not_allowed")
        /// More than five redirects, or one that leads nowhere.
        public static let redirect = Code(rawValue: "download.redirect")
        /// The server answered with an error.
        public static let status = Code(rawValue: "download.status")
        /// A web page where a file should be.
        public static let html = Code(rawValue: "download.html")
        /// More bytes, or more files, than the limit.
        public static let tooLarge = Code(rawValue: "download.too_large")
        /// Fewer bytes than announced, or none.
        public static let incomplete = Code(rawValue: "download.incomplete")
        /// The connection failed.
        public static let transport = Code(rawValue: "download.transport")
        /// The file could not be written.
        public static let file = Code(rawValue: "download.file")
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

    public var description: String { "\(message) [\(code.rawValue)]" }

    /// Whether trying again may help.
    var isPassing: Bool { code == .transport || code == .incomplete }
}
