/// How near other values are to one: numbers and sizes by what they measure, words by how they are spelt.
struct Nearness {
    private let value: JSONValue
    private let measure: Measure?

    init(to value: JSONValue) { (self.value, measure) = (value, Measure(value)) }

    /// The nearest first; of two that are equally near the larger, which has room for what was asked. What cannot be
    /// compared keeps its order.
    func sorted(_ values: [JSONValue]) -> [JSONValue] {
        values.enumerated()
            .map { (offset: $0.offset, value: $0.element, key: key($0.element)) }
            .sorted { ($0.key.distance, -$0.key.size, $0.offset) < ($1.key.distance, -$1.key.size, $1.offset) }
            .map(\.value)
    }

    /// Whether both measure something of one kind: then one is no misspelling of the other.
    func isComparable(_ other: JSONValue) -> Bool { measure.map { $0.kind == Measure(other)?.kind } ?? false }

    private func key(_ other: JSONValue) -> (distance: Double, size: Double) {
        guard let measure, let size = Measure(other), size.kind == measure.kind else { return (.infinity, 0) }
        return (abs(measure.amount - size.amount), size.amount)
    }

    /// What a value measures: `8`, `"8s"`, `1080p`, `16:9`.
    private struct Measure {
        enum Kind { case number, ratio, lines }
        let kind: Kind
        let amount: Double

        init?(_ value: JSONValue) {
            if let number = value.number {
                (kind, amount) = (.number, number)
                return
            }
            guard let text = value.string?.lowercased() else { return nil }
            let parts = text.split { ":x×/*".contains($0) }.map { Double($0.filter { $0 != " " }) }
            if parts.count == 2, let width = parts[0], let height = parts[1], width > 0, height > 0 {
                // By logarithm 2:1 and 1:2 are as far from 1:1 as from each other's middle; a rational stand-in will do.
                (kind, amount) = (.ratio, width >= height ? width / height - 1 : 1 - height / width)
                return
            }
            let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard let number = Double(digits) else { return nil }
            switch text.dropFirst(digits.count) {
            case "p": (kind, amount) = (.lines, number)
            case "k": (kind, amount) = (.lines, number * 540)
            default: (kind, amount) = (.number, number)
            }
        }
    }
}
