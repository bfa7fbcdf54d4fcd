import Faregate
import FaregateProviders
import FaregateSandbox

extension ProviderConformance {
    /// Price checks and balances, and what is shown of a request.
    func asking(_ manifest: Manifest) -> [Scenario] {
        var scenarios = [describing]
        if manifest.traits.operations.contains(.dryRun) { scenarios += pricing }
        if manifest.traits.operations.contains(.balance) {
            scenarios.append(
                Scenario(name: "balance") { bench, notes in
                    try await bench.with { setup in
                        let stated = try await setup.host.balance()
                        notes.expect(stated == setup.provider.balance, "the balance was read as \(stated)")
                    }
                })
        }
        return scenarios
    }

    private var describing: Scenario {
        Scenario(name: "describe") { bench, notes in
            try await bench.with { setup in
                let shown = try setup.host.describe(task)
                notes.expect(!"\(shown) \(shown.json.text())".contains(Bench.key), "the key stands in the description")
                notes.expect("\(shown)".contains("(masked)"), "the description does not show where the key goes")
                notes.expect(shown.body == task.body.text(), "the body shown is not the task's")
                notes.expect(setup.provider.ledger.submitCount == 0, "describing sent something")
            }
        }
    }

    private var pricing: [Scenario] {
        [
            Scenario(name: "price:known") { bench, notes in
                try await bench.with { setup in
                    let price = try await setup.host.livePrice(task)
                    notes.expect(price == .priced(bench.price), "expected \(bench.price), found \(price)")
                    notes.expect(setup.provider.ledger.tasks.isEmpty, "a price check made a task")
                }
            },
            Scenario(name: "price:unknown") { bench, notes in
                let medium = task.medium
                try await bench.with(check: { _, _ in .accept(charge: nil, medium: medium) }) { setup in
                    let price = try await setup.host.livePrice(task)
                    if case .unreadable = price { return }
                    notes.fail("a reply without a price was read as \(price)")
                }
            },
            Scenario(name: "price:html") { bench, notes in
                try await bench.with([FaultSetting(.html, in: .dryRun)]) { setup in
                    let price = try await setup.host.livePrice(task)
                    if case .unreadable = price { return }
                    notes.fail("a web page was read as \(price)")
                }
            },
        ]
    }

    /// A task whose reply was lost is found by our reference and in the list, and no other is taken for it.
    func searching(_ manifest: Manifest) -> [Scenario] {
        var scenarios: [Scenario] = []
        let traits = manifest.traits
        if traits.operations.contains(.find), traits.idempotency != .none {
            scenarios.append(Scenario(name: "find") { bench, notes in try await find(bench, notes) })
        }
        if traits.operations.contains(.list) {
            scenarios.append(Scenario(name: "list") { bench, notes in try await list(bench, notes) })
        }
        return scenarios
    }

    private func find(_ bench: Bench, _ notes: ScenarioNotes) async throws {
        try await bench.with { setup in
            var task = task
            task.idempotencyKey = "reference-1"
            guard case .accepted(let handle, _) = try await setup.host.submit(task) else {
                return notes.fail("the task was not accepted")
            }
            let found = try await setup.host.ask(.find(reference: "reference-1", model: task.model))
            if case .decoded(.found(let id), _) = found, id == handle.id {
            } else {
                notes.fail("it was read as \(found)")
            }
            let other = try await setup.host.ask(.find(reference: "reference-2", model: task.model))
            if case .decoded(.found(let id), _) = other { notes.fail("a reference that nobody sent found \(id)") }
            notes.expectPaid(1, setup.provider)
        }
    }

    private func list(_ bench: Bench, _ notes: ScenarioNotes) async throws {
        try await bench.with { setup in
            guard case .accepted(let handle, _) = try await setup.host.submit(task) else {
                return notes.fail("the task was not accepted")
            }
            var other = task
            for (name, value) in task.body.object?.members ?? [] where value.string != nil {
                other.body = other.body.setting(.string("something else"), at: JSONPointer() / name) ?? other.body
            }
            other.model += "-2"
            for (wanted, ids) in [(task, [handle.id]), (other, [])] {
                let answer = try await setup.host.ask(.list(like: wanted))
                guard case .decoded(.listed(let tasks), _) = answer, tasks.map(\.id) == ids else {
                    notes.fail("the list was read as \(answer), expected \(ids)")
                    continue
                }
            }
        }
    }

    /// A callback is a hint: it names a task, and the provider is asked.
    func callbacks(_ manifest: Manifest) -> [Scenario] {
        guard let place = manifest.traits.callback.flatMap({ JSONPointer(parsing: $0.addressAt) }) else { return [] }
        return [Fault.duplicateCallback, .forgedCallback].map { fault in
            Scenario(name: "callback:\(fault.rawValue)") { bench, notes in
                guard bench.strength == .inProcess else { return }
                var task = task
                task.body = task.body.setting("http://127.0.0.1:1/callback", at: place) ?? task.body
                try await bench.with([FaultSetting(fault)]) { setup in
                    guard case .accepted(let handle, _) = try await setup.host.submit(task) else {
                        return notes.fail("the task was not accepted")
                    }
                    let hints = setup.callbacks.all.map { setup.host.codec.hint(inCallback: $0.body) }
                    notes.expect(hints == [handle.id, handle.id], "two callbacks were read as \(hints)")
                    // The task has just begun: whatever a callback claims, the provider says that it runs.
                    let state = try await setup.host.state(of: handle)
                    guard case .running = state else { return notes.fail("the provider's word was read as \(state)") }
                    notes.expectPaid(1, setup.provider)
                }
            }
        }
    }
}
