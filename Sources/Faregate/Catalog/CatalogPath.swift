/// What a path inside a catalog's folder says about a file.
struct CatalogPath {
    enum Kind { case units, parameters, model, provider, offering, cases, schema }

    let text: String
    let kind: Kind
    /// The id that the path gives: `google/veo-3.1-fast`.
    let id: String
    let provider: String?

    /// Cases and schemas describe a catalog; they are not part of what is loaded.
    var isPartOfSnapshot: Bool { kind != .cases && kind != .schema }

    /// `nil` where a catalog has no such path.
    init?(_ path: String) {
        guard path.hasSuffix(".json") else { return nil }
        text = path
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let stem = String(path.dropLast(".json".count))
        switch (parts[0], parts.count) {
        case ("units.json", 1): (kind, id, provider) = (.units, "", nil)
        case ("parameters.json", 1): (kind, id, provider) = (.parameters, "", nil)
        case ("schema", 2...): (kind, id, provider) = (.schema, stem, nil)
        case ("models", 3): (kind, id, provider) = (.model, String(stem.dropFirst("models/".count)), nil)
        case ("providers", 3) where parts[2] == "provider.json": (kind, id, provider) = (.provider, parts[1], parts[1])
        case ("providers", 4...) where parts[2] == "offerings":
            let name = stem.dropFirst("providers//offerings/".count + parts[1].count)
            let isCases = name.hasSuffix(".cases")
            kind = isCases ? .cases : .offering
            id = String(isCases ? name.dropLast(".cases".count) : name)
            provider = parts[1]
        default: return nil
        }
    }
}
