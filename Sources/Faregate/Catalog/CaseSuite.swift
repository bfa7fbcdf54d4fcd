/// The cases beside the offerings: requests with the verdicts and quotes they must get.
public enum CaseSuite {
    /// Every case that comes out otherwise, and every cases file that cannot be read.
    public static func problems(_ files: [CatalogFile], snapshot: Snapshot) -> [CatalogProblem] {
        var found: [CatalogProblem] = []
        for file in files {
            guard let path = CatalogPath(file.path), path.kind == .cases else { continue }
            let problems = DocumentProblems()
            do throws(JSONError) {
                let document = try JSONValue(parsing: file.bytes)
                check(document, path, snapshot: snapshot, problems: problems)
            } catch {
                found.append(
                    CatalogProblem(
                        file: file.path, position: error.position, code: error.code.rawValue, message: error.message))
            }
            found += problems.all.map {
                CatalogProblem(
                    file: file.path, position: JSONPosition(of: $0.pointer, in: file.bytes), code: $0.code,
                    message: $0.message)
            }
        }
        return found
    }

    /// How many cases there are.
    public static func count(_ files: [CatalogFile]) -> Int {
        files.reduce(0) { sum, file in
            guard CatalogPath(file.path)?.kind == .cases else { return sum }
            return sum + ((try? JSONValue(parsing: file.bytes))?["cases"]?.array?.count ?? 0)
        }
    }

    private static func check(
        _ document: JSONValue, _ path: CatalogPath, snapshot: Snapshot, problems: DocumentProblems
    ) {
        guard let reader = ObjectReader(document: document, problems: problems) else { return }
        guard let provider = path.provider, snapshot.provider(provider)?.offering(path.id) != nil else {
            return reader.fail("case.no_offering", "there is no offering \(path.id) beside these cases")
        }
        var ids: Set<String> = []
        for item in reader.required("cases", reader.objects) ?? [] {
            let id = item.required("id", item.identifier)
            if let id, !ids.insert(id).inserted { item.fail("case.duplicate_id", at: "id", "the id \(id) is taken") }
            _ = item.required("about", item.string)
            check(item, provider: provider, model: path.id, snapshot: snapshot)
            item.finish()
        }
        reader.finish()
    }

    private static func check(_ item: ObjectReader, provider: String, model: String, snapshot: Snapshot) {
        let body = item.required("body", item.value)
        let isValid = item.required("valid", item.bool)
        let date = item.date("date")
        let expected = item.objects("diagnostics")
        let quote = item.object("quote")
        guard let body, let isValid else { return }
        let request = NativeRequest(provider: provider, model: model, body: body)
        let circumstances = Circumstances(date: date ?? CalendarDate("2026-12-01") ?? CalendarDate(secondsSince1970: 0))
        let answer = snapshot.answer(request, quoting: true, in: circumstances)
        let found = answer.diagnostics.filter { $0.severity != .info }
        let shown = found.map { "\($0.severity.rawValue) \($0.code.rawValue) \($0.rule ?? "") at \"\($0.path)\"" }
        if answer.isValid != isValid {
            item.fail(
                "case.verdict", at: "valid",
                "valid is \(answer.isValid); the findings are: \(shown.isEmpty ? "none" : listed(shown, "and"))")
        }
        if let expected { compare(expected, found.map(\.json), item, shown) }
        if let quote { compare(quote, answer.quote ?? nil) }
    }

    private static func compare(
        _ expected: [ObjectReader], _ found: [JSONValue], _ item: ObjectReader, _ shown: [String]
    ) {
        let isSame =
            expected.count == found.count
            && zip(expected, found).allSatisfy { wanted, got in
                wanted.names.allSatisfy { wanted.value($0) == got[$0] }
            }
        if !isSame {
            item.fail(
                "case.diagnostics", at: "diagnostics",
                "the findings are: \(shown.isEmpty ? "none" : listed(shown, "and"))")
        }
    }

    private static func compare(_ expected: ObjectReader, _ quote: Quote?) {
        let json = quote?.json
        var found = JSONObject()
        found["status"] = json?["status"]
        found["reason"] = json?["reason"]
        found["amount"] = json?["total"]?["amount"]
        found["min"] = json?["total"]?["min"]
        found["max"] = json?["total"]?["max"]
        found["unit"] = json?["total"]?["unit"]
        for name in expected.names {
            let wanted = expected.value(name)
            let isSame =
                found[name] == wanted
                || (wanted?.string.flatMap { ExactDecimal($0) }).map {
                    $0 == found[name]?.string.flatMap { ExactDecimal($0) }
                } ?? false
            if !isSame {
                expected.fail("case.quote", at: name, "\(name) is \(found[name]?.text() ?? "nothing")")
            }
        }
    }
}
