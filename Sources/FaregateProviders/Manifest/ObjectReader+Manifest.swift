import Faregate

extension ObjectReader {
    /// A JSON Pointer.
    func pointer(_ name: String) -> JSONPointer? {
        guard let text = string(name) else { return nil }
        if let pointer = JSONPointer(parsing: text) { return pointer }
        fail("document.value", at: name, "\(name) must be a JSON Pointer, such as /data/task_id; it is \"\(text)\"")
        return nil
    }

    /// A list of at least one JSON Pointer.
    func pointers(_ name: String) -> [JSONPointer]? {
        guard let texts = strings(name) else { return nil }
        let pointers = texts.compactMap { JSONPointer(parsing: $0) }
        if pointers.count == texts.count, !pointers.isEmpty { return pointers }
        fail(
            "document.value", at: name, "\(name) must be a list of at least one JSON Pointer, such as /data/output_urls"
        )
        return nil
    }

    /// One of the kinds of failure.
    func failureKind(_ name: String) -> FailureKind? {
        guard let text = string(name) else { return nil }
        let kind = FailureKind(rawValue: text)
        if FailureKind.known.contains(kind) { return kind }
        let known = FailureKind.known.map(\.rawValue)
        let hint = didYouMean(text, among: known)
        fail(
            "document.value", at: name, "\(name) \"\(text)\" is no kind of failure; allowed are \(listed(known))\(hint)"
        )
        return nil
    }

    /// The members of an object whose names are free, each of them a text. The reader is used up.
    var texts: [HTTPHeader] {
        names.compactMap { name in string(name).map { HTTPHeader(name, $0) } }
    }

    /// Seconds, more than none.
    func seconds(_ name: String) -> Duration? {
        guard let number = number(name) else { return nil }
        guard number > 0, number <= 30 * 86_400 else {
            fail("document.value", at: name, "\(name) must be more than 0 and at most 30 days")
            return nil
        }
        return .seconds(number)
    }

    /// A count, one at least.
    func count(_ name: String) -> Int? {
        guard let number = integer(name) else { return nil }
        if number >= 1 { return number }
        fail("document.value", at: name, "\(name) must be at least 1")
        return nil
    }

    /// An object that says where a fact comes from: reads `source`, `standing` and `note` beside the fact.
    func sourced() {
        _ = required("source", string)
        _ = choice("standing", of: ReplyRule.Standing.self)
        _ = string("note")
    }
}
