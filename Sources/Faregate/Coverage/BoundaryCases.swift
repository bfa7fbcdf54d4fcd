/// Makes requests just inside and just outside every bound and every rule of an offering.
///
/// What is expected follows from the bound that a value was put beside, or from the form of the rule; other rules are
/// only asked for values that keep them silent. Where no such values are found, the case is left out, and that is told.
public struct BoundaryCases {
    let space: RequestSpace
    private var cases: [BoundaryCase] = []
    private var leftOut: [LeftOutCase] = []
    private var ids: [String: Int] = [:]

    public init(provider: Provider, offering: Offering) {
        space = RequestSpace(provider: provider, offering: offering)
    }

    /// Every case, the envelope and the parameters first, in the order of the catalog; and what no case was found for.
    public consuming func all() -> (cases: [BoundaryCase], leftOut: [LeftOutCase]) {
        if let plain = RequestDraft(space).completed() {
            add("plain", plain, .init(isValid: true))
            addEnvelope(around: plain)
            addUnknown(to: plain)
            addUnsupported(to: plain)
        } else {
            leaveOut("plain", .noneFound)
        }
        for index in space.variables.indices {
            let variable = space.variables[index]
            addBounds(index, of: variable.spec, at: [], name: variable.name, isRequired: variable.isRequired)
        }
        for rule in space.offering.constraints.indices { addRule(rule) }
        return (cases, leftOut)
    }

    mutating func add(_ id: String, _ body: JSONValue?, _ expectation: BoundaryCase.Expectation) {
        guard let body else { return leaveOut(id, .noneFound) }
        let count = ids[id, default: 0] + 1
        ids[id] = count
        cases.append(
            BoundaryCase(
                id: count == 1 ? id : "\(id):\(count)", provider: space.provider.id, model: space.offering.id,
                body: body, expectation: expectation))
    }

    /// Notes that there is no case with an id.
    mutating func leaveOut(_ id: String, _ reason: LeftOutCase.Reason) {
        if let index = leftOut.firstIndex(where: { $0.id == id && $0.reason == reason }) {
            leftOut[index].count += 1
        } else {
            leftOut.append(
                LeftOutCase(id: id, provider: space.provider.id, model: space.offering.id, reason: reason))
        }
    }

    private mutating func addUnknown(to plain: JSONValue) {
        guard space.offering.additional == nil else { return }
        let place = space.offering.parametersAt / "no_such_parameter"
        add(
            "unknown-parameter", try? JSONPatch([.add(place, true)]).applied(to: plain),
            .init(isValid: false, severity: .error, code: "parameter.unknown", path: place))
    }

    /// Members that the offering knows and rejects.
    private mutating func addUnsupported(to plain: JSONValue) {
        let isFlat = space.offering.parametersAt.tokens.isEmpty
        let envelope = isFlat ? [] : space.offering.body.properties
        let places =
            envelope.map { ("/" + $0.name, $0.spec, JSONPointer([$0.name])) }
            + space.offering.parameters.properties.map { ($0.name, $0.spec, space.offering.parametersAt / $0.name) }
        for (name, spec, place) in places where spec.unsupported != nil { addUnsupported(name, to: plain, at: place) }
    }

    mutating func addUnsupported(_ name: String, to body: JSONValue?, at place: JSONPointer) {
        add(
            "\(name):unsupported", body.flatMap { try? JSONPatch([.add(place, "a")]).applied(to: $0) },
            .init(isValid: false, severity: .error, code: "value.unsupported", path: place))
    }
}
