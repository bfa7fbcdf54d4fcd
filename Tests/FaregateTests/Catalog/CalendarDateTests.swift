import Faregate
import Testing

@Suite("Days of the calendar, UTC")
struct CalendarDateTests {
    @Test(
        "Days that exist are read, and written the same",
        arguments: [
            "2026-11-21", "2024-02-29", "2000-02-29", "2026-02-28", "2026-12-31", "2026-01-01", "1970-01-01",
            "2400-02-29",
            "0001-01-01", "9999-12-31", "2026-04-30", "2026-06-30", "2026-09-30", "2026-10-31",
        ])
    func exist(_ text: String) { #expect(CalendarDate(text)?.description == text) }

    @Test(
        "Days that do not exist, and other spellings, are refused",
        arguments: [
            "2026-02-29", "2100-02-29", "1900-02-29", "2024-02-30", "2026-04-31", "2026-06-31", "2026-09-31",
            "2026-11-31",
            "2026-01-32", "2026-00-10", "2026-13-10", "2026-10-00", "2026-1-1", "26-01-01", "2026/01/01", "20260101",
            "2026-01-01T00:00:00Z", " 2026-01-01", "2026-01-01 ", "-2026-01-01", "2026-01", "2026-01-01-01", "",
            "today",
            "२०२६-०१-०१", "2026-+1-01", "+202-01-01",
        ])
    func doNotExist(_ text: String) { #expect(CalendarDate(text) == nil) }

    /// Instants worked out with `date -u -d @…`.
    static let instants: [(Int64, String)] = [
        (0, "1970-01-01"), (-1, "1969-12-31"), (86_399, "1970-01-01"), (86_400, "1970-01-02"), (-86_400, "1969-12-31"),
        (-86_401, "1969-12-30"), (951_782_399, "2000-02-28"), (951_782_400, "2000-02-29"), (951_868_799, "2000-02-29"),
        (951_868_800, "2000-03-01"), (1_000_000_000, "2001-09-09"), (1_709_164_800, "2024-02-29"),
        (2_147_483_648, "2038-01-19"),
        (4_107_542_400, "2100-03-01"), (4_107_542_399, "2100-02-28"), (-2_203_891_200, "1900-03-01"),
        (-62_135_596_800, "0001-01-01"), (253_402_300_799, "9999-12-31"),
    ]

    @Test("An instant falls on its day", arguments: instants)
    func day(_ seconds: Int64, _ text: String) {
        #expect(CalendarDate(secondsSince1970: seconds).description == text)
    }

    @Test("Day by day from 1896 to 2105, dates follow one another as a calendar is counted out")
    func everyDay() {
        var (year, month, day) = (1896, 1, 1)
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var before: CalendarDate?
        for number in Int64(-27_028)..<49_308 {
            let date = CalendarDate(secondsSince1970: number * 86_400 + 43_200)
            guard (date.year, date.month, date.day) == (year, month, day) else {
                Issue.record("day \(number) is \(date), not \(year)-\(month)-\(day)")
                return
            }
            if let before { #expect(before < date) }
            before = date
            let isLeap = year.isMultiple(of: 400) || (year.isMultiple(of: 4) && !year.isMultiple(of: 100))
            day += 1
            if day > lengths[month - 1] + (month == 2 && isLeap ? 1 : 0) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(before?.description == "2104-12-31")
    }

    static let ordered = [
        "2025-12-31", "2026-01-01", "2026-01-02", "2026-02-01", "2026-10-09", "2026-10-10", "2027-01-01",
    ]

    @Test("Days are in order")
    func order() {
        let dates = Self.ordered.compactMap { CalendarDate($0) }
        #expect(dates.count == Self.ordered.count)
        #expect(dates.reversed().sorted() == dates)
    }
}
