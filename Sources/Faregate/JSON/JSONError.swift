/// Why a text is not acceptable JSON. Match on `code`; prose may change between releases.
public struct JSONError: Error, Sendable, Hashable {
    /// An open set of stable codes.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The text breaks the grammar of JSON.
        public static let syntax = Code(rawValue: "json.syntax")
        /// An object names one member twice. Readers disagree about which counts, so neither does.
        public static let duplicateKey = Code(rawValue: "json.duplicate_key")
        /// More bytes than the limit.
        public static let tooLarge = Code(rawValue: "json.too_large")
        /// Nested deeper than the limit.
        public static let tooDeep = Code(rawValue: "json.too_deep")
        /// An integer past 64 bits or a real past a double: it could not be kept exactly.
        public static let numberRange = Code(rawValue: "json.number_range")
        /// Not UTF-8, or a NUL character.
        public static let encoding = Code(rawValue: "json.encoding")

        /// Whether it is a bound of ours rather than a fault of the text.
        var isLimit: Bool { [.tooLarge, .tooDeep, .numberRange].contains(self) }
    }

    public let code: Code
    public let message: String
    /// Where the reader stopped; both count from 1. `nil` where no one place is to blame (too large).
    public let position: JSONPosition?

    public init(code: Code, message: String, position: JSONPosition?) {
        (self.code, self.message, self.position) = (code, message, position)
    }
}

/// A place in a text. Lines and columns count from 1, columns in characters (Unicode code points).
public struct JSONPosition: Sendable, Hashable {
    public let line: Int
    public let column: Int
    public init(line: Int, column: Int) { (self.line, self.column) = (line, column) }
}
