extension OfferingComparison {
    /// Rows by id: those in force on the day, then the dated ones that are not.
    mutating func comparePrices() {
        let (old, new) = (before.offering.prices, after.offering.prices)
        let (oldInForce, newInForce) = (old.inForce(on: before.date).map(\.row), new.inForce(on: after.date).map(\.row))
        for row in oldInForce {
            guard let next = newInForce.first(where: { $0.id == row.id }) else {
                addPrice(.priceRemoved, row, nil)
                continue
            }
            compare(row, next)
        }
        for row in newInForce where !oldInForce.contains(where: { $0.id == row.id }) { addPrice(.priceAdded, nil, row) }
        compareDated(old, new, inForce: [oldInForce, newInForce])
    }

    private mutating func compare(_ old: PriceRow, _ new: PriceRow) {
        if old.terms != new.terms {
            addPrice(.priceChanged, old, new)
        } else if old.rate != new.rate {
            addPrice(old.rate.change(to: new.rate), old, new)
        } else {
            note(
                "price \(old.id)",
                [
                    ("label", old.label, new.label), ("note", old.note, new.note),
                    ("source", "\(old.source)", "\(new.source)"),
                    ("checked_on", "\(old.checkedOn)", "\(new.checkedOn)"),
                    ("effective_from", "\(old.effectiveFrom)", "\(new.effectiveFrom)"),
                    ("standing", old.standing.rawValue, new.standing.rawValue),
                    ("other_reading", old.otherReading, new.otherReading),
                ])
        }
    }

    private mutating func addPrice(_ kind: CatalogChange.Kind, _ old: PriceRow?, _ new: PriceRow?) {
        let rows = [old, new].compactMap(\.self)
        var literals = Literals()
        for row in rows { literals.add(row.condition) }
        let result = search.price(around: rows.flatMap(\.references), literals, row: rows[0].id)
        let isSameCondition = old?.condition?.words == new?.condition?.words
        func words(_ row: PriceRow) -> String {
            kind == .priceChanged ? "\(row.rateWords) (\(row.terms))" : row.rateWords
        }
        let percent = old.flatMap { old in
            new.flatMap { old.rate.percent(to: $0.rate, isComparable: old.terms == $0.terms) }
        }
        add(
            CatalogChange(
                kind: kind, subject: rows[0].id, before: old.map(words), after: new.map(words),
                when: rows.count == 2 && !isSameCondition ? nil : rows[0].condition?.words, percent: percent,
                witnesses: result.witnesses, triedCount: result.triedCount))
    }

    /// Rows that neither catalog has in force: what was, and what is announced.
    private mutating func compareDated(_ old: [PriceRow], _ new: [PriceRow], inForce: [[PriceRow]]) {
        func key(_ row: PriceRow) -> String { "\(row.id) from \(row.effectiveFrom)" }
        let current = Set(inForce.flatMap(\.self).map(key))
        for name in (old + new).map(key).uniqued() where !current.contains(name) {
            let (was, now) = (old.first { key($0) == name }, new.first { key($0) == name })
            guard was?.rate != now?.rate || was?.terms != now?.terms else { continue }
            add(
                CatalogChange(
                    kind: .priceDated, subject: name, before: was?.rateWords, after: now?.rateWords,
                    when: (now ?? was)?.condition?.words))
        }
    }
}

extension PriceRow.Rate {
    /// What kind of change it is from one rate to another.
    fileprivate func change(to other: Self) -> CatalogChange.Kind {
        guard let (low, high) = bounds else { return other.bounds == nil ? .priceChanged : .priceKnown }
        guard let (otherLow, otherHigh) = other.bounds else { return .priceUnknown }
        // No upper bound is above every bound.
        let (top, otherTop) = (high?.billionths ?? .max, otherHigh?.billionths ?? .max)
        if otherLow >= low, otherTop >= top { return .priceUp }
        if otherLow <= low, otherTop <= top { return .priceDown }
        return .priceChanged
    }

    private var bounds: (ExactDecimal, ExactDecimal?)? {
        switch self {
        case .exact(let rate): (rate, rate)
        case .atLeast(let low): (low, nil)
        case .range(let low, let high): (low, high)
        case .unknown: nil
        }
    }

    /// `+25%`, to a tenth; `nil` where one of them is not a single number.
    fileprivate func percent(to other: Self, isComparable: Bool) -> String? {
        guard isComparable, case .exact(let old) = self, case .exact(let new) = other, old != new else { return nil }
        let change = Int128(new.billionths) - Int128(old.billionths)
        // In tenths of a percent, half away from zero.
        let doubled = change.magnitude * 2000 / UInt128(old.billionths.magnitude)
        let tenths = (doubled + 1) / 2
        let sign = change < 0 ? "-" : "+"
        return "\(sign)\(tenths / 10)" + (tenths % 10 == 0 ? "" : ".\(tenths % 10)") + "%"
    }
}
