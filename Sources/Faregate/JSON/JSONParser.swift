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
                message: "\(bytes.count) bytes; at most \(limits.bytesMax) are read",
                position: nil)
        }
        // libjansson swallows a NUL right after a number or a literal.
        if let index = bytes.firstIndex(of: 0) {
            throw JSONError(
                code: .encoding, message: "a NUL byte", position: JSONPosition(ofByte: index, in: bytes))
        }
        var failure = json_error_t()
        let flags = Int(JSON_REJECT_DUPLICATES) | Int(JSON_DECODE_ANY)
        let document = bytes.withUnsafeBytes { buffer in
            json_loadb(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, flags, &failure)
        }
        guard let document else { throw JSONError(failure, of: bytes) }
        defer { json_decref(document) }
        guard let value = JSONValue(document, depthLeft: limits.depthMax) else {
            throw JSONError(
                code: .tooDeep, message: "nested deeper than \(limits.depthMax) levels",
                position: JSONPosition(ofDepth: limits.depthMax + 1, in: bytes))
        }
        self = value
    }

    /// Copies libjansson's tree. `nil` where it is nested too deep.
    private init?(_ node: UnsafeMutablePointer<json_t>, depthLeft: Int) {
        switch node.pointee.type {
        case JSON_OBJECT:
            guard depthLeft > 0 else { return nil }
            var members: [(name: String, value: JSONValue)] = []
            members.reserveCapacity(json_object_size(node))
            var iterator = json_object_iter(node)
            while let current = iterator {
                guard
                    let child = json_object_iter_value(current),
                    let value = JSONValue(child, depthLeft: depthLeft - 1)
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
                    let value = JSONValue(child, depthLeft: depthLeft - 1)
                else { return nil }
                elements.append(value)
            }
            self = .array(elements)
        case JSON_STRING:
            let bytes = UnsafeRawBufferPointer(start: json_string_value(node), count: json_string_length(node))
            self = .string(String(decoding: bytes, as: UTF8.self))
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
    fileprivate init(_ failure: json_error_t, of bytes: [UInt8]) {
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
        let position =
            failure.line > 0 && !bytes.isEmpty
            ? JSONPosition(line: Int(failure.line), column: max(1, Int(failure.column)))
            : JSONPosition(line: 1, column: 1)
        self.init(code: code, message: bytes.isEmpty ? "the text is empty" : reason, position: position)
    }
}
