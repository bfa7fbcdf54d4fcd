extension Coverage {
    /// Valid requests without a rate or with two, and rates that no valid request meets.
    mutating func checkRates(plain: [Int]) {
        for row in space.offering.prices {
            guard let condition = row.condition else { continue }
            let test = search.test(condition, is: .yes)
            guard search.find(search.validity() + [test]).isNone else { continue }
            report(
                .rateUnreachable, row.id, "no valid request meets the rate \(row.id)",
                search.find([test]).choice ?? plain)
        }
        // Each day on which a rate begins may change which rows are in force.
        for day in Set(space.offering.prices.map(\.effectiveFrom)).sorted() {
            let rows = space.offering.prices.inForce(on: day).map(\.row).filter { $0.kind == .base }
            checkGap(rows)
            checkConflicts(rows)
        }
    }

    private mutating func checkGap(_ rows: [PriceRow]) {
        guard rows.allSatisfy({ $0.condition != nil }) else { return }
        let misses = rows.compactMap(\.condition).map { search.test($0, is: .no) }
        guard let choice = search.find(search.validity() + misses).choice else { return }
        reportOnce(.unpriced, "prices", "a valid request meets no rate", choice)
    }

    private mutating func checkConflicts(_ rows: [PriceRow]) {
        for (position, first) in rows.enumerated() {
            for second in rows.dropFirst(position + 1) {
                let tests = [first, second].compactMap(\.condition).map { search.test($0, is: .yes) }
                guard let choice = search.find(search.validity() + tests).choice else { continue }
                reportOnce(
                    .conflictingRates, "\(first.id) + \(second.id)",
                    "the rates \(first.id) and \(second.id) both apply to a valid request", choice)
            }
        }
    }

    private mutating func reportOnce(
        _ kind: CoverageFinding.Kind, _ subject: String, _ message: String, _ choice: [Int]
    ) {
        if !findings.contains(where: { $0.kind == kind && $0.subject == subject }) {
            report(kind, subject, message, choice)
        }
    }
}
