/// The settings of one offering in which it may make what is wanted.
struct SettingSpace {
    /// What a request states, and which of it only stands in for what nobody has said yet.
    struct Base {
        var stated: JSONObject
        var standIns: Set<String>
    }

    /// One request of the space.
    struct Setting {
        let body: JSONValue
        let quote: Quote?
        /// The values of what is wanted, in order; `nil`: left to the default.
        let wanted: [JSONValue?]
        let settings: [(name: String, value: JSONValue)]
        /// How many parameters it states of itself.
        let statedCount: Int
        /// The native places that portable parameters came to.
        let origins: [JSONPointer: [String]]
    }

    /// A wanted parameter, by its portable values, or a free one, by its native values. `nil` leaves it out.
    private struct Dimension {
        let name: String
        let reference: ParameterReference?
        let values: [JSONValue?]
        /// What counts where it is left out.
        let standard: JSONValue?

        /// The setting that a value makes, with its name; `nil` where that is not known.
        func setting(_ value: JSONValue?) -> (name: String, value: JSONValue)? {
            (value ?? standard).map { (name, $0) }
        }
    }

    private let search: OfferingSearch
    private let base: Base
    private var portable: [Dimension] = []
    private var native: [Dimension] = []
    /// What stands against it whatever the setting.
    private(set) var refusals: [Diagnostic] = []
    /// Whether there are more settings than are gone through.
    private(set) var isCut = false

    init(_ search: OfferingSearch, base: Base) {
        (self.search, self.base) = (search, base)
        for (name, want) in search.request.wants { addWanted(name, want) }
        refusals += translated(base.stated).findings.filter { $0.severity == .error && !wants($0.path) }
        guard refusals.isEmpty else { return }
        addFree()
        let count = (portable + native).reduce(1.0) { $0 * Double($1.values.count) }
        isCut = count > Double(OfferingSearch.settingsMax)
    }

    private func wants(_ place: JSONPointer) -> Bool {
        search.request.wants.contains { $0.name == place.tokens.first }
    }

    private func translated(_ stated: JSONObject) -> Translation {
        Translation(stated, selection: search.selection, provider: search.provider, offering: search.offering)
    }

    // MARK: Dimensions

    private mutating func addWanted(_ name: String, _ want: Want) {
        let order = search.snapshot.vocabulary.parameter(name)?.spec.allowed
        let targets =
            [search.offering.portable.target(name)]
            + search.offering.portable.exceptions.filter { $0.parameter == name }.map(\.target)
        var values: [JSONValue?] = []
        var made: JSONValue?
        var reason: String?
        for target in targets {
            switch target {
            case nil: reason = "it has no parameter for it"
            case .unsupported(let why): reason = why
            case .fixed(let fixed):
                if want.includes(fixed, order: order) { values.append(fixed) }
                reason = "\(name) is always \(fixed.shown) there"
            case .to(let reference, _, let pairs, _):
                values += Self.values(of: reference, pairs, want, order).map(Optional.some)
                if let standard = Self.standard(of: reference, pairs), want.includes(standard, order: order) {
                    values.append(nil)
                    made = standard
                }
                reason = "\(name) can be \(Self.range(of: reference, pairs)) there"
            }
        }
        let distinct = values.uniqued()
        guard distinct.isEmpty else {
            return portable.append(Dimension(name: name, reference: nil, values: distinct, standard: made))
        }
        if search.request.optional.contains(name) { return }
        refusals.append(
            Diagnostic(
                .error, .notExpressible, at: JSONPointer([name]),
                "\(search.provider.name)'s \(search.offering.id) does not make \(name) \(want.shown)"
                    + (reason.map { ": \($0)" } ?? ""),
                source: search.offering.source))
    }

    /// The portable values of a parameter that are wanted, the least first.
    private static func values(
        of reference: ParameterReference, _ pairs: [(portable: JSONValue, native: JSONValue)]?, _ want: Want,
        _ order: [JSONValue]?
    ) -> [JSONValue] {
        let listed = pairs.map { $0.map(\.portable) } ?? reference.spec.map { plain($0) + want.ends } ?? want.ends
        let wanted = listed.filter { value in
            want.includes(value, order: order) && (pairs != nil || reference.spec?.accepts(value) ?? true)
        }
        guard wanted.allSatisfy({ $0.number != nil }) else { return wanted }
        return wanted.sorted { ($0.number ?? 0) < ($1.number ?? 0) }
    }

    /// What counts where nothing is said, by its portable name.
    private static func standard(
        of reference: ParameterReference, _ pairs: [(portable: JSONValue, native: JSONValue)]?
    ) -> JSONValue? {
        guard let native = reference.spec?.defaultValue else { return nil }
        return pairs.map { $0.first { $0.native == native }?.portable } ?? native
    }

    private static func range(
        of reference: ParameterReference, _ pairs: [(portable: JSONValue, native: JSONValue)]?
    ) -> String {
        if let pairs { return listed(pairs.map(\.portable.shown)) }
        guard let spec = reference.spec else { return "anything" }
        if let allowed = spec.allowed { return listed(allowed.map(\.shown)) }
        return Want.between(spec.bounds.minimum.map(Facets.number), spec.bounds.maximum.map(Facets.number)).shown
    }

