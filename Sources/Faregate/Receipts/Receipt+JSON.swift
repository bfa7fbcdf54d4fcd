extension Receipt {
    /// The documented JSON form: what a receipt's file holds.
    public var json: JSONValue {
        var object = JSONObject([
            ("receipt", .integer(Self.version)), ("made_at", .string(madeAt.description)),
            ("expires_at", .string(expiresAt.description)), ("catalog", .string(catalog)),
            ("provider", .string(provider)), ("model", .string(model)), ("body", body),
            ("body_sha256", .string(bodyDigest)),
        ])
        object["request"] = request
        object["policy"] = policy
        object["quote"] = quote
        object["rules"] = .array(rules.map(\.json))
        object["rates"] = .array(rates.map(\.json))
        object["warnings"] = .array(warnings.map(\.json))
        object["alternatives"] = .array(alternatives.map(\.json))
        return .object(object)
    }

    /// Reads a receipt's file.
    ///
    /// - Returns: `nil`, with the problems noted, where it is none or of another version.
    package init?(_ document: JSONValue, problems: DocumentProblems) {
        guard let reader = ObjectReader(document: document, problems: problems) else { return nil }
        guard let version = reader.required("receipt", reader.integer) else { return nil }
        guard Int64(version) == Self.version else {
            let message = "this is receipt form \(version); only form \(Self.version) is understood"
            reader.fail("receipt.version", at: "receipt", message)
            return nil
        }
        let madeAt = reader.required("made_at", reader.timestamp)
        let expiresAt = reader.required("expires_at", reader.timestamp)
        let catalog = reader.required("catalog", reader.string)
        let provider = reader.required("provider", reader.string)
        let model = reader.required("model", reader.string)
        let body = reader.required("body", reader.value)
        let bodyDigest = reader.required("body_sha256", reader.string)
        let quote = reader.required("quote", reader.value)
        (request, policy) = (reader.value("request"), reader.value("policy"))
        rules = (reader.required("rules", reader.objects) ?? []).compactMap { Ground($0) }
        rates = (reader.required("rates", reader.objects) ?? []).compactMap { Ground($0) }
        warnings = (reader.required("warnings", reader.objects) ?? []).compactMap { Warning($0) }
        alternatives = (reader.required("alternatives", reader.objects) ?? []).compactMap { Alternative($0) }
        reader.finish()
        guard
            problems.all.isEmpty, let madeAt, let expiresAt, let catalog, let provider, let model, let body,
            let bodyDigest, let quote
        else { return nil }
        (self.madeAt, self.expiresAt, self.catalog) = (madeAt, expiresAt, catalog)
        (self.provider, self.model, self.body, self.bodyDigest, self.quote) = (provider, model, body, bodyDigest, quote)
    }
}

extension Receipt.Ground {
    fileprivate var json: JSONValue {
        var object = JSONObject([("id", .string(id))])
        object["rate"] = rate.map(JSONValue.string)
        object["source"] = .string(source)
        object["checked_on"] = checkedOn.map { .string($0.description) }
        return .object(object)
    }

    fileprivate init?(_ reader: ObjectReader) {
        let id = reader.required("id", reader.string)
        rate = reader.string("rate")
        let source = reader.required("source", reader.string)
        checkedOn = reader.date("checked_on")
        reader.finish()
        guard let id, let source else { return nil }
        (self.id, self.source) = (id, source)
    }
}

extension Receipt.Warning {
    fileprivate var json: JSONValue {
        var object = JSONObject([("code", .string(code))])
        object["rule"] = rule.map(JSONValue.string)
        object["path"] = .string(path)
        return .object(object)
    }

    fileprivate init?(_ reader: ObjectReader) {
        let code = reader.required("code", reader.string)
        rule = reader.string("rule")
        let path = reader.required("path", reader.string)
        reader.finish()
        guard let code, let path else { return nil }
        (self.code, self.path) = (code, path)
    }
}

extension Receipt.Alternative {
    fileprivate var json: JSONValue {
        var object = JSONObject([("provider", .string(provider)), ("model", .string(model))])
        object["price"] = price
        if !reasons.isEmpty { object["reasons"] = .array(reasons.map(JSONValue.string)) }
        return .object(object)
    }

    fileprivate init?(_ reader: ObjectReader) {
        let provider = reader.required("provider", reader.string)
        let model = reader.required("model", reader.string)
        price = reader.value("price")
        reasons = reader.strings("reasons") ?? []
        reader.finish()
        guard let provider, let model else { return nil }
        (self.provider, self.model) = (provider, model)
    }
}

extension ObjectReader {
    /// An instant such as `2026-12-01T09:30:00Z`.
    fileprivate func timestamp(_ name: String) -> UTCTime? {
        guard let text = string(name) else { return nil }
        let timestamp = UTCTime(text)
        if timestamp == nil {
            fail("document.value", at: name, "\(name) \"\(text)\" is not an instant like 2026-12-01T09:30:00Z")
        }
        return timestamp
    }
}
