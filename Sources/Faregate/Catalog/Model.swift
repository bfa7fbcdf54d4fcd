/// What was trained, wherever it is served: `google/veo-3.1-fast`.
public struct Model: Sendable {
    public let id: String
    public let name: String
    public let medium: Medium
    public let operations: [String]
    public let lifecycle: Lifecycle?
}

/// What a task makes.
public enum Medium: String, Sendable, CaseIterable {
    case video, image, audio, text
}

/// Whether a model is still there.
public struct Lifecycle: Sendable {
    public enum Status: String, Sendable, CaseIterable {
        case preview, current, deprecated, retired
    }

    public let status: Status
    /// The day the status begins, and the day it ends.
    public let from: CalendarDate?
    public let until: CalendarDate?
    public let replacedBy: String?
    public let note: String?
    public let source: Source

    init?(_ reader: ObjectReader, sources: SourceReader) {
        let status = reader.required("status") { reader.choice($0, of: Status.self) }
        (from, until) = (reader.date("from"), reader.date("until"))
        if case .null? = reader.value("replaced_by") {
            replacedBy = nil
        } else {
            replacedBy = reader.string("replaced_by")
        }
        note = reader.string("note")
        let source = sources.required(reader)
        reader.finish()
        guard let status, let source else { return nil }
        (self.status, self.source) = (status, source)
    }
}

extension Model {
    init?(id: String, _ reader: ObjectReader) {
        let name = reader.required("name", reader.string)
        let medium = reader.required("medium") { reader.choice($0, of: Medium.self) }
        let operations = reader.required("operations", reader.strings)
        lifecycle = reader.object("lifecycle").flatMap { Lifecycle($0, sources: SourceReader(pages: [:])) }
        reader.finish()
        guard let name, let medium, let operations else { return nil }
        (self.id, self.name, self.medium, self.operations) = (id, name, medium, operations)
    }
}
