import Faregate

/// Answers JSON Lines: one line out for each line in, in order, as they come.
struct BatchRunner {
    let snapshot: Snapshot
    let circumstances: Circumstances
    let quoting: Bool
    let repairing: Bool
    /// Taken where a line does not name its own.
    let provider: String?
    let model: String?

    /// - Throws: ``ExitStatus/no`` at the end, where something was invalid.
    func run(_ file: String?) throws {
        let limits = JSONValue.Limits.standard
        let reader = try InputReader(file)
        var isAllValid = true
        var number = 0
        while let line = try reader.line(bytesMax: limits.bytesMax) {
            number += 1
            let answer = answer(line, number: number, limits: limits)
            if answer["valid"] != true { isAllValid = false }
            Terminal.output.line(answer.text())
        }
        if !isAllValid { throw ExitStatus.no }
    }

    private func answer(_ line: [UInt8], number: Int, limits: JSONValue.Limits) -> JSONValue {
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue(parsing: line, limits: limits)
        } catch {
            let error = error.code == .tooLarge ? .tooLarge(limits) : error
            return failure(Diagnostic(error, line: number), id: .salvaged("id", from: line, limits: limits))
        }
        guard case .object(let object) = document else {
            return failure(
                lineProblem("type", "a line is an object with provider, model and body; this is \(document.typeName)"),
                id: nil)
        }
        let known = ["id", "provider", "model", "body"]
        let id = object["id"]
        // What `catalog cases` expects of a line is for whoever compares the answers.
        if let stranger = object.members.map(\.name).first(where: { !known.contains($0) && $0 != "expect" }) {
            return failure(
                lineProblem("unknown_member", "\"\(stranger)\" is not known here; a line has \(listed(known, "and"))"),
                id: id)
        }
        guard let body = object["body"] else {
            return failure(lineProblem("missing_member", "the line has no body"), id: id)
        }
        for name in ["provider", "model"] where object[name] != nil && object[name]?.string == nil {
            return failure(lineProblem("type", "\(name) must be a string"), id: id)
        }
        guard let provider = object["provider"]?.string ?? provider else {
            return failure(
                lineProblem(
                    "missing_member",
                    "the line names no provider; known are \(listed(snapshot.providers.map(\.id), "and"))"),
                id: id)
        }
        let request = NativeRequest(id: id, provider: provider, model: object["model"]?.string ?? model, body: body)
        return snapshot.answer(request, quoting: quoting, repairing: repairing, in: circumstances).json
    }

    private func lineProblem(_ kind: String, _ message: String) -> Diagnostic {
        Diagnostic(
            .error, Diagnostic.Code(rawValue: "batch.\(kind)"), at: JSONPointer(), message,
            source: Source(page: "faregate help validate", place: nil))
    }

    private func failure(_ diagnostic: Diagnostic, id: JSONValue?) -> JSONValue {
        Answer(
            id: id, provider: nil, model: nil, diagnostics: [diagnostic], isValid: false,
            quote: quoting ? .some(nil) : nil
        ).json
    }
}
