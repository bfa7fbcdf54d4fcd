extension CatalogLint {
    /// The stable codes of what is found. <doc:CatalogFindings> lists them; a test holds the list to this one.
    public enum Code: String, Sendable, CaseIterable {
        /// A parameter's `unit` that units.json does not have.
        case unknownUnit = "reference.unknown_unit"
        /// A lifecycle's `replaced_by` that is no model.
        case unknownModel = "reference.unknown_model"
        /// An offering with an empty list of operations.
        case noOperation = "offering.no_operation"
        /// An operation that none of the offering's models has.
        case unknownOperation = "offering.unknown_operation"
        /// A fact on which pages disagree, without what the other one says.
        case oneReading = "standing.one_reading"
        /// The address of a page that begins with `http://`.
        case insecureSource = "source.insecure"
        /// The page of a provider that nothing names. A warning: the fact read there may be stated without it.
        case uncitedPage = "source.uncited"
        /// A name, a label or a sentence for people that says nothing.
        case emptySentence = "text.empty"
        /// A name or a value that stands in a list twice.
        case repeatedElement = "list.repeated"
        /// A rule's sentence without a full stop at its end.
        case sentenceOpen = "text.no_full_stop"
        /// A rule's sentence of more than ``CatalogLint/sentenceLengthMax`` characters.
        case sentenceTooLong = "text.too_long"
        /// A rule with the condition and the consequence of another.
        case duplicateConstraint = "constraint.duplicate"
        /// A mapping of a value that the portable parameter never has.
        case impossiblePortable = "portable.impossible"
        /// A mapping to what the offering rejects or ignores.
        case deadMapping = "portable.dead"
        /// Two models that the same native values select.
        case sameSelection = "portable.same_selection"
        /// Two base rates under one condition.
        case overlappingPrices = "price.overlap"
        /// A rate that begins after the day it was checked, without a note.
        case announcedPrice = "price.announced"
        /// The rows of one id do not stand in the order of their days.
        case priceOrder = "price.order"
        /// A row that says what the row before it says.
        case repeatedPrice = "price.repeated_row"
        /// A row of typical times behind one that always applies.
        case unreachableTime = "time.unreachable"
        /// A pack of credits that another one of the provider beats in every way.
        case worthlessPack = "pack.never_worth"
        /// A worth of a credit at which no pack of the provider sells it.
        case otherWorth = "pack.other_worth"

        /// How much it matters.
        var severity: Diagnostic.Severity { self == .uncitedPage ? .warning : .error }
    }
}
