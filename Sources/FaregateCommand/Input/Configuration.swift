import Faregate
import FaregateProviders

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension CalendarDate {
    /// The day by the system's clock, UTC.
    static var today: CalendarDate { CalendarDate(secondsSince1970: Int64(time(nil))) }
}

/// What the user set: a file, and the environment, which wins.
///
/// `FAREGATE_CONFIG`, or `faregate/config.json` in `XDG_CONFIG_HOME` (`~/.config`):
/// `{"providers": {"sjinn": {"api_key": "…", "base_url": "https://…", "usd_per_credit": "0.005"}}}`; instead of
/// `usd_per_credit` also `"packs": [{"id": "starter", "credits": "1000", "bonus": "100", "usd": "9.90"}]` with the
/// `volume`, in credits, that is bought at a time. Beside `providers`, `webhook_secret` signs notices.
struct Configuration {
    /// What the file says about one provider.
    struct Entry {
        var apiKey: String?
        var baseURL: String?
        var usdPerCredit: ExactDecimal?
        /// How credits are sold; `nil`: as the catalog says.
        var packs: [CreditPack]?
        /// Credits that are bought at a time.
        var volume: ExactDecimal?
    }

    /// The file that was read; `nil` where there is none.
    let path: String?
    private let entries: [String: Entry]
    /// As the file has it; never shown.
    let webhookSecret: String?

    private init(path: String?, entries: [String: Entry] = [:], webhookSecret: String? = nil) {
        (self.path, self.entries, self.webhookSecret) = (path, entries, webhookSecret)
    }

    static func load() throws -> Configuration {
        let named = Environment["FAREGATE_CONFIG"]
        let home = Environment["XDG_CONFIG_HOME"] ?? Environment["HOME"].map { $0 + "/.config" }
        guard let path = named ?? home.map({ $0 + "/faregate/config.json" }), named != nil || access(path, F_OK) == 0
        else { return Configuration(path: nil) }
        switch CatalogFolder.bytes(of: path) {
        case .failure(let failure):
            throw CommandFailure(code: "config.unreadable", message: "\(path) cannot be read: \(failure.reason)")
        case .success(let bytes): return try read(bytes, path)
        }
    }

    private static func read(_ bytes: [UInt8], _ path: String) throws -> Configuration {
        let document: JSONValue
        do throws(JSONError) { document = try JSONValue(parsing: bytes) } catch {
            let place = error.position.map { ":\($0.line):\($0.column)" } ?? ""
            throw CommandFailure(code: error.code.rawValue, message: "\(path)\(place): \(error.message)")
        }
        let problems = DocumentProblems()
        var entries: [String: Entry] = [:]
        var webhookSecret: String?
        if let reader = ObjectReader(document: document, problems: problems) {
            for (provider, settings) in reader.map("providers") ?? [] {
                entries[provider] = Entry(settings, path)
            }
            webhookSecret = reader.string("webhook_secret")
            reader.finish()
        }
        if let problem = problems.all.first {
            let place = JSONPosition(of: problem.pointer, in: bytes)
            throw CommandFailure(
                code: "config.invalid", message: "\(path):\(place.line):\(place.column): \(problem.message)")
        }
        return Configuration(path: path, entries: entries, webhookSecret: webhookSecret)
    }

    /// How a provider sells credits: as the user says, or else the catalog.
    func packs(_ provider: Provider) -> [CreditPack] { entries[provider.id]?.packs ?? provider.packs }

    /// `FAREGATE_SJINN_API_KEY` for `sjinn` and `API_KEY`.
    static func variable(_ provider: String, _ name: String) -> String {
        ProviderAccess.variablePrefix(for: provider) + "_" + name
    }

    private func value(_ provider: String, _ name: String, _ entry: (Entry) -> String?) -> String? {
        let set = Environment[Self.variable(provider, name)].flatMap { $0.isEmpty ? nil : $0 }
        return set ?? entries[provider].flatMap(entry)
    }

    func apiKey(_ provider: String) -> String? { value(provider, "API_KEY", \.apiKey) }
    func baseURL(_ provider: String) -> String? { value(provider, "BASE_URL", \.baseURL) }

    /// What the user says credits are worth, by provider.
    func credits(_ snapshot: Snapshot) throws -> [String: CreditRate] {
        var credits: [String: CreditRate] = [:]
        for provider in snapshot.providers {
            let name = Self.variable(provider.id, "USD_PER_CREDIT")
            if let text = Environment[name], !text.isEmpty {
                guard let usd = ExactDecimal(text), usd > .zero else {
                    throw CommandFailure(
                        code: "config.invalid", message: "\(name) is \"\(text)\"",
                        hint: "Set a decimal number like 0.005.")
                }
                credits[provider.id] = CreditRate(usd: usd, source: name)
            } else if let entry = entries[provider.id] {
                credits[provider.id] = try entry.rate(packs(provider), of: provider, path ?? "configuration")
            }
        }
        return credits
    }
}

extension Configuration.Entry {
    /// Reads what the file says about one provider.
    fileprivate init(_ reader: ObjectReader, _ path: String) {
        func amount(_ name: String, _ example: String) -> ExactDecimal? {
            guard let text = reader.string(name) else { return nil }
            if let amount = ExactDecimal(text), amount > .zero { return amount }
            reader.fail("document.value", at: name, "\(name) is a decimal string like \"\(example)\"")
            return nil
        }
        self.init(
            apiKey: reader.string("api_key"), baseURL: reader.string("base_url"),
            usdPerCredit: amount("usd_per_credit", "0.005"),
            packs: reader.has("packs") ? CreditPack.list(reader, configuredIn: path) : nil,
            volume: amount("volume", "10000"))
        reader.finish()
    }

    /// What a credit is worth by what the file says; `nil` where it says nothing about that.
    fileprivate func rate(_ packs: [CreditPack], of provider: Provider, _ path: String) throws -> CreditRate? {
        if let usdPerCredit { return CreditRate(usd: usdPerCredit, source: path) }
        guard self.packs != nil || volume != nil else { return nil }
        if let rate = CreditRate(of: packs, volume: volume) { return rate }
        guard let volume else { return nil }
        throw CommandFailure(
            code: "config.invalid",
            message: "\(path): \(provider.name)'s packs do not give the volume of \(volume) credits",
            hint: "State more packs, or a smaller volume.")
    }
}
