/// All findings on one request.
public struct Verdict: Sendable {
    /// In a fixed order: by place, then code, then rule. At most ``Verdict/diagnosticsMax``, then one that says how many
    /// more there are.
    public let diagnostics: [Diagnostic]
    /// Whether no finding is an error.
    public let isValid: Bool
    /// What the request says, with what the provider replaces or rejects: the pricer goes on from here.
    public let facts: Facts

    /// Findings reported for one request.
    public static let diagnosticsMax = 100

    init(_ findings: [Diagnostic], facts: Facts) {
        let sorted = findings.sorted(by: Diagnostic.precedes)
        isValid = !findings.contains { $0.severity == .error }
        self.facts = facts
        guard sorted.count > Self.diagnosticsMax else {
            diagnostics = sorted
            return
        }
        // Errors first where not all fit, so that an invalid request never looks valid.
        let kept = (sorted.filter { $0.severity == .error } + sorted.filter { $0.severity != .error })
            .prefix(Self.diagnosticsMax)
        let more = Diagnostic(
            .info, .truncated, at: JSONPointer(), "\(sorted.count - kept.count) more findings are not shown",
            source: nil)
        diagnostics = kept.sorted(by: Diagnostic.precedes) + [more]
    }
}
