/// What any object of any file may say and had better not: empty sentences, repeated names, half a conflict.
extension LintedDocument {
    /// Members that people read.
    private static let sentences: Set = [
        "name", "label", "title", "plural", "about", "note", "unsupported", "ignored", "unchecked", "other_reading",
    ]
    /// Members whose value is a provider's own, and may be anything.
    private static let foreign: Set = ["set", "values", "fixed", "default", "const", "equals"]

    /// Looks through every object and list below a place.
    func checkWords(_ part: JSONValue, at place: JSONPointer) {
        if let object = part.object { checkStanding(object, at: place) }
        for (name, value) in part.object?.members ?? [] where !Self.foreign.contains(name) {
            checkAddress(name, value, at: place / name)
            if Self.sentences.contains(name), let text = value.string, text.trimmingBlanks().isEmpty {
                add(.emptySentence, at: place / name, "\(name) is empty")
            }
            checkWords(value, at: place / name)
        }
        checkRepetition(part.array ?? [], at: place)
        for (index, element) in (part.array ?? []).enumerated() { checkWords(element, at: place / index) }
    }

    /// Pages are named by addresses that nobody on the way can change.
    private func checkAddress(_ name: String, _ value: JSONValue, at place: JSONPointer) {
        guard ["url", "source"].contains(name), value.string?.hasPrefix("http://") ?? false else { return }
        add(.insecureSource, at: place, "the address of a page begins with https://")
    }

    /// Whoever says that pages disagree says what the other one states.
    private func checkStanding(_ object: JSONObject, at place: JSONPointer) {
        guard object["standing"] == "conflicting", object["other_reading"] == nil else { return }
        add(
            .oneReading, at: place / "standing",
            "conflicting means that another page says otherwise; other_reading tells what")
    }

    /// A list of names or values has each of them once.
    private func checkRepetition(_ list: [JSONValue], at place: JSONPointer) {
        guard list.allSatisfy({ $0.object == nil && $0.array == nil }) else { return }
        for (index, element) in list.enumerated() where list[..<index].contains(element) {
            add(.repeatedElement, at: place / index, "\(element.text()) stands here twice")
        }
    }
}
