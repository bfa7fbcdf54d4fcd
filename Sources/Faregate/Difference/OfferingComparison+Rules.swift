extension OfferingComparison {
    /// Rules by id; one that only has another id is a matter of words.
    mutating func compareRules() {
        let (old, new) = (before.offering.constraints, after.offering.constraints)
        var added = new.filter { rule in !old.contains { $0.id == rule.id } }
        for rule in old {
            if let same = new.first(where: { $0.id == rule.id }) {
                compare(rule, same)
            } else if let renamed = added.firstIndex(where: { $0.meaning == rule.meaning }) {
                note(rule.id, [("id", rule.id, added[renamed].id)])
                added.remove(at: renamed)
            } else {
                addRule(.ruleRemoved, rule, nil)
            }
        }
        for rule in added { addRule(.ruleAdded, nil, rule) }
    }

    private mutating func compare(_ old: Constraint, _ new: Constraint) {
        guard old.meaning == new.meaning else { return addRule(.ruleChanged, old, new) }
        note(
            old.id,
            [
                ("text", old.text, new.text), ("source", "\(old.source)", "\(new.source)"),
                ("standing", old.standing.rawValue, new.standing.rawValue),
                ("other_reading", old.otherReading, new.otherReading),
            ])
    }

    private mutating func addRule(_ kind: CatalogChange.Kind, _ old: Constraint?, _ new: Constraint?) {
        let rules = [old, new].compactMap(\.self)
        var literals = Literals()
        for rule in rules {
            literals.add(rule.condition)
            literals.add(rule.consequence)
        }
        let id = rules[0].id
        let references = rules.flatMap { ($0.condition?.references ?? []) + $0.consequence.references }
        let result = search.verdicts(around: references, literals) { $0.rule == id }
        add(
            CatalogChange(
                kind: kind, subject: id, before: old?.meaning, after: new?.meaning, witnesses: result.witnesses,
                triedCount: result.triedCount))
    }
}
