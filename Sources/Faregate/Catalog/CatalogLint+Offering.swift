extension LintedDocument {
    func check(_ offering: Offering) {
        checkReplacement()
        checkUnits(value["parameters"], at: "/parameters")
        checkRules(value["constraints"], at: "/constraints", offering.constraints)
        checkOperations(offering)
        checkSelections(offering)
        checkTargets(offering)
        checkPrices(offering)
        checkTimes(offering)
    }

    /// Rows of typical times after one that always applies.
    private func checkTimes(_ offering: Offering) {
        guard
            let last = offering.typicalTimes.firstIndex(where: { $0.condition == nil }),
            last + 1 < offering.typicalTimes.count
        else { return }
        add(
            .unreachableTime, at: "/typical_seconds" / (last + 1),
            "the row before it always applies, so this one never does")
    }

    /// An offering does what its models do.
    private func checkOperations(_ offering: Offering) {
        let models = offering.portable.models.compactMap { snapshot.model($0.id) }
        let known = models.flatMap(\.operations)
        let stated = value["operations"]?.array ?? []
        if value["operations"] != nil, stated.isEmpty {
            add(
                .noOperation, at: "/operations",
                "an offering does something; known are \(listed(known.uniqued(), "and"))")
        }
        for (index, operation) in offering.operations.enumerated() where !known.contains(operation) {
            add(
                .unknownOperation, at: stated.isEmpty ? "/models" : "/operations" / index,
                "\(operation) is no operation of \(listed(models.map(\.id))); known are \(listed(known.uniqued(), "and"))"
            )
        }
    }

    /// Two models that the same native values select.
    private func checkSelections(_ offering: Offering) {
        var seen: [String: String] = [:]
        for selection in offering.portable.models {
            let values = selection.meaning
            if let other = seen[values] {
                add(
                    .sameSelection, at: "/models" / selection.id,
                    "\(other) is selected by the same values, so one of them is never made")
            } else {
                seen[values] = selection.id
            }
        }
    }

    // MARK: Mappings

    private func checkTargets(_ offering: Offering) {
        let specs = Dictionary(
            snapshot.portableParameters.map { ($0.name, $0.spec) }, uniquingKeysWith: { first, _ in first })
        for (name, target) in offering.portable.targets {
            let own = value["portable"]?[name]
            let place: JSONPointer = "/portable" / name
            switch target {
            case .unsupported: break
            case .fixed(let fixed):
                guard own != nil, let spec = specs[name], !spec.accepts(fixed) else { continue }
                add(
                    .impossiblePortable, at: place / "fixed",
                    "\(name) can never be \(fixed.text()) by parameters.json")
            case .to(let reference, _, let values, _):
                let changed = value["parameters"]?.object?.members.contains { $0.name == reference.name } ?? false
                if own != nil || changed { checkDead(name, reference, at: own == nil ? "/parameters" : place) }
                guard own != nil, let spec = specs[name] else { continue }
                for (portable, _) in values ?? [] where !spec.accepts(portable) && spec.items?.accepts(portable) != true
                {
                    add(
                        .impossiblePortable, at: place / "values" / portable.shown,
                        "\(name) can never be \(portable.text()) by parameters.json")
                }
            }
        }
        for exception in offering.portable.exceptions where value["portable"]?[exception.parameter] != nil {
            guard case .to(let reference, _, _, _) = exception.target else { continue }
            checkDead(exception.parameter, reference, at: "/portable" / exception.parameter / "instead")
        }
    }

    /// A mapping to something that the offering rejects or never looks at.
    private func checkDead(_ name: String, _ reference: ParameterReference, at place: JSONPointer) {
        guard let spec = reference.spec, spec.unsupported != nil || spec.ignored != nil else { return }
        let fate = spec.unsupported != nil ? "is rejected" : "has no effect"
        add(
            .deadMapping, at: place,
            "\(name) goes to \(reference.name), which \(fate); unsupported with the reason would say so")
    }

    // MARK: Prices

    private func checkPrices(_ offering: Offering) {
        let rows = offering.prices
        for (index, row) in rows.enumerated() {
            let place = "/prices" / index
            if row.effectiveFrom > row.checkedOn, row.note == nil {
                add(
                    .announcedPrice, at: place / "effective_from",
                    "the price begins after the day on which it was checked; a note says that it is announced")
            }
            checkHistory(row, rows[..<index], at: place)
        }
        checkOverlap(rows)
    }

    /// Rows with one id are a history: in order, and each says something new.
    private func checkHistory(_ row: PriceRow, _ earlier: ArraySlice<PriceRow>, at place: JSONPointer) {
        guard let last = earlier.last(where: { $0.id == row.id }) else { return }
        if row.effectiveFrom < last.effectiveFrom {
            add(
                .priceOrder, at: place / "effective_from", "the rows of \(row.id) do not stand in order of their days"
            )
        } else if row.rate == last.rate, row.terms == last.terms {
            add(.repeatedPrice, at: place, "the row says what \(row.id) from \(last.effectiveFrom) says already")
        }
    }

    /// Two base rates under one condition: every request that it fits would have two prices.
    private func checkOverlap(_ rows: [PriceRow]) {
        for (index, row) in rows.enumerated() where row.kind == .base {
            let other = rows[..<index].first {
                $0.kind == .base && $0.id != row.id && $0.condition?.words == row.condition?.words
            }
            guard let other else { continue }
            add(.overlappingPrices, at: "/prices" / index, "\(row.id) applies exactly where \(other.id) does")
        }
    }
}
