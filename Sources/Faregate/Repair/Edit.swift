/// One change of a request, and how much of what the user asked for it takes away.
struct Edit {
    let operations: [JSONPatch.Operation]
    /// Lower is less intrusive; the costs of several edits add up.
    let cost: Int
    /// In words: `set duration to 8`.
    let text: String

    /// What edits cost. Two changes of a value are better than dropping what was asked for.
    enum Cost {
        /// The same thing in the form that the provider takes: `"8"` becomes 8, a member moves to its place.
        static let rewrite = 1
        /// What was most likely meant: a misspelt name.
        static let guess = 2
        /// Another value than was asked for.
        static let change = 4
        /// Another value than was asked for, and than was most likely meant.
        static let otherThanGuess = 8
        /// Another value for something that was all right, so that a rule no longer binds.
        static let turn = 6
        /// Something that was asked for would have no effect, or another warning comes up.
        static let warning = 10
        /// A value for what was left open.
        static let state = 4
        /// A part of a text or a list goes.
        static let cut = 8
        /// Something that was asked for goes.
        static let drop = 10
        /// Something to work on goes: an image, a clip.
        static let dropInput = 12
    }
}
