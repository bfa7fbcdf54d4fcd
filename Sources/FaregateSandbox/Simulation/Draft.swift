import Faregate
import FaregateProviders

/// An example of a manifest that is being turned into a reply: values are put where the codec will look for them.
struct Draft {
    private let status: Int
    private let headers: [HTTPHeader]
    /// Embedded JSON stands here decoded, as the rules' pointers see it.
    private var body: JSONValue
    private let embeddedAt: [JSONPointer]

    init(_ example: RecordedReply, embeddedAt: [JSONPointer]) {
        (status, headers, self.embeddedAt) = (example.status, example.headers, embeddedAt)
        body = embeddedAt.reduce(example.body) { body, place in
            body[place]?.string.flatMap { try? JSONValue(parsing: $0) }.flatMap { body.setting($0, at: place) } ?? body
        }
    }

    subscript(_ place: JSONPointer) -> JSONValue? { body[place] }

    func has(_ place: JSONPointer) -> Bool { body[place] != nil }

    mutating func set(_ taskID: String, at place: JSONPointer?) {
        if let place { set(.string(taskID), at: place) }
    }

    /// - Parameter value: `nil` takes the member away.
    mutating func set(_ value: JSONValue?, at place: JSONPointer) {
        guard let value else {
            body = body.removing(place)
            return
        }
        body = body.setting(value, at: place) ?? body
    }

    /// Writes an amount as the example does: as a number, or as text with its prefix. An unknown amount is taken
    /// away.
    mutating func set(_ amount: StatedAmount?, at place: AmountPlace?) {
        guard let place, let pointer = place.places.first(where: has) else { return }
        let isText = body[pointer]?.string != nil
        set(amount.map { $0.json(asText: isText, prefix: place.prefix) }, at: pointer)
    }

    /// Puts addresses where the example has some: one into a text, all into an array.
    mutating func set(addresses: [String], at places: [JSONPointer]) {
        for place in places.flatMap({ body.places(matching: $0) }) {
            let isList = body[place]?.array != nil
            set(isList ? .array(addresses.map(JSONValue.string)) : .string(addresses.first ?? ""), at: place)
        }
    }

    /// Puts a sentence where the codec looks for it first, unless the words there say what kind of failure it is.
    mutating func setMessage(_ message: String, _ places: FailurePlaces) {
        guard let place = places.messageAt.first(where: has), place != places.kindAt else { return }
        set(.string(message), at: place)
    }

    var reply: HTTPReply {
        let whole = embeddedAt.reduce(body) { body, place in
            body[place].flatMap { body.setting(.string($0.text()), at: place) } ?? body
        }
        return HTTPReply(status: status, headers: headers, json: whole)
    }
}

extension JSONValue {
    /// Without a member.
    func removing(_ place: JSONPointer) -> JSONValue { (try? JSONPatch([.remove(place)]).applied(to: self)) ?? self }
}

extension StatedAmount {
    fileprivate func json(asText: Bool, prefix: String) -> JSONValue {
        if asText { return .string(prefix + amount.text(decimalsMin: unit == "credits" ? 0 : 2)) }
        // A simulated reply: the number reads back as the decimal it was made from.
        let text = amount.description
        return Int64(text).map(JSONValue.integer) ?? .real(Double(text) ?? 0)
    }
}
