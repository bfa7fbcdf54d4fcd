/// A list of changes to a JSON document (RFC 6902).
public struct JSONPatch: Sendable, Hashable {
    public enum Operation: Sendable, Hashable {
        case add(JSONPointer, JSONValue)
        case remove(JSONPointer)
        case replace(JSONPointer, JSONValue)
        case move(from: JSONPointer, to: JSONPointer)
        case copy(from: JSONPointer, to: JSONPointer)
        case test(JSONPointer, JSONValue)
    }

    /// Why a patch is malformed or does not apply.
    public struct Failure: Error, Sendable, Hashable {
        /// The operation to blame, counted from 0; `nil` where the patch itself is no array.
        public let operation: Int?
        public let message: String
    }

    public var operations: [Operation]

    public init(_ operations: [Operation]) { self.operations = operations }

    /// The patched document. All operations apply, or none does.
    public func applied(to document: JSONValue) throws(Failure) -> JSONValue {
        var document = document
        for (index, operation) in operations.enumerated() {
            do {
                try document.apply(operation)
            } catch {
                throw Failure(operation: index, message: error.message)
            }
        }
        return document
    }
}

extension JSONPatch {
    /// Reads a patch from its JSON form. Members that the RFC does not name are ignored, as it asks.
    public init(_ document: JSONValue) throws(Failure) {
        guard let list = document.array else { throw Failure(operation: nil, message: "a patch is an array") }
        operations = []
        for (index, item) in list.enumerated() {
            func pointer(_ name: String) throws(Failure) -> JSONPointer {
                guard let text = item[name]?.string, let pointer = JSONPointer(parsing: text) else {
                    throw Failure(operation: index, message: "\(name) must be a JSON Pointer")
                }
                return pointer
            }
            func value() throws(Failure) -> JSONValue {
                guard let value = item["value"] else {
                    throw Failure(operation: index, message: "value is missing")
                }
                return value
            }
            switch item["op"]?.string {
            case "add": operations.append(.add(try pointer("path"), try value()))
            case "remove": operations.append(.remove(try pointer("path")))
            case "replace": operations.append(.replace(try pointer("path"), try value()))
            case "move": operations.append(.move(from: try pointer("from"), to: try pointer("path")))
            case "copy": operations.append(.copy(from: try pointer("from"), to: try pointer("path")))
            case "test": operations.append(.test(try pointer("path"), try value()))
            default:
                throw Failure(operation: index, message: "op must be add, remove, replace, move, copy or test")
            }
        }
    }

    /// The JSON form.
    public var json: JSONValue {
        .array(
            operations.map { operation in
                switch operation {
                case .add(let path, let value): ["op": "add", "path": .string(path.description), "value": value]
                case .remove(let path): ["op": "remove", "path": .string(path.description)]
                case .replace(let path, let value):
                    ["op": "replace", "path": .string(path.description), "value": value]
                case .move(let from, let path):
                    ["op": "move", "from": .string(from.description), "path": .string(path.description)]
                case .copy(let from, let path):
                    ["op": "copy", "from": .string(from.description), "path": .string(path.description)]
                case .test(let path, let value): ["op": "test", "path": .string(path.description), "value": value]
                }
            })
    }
}

/// What one step found wrong; the patch adds which step it was.
private struct Problem: Error { let message: String }

extension JSONValue {
    fileprivate mutating func apply(_ operation: JSONPatch.Operation) throws(Problem) {
        switch operation {
        case .add(let path, let value): try add(value, at: path.tokens[...])
        case .remove(let path): _ = try remove(at: path.tokens[...])
        case .replace(let path, let value):
            guard self[path] != nil else { throw Problem(message: "nothing is at \"\(path)\"") }
            try update(at: path.tokens[...]) { $0 = value }
        case .move(let from, let path):
            guard self[from] != nil else { throw Problem(message: "nothing is at \"\(from)\"") }
            guard from != path else { return }
            guard !path.tokens.starts(with: from.tokens) else {
                throw Problem(message: "a value cannot be moved into itself")
            }
            try add(try remove(at: from.tokens[...]), at: path.tokens[...])
        case .copy(let from, let path):
            guard let value = self[from] else { throw Problem(message: "nothing is at \"\(from)\"") }
            try add(value, at: path.tokens[...])
        case .test(let path, let value):
            guard let found = self[path] else { throw Problem(message: "nothing is at \"\(path)\"") }
            guard found == value else { throw Problem(message: "the value at \"\(path)\" is another") }
        }
    }

    /// Changes the value at a place that is known to exist.
    private mutating func update(
        at tokens: ArraySlice<String>, _ change: (inout JSONValue) throws(Problem) -> Void
    ) throws(Problem) {
        guard let token = tokens.first else { return try change(&self) }
        guard var inner = child(token) else { throw Problem(message: "there is no member \"\(token)\"") }
        try inner.update(at: tokens.dropFirst(), change)
        switch self {
        case .object(var object):
            object[token] = inner
            self = .object(object)
        case .array(var elements):
            elements[JSONPointer.index(token)!] = inner
            self = .array(elements)
        default: break
        }
    }

    private mutating func add(_ value: JSONValue, at tokens: ArraySlice<String>) throws(Problem) {
        guard let last = tokens.last else {
            self = value
            return
        }
        try update(at: tokens.dropLast()) { (parent) throws(Problem) in
            switch parent {
            case .object(var object):
                object[last] = value
                parent = .object(object)
            case .array(var elements):
                guard
                    let index = last == "-" ? elements.count : JSONPointer.index(last), index <= elements.count
                else { throw Problem(message: "no index \"\(last)\" in an array of \(elements.count)") }
                elements.insert(value, at: index)
                parent = .array(elements)
            default: throw Problem(message: "nothing can be added at \"\(last)\"")
            }
        }
    }

    private mutating func remove(at tokens: ArraySlice<String>) throws(Problem) -> JSONValue {
        guard let last = tokens.last else {
            defer { self = .null }
            return self
        }
        var removed = JSONValue.null
        try update(at: tokens.dropLast()) { (parent) throws(Problem) in
            guard let child = parent.child(last) else { throw Problem(message: "there is no member \"\(last)\"") }
            removed = child
            switch parent {
            case .object(var object):
                object[last] = nil
                parent = .object(object)
            case .array(var elements):
                elements.remove(at: JSONPointer.index(last)!)
                parent = .array(elements)
            default: break
            }
        }
        return removed
    }
}
