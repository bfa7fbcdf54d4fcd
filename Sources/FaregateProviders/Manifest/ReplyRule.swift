package import Faregate

/// One kind of reply: how it is recognised, what it means, where its parts stand, and what it looks like.
package struct ReplyRule: Sendable {
    /// Unique among the rules of its operation.
    package var id: String
    package var condition: ReplyCondition
    package var outcome: Outcome
    /// Where the reply repeats the id of the task. A reply about another task is not an answer.
    package var taskIDAt: JSONPointer?
    /// The page that says so, as `page § place`.
    package var source: String
    /// Whether the page says so, or it only follows from it.
    package var standing: Standing
    package var note: String?
    /// Recorded replies. Decoding them must yield this rule; the sandbox answers with them.
    package var examples: [RecordedReply]
    /// Where the rule stands in its manifest.
    package var pointer: JSONPointer

    package enum Standing: String, Sendable, CaseIterable { case documented, inferred, conflicting }

    package enum Outcome: Sendable {
        case accepted(charge: AmountPlace?, balance: AmountPlace?)
        case rejected(FailurePlaces, isRetryable: Bool)
        case running(ProgressPlace?)
        case succeeded(ResultPlaces)
        case failed(FailurePlaces, billed: Billing?)
        case cancelled
        case found
        /// - Parameter completeAfter: How long after a submit the search is complete; `nil` where no page says.
        case absent(completeAfter: Duration?)
        case listed(ListedPlaces)
        case priced(AmountPlace)
        case balance(AmountPlace)
        case notified
    }
}

/// Where a reply states an amount, and in what form.
package struct AmountPlace: Sendable {
    /// The first of these that holds a number, or a decimal text, counts.
    package var places: [JSONPointer]
    /// What stands before the number in a text: `$`.
    package var prefix: String
    package var unit: String

    /// The amount that a reply states; `nil` where none is readable.
    package func read(_ document: JSONValue) -> StatedAmount? {
        for place in places {
            guard let value = document[place] else { continue }
            let amount = value.string.map { text in
                text.hasPrefix(prefix) ? ExactDecimal(text.dropFirst(prefix.count)) : nil
            }
            if let amount = amount ?? ExactDecimal(value) { return StatedAmount(amount: amount, unit: unit) }
        }
        return nil
    }
}

/// Where a reply says why.
package struct FailurePlaces: Sendable {
    package var kind: FailureKind
    /// A member whose words stand for other kinds.
    package var kindAt: JSONPointer?
    package var kinds: [String: FailureKind]
    /// The first of these that holds a text is the message.
    package var messageAt: [JSONPointer]

    package func kind(in document: JSONValue?) -> FailureKind {
        guard let place = kindAt, let word = document?[place]?.string else { return kind }
        return kinds[word] ?? kind
    }

    package func message(in document: JSONValue?) -> String {
        messageAt.lazy.compactMap { document?[$0]?.string }.first { !$0.isEmpty } ?? ""
    }

    /// Every kind that a reply of this rule may name.
    package var allKinds: Set<FailureKind> { Set(kinds.values).union([kind]) }
}

/// Where a reply says how far a task is.
package struct ProgressPlace: Sendable {
    package var place: JSONPointer
    /// The number that means done.
    package var outOf: Double
}

/// Where a reply names the results.
package struct ResultPlaces: Sendable {
    /// Each holds an address or an array of addresses; `*` stands for every element or member.
    package var addressesAt: [JSONPointer]
    /// A result that is no file, kept as JSON where there is no address.
    package var dataAt: JSONPointer?
    package var charge: AmountPlace?

    /// Everything that stands where addresses stand, in order, each once. What is no address shows when it is fetched.
    package func addresses(in document: JSONValue) -> [String] {
        addressesAt.flatMap { document.places(matching: $0) }
            .compactMap { document[$0] }
            .flatMap { value in value.array ?? [value] }
            .compactMap(\.string)
            .filter { !$0.isEmpty }
            .uniqued()
    }
}

/// Where a reply lists tasks, and what of them tells which is ours.
package struct ListedPlaces: Sendable {
    /// What an element of the list repeats of a request.
    package enum Origin: Sendable, Hashable {
        case model
        /// A member of the body.
        case member(JSONPointer)
    }

    /// Holds the array; every other place is one in its elements.
    package var at: JSONPointer
    package var created: TimePlace
    /// What must be the same for an element to be ours. Never empty.
    package var same: [(at: JSONPointer, origin: Origin)]

    /// Whether an element repeats what a task says. What neither says is no difference.
    package func isLike(_ task: ProviderTask, _ element: JSONValue) -> Bool {
        same.allSatisfy { element[$0.at] == Self.value($0.origin, of: task) }
    }

    package static func value(_ origin: Origin, of task: ProviderTask) -> JSONValue? {
        switch origin {
        case .model: .string(task.model)
        case .member(let place): task.body[place]
        }
    }
}

/// Where a reply states an instant, and in what form.
package struct TimePlace: Sendable {
    package enum Form: String, Sendable, CaseIterable {
        /// Since 1970, as numbers.
        case seconds, milliseconds
        /// RFC 3339 in UTC, such as `2026-12-01T09:30:00Z`; fractions of a second are dropped.
        case text
    }

    package var at: JSONPointer
    package var form: Form

    package func read(_ document: JSONValue) -> UTCTime? {
        let value = document[at]
        switch form {
        case .seconds: return value?.number.flatMap { Int64(exactly: $0.rounded(.down)) }.map(UTCTime.init)
        case .milliseconds:
            return value?.number.flatMap { Int64(exactly: ($0 / 1000).rounded(.down)) }.map(UTCTime.init)
        case .text:
            let parts = value?.string?.split(separator: ".", maxSplits: 1) ?? []
            return parts.first.flatMap { UTCTime(parts.count == 2 && parts[1].last == "Z" ? $0 + "Z" : $0) }
        }
    }

    /// An instant in this form.
    package func value(_ time: UTCTime) -> JSONValue {
        switch form {
        case .seconds: .integer(time.secondsSince1970)
        case .milliseconds: .integer(time.secondsSince1970 * 1000)
        case .text: .string(time.description)
        }
    }
}

/// A reply as a page shows it.
package struct RecordedReply: Sendable {
    package var status: Int
    package var headers: [HTTPHeader]
    package var body: JSONValue
    /// Of several examples, the one for results of a medium.
    package var medium: Medium?

    package var reply: HTTPReply { HTTPReply(status: status, headers: headers, json: body) }
}

extension JSONValue {
    /// The places that a pattern names, in which `*` stands for every element or member.
    package func places(matching pattern: JSONPointer) -> [JSONPointer] {
        pattern.tokens.reduce([JSONPointer()]) { places, token in
            places.flatMap { place -> [JSONPointer] in
                let value = self[place]
                let tokens =
                    token == "*"
                    ? value?.array?.indices.map(String.init) ?? value?.object?.members.map(\.name) ?? [] : [token]
                return tokens.map { place / $0 }.filter { self[$0] != nil }
            }
        }
    }
}
