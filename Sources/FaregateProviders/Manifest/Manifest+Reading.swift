import Faregate

extension Manifest {
    /// Reads the whole document. `nil`, with the problems noted, where something essential is missing.
    init?(_ reader: ObjectReader, id: String) {
        defer { reader.finish() }
        _ = reader.required("protocol", reader.integer)
        let name = reader.required("name", reader.string)
        _ = reader.string("about")
        let pages = reader.required("pages", reader.map).map(Self.pages) ?? [:]
        let base = reader.required("base_url") { Self.baseAddress(reader, $0) }
        let hosts = reader.required("hosts", reader.strings)?.map { $0.lowercased() }
        let scheme = reader.required("auth", reader.object).flatMap(AuthenticationScheme.init)
        let polling = reader.required("polling", reader.object).map(Self.polling) ?? [:]
        let billing = reader.required("billing", reader.object).flatMap(BillingTraits.init)
        let idempotency = reader.object("idempotency").map(Self.idempotency) ?? (.none, nil)
        let retentionDays = reader.object("retention").flatMap { Self.fact($0, "days") }
        let limits = reader.object("limits").map(Self.limits)
        let refusals = reader.objects("refusals")?.compactMap { ReplyRule(refusal: $0) } ?? []
        let (operations, callback) =
            reader.required("operations", reader.object).map { Self.operations($0, refusals) } ?? ([:], nil)
        guard let name, let base, let hosts, let scheme, let billing else { return nil }
        if !hosts.contains(base.host) {
            reader.fail("document.value", at: "hosts", "hosts must hold \(base.host), the host of base_url")
        }
        self.init(
            traits: ProviderTraits(
                id: id, name: name, baseAddress: base, hosts: hosts, authentication: scheme,
                operations: Set(operations.keys), idempotency: idempotency.kind, idempotencyWindow: idempotency.window,
                callback: callback, polling: polling, billing: billing, retentionDays: retentionDays,
                concurrentTasksMax: limits?.tasks,
                requestsPerMinuteMax: limits?.requests),
            pages: pages, operations: operations)
        checkSources(reader)
    }

    private static func baseAddress(_ reader: ObjectReader, _ name: String) -> WebAddress? {
        guard let text = reader.string(name) else { return nil }
        guard let address = WebAddress(text), address.scheme == .https, address.origin == text else {
            reader.fail(
                "document.value", at: name,
                "\(name) must be https and a host, such as https://api.example.com; paths stand with the operations")
            return nil
        }
        return address
    }

    private static func pages(_ members: [(name: String, reader: ObjectReader)]) -> [String: String] {
        var pages: [String: String] = [:]
        for (name, reader) in members {
            _ = reader.required("title", reader.string)
            _ = reader.required("checked_on", reader.string)
            pages[name] = reader.required("url", reader.string)
            reader.finish()
        }
        return pages
    }

    private static func polling(_ reader: ObjectReader) -> [Medium: PollingAdvice] {
        var advice: [Medium: PollingAdvice] = [:]
        for medium in Medium.allCases {
            advice[medium] = reader.object(medium.rawValue).flatMap(PollingAdvice.init)
        }
        if reader.names.isEmpty { reader.fail("document.value", "polling must advise for at least one medium") }
        reader.finish()
        return advice
    }

    private static func idempotency(_ reader: ObjectReader) -> (kind: Idempotency, window: Duration?) {
        defer { reader.finish() }
        return (Idempotency(reader), reader.seconds("recognised_seconds"))
    }

    private static func limits(_ reader: ObjectReader) -> (tasks: Int?, requests: Int?) {
        defer { reader.finish() }
        reader.sourced()
        return (reader.count("concurrent_tasks"), reader.count("requests_per_minute"))
    }

    private static func fact(_ reader: ObjectReader, _ name: String) -> Int? {
        defer { reader.finish() }
        reader.sourced()
        return reader.required(name, reader.count)
    }

