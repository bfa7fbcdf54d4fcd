extension OfferingLinker {
    func mapping(
        _ draft: OfferingDraft, base: OfferingDraft?, scope: ParameterScope
    ) -> PortableMapping {
        let reader = draft.reader
        var targets = base.map { portableTargets($0.reader, scope: scope) } ?? []
        for entry in portableTargets(reader, scope: scope) {
            if let index = targets.firstIndex(where: { $0.parameter == entry.parameter }) {
                targets[index] = entry
            } else {
                targets.append(entry)
            }
        }
        let removed = nullMembers(reader, "portable", of: targets.map(\.parameter))
        targets.removeAll { removed.contains($0.parameter) }
        let stated = reader.has("settings") ? reader : base?.reader
        return PortableMapping(
            models: selections(reader, scope: scope),
            targets: targets.compactMap { entry in entry.target.map { (entry.parameter, $0) } },
            exceptions: targets.flatMap(\.exceptions),
            settings: stated.map { settings($0, scope: scope) } ?? [])
    }

    /// The models that the offering can be asked for.
    private func selections(_ reader: ObjectReader, scope: ParameterScope) -> [PortableMapping.Selection] {
        guard let entries = reader.required("models", reader.object) else { return [] }
        if entries.names.isEmpty { reader.fail("document.value", at: "models", "an offering sells at least one model") }
        return entries.names.compactMap { id in
            if !models.contains(id) {
                let hint = didYouMean(id, among: models.sorted())
                entries.fail("reference.unknown_model", at: id, "there is no model \"\(id)\"\(hint)")
            }
            guard let entry = entries.object(id) else { return nil }
            defer { entry.finish() }
            return PortableMapping.Selection(
                id: id, values: entry.nativeValues("set", scope: scope) ?? [], settings: settings(entry, scope: scope))
        }
    }

    private typealias Entry = (
        parameter: String, target: PortableMapping.Target?, exceptions: [PortableMapping.Exception]
    )

    private func portableTargets(_ reader: ObjectReader, scope: ParameterScope) -> [Entry] {
        guard let members = reader.object("portable") else { return [] }
        let known = portable.map(\.name)
        return members.names.compactMap { name in
            if case .null? = members.value(name) { return nil }
            if !known.isEmpty, !known.contains(name) {
                let hint = didYouMean(name, among: known)
                members.fail(
                    "reference.unknown_parameter", at: name, "parameters.json has no parameter \"\(name)\"\(hint)")
            }
            guard let member = members.object(name) else { return nil }
            let exceptions = exceptions(to: name, member, scope: scope)
            return PortableMapping.Target(member, scope: scope, portable: known).map { (name, $0, exceptions) }
        }
    }

    /// Where a parameter goes instead, and when.
    private func exceptions(
        to parameter: String, _ reader: ObjectReader, scope: ParameterScope
    ) -> [PortableMapping.Exception] {
        (reader.objects("instead") ?? []).compactMap { reader in
            let condition = reader.required("when", reader.object).flatMap { Condition($0, scope: portableScope) }
            let target = PortableMapping.Target(reader, scope: scope, portable: portable.map(\.name))
            guard let condition, let target else { return nil }
            return PortableMapping.Exception(parameter: parameter, condition: condition, target: target)
        }
    }

    /// The portable parameters, for conditions on a portable request.
    private var portableScope: ParameterScope {
        ParameterScope(
            root: ParameterSpec(object: portable.map { ($0.name, $0.spec) }, required: []), prefix: JSONPointer())
    }

    private func settings(_ reader: ObjectReader, scope: ParameterScope) -> [PortableMapping.Setting] {
        (reader.objects("settings") ?? []).compactMap { setting in
            let when = setting.object("when")
            let condition = when.flatMap { Condition($0, scope: portableScope) }
            let values = setting.required("set") { setting.nativeValues($0, scope: scope) }
            setting.finish()
            guard let values, (when == nil) == (condition == nil) else { return nil }
            return PortableMapping.Setting(condition: condition, values: values)
        }
    }
}
