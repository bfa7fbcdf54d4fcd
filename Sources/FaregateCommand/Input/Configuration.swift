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
/// `{"providers": {"sjinn": {"api_key": "…", "base_url": "https://…", "usd_per_credit": "0.005"}}}`
struct Configuration {
    /// What the file says about one provider.
    struct Entry {
        var apiKey: String?
        var baseURL: String?
        var usdPerCredit: ExactDecimal?
    }

    /// The file that was read; `nil` where there is none.
    let path: String?
    private let entries: [String: Entry]

    static func load() throws -> Configuration {
        let named = Environment["FAREGATE_CONFIG"]
        let home = Environment["XDG_CONFIG_HOME"] ?? Environment["HOME"].map { $0 + "/.config" }
        guard let path = named ?? home.map({ $0 + "/faregate/config.json" }), named != nil || access(path, F_OK) == 0
        else { return Configuration(path: nil, entries: [:]) }
        switch CatalogFolder.bytes(of: path) {
        case .failure(let failure):
            throw CommandFailure(code: "config.unreadable", message: "\(path) cannot be read: \(failure.reason)")
        case .success(let bytes): return Configuration(path: path, entries: try read(bytes, path))
        }
    }

    private static func read(_ bytes: [UInt8], _ path: String) throws -> [String: Entry] {
        let document: JSONValue
        do throws(JSONError) { document = try JSONValue(parsing: bytes) } catch {
            let place = error.position.map { ":\($0.line):\($0.column)" } ?? ""
            throw CommandFailure(code: error.code.rawValue, message: "\(path)\(place): \(error.message)")
        }
        let problems = DocumentProblems()
        var entries: [String: Entry] = [:]
        if let reader = ObjectReader(document: document, problems: problems) {
            for (provider, settings) in reader.map("providers") ?? [] {
                let usd = settings.string("usd_per_credit")
                entries[provider] = Entry(
                    apiKey: settings.string("api_key"), baseURL: settings.string("base_url"),
                    usdPerCredit: usd.flatMap { ExactDecimal($0) })
                if usd != nil, entries[provider]?.usdPerCredit == nil {
                    settings.fail(
                        "document.value", at: "usd_per_credit", "usd_per_credit is a decimal string like \"0.005\"")
                }
                settings.finish()
            }
            reader.finish()
        }
        if let problem = problems.all.first {
            let place = JSONPosition(of: problem.pointer, in: bytes)
            throw CommandFailure(
                code: "config.invalid", message: "\(path):\(place.line):\(place.column): \(problem.message)")
        }
        return entries
    }

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
        for provider in snapshot.providers.map(\.id) {
            let name = Self.variable(provider, "USD_PER_CREDIT")
            if let text = Environment[name], !text.isEmpty {
                guard let usd = ExactDecimal(text), usd > .zero else {
                    throw CommandFailure(
                        code: "config.invalid", message: "\(name) is \"\(text)\"",
                        hint: "Set a decimal number like 0.005.")
                }
                credits[provider] = CreditRate(usd: usd, source: name)
            } else if let usd = entries[provider]?.usdPerCredit {
                credits[provider] = CreditRate(usd: usd, source: path ?? "configuration")
            }
        }
        return credits
    }
}