    /// A source names one of the pages, or is an address.
    private func checkSources(_ reader: ObjectReader) {
        for rule in operations.values.flatMap(\.rules) {
            let page = rule.source.split(separator: " ").first.map(String.init) ?? ""
            guard pages[page] == nil, !rule.source.hasPrefix("https://") else { continue }
            reader.problems.add(
                "manifest.source", at: rule.pointer / "source",
                "\"\(page)\" is not one of the pages: \(listed(pages.keys.sorted()))")
        }
    }
}

extension Manifest {
    /// - Parameter refusals: Rules that every operation shares, tried after its own.
    private static func operations(
        _ reader: ObjectReader, _ refusals: [ReplyRule]
    ) -> ([OperationName: Operation], CallbackTraits?) {
        var operations: [OperationName: Operation] = [:]
        var callback: CallbackTraits?
        for name in OperationName.allCases {
            let isNeeded = name == .submit || name == .poll
            let member = isNeeded ? reader.required(name.rawValue, reader.object) : reader.object(name.rawValue)
            guard let member else { continue }
            if name == .callback { callback = CallbackTraits(member) }
            operations[name] = Operation(member, name, refusals: name == .callback ? [] : refusals)
            member.finish()
        }
        reader.finish()
        return (operations, callback)
    }
}

extension Manifest.Operation {
    fileprivate init?(_ reader: ObjectReader, _ name: OperationName, refusals: [ReplyRule]) {
        if name != .callback {
            request = reader.required("request", reader.object).flatMap {
                RequestTemplate($0, places: Self.places(name))
            }
        }
        if name == .submit { media = reader.object("media").flatMap(Manifest.Media.init) }
        embeddedAt = reader.has("embedded_json_at") ? reader.pointers("embedded_json_at") ?? [] : []
        rules = (reader.required("replies", reader.objects)?.compactMap { ReplyRule($0, of: name) } ?? []) + refusals
        var seen: Set<String> = []
        for rule in rules where !seen.insert(rule.id).inserted {
            reader.problems.add(
                "manifest.rule", at: rule.pointer / "id", "another reply of \(name.rawValue) is called \(rule.id)")
        }
        for word in Self.needed(name) where !rules.contains(where: { $0.outcome.word == word }) {
            reader.fail("manifest.rule", at: "replies", "no reply of \(name.rawValue) is \(word.rawValue)")
        }
        guard name == .callback || request != nil else { return nil }
    }

    /// What may be filled into a request.
    private static func places(_ name: OperationName) -> Set<String> {
        switch name {
        case .submit, .dryRun: ["model"]
        case .poll, .cancel: ["task_id", "model"]
        case .find: ["reference", "model"]
        case .list: ["model"]
        case .balance, .callback: []
        }
    }

    /// The outcomes without which an operation is of no use.
    private static func needed(_ name: OperationName) -> [ReplyRule.Word] {
        switch name {
        case .submit: [.accepted, .rejected]
        case .poll: [.running, .succeeded, .failed]
        case .cancel: [.cancelled]
        case .find: [.found]
        case .list: [.listed]
        case .dryRun: [.priced]
        case .balance: [.balance]
        case .callback: [.notified]
        }
    }
}

extension Manifest.Media {
    /// Reads `{ "only": ["video"], "note": "…", "source": "…" }`.
    fileprivate init?(_ reader: ObjectReader) {
        defer { reader.finish() }
        reader.sourced()
        let words = reader.required("only", reader.strings) ?? []
        let reason = reader.required("note", reader.string)
        let served = words.compactMap(Medium.init(rawValue:))
        if served.count < words.count || served.isEmpty {
            let known = listed(Medium.allCases.map(\.rawValue))
            reader.fail("document.value", at: "only", "only must list at least one of \(known), and nothing else")
        }
        guard let reason else { return nil }
        (self.served, self.reason) = (served, reason)
    }
}

extension ReplyRule.Outcome {
    /// The word that stands for it in a manifest.
    var word: ReplyRule.Word {
        switch self {
        case .accepted: .accepted
        case .rejected: .rejected
        case .running: .running
        case .succeeded: .succeeded
        case .failed: .failed
        case .cancelled: .cancelled
        case .found: .found
        case .absent: .absent
        case .listed: .listed
        case .priced: .priced
        case .balance: .balance
        case .notified: .notified
        }
    }
}
