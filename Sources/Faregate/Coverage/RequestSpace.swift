/// The requests to an offering that its facets span: every parameter with the values that differ for some rule, each
/// acceptable by itself.
struct RequestSpace {
    /// A parameter, or a member of the envelope, that may vary.
    struct Variable {
        /// As rules name it: `duration`, `/callback_url`.
        let name: String
        let pointer: JSONPointer
        let spec: ParameterSpec
        let isRequired: Bool
        /// `nil` is its absence, which comes first where it is allowed.
        var values: [JSONValue?]
    }

    let provider: Provider
    let offering: Offering
    let facets: Facets
    private(set) var variables: [Variable]
    /// What every request has: the model, and the object that holds the parameters.
    let frame: JSONValue

    init(provider: Provider, offering: Offering) {
        (self.provider, self.offering) = (provider, offering)
        facets = Facets(probes: Probes(offering))
        let holder = offering.parametersAt.tokens.first
        let modelAt = provider.request.modelAt?.tokens.first
        var frame = JSONObject()
        if let modelAt { frame[modelAt] = .string(offering.id) }
        if let holder { frame[holder] = .object(JSONObject()) }
        self.frame = .object(frame)
        variables = []
        for (name, spec) in offering.body.properties where name != modelAt && name != holder {
            let isEnvelope = holder != nil
            add((isEnvelope ? "/" : "") + name, JSONPointer([name]), spec, offering.body.required.contains(name))
        }
        guard holder != nil else { return }
        let parameters = offering.parameters
        for (name, spec) in parameters.properties {
            add(name, offering.parametersAt / name, spec, parameters.required.contains(name))
        }
    }

    private mutating func add(_ name: String, _ pointer: JSONPointer, _ spec: ParameterSpec, _ isRequired: Bool) {
        guard spec.unsupported == nil else { return }
        let values = facets.values(spec, at: pointer.tokens.map(Optional.some), isRequired: isRequired)
            .filter { Self.accepts($0, spec, isRequired: isRequired) }
        variables.append(
            Variable(
                name: name, pointer: pointer, spec: spec, isRequired: isRequired,
                values: (isRequired ? [] : [nil]) + values.map(Optional.some)))
    }

    /// Whether nothing is wrong with a value by itself. The validator's own walk says so.
    static func accepts(_ value: JSONValue, _ spec: ParameterSpec, isRequired: Bool) -> Bool {
        let shape = ParameterSpec(object: [(name: "value", spec: spec)], required: isRequired ? ["value"] : [])
        var walk = ParameterWalk(
            .object(JSONObject([("value", value)])), body: shape, parametersAt: JSONPointer(), title: "", taker: "",
            source: nil)
        walk.run()
        return walk.facts.replaced.isEmpty && !walk.findings.contains { $0.severity == .error }
    }

    /// The index of a value of a variable, which is added where it is new.
    mutating func index(of value: JSONValue?, in variable: Int) -> Int {
        if let index = variables[variable].values.firstIndex(of: value) { return index }
        variables[variable].values.append(value)
        return variables[variable].values.count - 1
    }

    /// The variable that a reference leads into; `nil` for the frame and for what is not supported.
    func variable(of reference: ParameterReference) -> Int? {
        variables.firstIndex { variable in
            reference.path.count >= variable.pointer.tokens.count
                && zip(reference.path, variable.pointer.tokens).allSatisfy { $0 == $1 }
        }
    }

    /// The variables that references lead into, each once, in order.
    func variables(of references: [ParameterReference]) -> [Int] {
        Set(references.compactMap(variable)).sorted()
    }

    /// The request that a choice of values makes.
    ///
    /// - Parameters:
    ///   - choice: An index into the values of every variable.
    ///   - chosen: Only these variables are set; `nil`: all.
    func body(_ choice: [Int], only chosen: [Int]? = nil) -> JSONValue {
        var body = frame.object ?? JSONObject()
        let holder = offering.parametersAt.tokens.first
        var parameters = holder.flatMap { body[$0]?.object } ?? JSONObject()
        for index in chosen ?? Array(variables.indices) {
            let variable = variables[index]
            guard let value = variable.values[choice[index]] else { continue }
            if variable.pointer.tokens.count > 1 {
                parameters[variable.pointer.last] = value
            } else {
                body[variable.pointer.last] = value
            }
        }
        if let holder { body[holder] = .object(parameters) }
        return .object(body)
    }

    /// How many requests there are, as far as 64 bits reach.
    var points: Int {
        variables.reduce(1) { product, variable in
            let (next, overflow) = product.multipliedReportingOverflow(by: max(1, variable.values.count))
            return overflow ? .max : next
        }
    }
}
