/// A second, UTC. Engines are told which it is; they never ask for it.
public struct UTCTime: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// UTC, without leap seconds.
    public let secondsSince1970: Int64

    public init(secondsSince1970: Int64) { self.secondsSince1970 = secondsSince1970 }

    /// Reads `2026-12-01T09:30:00Z`, the one form that receipts use.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, let day = CalendarDate(parts[0]), parts[1].last == "Z" else { return nil }
        let numbers = parts[1].dropLast().split(separator: ":", omittingEmptySubsequences: false)
        guard
            numbers.map(\.utf8.count) == [2, 2, 2],
            numbers.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hour = Int64(numbers[0]), let minute = Int64(numbers[1]), let second = Int64(numbers[2]),
            hour < 24, minute < 60, second < 60
        else { return nil }
        secondsSince1970 = Int64(day.daysSince1970) * 86_400 + hour * 3_600 + minute * 60 + second
    }

    /// The day that it falls on.
    public var day: CalendarDate { CalendarDate(secondsSince1970: secondsSince1970) }

    /// So many seconds later; earlier for a negative number.
    ///
    /// - Precondition: The sum fits into 64 bits.
    public func adding(seconds: Int64) -> UTCTime { UTCTime(secondsSince1970: secondsSince1970 + seconds) }

    public static func < (a: UTCTime, b: UTCTime) -> Bool { a.secondsSince1970 < b.secondsSince1970 }

    public var description: String {
        let rest = secondsSince1970 - Int64(day.daysSince1970) * 86_400
        func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(day)T\(padded(rest / 3_600)):\(padded(rest / 60 % 60)):\(padded(rest % 60))Z"
    }
}

extension CalendarDate {
    /// Days since 1970-01-01, by the proleptic Gregorian calendar.
    fileprivate var daysSince1970: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