    /// Every value of a small domain, or the ends of a large one.
    private static func plain(_ spec: ParameterSpec) -> [JSONValue] {
        if let allowed = spec.allowed { return allowed }
        if spec.type == .boolean { return [false, true] }
        guard let low = spec.bounds.minimum, let high = spec.bounds.maximum else {
            return [spec.bounds.minimum, spec.bounds.maximum].compactMap(\.self).map(Facets.number)
        }
        guard spec.type == .integer, high - low <= 120 else { return [low, high].map(Facets.number) }
        return stride(from: low, through: high, by: 1).map(Facets.number)
    }

    /// What the price depends on and the request leaves open.
    private mutating func addFree() {
        let offering = search.offering
        let taken = portable.flatMap { dimension in
            offering.portable.targets.filter { $0.parameter == dimension.name }.compactMap { entry in
                if case .to(let reference, _, _, _) = entry.target { reference } else { nil }
            }
        }
        let probes = Probes(offering)
        let body = translated(base.stated).body
        var seen = Set(taken)
        for reference in offering.prices.flatMap(\.references) where seen.insert(reference).inserted {
            guard let spec = reference.spec, !reference.path.contains(nil), body[reference.pointer] == nil,
                !spec.isToldByUser, spec.unsupported == nil
            else { continue }
            let probed = (probes.numbers[reference.path] ?? []).map(Facets.number).filter(spec.accepts)
            let values = ([nil] + (Self.plain(spec) + probed).map(Optional.some)).uniqued()
            native.append(
                Dimension(name: reference.name, reference: reference, values: values, standard: spec.defaultValue))
        }
    }

    // MARK: Settings

    /// Every setting with its price, the cheapest first; of equal prices in the order of the dimensions, so that the least
    /// that is wanted comes first.
    func settings(priced price: (JSONValue) -> Quote) -> [Setting] {
        var settings: [Setting] = []
        let depends = search.offering.prices.contains { !$0.references.isEmpty }
        let same = depends ? nil : price(translated(base.stated).body)
        each(portable) { chosen in
            var stated = base.stated
            for (dimension, value) in zip(portable, chosen) { stated[dimension.name] = value }
            let translation = translated(stated)
            guard !translation.findings.contains(where: { $0.severity == .error }) else { return true }
            let said = zip(portable, chosen).compactMap { $0.setting($1) }
            return each(native) { free in
                var body = translation.body
                for (dimension, value) in zip(native, free) {
                    guard let value, let reference = dimension.reference else { continue }
                    guard body[reference.pointer] == nil else { return true }
                    body.set(value, at: reference.pointer)
                }
                let set = zip(native, free).compactMap { $0.setting($1) }
                settings.append(
                    Setting(
                        body: body, quote: same ?? price(body), wanted: chosen, settings: said + set,
                        statedCount: (chosen + free).count { $0 != nil },
                        origins: translation.origins))
                return settings.count < OfferingSearch.settingsMax
            }
        }
        let ranked = settings.enumerated().map {
            (offset: $0.offset, setting: $0.element, rank: $0.element.quote?.rank)
        }
        return ranked.sorted { a, b in
            let (left, right) = (a.rank ?? (9, 0), b.rank ?? (9, 0))
            return (left.0, left.1, a.setting.statedCount, a.offset)
                < (right.0, right.1, b.setting.statedCount, b.offset)
        }.map(\.setting)
    }

    /// Goes through every choice of values, until told to stop. Whether it went through all.
    @discardableResult
    private func each(_ dimensions: [Dimension], _ visit: ([JSONValue?]) -> Bool) -> Bool {
        var indices = [Int](repeating: 0, count: dimensions.count)
        while true {
            guard visit(zip(dimensions, indices).map { $0.values[$1] }) else { return false }
            var place = dimensions.count - 1
            while place >= 0 {
                indices[place] += 1
                if indices[place] < dimensions[place].values.count { break }
                indices[place] = 0
                place -= 1
            }
            if place < 0 { return true }
        }
    }

    // MARK: Completion

    /// The places of a body where something only stands in for what the user has to say.
    func needs(_ body: JSONValue) -> [JSONPointer] {
        let origins = translated(base.stated).origins
        return origins.filter { $0.value.contains { base.standIns.contains($0) } }.map(\.key)
            .filter { body[$0] != nil }.sorted { $0.description < $1.description }
    }

    /// Whether the user, or the search for what is wanted, put something at a place.
    func isAskedFor(_ place: JSONPointer, _ setting: Setting) -> Bool { setting.origins[place] != nil }

    /// The request with values for what is open, so that no rule is broken; and where they were added.
    func completed(
        _ setting: Setting, in space: RequestSpace
    ) -> (body: JSONValue, filled: [(pointer: JSONPointer, spec: ParameterSpec)])? {
        var draft = RequestDraft(space)
        let free = Set(native.compactMap { $0.reference?.pointer })
        for variable in space.variables {
            let reference = ParameterReference(
                name: variable.name, path: variable.pointer.tokens.map(Optional.some), spec: variable.spec)
            if let value = setting.body[variable.pointer] {
                guard draft.set(value, at: reference) else { return nil }
            } else if free.contains(variable.pointer) || isWantedAndOpen(variable.pointer) {
                guard draft.set(nil, at: reference) else { return nil }
            }
        }
        guard let body = draft.completed() else { return nil }
        let filled = space.variables.filter { setting.body[$0.pointer] == nil && body[$0.pointer] != nil }
        return (body, filled.map { ($0.pointer, $0.spec) })
    }

    private func isWantedAndOpen(_ place: JSONPointer) -> Bool {
        portable.contains { search.offering.portable.parameters(leadingTo: place).contains($0.name) }
    }
}
