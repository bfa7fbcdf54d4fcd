import CJansson

extension JSONValue {
    /// Bounds on a document that comes from outside.
    public struct Limits: Sendable {
        /// Bytes of text.
        public var bytesMax: Int
        /// Arrays and objects inside one another.
        public var depthMax: Int

        public init(bytesMax: Int = 8 << 20, depthMax: Int = 64) {
            (self.bytesMax, self.depthMax) = (bytesMax, depthMax)
        }

        /// 8 MiB and 64 levels: far above what any provider of media takes.
        public static let standard = Limits()
    }

    /// Reads one JSON document. Any value may stand at the top.
    ///
    /// Stricter than most readers: duplicate members, NUL characters, integers past 64 bits and anything after the
    /// document are errors, each with line and column.
    public init(parsing text: some StringProtocol, limits: Limits = .standard) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    /// Reads one JSON document from UTF-8 bytes.
    public init(parsing bytes: [UInt8], limits: Limits = .standard) throws(JSONError) {
        guard bytes.count <= limits.bytesMax else {
            throw JSONError(
                code: .tooLarge,
                message: "\(bytes.count) bytes; at most \(limits.bytesMax >> 20) MiB are read",
                position: nil)
        }
        if let found = Self.otherEncoding(bytes) {
            throw JSONError(code: .encoding, message: found, position: JSONPosition(line: 1, column: 1))
        }
        // libjansson swallows a NUL right after a number or a literal.
        if let index = bytes.firstIndex(of: 0) {
            throw JSONError(
                code: .encoding, message: "a NUL byte", position: JSONPosition(ofByte: index, in: bytes))
        }
        let (document, isMarked) = try Self.document(bytes, limits)
        defer { json_decref(document) }
        guard let value = JSONValue(document, depthLeft: limits.depthMax, isMarked: isMarked) else {
            throw JSONError(
                code: .tooDeep, message: "nested deeper than \(limits.depthMax) levels",
                position: JSONPosition(ofDepth: limits.depthMax + 1, in: bytes))
        }
        self = value
    }

    /// A member of the object that a refused text still shows, read without strictness: so that an answer can say which
    /// line of a batch it is about.
    package static func salvaged(_ name: String, from bytes: [UInt8], limits: Limits = .standard) -> JSONValue? {
        guard bytes.count <= limits.bytesMax, !bytes.contains(0) else { return nil }
        let document = bytes.withUnsafeBytes { buffer in
            json_loadb(
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count,
                Int(JSON_DECODE_INT_AS_REAL) | Int(JSON_ALLOW_NUL), nil)
        }
        guard let document else { return nil }
        defer { json_decref(document) }
        let value = json_object_get(document, name).flatMap {
            JSONValue($0, depthLeft: limits.depthMax, isMarked: false)
        }
        return value?.integerValue.map(JSONValue.integer) ?? value
    }

    /// libjansson's tree. Integers past 64 bits, which it refuses, stand in it as marked strings.
    private static func document(
        _ bytes: [UInt8], _ limits: Limits
    ) throws(JSONError) -> (document: UnsafeMutablePointer<json_t>, isMarked: Bool) {
        var failure = json_error_t()
        if let document = load(bytes, &failure) { return (document, false) }
        if json_error_code(&failure) == json_error_numeric_overflow, let marked = BigInteger.marked(bytes) {
            if let document = load(marked, &failure) { return (document, true) }
        }
        throw JSONError(failure, of: bytes, limits)
    }

    private static func load(_ bytes: [UInt8], _ failure: inout json_error_t) -> UnsafeMutablePointer<json_t>? {
        let flags = Int(JSON_REJECT_DUPLICATES) | Int(JSON_DECODE_ANY)
        return bytes.withUnsafeBytes { buffer in
            json_loadb(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, flags, &failure)
        }
    }

    /// What a byte order mark at the beginning tells; `nil` where there is none.
    private static func otherEncoding(_ bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return "a byte order mark; save the text as UTF-8 without one" }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return "UTF-16; JSON is UTF-8" }
        return nil
    }

    /// Copies libjansson's tree. `nil` where it is nested too deep.
    ///
    /// - Parameter isMarked: Integers past 64 bits stand in it as marked strings.
    private init?(_ node: UnsafeMutablePointer<json_t>, depthLeft: Int, isMarked: Bool) {
        switch node.pointee.type {
        case JSON_OBJECT:
            guard depthLeft > 0 else { return nil }
            var members: [(name: String, value: JSONValue)] = []
            members.reserveCapacity(json_object_size(node))
            var iterator = json_object_iter(node)
            while let current = iterator {
                guard
                    let child = json_object_iter_value(current),
                    let value = JSONValue(child, depthLeft: depthLeft - 1, isMarked: isMarked)
                else { return nil }
                members.append((String(cString: json_object_iter_key(current)), value))
                iterator = json_object_iter_next(node, current)
            }
            self = .object(JSONObject(uniqueMembers: members))
        case JSON_ARRAY:
            guard depthLeft > 0 else { return nil }
            var elements: [JSONValue] = []
            elements.reserveCapacity(json_array_size(node))
            for index in 0..<json_array_size(node) {
                guard
                    let child = json_array_get(node, index),
                    let value = JSONValue(child, depthLeft: depthLeft - 1, isMarked: isMarked)
                else { return nil }
                elements.append(value)
            }
            self = .array(elements)
        case JSON_STRING:
            let bytes = UnsafeRawBufferPointer(start: json_string_value(node), count: json_string_length(node))
            let text = String(decoding: bytes, as: UTF8.self)
            self = (isMarked ? BigInteger.digits(text) : nil).map(JSONValue.bigInteger) ?? .string(text)
        case JSON_INTEGER: self = .integer(Int64(json_integer_value(node)))
        case JSON_REAL: self = .real(json_real_value(node))
        case JSON_TRUE: self = .bool(true)
        case JSON_FALSE: self = .bool(false)
        default: self = .null
        }
    }
}

extension JSONError {
    /// Translates libjansson's error: the last byte of `text` holds the code.
    fileprivate init(_ failure: json_error_t, of bytes: [UInt8], _ limits: JSONValue.Limits) {
        var failure = failure
        let reason = withUnsafeBytes(of: &failure.text) { text in
            String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        }
        let code: Code =
            switch json_error_code(&failure) {
            case json_error_duplicate_key: .duplicateKey
            case json_error_stack_overflow: .tooDeep
            case json_error_numeric_overflow: .numberRange
            case json_error_invalid_utf8, json_error_null_character, json_error_null_byte_in_key: .encoding
            default: .syntax
            }
        let stopped =
            failure.line > 0 && !bytes.isEmpty
            ? JSONPosition(line: Int(failure.line), column: max(1, Int(failure.column)))
            : JSONPosition(line: 1, column: 1)
        // libjansson stops behind the word that is to blame; people look where it begins.
        let isAtEnd = reason.hasSuffix("near end of file")
        let position =
            (isAtEnd ? nil : JSONPosition(ofTokenEndingAt: Int(failure.position), in: bytes)) ?? stopped
        let message =
            switch code {
            case .tooDeep: "nested deeper than \(limits.depthMax) levels"
            case .numberRange: "a number that cannot be kept exactly: \(reason)"
            case .encoding where reason.contains("NUL"): "an escaped NUL character (\\u0000)"
            default: bytes.isEmpty ? "the text is empty" : reason
            }
        self.init(
            code: code, message: message,
            position: code == .tooDeep ? JSONPosition(ofDepth: limits.depthMax + 1, in: bytes) ?? position : position)
    }
}
