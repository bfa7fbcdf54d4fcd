extension OfferingLinker {
    /// The provider's own constraints, then those of the base, then the offering's, which replace by id.
    func constraints(
        _ draft: OfferingDraft, base: OfferingDraft?, of provider: Provider, scope: ParameterScope,
        sources: SourceReader, source: Source?
    ) -> [Constraint] {
        var constraints: [Constraint] = []
        func take(_ readers: [ObjectReader], inherited: Source?) {
            var seen: Set<String> = []
            for reader in readers {
                if let id = reader.value("id")?.string, !seen.insert(id).inserted {
                    reader.fail("constraint.duplicate_id", at: "id", "the id \(id) is taken")
                }
                guard
                    let constraint = Constraint(reader, scope: scope, sources: sources, inherited: inherited)
                else { continue }
                if let index = constraints.firstIndex(where: { $0.id == constraint.id }) {
                    constraints[index] = constraint
                } else {
                    constraints.append(constraint)
                }
            }
        }
        if let problems = draft.sharedProblems, let request = draft.shared?.object {
            let shared = ObjectReader(request, at: "/request", problems: problems)
            take(shared.objects("constraints") ?? [], inherited: provider.request.source)
        }
        var own = draft.reader.objects("constraints") ?? []
        if let base {
            let inherited = base.reader.objects("constraints") ?? []
            let dropped = dropped(&own, from: Set(inherited.compactMap { $0.value("id")?.string }))
            take(
                inherited.filter { !dropped.contains($0.value("id")?.string ?? "") },
                inherited: sources.optional(base.reader))
        }
        take(own, inherited: source)
        return constraints
    }

    /// Takes the entries that only drop a constraint of the base out of the offering's list.
    private func dropped(_ own: inout [ObjectReader], from known: Set<String>) -> Set<String> {
        var dropped: Set<String> = []
        for reader in own where reader.has("drop") {
            let id = reader.required("id", reader.string) ?? ""
            if reader.bool("drop") != true { reader.fail("document.value", at: "drop", "drop can only be true") }
            if !known.contains(id) {
                reader.fail("reference.unknown_constraint", at: "id", "the base has no constraint \"\(id)\"")
            }
            reader.finish()
            dropped.insert(id)
        }
        own.removeAll { $0.has("drop") }
        return dropped
    }

    func prices(
        _ reader: ObjectReader, scope: ParameterScope, sources: SourceReader, currency: String
    ) -> [PriceRow] {
        guard let rows = reader.required("prices", reader.objects) else { return [] }
        if rows.isEmpty {
            reader.fail(
                "price.missing", at: "prices", "an offering without a known price says so with a rate of unknown")
        }
        var taken: Set<String> = []
        return rows.compactMap { row in
            guard
                let price = PriceRow(row, scope: scope, sources: sources, currency: currency, units: units)
            else { return nil }
            if !taken.insert("\(price.id) \(price.effectiveFrom)").inserted {
                row.fail("price.duplicate_row", "two rows \(price.id) begin on \(price.effectiveFrom)")
            }
            return price
        }
    }
}
