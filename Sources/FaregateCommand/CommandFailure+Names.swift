import Faregate

extension CommandFailure {
    /// No provider has the name.
    static func unknown(provider id: String, of snapshot: Snapshot) -> CommandFailure {
        CommandFailure(
            code: "provider.unknown", message: "no provider is called \"\(id)\"",
            hint: hint(id, among: snapshot.providers.map(\.id)))
    }

    /// No model has the name.
    static func unknown(model id: String, of snapshot: Snapshot) -> CommandFailure {
        CommandFailure(
            code: "model.unknown", message: "no model is called \"\(id)\"",
            hint: hint(id, among: snapshot.models.map(\.id), otherwise: "`faregate models` lists them all."))
    }

    /// None of these offerings has the name.
    static func unknown(offering id: String, among offerings: [Offering]) -> CommandFailure {
        CommandFailure(
            code: "model.unknown", message: "no offering is called \"\(id)\"",
            hint: hint(id, among: offerings.map(\.id), otherwise: "`faregate models` lists them all."))
    }

    /// What was most likely meant; otherwise all that is known, or where it is listed.
    static func hint(_ name: String, among known: [String], otherwise: String? = nil) -> String {
        nearestID(to: name, among: known).map { "Did you mean \($0)?" }
            ?? otherwise ?? "Known are \(listed(known, "and"))."
    }
}
