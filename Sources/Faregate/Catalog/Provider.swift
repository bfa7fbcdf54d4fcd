/// Who bills: a reseller or a model's maker.
public struct Provider: Sendable {
    public let id: String
    public let name: String
    /// The plugin that speaks the provider's protocol.
    public let plugin: String
    /// What prices are in, unless a row says otherwise: an ISO currency or `credits`.
    public let currency: String
    /// Dollars for one credit, where a page says so; else what it costs in the smallest purchase of packs.
    public let credit: CreditRate?
    /// How credits are sold.
    public let packs: [CreditPack]
    public let pages: [String: Page]
    public let request: RequestShape
    /// By id, in order.
    public internal(set) var offerings: [Offering] = []

    public func offering(_ id: String) -> Offering? { offerings.first { $0.id == id } }
}

/// What a credit is worth.
public struct CreditRate: Sendable, Hashable {
    /// US dollars for one credit.
    public let usd: ExactDecimal
    /// Who says so: a page, or the user's configuration.
    public let source: String
    public let checkedOn: CalendarDate?

    public init(usd: ExactDecimal, source: String, checkedOn: CalendarDate? = nil) {
        (self.usd, self.source, self.checkedOn) = (usd, source, checkedOn)
    }
}

/// What every request to a provider has in common.
public struct RequestShape: Sendable {
    /// The member that names the offering; `nil` where the address does.
    public let modelAt: JSONPointer?
    /// The offering meant when the request names none.
    public let defaultModel: String?
    /// The object that holds an offering's parameters.
    public let parametersAt: JSONPointer
    /// Parameters outside that object.
    let envelope: [(name: String, spec: ParameterSpec)]
    let required: [String]
    public let source: Source
}

extension Provider {
    init?(id: String, _ reader: ObjectReader) {
        let name = reader.required("name", reader.string)
        let plugin = reader.required("plugin", reader.string)
        let currency = reader.required("currency", reader.currency)
        pages = Self.pages(reader)
        let sources = SourceReader(pages: pages)
        packs = CreditPack.list(reader, sources: sources)
        let stated = reader.object("credit").flatMap { CreditRate($0, sources: sources) }
        credit = stated ?? (reader.has("credit") ? nil : CreditRate(of: packs))
        let request = reader.required("request", reader.object).flatMap { RequestShape($0, sources: sources) }
        reader.finish()
        guard let name, let plugin, let currency, let request else { return nil }
        (self.id, self.name, self.plugin, self.currency, self.request) = (id, name, plugin, currency, request)
    }

    private static func pages(_ reader: ObjectReader) -> [String: Page] {
        var pages: [String: Page] = [:]
        for (id, page) in reader.required("pages", reader.map) ?? [] {
            let title = page.required("title", page.string)
            let url = page.string("url")
            let checkedOn = page.required("checked_on", page.date)
            page.finish()
            if let url, !HTTPAddress.isAbsolute(url) {
                page.fail("document.value", at: "url", "url \"\(url)\" is not an absolute http or https address")
            }
            guard let title, let checkedOn else { continue }
            pages[id] = Page(id: id, title: title, url: url, checkedOn: checkedOn)
        }
        return pages
    }
}

extension CreditRate {
    init?(_ reader: ObjectReader, sources: SourceReader) {
        let usd = reader.required("usd", reader.decimal)
        let source = sources.required(reader)
        let checkedOn = reader.required("checked_on", reader.date)
        reader.finish()
        if let usd, usd <= .zero { reader.fail("document.value", at: "usd", "a credit is worth more than nothing") }
        guard let usd, usd > .zero, let source, let checkedOn else { return nil }
        self.init(usd: usd, source: source.description, checkedOn: checkedOn)
    }
}

extension RequestShape {
    init?(_ reader: ObjectReader, sources: SourceReader) {
        func pointer(_ name: String) -> JSONPointer? {
            guard let text = reader.string(name) else { return nil }
            let pointer = JSONPointer(parsing: text)
            if pointer == nil { reader.fail("document.value", at: name, "\(name) is not a JSON Pointer") }
            return pointer
        }
        if case .null? = reader.value("model_at") {
            modelAt = nil
        } else {
            modelAt = reader.required("model_at", pointer)
        }
        defaultModel = reader.string("default_model")
        let parametersAt = reader.required("parameters_at", pointer)
        let source = sources.required(reader)
        envelope = (reader.required("envelope", reader.map) ?? []).map {
            ($0.name, ParameterSpec($0.reader, sources: sources, fallback: source))
        }
        required = reader.strings("required") ?? []
        _ = reader.value("constraints")  // read with each offering, whose parameters they may name
        reader.finish()
        let names = envelope.map(\.name)
        func leadsAstray(_ pointer: JSONPointer?) -> Bool {
            guard let pointer, let first = pointer.tokens.first else { return false }
            return pointer.tokens.count > 1 || !names.contains(first)
        }
        for (member, pointer) in [("model_at", modelAt), ("parameters_at", parametersAt)] where leadsAstray(pointer) {
            reader.fail("document.value", at: member, "\(member) must lead to a member of the envelope")
        }
        for name in required where !names.contains(name) {
            reader.fail("document.value", at: "required", "\(name) is not in the envelope")
        }
        guard let parametersAt, !leadsAstray(parametersAt), let source else { return nil }
        (self.parametersAt, self.source) = (parametersAt, source)
    }
}
