/// What a kind of request is held to: what is said about its members, the rules over them, and who judges.
struct RepairGround {
    /// The whole body.
    let root: ParameterSpec
    /// Where the parameters stand in the body.
    let parametersAt: JSONPointer
    let constraints: [Constraint]
    let judge: (JSONValue) -> Verdict

    /// What is said about a place; `nil` where nothing is.
    func spec(at pointer: JSONPointer) -> ParameterSpec? {
        var spec: ParameterSpec? = root
        for token in pointer.tokens {
            spec = spec.flatMap { $0.items != nil ? $0.items : $0.property(token) }
        }
        return spec
    }

    /// Whether a member must be there. Elements of arrays need not.
    func isRequired(_ pointer: JSONPointer) -> Bool {
        spec(at: pointer.parent)?.required.contains(pointer.last) ?? false
    }

    /// A place as people call it: relative to the parameters.
    func name(_ pointer: JSONPointer) -> String {
        let prefix = parametersAt.tokens
        let isInside = pointer.tokens.count > prefix.count && pointer.tokens.starts(with: prefix)
        return (isInside ? pointer.tokens.dropFirst(prefix.count) : pointer.tokens[...]).joined(separator: "/")
    }
}

extension JSONPointer {
    /// The place of what holds this one. The whole document holds itself.
    var parent: JSONPointer { JSONPointer(Array(tokens.dropLast())) }
}

extension Offering {
    /// What requests to the offering are held to.
    func repairGround(_ validator: Validator, date: CalendarDate) -> RepairGround {
        RepairGround(root: body, parametersAt: parametersAt, constraints: constraints) {
            validator.verdict(on: $0, date: date)
        }
    }
}
