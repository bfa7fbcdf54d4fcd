extension CatalogLint {
    /// The stable codes of what is found. <doc:CatalogFindings> lists them; a test holds the list to this one.
    public enum Code: String, Sendable, CaseIterable {
        case unknownUnit = "reference.unknown_unit"
        case unknownModel = "reference.unknown_model"
        case noOperation = "offering.no_operation"
        case unknownOperation = "offering.unknown_operation"
        /// A fact on which pages disagree, without what the other one says.
        case oneReading = "standing.one_reading"
        case insecureSource = "source.insecure"
        /// The page of a provider that nothing names. A warning: the fact read there may be stated without it.
        case uncitedPage = "source.uncited"
        case emptySentence = "text.empty"
        case repeatedElement = "list.repeated"
        case sentenceOpen = "text.no_full_stop"
        case sentenceTooLong = "text.too_long"
        case duplicateConstraint = "constraint.duplicate"
        case impossiblePortable = "portable.impossible"
        case deadMapping = "portable.dead"
        case sameSelection = "portable.same_selection"
        case overlappingPrices = "price.overlap"
        case announcedPrice = "price.announced"
        case priceOrder = "price.order"
        case repeatedPrice = "price.repeated_row"
        case unreachableTime = "time.unreachable"
        case worthlessPack = "pack.never_worth"
        case otherWorth = "pack.other_worth"

        /// How much it matters.
        var severity: Diagnostic.Severity { self == .uncitedPage ? .warning : .error }
    }
}
