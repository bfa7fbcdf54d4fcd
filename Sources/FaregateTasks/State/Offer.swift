public import Faregate
public import FaregateProviders

/// One way to do a task: a checked and priced request to one provider. Decided before the task is admitted.
public struct Offer: Sendable {
    public var provider: String
    /// The provider's own id of the model.
    public var model: String
    public var medium: Medium
    /// The native request: the exact JSON body.
    public var body: JSONValue
    /// The most that it can cost; `nil` where nobody knows.
    public var worstCase: ExactDecimal?
    /// An ISO currency or `credits`; `nil` with an unknown price.
    public var unit: String?
    /// What one unit is worth in dollars; `nil` where nobody says.
    public var usdPerUnit: ExactDecimal?
    /// The quote that the price stands on, in its documented form.
    public var quote: JSONValue?
    /// Where it was meant to go when it was admitted. It goes nowhere else.
    public internal(set) var destination: Destination?

    public init(
        provider: String, model: String, medium: Medium, body: JSONValue, worstCase: ExactDecimal?, unit: String?,
        usdPerUnit: ExactDecimal? = nil, quote: JSONValue? = nil
    ) {
        (self.provider, self.model, self.medium, self.body) = (provider, model, medium, body)
        (self.worstCase, self.unit, self.usdPerUnit, self.quote) = (worstCase, unit, usdPerUnit, quote)
    }

    /// An offer at a quoted price.
    public init(provider: String, model: String, medium: Medium, body: JSONValue, quote: Quote?) {
        self.init(
            provider: provider, model: model, medium: medium, body: body, worstCase: quote?.total?.maximum,
            unit: quote?.total?.maximum == nil ? nil : quote?.total?.unit, usdPerUnit: quote?.usd?.credit?.usd,
            quote: quote?.json)
    }

    /// What would be set aside for it.
    public var money: AttemptMoney { AttemptMoney(worstCase: worstCase, unit: unit, usdPerUnit: usdPerUnit) }

    /// What is sent, with the marks that find it again.
    ///
    /// - Parameter callbackPlace: Where the body names the address to report to; `nil` where none is asked for.
    func request(_ marks: SubmissionMarks, callbackPlace: JSONPointer?, callbackBase: String?) -> ProviderTask {
        var body = body
        if let callbackPlace, let callbackBase {
            let address = JSONValue.string(callbackBase + "/" + marks.callbackToken)
            body = body.setting(address, at: callbackPlace) ?? body
        }
        return ProviderTask(model: model, body: body, medium: medium, idempotencyKey: marks.idempotencyKey)
    }
}

/// How far a task may go to get its result.
public struct AttemptPolicy: Sendable, Hashable {
    /// Attempts at most, whatever the reasons.
    public var attemptCountMax = 3
    /// Whether the next best offer is taken where that cannot cost twice.
    public var usesAlternatives = false
    /// What a possible duplicate may cost, in dollars: the worst case of everything whose outcome is unknown.
    public var maxDuplicateUSD = ExactDecimal.zero
    /// Before the second attempt at the same offer; doubled before each further one.
    public var backoff: Duration = .seconds(2)

    public init() {}
}

extension Offer {
    /// As it is stored.
    var json: JSONValue {
        var object = JSONObject([
            ("provider", .string(provider)), ("model", .string(model)), ("medium", .string(medium.rawValue)),
            ("body", body),
        ])
        object["worst_case"] = worstCase.map { .string($0.description) }
        object["unit"] = unit.map(JSONValue.string)
        object["usd_per_unit"] = usdPerUnit.map { .string($0.description) }
        object["quote"] = quote
        object["destination"] = destination?.json
        return .object(object)
    }

    /// Reads what ``json`` wrote; `nil` for anything else.
    init?(_ json: JSONValue) {
        guard let provider = json["provider"]?.string, let model = json["model"]?.string,
            let medium = json["medium"]?.string.flatMap(Medium.init(rawValue:)), let body = json["body"]
        else { return nil }
        self.init(
            provider: provider, model: model, medium: medium, body: body,
            worstCase: json["worst_case"]?.string.flatMap { ExactDecimal($0) }, unit: json["unit"]?.string,
            usdPerUnit: json["usd_per_unit"]?.string.flatMap { ExactDecimal($0) }, quote: json["quote"])
        destination = json["destination"].flatMap(Destination.init)
    }
}
