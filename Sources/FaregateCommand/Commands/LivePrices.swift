import Faregate
import FaregateProviders

/// What a provider itself says a request would cost, or why it says nothing.
struct LiveAnswer {
    let price: LivePrice?
    /// Why there is no answer: no price check, no key.
    let silence: String?

    /// Asks one provider.
    static func ask(
        _ task: ProviderTask, of provider: Provider, _ opener: ProviderOpener, transport: any HTTPTransport
    ) async throws -> LiveAnswer {
        let host = try opener.host(provider, transport: transport)
        guard host.codec.traits.operations.contains(.dryRun) else {
            return LiveAnswer(price: nil, silence: "\(provider.name) has no price check")
        }
        do throws(PluginError) {
            return LiveAnswer(price: try await host.livePrice(task), silence: nil)
        } catch {
            switch error.code {
            case .keyMissing: return LiveAnswer(price: nil, silence: error.message)
            default: throw CommandFailure(error, provider: provider)
            }
        }
    }

    /// The price, or why there is none.
    var shown: String {
        switch price {
        case .priced(let amount): amount.description
        case .rejected(let rejection): "refused (\(rejection.kind)): \(rejection.message.printable)"
        case .unreadable(let ambiguity): "no readable price: \(ambiguity.message.printable)"
        case .taskMade(let task): "it made the task \(task.id.printable) although only the price was asked"
        case nil: silence ?? ""
        }
    }

    /// Whether the answer is a no, unreadable, or worse.
    var isTrouble: Bool {
        switch price {
        case .rejected, .unreadable, .taskMade: true
        case .priced, nil: false
        }
    }

    var json: JSONValue {
        switch price {
        case .priced(let amount):
            ["status": "exact", "total": ["amount": .string(amount.amount.description), "unit": .string(amount.unit)]]
        case .rejected(let rejection):
            ["status": "rejected", "kind": .string(rejection.kind.rawValue), "message": .string(rejection.message)]
        case .unreadable(let ambiguity):
            ["status": "unknown", "reason": .string(ambiguity.code.rawValue), "message": .string(ambiguity.message)]
        case .taskMade(let task): ["status": "task_made", "task": .string(task.id)]
        case nil: ["status": "unavailable", "message": .string(silence ?? "")]
        }
    }

    /// How the live price stands to the catalog's.
    func comparison(with quote: Quote) -> String? {
        guard case .priced(let amount) = price, let total = quote.total, total.unit == amount.unit else { return nil }
        if amount.amount < total.minimum { return "below the catalog's price" }
        if let maximum = total.maximum, amount.amount > maximum { return "above the catalog's price" }
        return "agrees with the catalog"
    }
}

/// `quote --live`: catalog prices and live ones side by side.
struct LiveQuoteReport {
    let entries: [(provider: Provider, offering: Offering, quote: Quote, live: LiveAnswer)]

    func show(_ terminal: Terminal) {
        let style = terminal.style
        var table = Table([
            .init(title: "provider"), .init(title: "model", shrinksTo: 14), .init(title: "catalog", shrinksTo: 12),
            .init(title: "live", shrinksTo: 14), .init(title: "", shrinksTo: 12),
        ])
        for entry in entries {
            table.add([
                Table.Cell(text: entry.provider.id), Table.Cell(text: entry.offering.id),
                Table.Cell(text: entry.quote.shownTotal), Table.Cell(text: entry.live.shown),
                Table.Cell(text: entry.live.comparison(with: entry.quote) ?? "", paint: { style.dim($0) }),
            ])
        }
        terminal.line("")
        for line in table.lines(width: terminal.width, style: style) { terminal.line(line) }
    }

    var json: JSONValue {
        .array(
            entries.map { entry in
                [
                    "provider": .string(entry.provider.id), "model": .string(entry.offering.id),
                    "quote": entry.quote.json, "live": entry.live.json,
                ]
            })
    }
}
