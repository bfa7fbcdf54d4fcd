/// Resolves the sources that catalog files name against a provider's pages.
struct SourceReader {
    let pages: [String: Page]

    /// The `source` of an object that may go without.
    func optional(_ reader: ObjectReader) -> Source? {
        reader.string("source").flatMap { source(of: $0, reader) }
    }

    /// The `source` of an object that must name one.
    func required(_ reader: ObjectReader) -> Source? {
        reader.required("source", reader.string).flatMap { source(of: $0, reader) }
    }

    /// What another page says instead, with the page where `other_source` names it.
    func otherReading(_ reader: ObjectReader) -> String? {
        let reading = reader.string("other_reading")
        guard let source = reader.string("other_source").flatMap({ source(of: $0, reader, at: "other_source") }) else {
            return reading
        }
        guard let reading else {
            reader.fail("document.missing_member", at: "other_source", "other_source is the page of an other_reading")
            return nil
        }
        return "\(reading.hasSuffix(".") ? reading.dropLast() : reading[...]) (\(source))"
    }

    /// The page that a source names, and the place on it: `tasks § Google Veo 3.1`.
    static func parts(of text: String) -> (page: String, place: String?) {
        let parts = text.split(separator: "§", maxSplits: 1, omittingEmptySubsequences: false).map {
            $0.trimmingBlanks()
        }
        return (parts[0], parts.count > 1 ? parts[1] : nil)
    }

    private func source(of text: String, _ reader: ObjectReader, at member: String = "source") -> Source? {
        let (name, place) = Self.parts(of: text)
        guard !name.isEmpty else {
            reader.fail("source.empty", at: member, "\(member) is empty")
            return nil
        }
        if name.hasPrefix("https://") || name.hasPrefix("http://") { return Source(page: name, place: place) }
        guard let page = pages[name] else {
            let hint = didYouMean(name, among: pages.keys.sorted())
            reader.fail("source.unknown_page", at: member, "no page \"\(name)\" is listed by the provider\(hint)")
            return nil
        }
        return Source(page: page.url ?? page.title, place: place)
    }
}

extension ObjectReader {
    /// A day such as `2026-11-21`.
    func date(_ name: String) -> CalendarDate? {
        guard let text = string(name) else { return nil }
        let date = CalendarDate(text)
        if date == nil { fail("document.value", at: name, "\(name) \"\(text)\" is not a date like 2026-11-21") }
        return date
    }

    /// An ISO currency such as `USD`, or `credits`.
    func currency(_ name: String) -> String? {
        guard let text = string(name) else { return nil }
        if text != "credits", text.utf8.count != 3 || !text.utf8.allSatisfy({ (65...90).contains($0) }) {
            fail("document.value", at: name, "\(name) \"\(text)\" is neither an ISO code such as USD nor credits")
        }
        return text
    }

    /// A decimal string such as `"0.0525"`.
    func decimal(_ name: String) -> ExactDecimal? {
        guard let text = string(name) else { return nil }
        let decimal = ExactDecimal(text)
        if decimal == nil {
            fail("document.value", at: name, "\(name) \"\(text)\" is not a decimal number with at most nine decimals")
        }
        return decimal
    }
}

extension StringProtocol {
    /// Without blanks and line ends at either side.
    func trimmingBlanks() -> String {
        let isSeen = { (scalar: Unicode.Scalar) in !scalar.properties.isWhitespace }
        guard let first = unicodeScalars.firstIndex(where: isSeen), let last = unicodeScalars.lastIndex(where: isSeen)
        else { return "" }
        return String(self[first...last])
    }
}
