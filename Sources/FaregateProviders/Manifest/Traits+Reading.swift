import Faregate

extension AuthenticationScheme {
    /// Reads `{ "scheme": "bearer" }`, or `header` and `query` with a name.
    init?(_ reader: ObjectReader) {
        defer { reader.finish() }
        enum Scheme: String, CaseIterable { case bearer, header, query }
        reader.sourced()
        guard let scheme = reader.required("scheme", { reader.choice($0, of: Scheme.self) }) else { return nil }
        if scheme == .bearer {
            self = .bearer
            return
        }
        guard let name = reader.required("name", reader.string) else { return nil }
        self = scheme == .header ? .header(name) : .query(name)
    }
}

extension Idempotency {
    /// Reads `{ "kind": "none" }`, `{ "kind": "header", "name": … }` or `{ "kind": "body", "at": … }`.
    init(_ reader: ObjectReader) {
        enum Kind: String, CaseIterable { case none, header, body }
        reader.sourced()
        switch reader.required("kind", { reader.choice($0, of: Kind.self) }) {
        case .header: self = reader.required("name", reader.string).map(Idempotency.header) ?? .none
        case .body: self = reader.required("at", reader.pointer).map { .body(at: $0.description) } ?? .none
        default: self = .none
        }
    }
}

extension CallbackTraits {
    /// Reads the members of the callback operation that describe it; its replies are read as for any operation.
    init?(_ reader: ObjectReader) {
        let verification = reader.required("verification") { reader.choice($0, of: Verification.self) }
        let place = reader.required("url_at", reader.pointer)
        reader.sourced()
        guard let verification, let place else { return nil }
        self.init(verification: verification, addressAt: place.description)
    }
}

extension PollingAdvice {
    /// Reads seconds: `first_after`, `every`, `timeout`, and `typical` as an object of `min` and `max`.
    init?(_ reader: ObjectReader) {
        defer { reader.finish() }
        reader.sourced()
        let first = reader.required("first_after_seconds", reader.seconds)
        let every = reader.required("every_seconds", reader.seconds)
        let timeout = reader.required("timeout_seconds", reader.seconds)
        var typical: ClosedRange<Duration>?
        if let range = reader.object("typical_seconds") {
            let (low, high) = (range.required("min", range.seconds), range.required("max", range.seconds))
            if let low, let high, low <= high { typical = low...high }
            range.finish()
        }
        guard let first, let every, let timeout else { return nil }
        self.init(firstAfter: first, every: every, timeout: timeout, typical: typical)
    }
}

extension BillingTraits {
    /// Reads the unit, and what is billed on each outcome.
    init?(_ reader: ObjectReader) {
        defer { reader.finish() }
        reader.sourced()
        func on(_ name: String) -> Billing { reader.choice(name, of: Billing.self) ?? .unknown }
        let unit = reader.required("unit", reader.string)
        (succeeded, failed, rejected, cancelled) = (on("succeeded"), on("failed"), on("rejected"), on("cancelled"))
        guard let unit else { return nil }
        self.unit = unit
    }
}
