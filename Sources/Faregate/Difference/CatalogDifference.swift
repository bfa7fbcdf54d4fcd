/// The difference in meaning between two catalogs.
public struct CatalogDifference: Sendable {
    /// By provider and offering, what concerns the whole catalog first.
    public private(set) var changes: [CatalogChange] = []
    /// What differs and changes no answer but its words.
    public private(set) var wording: [WordingChange] = []
    /// The digests of the two catalogs.
    public let before: String
    public let after: String

    /// - Parameter date: The day on which rates are in force, UTC.
    public init(from old: CatalogEdition, to new: CatalogEdition, date: CalendarDate) {
        (before, after) = (old.snapshot.digest, new.snapshot.digest)
        guard before != after else { return }
        compareVocabulary(old.snapshot, new.snapshot)
        compareModels(old.snapshot, new.snapshot)
        for id in (old.snapshot.providers + new.snapshot.providers).map(\.id).uniqued().sorted() {
            switch (old.snapshot.provider(id), new.snapshot.provider(id)) {
            case (let was?, let now?): compare(was, now, old, new, date)
            case (let was?, nil): add(.providerRemoved, id, before: "\(was.offerings.count) offerings", provider: id)
            case (nil, let now?): add(.providerAdded, id, after: "\(now.offerings.count) offerings", provider: id)
            case (nil, nil): break
            }
        }
        noteLayout(old, new)
    }

    private mutating func add(
        _ kind: CatalogChange.Kind, _ subject: String, before: String? = nil, after: String? = nil,
        provider: String? = nil, offering: String? = nil
    ) {
        changes.append(
            CatalogChange(
                kind: kind, provider: provider, offering: offering, subject: subject, before: before, after: after))
    }

    private mutating func compareVocabulary(_ old: Snapshot, _ new: Snapshot) {
        let was = Dictionary(old.portableParameters.map { ($0.name, $0.spec) }, uniquingKeysWith: { first, _ in first })
        let now = Dictionary(new.portableParameters.map { ($0.name, $0.spec) }, uniquingKeysWith: { first, _ in first })
        for name in Set(was.keys).union(now.keys).sorted() {
            if was[name]?.meaning != now[name]?.meaning {
                add(.vocabularyChanged, "parameter \(name)", before: was[name]?.meaning, after: now[name]?.meaning)
            } else if was[name]?.about != now[name]?.about {
                wording.append(WordingChange(file: "parameters.json", subject: name, member: "about"))
            }
        }
        for id in (old.units + new.units).map(\.id).uniqued() where old.unit(id) != new.unit(id) {
            if let was = old.unit(id), let now = new.unit(id) {
                let member = was.about == now.about ? "plural" : "about"
                wording.append(WordingChange(file: "units.json", subject: id, member: member))
            } else {
                add(.vocabularyChanged, "unit \(id)", before: old.unit(id)?.plural, after: new.unit(id)?.plural)
            }
        }
    }

    private mutating func compareModels(_ old: Snapshot, _ new: Snapshot) {
        for id in (old.models + new.models).map(\.id).uniqued().sorted() {
            guard let was = old.model(id) else {
                add(.modelAdded, id, after: new.model(id)?.name)
                continue
            }
            guard let now = new.model(id) else {
                add(.modelRemoved, id, before: was.name)
                continue
            }
            if was.meaning != now.meaning {
                add(.modelChanged, id, before: was.meaning, after: now.meaning)
            }
            let words = [
                ("name", was.name, now.name), ("note", was.lifecycle?.note, now.lifecycle?.note),
                ("source", was.lifecycle?.source.description, now.lifecycle?.source.description),
            ]
            for (member, before, after) in words where before != after {
                wording.append(WordingChange(file: "models/\(id).json", subject: "", member: member))
            }
        }
    }

