public import Faregate

/// Something about a plugin, its manifest or its settings that must be mended before anything can be sent. Match on
/// `code`.
public struct PluginError: Error, Sendable, CustomStringConvertible {
    /// An open set of stable codes.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// No such plugin, or its file cannot be read.
        public static let fileUnreadable = Code(rawValue: "plugin.file_unreadable")
        /// The manifest is not JSON, or says something that manifests cannot say.
        public static let manifestInvalid = Code(rawValue: "plugin.manifest_invalid")
        /// The manifest speaks another version of the plugin protocol than this program.
        public static let protocolUnsupported = Code(rawValue: "plugin.protocol_unsupported")
        /// The provider has no such operation.
        public static let notOffered = Code(rawValue: "plugin.not_offered")
        /// The task cannot be put into the provider's form.
        public static let requestInvalid = Code(rawValue: "plugin.request_invalid")
        /// The folder for results cannot be written to.
        public static let folderUnwritable = Code(rawValue: "run.folder_unwritable")
        /// No key is set for the provider.
        public static let keyMissing = Code(rawValue: "provider.key_missing")
        /// A key is set that cannot be sent: it holds blanks or line ends.
        public static let keyInvalid = Code(rawValue: "provider.key_invalid")
        /// The base address that replaces the provider's own is not usable.
        public static let baseURLInvalid = Code(rawValue: "provider.base_url_invalid")
        /// The address of a request is outside the hosts that the manifest allows.
        public static let hostNotAllowed = Code(rawValue: "provider.host_not_allowed")

        /// Lets a caller write `catch PluginError.Code.keyMissing`, typed or not.
        public static func ~= (code: Code, error: any Error) -> Bool { (error as? PluginError)?.code == code }
    }

    /// One thing that is wrong with a manifest.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// Stable: `document.unknown_member`, `document.missing_member`, `manifest.example` and the like.
        public let code: String
        public let message: String
        public let file: String
        public let position: JSONPosition?
        public let pointer: JSONPointer

        public var description: String {
            let place = position.map { ":\($0.line):\($0.column)" } ?? ""
            return "\(file)\(place): \(message) [\(code)]"
        }
    }

    public let code: Code
    public let message: String
    /// Everything that is wrong with the manifest, in the order of the file; empty for the other codes.
    public let problems: [Problem]

    public init(_ code: Code, _ message: String, problems: [Problem] = []) {
        (self.code, self.message, self.problems) = (code, message, problems)
    }

    public var description: String { ([message] + problems.map(\.description)).joined(separator: "\n") }
}
