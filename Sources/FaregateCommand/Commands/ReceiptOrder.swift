import Faregate

/// Makes an order of a receipt, or says why it is not what was quoted any more.
struct ReceiptOrder {
    let path: String
    /// What the user names besides; it must be the same.
    let request: RequestOptions
    let policyOptions: PolicyOptions
    let output: OutputOptions

    /// What is to be run, shown to the person who asked.
    ///
    /// - Throws: ``ExitStatus/no``, after showing the differences, where it is not exactly what was quoted.
    func order(_ snapshot: Snapshot, _ circumstances: Circumstances) throws -> RunOrder {
        try policyOptions.checkNative()
        let receipt = try ReceiptFile(path: path).read()
        let review = snapshot.review(receipt, at: .current, in: circumstances)
        let differences = try otherRequest(than: receipt) + review.differences + tooDear(review, snapshot)
        guard differences.isEmpty, let order = review.order else {
            refuse(receipt, differences)
            throw ExitStatus.no
        }
        if output.format == .text { show(receipt, review, order) }
        return RunOrder(
            provider: order.provider, offering: order.offering, body: receipt.body, quote: order.quote,
            diagnostics: order.diagnostics, alternative: receipt.alternatives.first { $0.price != nil }?.provider)
    }

    /// A request that is named together with a receipt must be the one that was quoted.
    private func otherRequest(than receipt: Receipt) throws -> [ReceiptReview.Difference] {
        var differences: [ReceiptReview.Difference] = []
        func differ(_ message: String) {
            differences.append(.init(code: "receipt.other_request", message: message))
        }
        if let provider = request.provider, provider != receipt.provider {
            differ("it is for \(receipt.provider), not for \(provider)")
        }
        if let model = request.model, model != receipt.model { differ("it is for \(receipt.model), not for \(model)") }
        guard request.file != nil else { return differences }
        guard case .success(let body) = try request.document() else {
            differ("the request that is named is no JSON")
            return differences
        }
        if body != receipt.body, body != receipt.request {
            differ("the request that is named is another than the one that was quoted")
        }
        return differences
    }

    private func tooDear(_ review: ReceiptReview, _ snapshot: Snapshot) throws -> [ReceiptReview.Difference] {
        guard let order = review.order else { return [] }
        return try policyOptions.policy(snapshot).objections(to: order.provider, quote: order.quote)
            .map { ReceiptReview.Difference(code: $0.code.rawValue, message: $0.message) }
    }

    private func show(_ receipt: Receipt, _ review: ReceiptReview, _ order: ReceiptReview.Order) {
        let style = Terminal.output.style
        let left = receipt.expiresAt.secondsSince1970 - UTCTime.current.secondsSince1970
        Terminal.output.line(
            "\(style.green("✓")) exactly as quoted; the receipt holds for \(ReceiptOptions.shown(left))")
        for note in review.notes {
            for line in TextLayout.hanging("  ·", note.message, indent: 4, width: Terminal.output.width) {
                Terminal.output.line(line)
            }
        }
        Terminal.output.line("")
        let answer = Answer(
            id: nil, provider: order.provider.id, model: order.offering.id,
            diagnostics: order.diagnostics.filter { $0.severity != .info }, isValid: true, quote: .some(order.quote))
        AnswerReport().show(answer, showsQuote: true)
    }

    private func refuse(_ receipt: Receipt, _ differences: [ReceiptReview.Difference]) {
        guard output.format == .text else {
            let list = differences.map { difference -> JSONValue in
                ["code": .string(difference.code), "message": .string(difference.message)]
            }
            let answer: JSONValue = [
                "provider": .string(receipt.provider), "model": .string(receipt.model), "outcome": "refused",
                "differences": .array(list),
            ]
            return Terminal.output.line(answer.text(pretty: true))
        }
        let style = Terminal.output.style
        Terminal.output.line(style.red("✗ not what was quoted; nothing was sent"))
        for difference in differences {
            let text = "\(difference.message) [\(difference.code)]"
            for line in TextLayout.hanging("  ·", text, indent: 4, width: Terminal.output.width) {
                Terminal.output.line(line)
            }
        }
    }
}
