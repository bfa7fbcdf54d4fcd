/// One difference in meaning between two catalogs.
public struct CatalogChange: Sendable {
    /// A closed set of words; they are the codes of the JSON form.
    public enum Kind: String, Sendable, CaseIterable {
        case providerAdded = "provider.added"
        case providerRemoved = "provider.removed"
        case providerChanged = "provider.changed"
        case modelAdded = "model.added"
        case modelRemoved = "model.removed"
        case modelChanged = "model.changed"
        case vocabularyChanged = "vocabulary.changed"
        case offeringAdded = "offering.added"
        case offeringRemoved = "offering.removed"
        case offeringChanged = "offering.changed"
        case priceUp = "price.up"
        case priceDown = "price.down"
        case priceKnown = "price.known"
        case priceUnknown = "price.unknown"
        case priceAdded = "price.added"
        case priceRemoved = "price.removed"
        case priceChanged = "price.changed"
        /// A row that is not in force on the day of the comparison.
        case priceDated = "price.dated"
        case parameterAdded = "parameter.added"
        case parameterRemoved = "parameter.removed"
        case parameterChanged = "parameter.changed"
        case valuesAdded = "parameter.values_added"
        case valuesRemoved = "parameter.values_removed"
        case boundWidened = "parameter.widened"
        case boundNarrowed = "parameter.narrowed"
        case defaultChanged = "parameter.default"
        case madeRequired = "parameter.required"
        case madeOptional = "parameter.optional"
        case ruleAdded = "rule.added"
        case ruleRemoved = "rule.removed"
        case ruleChanged = "rule.changed"
        case mappingChanged = "portable.changed"
    }

    /// What a change does to requests, as far as witnesses show.
    public enum Direction: String, Sendable {
        /// A request that was valid is invalid.
        case tightened
        /// A request that was invalid is valid.
        case loosened
        /// Both.
        case shifted
    }

    /// A concrete request that two catalogs judge differently.
    public struct Witness: Sendable {
        public let request: JSONValue
        public let before: Judgement
        public let after: Judgement
    }

    public let kind: Kind
    public var provider: String?
    public var offering: String?
    /// The parameter, rule, price row or model.
    public let subject: String
    /// What was said and what is said now, in words; `nil` where nothing was or is.
    public var before: String?
    public var after: String?
    /// When the rule or the rate applies.
    public var when: String?
    /// How much a price moved: `+25%`.
    public var percent: String?
    /// One for each way in which a verdict changed, or else one whose price or findings did.
    public var witnesses: [Witness] = []
    /// How many requests were tried; `nil` where witnesses are not looked for.
    public var triedCount: Int?

    /// As the witnesses show it; `nil` where none of them changes its verdict.
    public var direction: Direction? {
        let isTightened = witnesses.contains { $0.before.isValid && !$0.after.isValid }
        let isLoosened = witnesses.contains { !$0.before.isValid && $0.after.isValid }
        return switch (isTightened, isLoosened) {
        case (true, true): .shifted
        case (true, false): .tightened
        case (false, true): .loosened
        case (false, false): nil
        }
    }
}

/// A difference that changes no answer but its words: a sentence, a source, a date of checking.
public struct WordingChange: Sendable, Hashable {
    /// The file, relative to the catalog's folder.
    public let file: String
    /// The parameter, rule or row; empty for the file as a whole.
    public let subject: String
    /// `text`, `source`, `checked_on`; `layout` where only order or blanks differ.
    public let member: String
}

extension CatalogChange {
    /// The JSON form. Members without a value are left out.
    public var json: JSONValue {
        var object = JSONObject([("kind", .string(kind.rawValue))])
        object["provider"] = provider.map(JSONValue.string)
        object["offering"] = offering.map(JSONValue.string)
        object["subject"] = .string(subject)
        object["before"] = before.map(JSONValue.string)
        object["after"] = after.map(JSONValue.string)
        object["when"] = when.map(JSONValue.string)
        object["percent"] = percent.map(JSONValue.string)
        object["direction"] = direction.map { .string($0.rawValue) }
        if let triedCount {
            object["witnesses"] = .array(
                witnesses.map {
                    ["request": $0.request, "before": $0.before.json, "after": $0.after.json]
                })
            object["requests_tried"] = .integer(Int64(triedCount))
        }
        return .object(object)
    }
}

extension WordingChange {
    public var json: JSONValue {
        ["file": .string(file), "subject": .string(subject), "member": .string(member)]
    }
}
