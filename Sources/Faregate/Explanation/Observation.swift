/// A parameter that a rule or a price looked at: what was sent, and what counts.
public struct Observation: Sendable {
    /// Where the value that counts comes from.
    public enum Origin: String, Sendable, CaseIterable {
        /// The request says it.
        case sent
        /// The request does not say it, and the document names what counts then.
        case `default`
        /// The request says something else, which the provider quietly replaces by the default.
        case replaced
        /// The request says something that the provider does not take, so that nothing counts.
        case rejected
        /// The request says nothing, and there is no default.
        case absent
    }

    /// As people call it: `duration`.
    public let parameter: String
    /// Where it stands, or should stand.
    public let path: JSONPointer
    /// What was sent: at most one value, unless the parameter stands in several elements of an array.
    public let sent: [JSONValue]
    /// The value that conditions read.
    public let counts: JSONValue?
    public let origin: Origin

    /// In words: `duration is 4, the default`.
    public var words: String {
        let many = sent.count > 1 ? "\(sent.count) times" : nil
        let given = many ?? sent.first?.shown ?? "nothing"
        return switch origin {
        case .sent: "\(parameter) is \(given)"
        case .default: "\(parameter) is not set, so \(counts?.shown ?? "its default") counts, the default"
        case .replaced: "\(parameter) is \(given), in place of which \(counts?.shown ?? "the default") counts"
        case .rejected: "\(parameter) is \(given), which is not accepted"
        case .absent: "\(parameter) is not set and has no default"
        }
    }

    /// The documented JSON form.
    public var json: JSONValue {
        var object = JSONObject([
            ("parameter", .string(parameter)), ("path", .string(path.description)),
            ("sent", sent.count > 1 ? .array(sent) : sent.first ?? .null), ("counts", counts ?? .null),
        ])
        object["origin"] = .string(origin.rawValue)
        return .object(object)
    }
}

extension Facts {
    /// What the request says about a parameter, and what counts.
    func observation(of reference: ParameterReference) -> Observation {
        let places = places(reference)
        let path = places.first?.pointer ?? reference.pointer
        let written = places.isEmpty && !reference.path.contains(nil) ? body[reference.pointer] : nil
        let isRejected = rejected.contains(path) || mistyped.contains(path)
        let isReplaced = replaced.contains(path)
        let origin: Observation.Origin =
            if isRejected { .rejected } else if isReplaced { .replaced } else if !places.isEmpty { .sent } else {
                reference.spec?.defaultValue == nil ? .absent : .default
            }
        return Observation(
            parameter: reference.name, path: path,
            sent: places.isEmpty ? isRejected ? written.map { [$0] } ?? [] : [] : places.map(\.value),
            counts: isRejected ? nil : value(reference), origin: origin)
    }

    /// Every parameter of a list, each once.
    func observations(of references: [ParameterReference]) -> [Observation] {
        references.uniqued().map(observation)
    }
}
