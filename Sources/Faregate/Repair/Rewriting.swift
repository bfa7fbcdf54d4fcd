/// The same value in the forms that a parameter might take: nothing is changed but how it is written.
struct Rewriting {
    let spec: ParameterSpec
    let bounds: Bounds?

    /// Other ways to write a value. Not all need be accepted.
    func forms(of value: JSONValue) -> [JSONValue] {
        let listed = (bounds?.allowed ?? spec.allowed ?? []).filter { Self.isSame($0, value) }
        return listed + typed(value)
    }

    private func typed(_ value: JSONValue) -> [JSONValue] {
        switch (spec.type, value) {
        case (.integer, .string(let text)), (.number, .string(let text)): Self.number(text).map { [$0] } ?? []
        case (.boolean, .string(let text)): Self.truth(text).map { [.bool($0)] } ?? []
        case (.boolean, .integer(0)): [false]
        case (.boolean, .integer(1)): [true]
        case (.string, .integer), (.string, .real), (.string, .bigInteger): [.string(value.text())]
        case (.string, .array(let elements)) where elements.count == 1: [elements[0]]
        case (.object, .array(let elements)) where elements.count == 1: [elements[0]]
        case (.array, .string(let text)) where !text.isEmpty: [.array([value])]
        case (.array, .object): [.array([value])]
        case (.string, .object(let object)) where object.count == 1: [object.members[0].value]
        case (.object, .string): inText(value).map { [$0] } ?? []
        case (.string, .string(let text)): trimmed(text).map(JSONValue.string)
        default: []
        }
    }

    /// An object around a text, where it has one member that takes text and must be there.
    private func inText(_ value: JSONValue) -> JSONValue? {
        let takers = spec.required.filter { name in
            spec.property(name).map { $0.type == .string && $0.accepts(value) } ?? false
        }
        return takers.count == 1 ? .object(JSONObject([(takers[0], value)])) : nil
    }

    /// Without blanks around it; an address also with the scheme that it lacks.
    private func trimmed(_ text: String) -> [String] {
        let bare = text.trimmingBlanks()
        guard spec.isHTTPURL else { return [bare] }
        let lowered = bare.lowercased()
        if lowered.hasPrefix("//") { return ["https:" + bare] }
        guard !bare.contains("://"), !lowered.hasPrefix("data:"), !lowered.hasPrefix("/"),
            bare.prefix(while: { $0 != "/" }).contains("."), bare.contains("/")
        else { return [bare] }
        return [bare, "https://" + bare]
    }

    /// Whether two values differ only in how they are written: `16x9` and `16:9`, `Pro` and `pro`, 8 and `8s`.
    private static func isSame(_ a: JSONValue, _ b: JSONValue) -> Bool {
        if a == b { return true }
        guard let left = plain(a), let right = plain(b) else { return false }
        if left == right { return true }
        // A unit behind the number may be left out on one side: 8 and 8s, 1080 and 1080p.
        func isNumberWithUnit(_ long: String, _ short: String) -> Bool {
            !short.isEmpty && short.allSatisfy(\.isNumber) && long.hasPrefix(short)
                && long.dropFirst(short.count).count == 1 && long.last?.isLetter == true
        }
        return isNumberWithUnit(left, right) || isNumberWithUnit(right, left)
    }

    /// A text or a number without what people write differently.
    private static func plain(_ value: JSONValue) -> String? {
        guard let text = value.string ?? (value.number != nil ? value.text() : nil) else { return nil }
        let letters = text.lowercased().map { "x×*/".contains($0) ? ":" : $0 }
        return String(letters.filter { !" _-".contains($0) })
    }

    /// The number that a text spells, with or without a unit of time: `"8"`, `"8s"`, `"8 seconds"`.
    private static func number(_ text: String) -> JSONValue? {
        let bare = text.trimmingBlanks().lowercased()
        let digits = bare.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
        let unit = bare.dropFirst(digits.count).filter { $0 != " " }
        guard ["", "s", "sec", "secs", "second", "seconds"].contains(unit) else { return nil }
        guard let value = try? JSONValue(parsing: String(digits)), value.number != nil else { return nil }
        return value
    }

    private static func truth(_ text: String) -> Bool? {
        switch text.trimmingBlanks().lowercased() {
        case "true", "yes", "on", "1": true
        case "false", "no", "off", "0": false
        default: nil
        }
    }
}

extension String {
    func trimmingBlanks() -> String {
        let rest = unicodeScalars.drop(while: \.properties.isWhitespace)
        let count = rest.reversed().drop(while: \.properties.isWhitespace).count
        return String(String.UnicodeScalarView(rest.prefix(count)))
    }

    /// At most so many code points, ending at the end of a word where there is one in the last part.
    func cutAtWord(codePointsMax: Int) -> String {
        var kept = Array(unicodeScalars.prefix(codePointsMax))
        if let blank = kept.lastIndex(where: \.properties.isWhitespace), blank >= kept.count - kept.count / 4 {
            kept = Array(kept.prefix(blank))
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: kept)
        return String(text).trimmingBlanks()
    }
}
