/// Why the store cannot do its work. Match on `code`; prose may change between releases.
public struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// An open set of stable codes.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Another process uses the state folder.
        public static let locked = Code(rawValue: "state.locked")
        /// The folder cannot be made or written to.
        public static let folderUnwritable = Code(rawValue: "state.folder_unwritable")
        /// The file cannot be opened, or is none of ours.
        public static let unreadable = Code(rawValue: "state.unreadable")
        /// A later release wrote the file.
        public static let tooNew = Code(rawValue: "state.too_new")
        /// No room on the disk. What was to be stored is not stored.
        public static let diskFull = Code(rawValue: "state.disk_full")
        /// A write failed. What was to be stored is not stored.
        public static let writeFailed = Code(rawValue: "state.write_failed")
        /// No such task.
        public static let taskUnknown = Code(rawValue: "task.unknown")
        /// The same idempotency key came with another request.
        public static let keyReused = Code(rawValue: "task.key_reused")
        /// The provider does not know a task of the id that a person named.
        public static let notAtProvider = Code(rawValue: "task.not_at_provider")
        /// Too many tasks are open.
        public static let queueFull = Code(rawValue: "task.queue_full")

        /// Lets a caller write `catch StoreError.Code.locked`, typed or not.
        public static func ~= (code: Code, error: any Error) -> Bool { (error as? StoreError)?.code == code }
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

    public var description: String { "\(message) [\(code.rawValue)]" }
}

extension StoreError {
    /// The most tasks at once are open.
    static func queueFull(_ countMax: Int) -> StoreError {
        StoreError(.queueFull, "\(countMax) tasks are open, which is the most at once; nothing was stored or sent")
    }
}
