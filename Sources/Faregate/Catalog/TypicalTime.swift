/// How long a task typically takes, under a condition.
public struct TypicalTime: Sendable {
    /// From the submit to the result, in seconds.
    public let seconds: ClosedRange<Double>
    /// When the row applies; `nil`: always.
    public let condition: Condition?
    public let standing: Standing
    public let note: String?
    public let source: Source
    public let checkedOn: CalendarDate?

    /// `120 to 600`, or one number where both ends are the same.
    package var words: String {
        let (low, high) = (JSONValue.plain(seconds.lowerBound), JSONValue.plain(seconds.upperBound))
        return low == high ? low : "\(low) to \(high)"
    }
}

extension TypicalTime {
    /// Seconds that a row may state: a week.
    private static let secondsMax = 604_800.0

    /// Reads a row, or the one object that stands for a single row.
    init?(_ reader: ObjectReader, scope: ParameterScope, sources: SourceReader, inherited: Source?) {
        let low = reader.required("min", reader.number)
        let high = reader.required("max", reader.number)
        let when = reader.object("when")
        condition = when.flatMap { Condition($0, scope: scope) }
        standing = reader.choice("standing", of: Standing.self) ?? .documented
        note = reader.string("note")
        let source = sources.optional(reader) ?? inherited
        checkedOn = reader.date("checked_on")
        reader.finish()
        guard let low, let high, let source, (when == nil) == (condition == nil) else { return nil }
        guard low >= 0, low <= high, high <= Self.secondsMax else {
            reader.fail("document.value", "min is above max, below zero or max above a week")
            return nil
        }
        (seconds, self.source) = (low...high, source)
    }
}

extension Offering {
    /// How long a request's task takes: the first row that surely applies, and those before it that may. None where
    /// nobody says.
    public func typicalTimes(for facts: Facts) -> [TypicalTime] {
        var possible: [TypicalTime] = []
        for row in typicalTimes {
            switch row.condition?.truth(facts) ?? .yes {
            case .no: continue
            case .open: possible.append(row)
            case .yes: return possible + [row]
            }
        }
        // Perhaps none of them applies.
        return []
    }
}

extension [TypicalTime] {
    /// From the quickest to the slowest, in seconds; `nil` for no rows.
    public var span: ClosedRange<Double>? {
        guard let low = map(\.seconds.lowerBound).min(), let high = map(\.seconds.upperBound).max() else { return nil }
        return low...high
    }

    /// The same in whole seconds, rounded outwards.
    package var wholeSpan: ClosedRange<Int>? {
        span.map { Int($0.lowerBound.rounded(.down))...Int($0.upperBound.rounded(.up)) }
    }
}
