/// A catalog as it is compared with another: what it says, and the requests that stand beside its offerings.
public struct CatalogEdition: Sendable {
    public let snapshot: Snapshot
    /// The bodies of the cases, by the path of the offering's folder and id.
    private let requests: [String: [JSONValue]]
    /// The bytes of every file that is loaded, by path.
    let files: [String: [UInt8]]

    /// - Parameter files: The catalog's files, its cases included.
    /// - Throws: Everything that keeps the catalog from being loaded.
    public init(files: [CatalogFile]) throws(CatalogError) {
        snapshot = try Snapshot(files: files)
        var requests: [String: [JSONValue]] = [:]
        var loaded: [String: [UInt8]] = [:]
        for file in files {
            guard let path = CatalogPath(file.path) else { continue }
            if path.isPartOfSnapshot { loaded[file.path] = file.bytes }
            guard path.kind == .cases, let provider = path.provider else { continue }
            let cases = (try? JSONValue(parsing: file.bytes))?["cases"]?.array ?? []
            requests["\(provider)/\(path.id)"] = cases.compactMap { $0["body"] }
        }
        (self.requests, self.files) = (requests, loaded)
    }

    /// The requests beside an offering.
    func requests(_ provider: String, _ offering: String) -> [JSONValue] { requests["\(provider)/\(offering)"] ?? [] }
}

/// An offering of one of the two catalogs, with what it takes to ask it something.
struct OfferingEdition {
    let edition: CatalogEdition
    let provider: Provider
    let offering: Offering
    let date: CalendarDate

    /// What the catalog says about a request to the offering.
    func judgement(of body: JSONValue) -> Judgement {
        let verdict = Validator(provider: provider, offering: offering, snapshot: edition.snapshot)
            .verdict(on: body, date: date)
        let pricer = Pricer(offering: offering, credit: provider.credit, catalog: edition.snapshot.digest)
        return Judgement(
            isValid: verdict.isValid, findings: verdict.diagnostics.filter { $0.severity != .info },
            quote: verdict.isValid ? pricer.quote(verdict.facts, date: date) : nil)
    }

    var requests: [JSONValue] { edition.requests(provider.id, offering.id) }
}

/// What a catalog says about one request.
public struct Judgement: Sendable {
    public let isValid: Bool
    /// Errors and warnings.
    public let findings: [Diagnostic]
    /// `nil` for an invalid request.
    public let quote: Quote?

    var errors: [Diagnostic] { findings.filter { $0.severity == .error } }

    /// `valid, 0.20 USD`, `valid, price unknown (price.not_documented)`, `invalid: duration is 5; …`
    public var text: String {
        guard isValid else { return "invalid" + (errors.first.map { " (\($0.rule ?? $0.code.rawValue))" } ?? "") }
        guard let quote else { return "valid" }
        return "valid, " + quote.amountText
    }

    var json: JSONValue {
        var object = JSONObject([("valid", .bool(isValid))])
        if let quote {
            object["status"] = .string(quote.status.rawValue)
            object["price"] = .string(quote.amountText)
        }
        if !findings.isEmpty {
            object["findings"] = .array(
                findings.map { finding in
                    var found = JSONObject([
                        ("severity", .string(finding.severity.rawValue)), ("code", .string(finding.code.rawValue)),
                    ])
                    found["rule"] = finding.rule.map(JSONValue.string)
                    found["path"] = .string(finding.path.description)
                    return .object(found)
                })
        }
        return .object(object)
    }
}

extension Quote {
    /// `0.20 USD`, `at least 0.20 USD`, `0.20 to 0.40 USD`, `price unknown (price.garbled)`.
    package var amountText: String {
        guard let total else { return "price unknown" + (reason.map { " (\($0))" } ?? "") }
        let low = total.text(total.minimum)
        return switch total.maximum {
        case nil: "at least \(low) \(total.unit)"
        case let high? where high != total.minimum: "\(low) to \(total.text(high)) \(total.unit)"
        default: "\(low) \(total.unit)"
        }
    }
}