    private mutating func compare(
        _ was: Provider, _ now: Provider, _ old: CatalogEdition, _ new: CatalogEdition, _ date: CalendarDate
    ) {
        let facts: [(String, String?, String?)] =
            [
                ("plugin", was.plugin, now.plugin), ("currency", was.currency, now.currency),
                ("credit", was.credit.map { "\($0.usd) USD" }, now.credit.map { "\($0.usd) USD" }),
                ("default_model", was.request.defaultModel, now.request.defaultModel),
                ("model_at", was.request.modelAt?.description, now.request.modelAt?.description),
                ("parameters_at", was.request.parametersAt.description, now.request.parametersAt.description),
            ] + Self.packs(was, now)
        for (name, before, after) in facts where before != after {
            add(.providerChanged, name, before: before ?? "none", after: after ?? "none", provider: now.id)
        }
        let file = "providers/\(now.id)/provider.json"
        if was.name != now.name { wording.append(WordingChange(file: file, subject: "", member: "name")) }
        for id in Set(was.pages.keys).union(now.pages.keys).sorted() where was.pages[id] != now.pages[id] {
            wording.append(WordingChange(file: file, subject: "page \(id)", member: "pages"))
        }
        for id in (was.offerings + now.offerings).map(\.id).uniqued().sorted() {
            guard let before = was.offering(id) else {
                add(.offeringAdded, id, after: now.offering(id)?.name, provider: now.id, offering: id)
                continue
            }
            guard let after = now.offering(id) else {
                add(.offeringRemoved, id, before: before.name, provider: now.id, offering: id)
                continue
            }
            let comparison = OfferingComparison(
                before: OfferingEdition(edition: old, provider: was, offering: before, date: date),
                after: OfferingEdition(edition: new, provider: now, offering: after, date: date))
            changes += comparison.changes
            wording += comparison.wording
        }
    }

    /// Packs by id: what they give and cost.
    private static func packs(_ was: Provider, _ now: Provider) -> [(String, String?, String?)] {
        (was.packs + now.packs).map(\.id).uniqued().map { id in
            let before = was.packs.first { $0.id == id }?.meaning
            return ("pack \(id)", before, now.packs.first { $0.id == id }?.meaning)
        }
    }

    /// Files whose bytes differ and of which nothing else was said.
    private mutating func noteLayout(_ old: CatalogEdition, _ new: CatalogEdition) {
        let said = Set(wording.map(\.file) + changes.map(\.file))
        for path in Set(old.files.keys).intersection(new.files.keys).sorted() where old.files[path] != new.files[path] {
            if !said.contains(path) { wording.append(WordingChange(file: path, subject: "", member: "layout")) }
        }
    }
}

extension CatalogChange {
    /// The file that says what changed.
    fileprivate var file: String {
        switch kind {
        case .modelAdded, .modelRemoved, .modelChanged: "models/\(subject).json"
        case .vocabularyChanged: subject.hasPrefix("unit ") ? "units.json" : "parameters.json"
        default:
            "providers/\(provider ?? "")/" + (offering.map { "offerings/\($0).json" } ?? "provider.json")
        }
    }
}

extension CreditPack {
    /// What one gives and costs, and under which terms.
    fileprivate var meaning: String {
        let terms = [
            limit.map { "at most \($0)" }, renews.map { "renewed every \($0.rawValue)" },
            expiry?.words,
        ]
        return (["\(total) credits for \(usd.text(decimalsMin: 2)) USD"] + terms.compactMap(\.self)).joined(
            separator: ", ")
    }
}

extension Model {
    fileprivate var meaning: String {
        "\(medium.rawValue): \(listed(operations.sorted(), "and"))" + (lifecycle.map { "; \($0.meaning)" } ?? "")
    }
}

extension CatalogDifference {
    /// The JSON form.
    public var json: JSONValue {
        [
            "same": .bool(changes.isEmpty), "before": .string(before), "after": .string(after),
            "changes": .array(changes.map(\.json)), "wording": .array(wording.map(\.json)),
        ]
    }
}
