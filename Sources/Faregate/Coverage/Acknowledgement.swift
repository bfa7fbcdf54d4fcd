/// A finding about an offering that is as its document says, with the reason.
public struct Acknowledgement: Sendable, Hashable {
    public let kind: CoverageFinding.Kind
    /// What the finding is about, as the report names it.
    public let subject: String
    public let reason: String
}

extension Acknowledgement {
    init?(_ reader: ObjectReader) {
        let kind = reader.required("finding") { reader.choice($0, of: CoverageFinding.Kind.self) }
        let subject = reader.required("subject", reader.string)
        let reason = reader.required("reason", reader.string)
        reader.finish()
        if let reason, reason.isEmpty { reader.fail("document.value", at: "reason", "an acknowledgement says why") }
        guard let kind, let subject, let reason, !reason.isEmpty else { return nil }
        (self.kind, self.subject, self.reason) = (kind, subject, reason)
    }
}
