/// Compares an offering of two catalogs.
struct OfferingComparison {
    let before: OfferingEdition
    let after: OfferingEdition
    /// Of the newer catalog.
    let file: String
    private(set) var changes: [CatalogChange] = []
    private(set) var wording: [WordingChange] = []

    init(before: OfferingEdition, after: OfferingEdition) {
        (self.before, self.after) = (before, after)
        file = "providers/\(after.provider.id)/offerings/\(after.offering.id).json"
        comparePrices()
        compareParameters()
        compareRules()
        compareMapping()
        compareOffering()
    }

    var search: WitnessSearch { WitnessSearch(before: before, after: after) }

    mutating func add(_ change: CatalogChange) {
        var change = change
        (change.provider, change.offering) = (after.provider.id, after.offering.id)
        changes.append(change)
    }

    /// Notes every member whose words differ.
    mutating func note(_ subject: String, _ members: [(name: String, before: String?, after: String?)]) {
        for member in members where member.before != member.after {
            wording.append(WordingChange(file: file, subject: subject, member: member.name))
        }
    }

    private mutating func compareOffering() {
        let (old, new) = (before.offering, after.offering)
        func selections(_ offering: Offering) -> String {
            listed(
                offering.portable.models.map { $0.id + ($0.meaning.isEmpty ? "" : " (\($0.meaning))") }.sorted(), "and")
        }
        let facts: [(String, String?, String?)] = [
            ("models", selections(old), selections(new)),
            ("operations", listed(old.operations.sorted(), "and"), listed(new.operations.sorted(), "and")),
            ("medium", old.medium.rawValue, new.medium.rawValue),
            ("lifecycle", old.lifecycle?.meaning, new.lifecycle?.meaning),
            (
                "additional", old.additional == nil ? "no other parameters" : "others let through",
                new.additional == nil ? "no other parameters" : "others let through"
            ),
            ("typical_seconds", old.typicalTimes.words, new.typicalTimes.words),
        ]
        for (name, was, now) in facts where was != now {
            add(CatalogChange(kind: .offeringChanged, subject: name, before: was, after: now))
        }
        note(
            "",
            [
                ("name", old.name, new.name), ("source", "\(old.source)", "\(new.source)"),
                ("note", old.additional, new.additional), ("note", old.lifecycle?.note, new.lifecycle?.note),
                ("source", old.lifecycle?.source.description, new.lifecycle?.source.description),
            ])
    }

    private mutating func compareMapping() {
        let (old, new) = (before.offering.portable, after.offering.portable)
        let names = (old.targets + new.targets).map(\.parameter).uniqued()
        for name in names {
            let (was, now) = (old.meaning(of: name), new.meaning(of: name))
            if was != now {
                add(CatalogChange(kind: .mappingChanged, subject: name, before: was, after: now))
            } else if case .unsupported(let reason)? = old.target(name),
                case .unsupported(let other)? = new.target(name)
            {
                note("portable \(name)", [("text", reason, other)])
            }
        }
        func settings(_ mapping: PortableMapping) -> [String] {
            mapping.settings.map(\.meaning)
        }
        let (was, now) = (settings(old), settings(new))
        for setting in was where !now.contains(setting) {
            add(CatalogChange(kind: .mappingChanged, subject: "settings", before: setting))
        }
        for setting in now where !was.contains(setting) {
            add(CatalogChange(kind: .mappingChanged, subject: "settings", after: setting))
        }
    }
}

extension [TypicalTime] {
    /// Every row; `nil` without one.
    fileprivate var words: String? {
        isEmpty ? nil : listed(map { "\($0.words) s" + ($0.condition.map { " when \($0.words)" } ?? "") }, "and")
    }
}
