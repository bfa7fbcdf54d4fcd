/// One thing that is wrong with a document that we read strictly: a catalog file, a plugin's manifest.
package struct DocumentProblem: Sendable, Hashable {
    package let pointer: JSONPointer
    /// Stable: `document.unknown_member`, `document.missing_member`, `document.type`, `document.value` and the like.
    package let code: String
    package let message: String

    package init(pointer: JSONPointer, code: String, message: String) {
        (self.pointer, self.code, self.message) = (pointer, code, message)
    }
}

/// Gathers every problem of one document, in the order they are found. Confined to the function that reads it.
package final class DocumentProblems {
    package private(set) var all: [DocumentProblem] = []

    package init() {}

    package func add(_ code: String, at pointer: JSONPointer, _ message: String) {
        all.append(DocumentProblem(pointer: pointer, code: code, message: message))
    }
}

/// Reads the members of one object and reports those that nobody asked for.
///
/// Reading never stops: a problem is noted and `nil` returned, so that all problems of a document are seen at once.
/// Call ``finish()`` after the last member.
package final class ObjectReader {
    package let pointer: JSONPointer
    package let problems: DocumentProblems
    private let object: JSONObject
    /// A list: looked at once, in ``finish()``, and quicker to add to than a set.
    private var asked: [String] = []

    package init(_ object: JSONObject, at pointer: JSONPointer, problems: DocumentProblems) {
        (self.object, self.pointer, self.problems) = (object, pointer, problems)
    }

    /// The object at the top of a document, which may name its schema; `nil`, with a problem, where it is something else.
    package convenience init?(document: JSONValue, problems: DocumentProblems) {
        guard let object = document.object else {
            problems.add("document.type", at: JSONPointer(), "expected an object, found \(document.typeName)")
            return nil
        }
        self.init(object, at: JSONPointer(), problems: problems)
        asked.append("$schema")
    }

    package func has(_ name: String) -> Bool { object[name] != nil }

    /// The names of all members, in order.
    package var names: [String] { object.members.map(\.name) }

    package func fail(_ code: String, at name: String? = nil, _ message: String) {
        problems.add(code, at: name.map { pointer / $0 } ?? pointer, message)
    }

    /// Any value.
    package func value(_ name: String) -> JSONValue? {
        asked.append(name)
        return object[name]
    }

    private func value<T>(_ name: String, _ type: String, _ read: (JSONValue) -> T?) -> T? {
        guard let value = value(name) else { return nil }
        guard let result = read(value) else {
            fail("document.type", at: name, "\(name) must be \(type); it is \(value.typeName)")
            return nil
        }
        return result
    }

    package func string(_ name: String) -> String? { value(name, "a string", \.string) }

    /// An id that the document gives: lower-case letters and digits in words, with a hyphen between two.
    package func identifier(_ name: String) -> String? {
        guard let text = string(name) else { return nil }
        let words = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let isLetterOrDigit = { (byte: UInt8) in (97...122).contains(byte) || (48...57).contains(byte) }
        if !words.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isLetterOrDigit) }) {
            fail(
                "document.value", at: name,
                "\(name) \"\(text)\" is not made of lower-case letters and digits, with hyphens between words")
        }
        return text
    }

    package func bool(_ name: String) -> Bool? { value(name, "true or false", \.bool) }
    package func number(_ name: String) -> Double? { value(name, "a number", \.number) }

    package func integer(_ name: String) -> Int? {
        value(name, "an integer") { $0.integerValue.flatMap(Int.init(exactly:)) }
    }

    package func strings(_ name: String) -> [String]? {
        value(name, "an array of strings") { value in
            guard let array = value.array else { return nil }
            let strings = array.compactMap(\.string)
            return strings.count == array.count ? strings : nil
        }
    }

    /// One of a closed set of words.
    package func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, of type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let text = string(name) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let known = Choice.allCases.map(\.rawValue)
        let hint = didYouMean(text, among: known)
        fail("document.value", at: name, "\(name) \"\(text)\" is not known; allowed are \(listed(known))\(hint)")
        return nil
    }

    package func object(_ name: String) -> ObjectReader? {
        value(name, "an object", \.object).map { ObjectReader($0, at: pointer / name, problems: problems) }
    }

    /// The elements of an array of objects.
    package func objects(_ name: String) -> [ObjectReader]? {
        guard let array = value(name, "an array", \.array) else { return nil }
        return array.enumerated().compactMap { index, element in
            let place = pointer / name / index
            guard let object = element.object else {
                problems.add("document.type", at: place, "expected an object, found \(element.typeName)")
                return nil
            }
            return ObjectReader(object, at: place, problems: problems)
        }
    }

    /// The members of an object whose names are free, each of them an object.
    package func map(_ name: String) -> [(name: String, reader: ObjectReader)]? {
        guard let members = object(name) else { return nil }
        return members.names.compactMap { key in members.object(key).map { (key, $0) } }
    }

    /// Something that must be there: notes a problem where it is missing (a wrong type was noted already).
    package func required<T>(_ name: String, _ read: (String) -> T?) -> T? {
        let result = read(name)
        if !has(name) { fail("document.missing_member", at: name, "\(name) is required here") }
        return result
    }

    /// Reports every member that was not asked for, with the nearest known name.
    package func finish() {
        let strangers = object.members.map(\.name).filter { !asked.contains($0) }
        guard !strangers.isEmpty else { return }
        let known = Set(asked).subtracting(["$schema"]).sorted()
        for name in strangers {
            let nearest = nearestName(to: name, among: known)
            let hint = didYouMean(nearest, otherwise: "known are \(listed(known, "and"))")
            fail("document.unknown_member", at: name, "\(name) is not known here\(hint)")
        }
    }
}
