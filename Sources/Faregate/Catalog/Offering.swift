/// A model as one provider sells it.
public struct Offering: Sendable {
    /// The provider's own id.
    public let id: String
    public let provider: String
    public let name: String
    public let medium: Medium
    public let operations: [String]
    /// The whole body of a request, parameters and envelope.
    public let body: ParameterSpec
    /// Where the parameters stand in the body.
    public let parametersAt: JSONPointer
    public let constraints: [Constraint]
    public let prices: [PriceRow]
    public let portable: PortableMapping
    public let lifecycle: Lifecycle?
    /// What the document leaves unsaid about further parameters; `nil` where it lists them all.
    public let additional: String?
    /// How long a task takes; the first row that applies counts.
    public let typicalTimes: [TypicalTime]
    /// Findings of ``Coverage`` that are as the document says.
    public let acknowledged: [Acknowledgement]
    public let source: Source

    /// The parameters, without the envelope.
    public var parameters: ParameterSpec {
        var spec = body
        for token in parametersAt.tokens { spec = spec.property(token) ?? spec }
        return spec
    }
}
