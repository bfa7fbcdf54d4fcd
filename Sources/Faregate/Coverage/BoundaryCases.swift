/// Makes requests just inside and just outside every bound and every rule of an offering.
///
/// What is expected follows from the bound that a value was put beside, or from the form of the rule; other rules are
/// only asked for values that keep them silent. A bound for which no such values exist is left out.
public struct BoundaryCases {
    let space: RequestSpace
    private var cases: [BoundaryCase] = []
    private var ids: [String: Int] = [:]

    public init(provider: Provider, offering: Offering) {
        space = RequestSpace(provider: provider, offering: offering)
    }

    /// Every case, parameters first, in the order of the catalog.
    public consuming func all() -> [BoundaryCase] {
        if let plain = RequestDraft(space).completed() {
            add("plain", plain, .init(isValid: true))
            addUnknown(to: plain)
        }
        let parameters = space.offering.parameters
        for (name, spec) in parameters.properties where spec.unsupported != nil {
            addUnsupported(name, spec, at: space.offering.parametersAt / name)
        }
        for index in space.variables.indices {
            let variable = space.variables[index]
            addBounds(index, of: variable.spec, at: [], name: variable.name, isRequired: variable.isRequired)
        }
        for rule in space.offering.constraints.indices { addRule(rule) }
        return cases
    }

    mutating func add(_ id: String, _ body: JSONValue?, _ expectation: BoundaryCase.Expectation) {
        guard let body else { return }
        let count = ids[id, default: 0] + 1
        ids[id] = count
        cases.append(
            BoundaryCase(
                id: count == 1 ? id : "\(id):\(count)", provider: space.provider.id, model: space.offering.id,
                body: body, expectation: expectation))
    }

    private mutating func addUnknown(to plain: JSONValue) {
        guard space.offering.additional == nil else { return }
        let place = space.offering.parametersAt / "no_such_parameter"
        add(
            "unknown-parameter", try? JSONPatch([.add(place, true)]).applied(to: plain),
            .init(isValid: false, severity: .error, code: "parameter.unknown", path: place))
    }

    private mutating func addUnsupported(_ name: String, _ spec: ParameterSpec, at place: JSONPointer) {
        let body = RequestDraft(space).completed().flatMap { try? JSONPatch([.add(place, "a")]).applied(to: $0) }
        add(
            "\(name):unsupported", body,
            .init(isValid: false, severity: .error, code: "value.unsupported", path: place))
    }
}
