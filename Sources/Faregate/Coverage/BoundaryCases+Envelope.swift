extension BoundaryCases {
    /// Cases for the body itself, the member that names the model and the object that holds the parameters. The other
    /// members of the envelope have bounds and rules like any parameter.
    mutating func addEnvelope(around plain: JSONValue) {
        add("body:type:outside", [], .rejected("value.type", at: JSONPointer()))
        let (body, holder) = (space.offering.body, space.offering.parametersAt)
        if let place = space.provider.request.modelAt { addModel(to: plain, at: place) }
        guard !holder.tokens.isEmpty, !body.allowsOtherMembers else { return }
        addFrame(holder, to: plain)
        let stray = JSONPointer(["no_such_member"])
        add("/no_such_member", plain.adding(true, at: stray), .rejected("parameter.unknown", at: stray))
        addMisplaced(to: plain)
    }

    /// No model, none that can be, and none that the provider sells.
    private mutating func addModel(to plain: JSONValue, at place: JSONPointer) {
        let name = "/" + place.last
        let standard = space.provider.request.defaultModel
        if space.offering.body.required.contains(place.last) {
            add("\(name):required:outside", plain.removing(place), .rejected("parameter.missing", at: place))
        } else if standard == space.offering.id {
            add("\(name):default:inside", plain.removing(place), .init(isValid: true))
        } else if standard != nil {
            add("\(name):default:outside", plain.removing(place), .rejected("model.mismatch", at: place))
        }
        add("\(name):type:outside", plain.replacing(place, 7), .rejected("value.type", at: place))
        let stranger = JSONValue.string("no-such-model/0")
        add("\(name):unknown:outside", plain.replacing(place, stranger), .rejected("model.unknown", at: place))
    }

    private mutating func addFrame(_ place: JSONPointer, to plain: JSONValue) {
        let name = "/" + place.last
        if space.offering.body.required.contains(place.last) {
            add("\(name):required:outside", plain.removing(place), .rejected("parameter.missing", at: place))
        }
        add("\(name):type:outside", plain.replacing(place, "a"), .rejected("value.type", at: place))
        add("\(name):null:outside", plain.replacing(place, .null), .rejected("value.type", at: place))
    }

    /// A parameter that stands beside the object it belongs into.
    private mutating func addMisplaced(to plain: JSONValue) {
        let names = space.offering.parameters.properties.filter { $0.spec.unsupported == nil }.map(\.name)
        guard let name = names.first(where: { space.offering.body.property($0) == nil }) else { return }
        let place = JSONPointer([name])
        add("\(name):misplaced:outside", plain.adding("a", at: place), .rejected("parameter.unknown", at: place))
    }
}

extension BoundaryCase.Expectation {
    /// An error with a code at a place.
    static func rejected(_ code: String, at place: JSONPointer) -> Self {
        Self(isValid: false, severity: .error, code: code, path: place)
    }
}

extension JSONValue {
    fileprivate func adding(_ value: JSONValue, at place: JSONPointer) -> JSONValue? {
        try? JSONPatch([.add(place, value)]).applied(to: self)
    }

    fileprivate func replacing(_ place: JSONPointer, _ value: JSONValue) -> JSONValue? {
        try? JSONPatch([.replace(place, value)]).applied(to: self)
    }

    fileprivate func removing(_ place: JSONPointer) -> JSONValue? {
        try? JSONPatch([.remove(place)]).applied(to: self)
    }
}
