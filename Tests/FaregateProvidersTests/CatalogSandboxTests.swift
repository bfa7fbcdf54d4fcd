import Faregate
import FaregateProviders
import FaregateSandbox
import FaregateTesting
import Foundation
import Testing

/// The simulated providers with the real catalog as their judge.
@Suite("A simulated provider checks and charges as the catalog says", .timeLimit(.minutes(1)))
struct CatalogSandboxTests {
    static let circumstances = Circumstances(date: CalendarDate("2026-12-01")!)
    static let snapshot = Result {
        try CatalogFolder.load(Plugins.folder + "/../catalog")
    }

    private func outcome(
        _ provider: String, model: String, medium: Medium, body: JSONValue,
        balance: ExactDecimal = ExactDecimal(100_000)
    ) async throws -> (RunOutcome, SandboxLedger) {
        let snapshot = try Self.snapshot.get()
        var settings = SandboxSettings()
        settings.progress = .polls(1)
        settings.balance = balance
        let clock = ManualClock(.skipping)
        let simulated = SimulatedProvider(
            try Plugins.manifest(provider), settings: settings, clock: clock,
            check: snapshot.bodyCheck(provider, in: Self.circumstances))
        let traits = ManifestCodec(try Plugins.manifest(provider)).traits
        let prefix = ProviderAccess.variablePrefix(for: provider)
        let access = try ProviderAccess(
            traits,
            environment: [
                prefix + "_API_KEY": "sandbox-key-0000",
                prefix + "_BASE_URL": SandboxTransport.baseAddress(of: provider),
            ])
        let host = ProviderHost(
            codec: try Plugins.codec(provider), access: access,
            transport: SandboxTransport([simulated], clock: clock), clock: clock)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let outcome = try await host.run(
            ProviderTask(model: model, body: body, medium: medium), into: folder.path)
        return (outcome, simulated.ledger)
    }

    struct Order: Sendable, CustomTestStringConvertible {
        let provider: String
        let model: String
        var medium = Medium.video
        let good: JSONValue
        /// Breaks a rule of the document.
        let bad: JSONValue
        /// What the good one costs; `nil` where no page says.
        let charge: StatedAmount?
        var testDescription: String { "\(provider) \(model)" }
    }

    static let orders = [
        Order(
            provider: "sjinn", model: "sora2-text-to-video-api",
            good: ["tool_type": "sora2-text-to-video-api", "input": ["prompt": "fog", "mode": "pro"]],
            bad: ["tool_type": "sora2-text-to-video-api", "input": ["mode": "pro"]],
            charge: StatedAmount(amount: ExactDecimal(2100), unit: "credits")),
        Order(
            provider: "apixo", model: "veo-3-1",
            good: [
                "request_type": "async",
                "input": ["mode": "fast", "prompt": "fog", "generationType": "TEXT_2_VIDEO"],
            ],
            bad: [
                "request_type": "async",
                "input": ["mode": "quality", "prompt": "fog", "generationType": "REFERENCE_2_VIDEO"],
            ],
            charge: StatedAmount(amount: "0.20", unit: "USD")),
        Order(
            provider: "ninjachat", model: "veo-3.1", good: ["model": "veo-3.1", "prompt": "fog", "duration": 6],
            bad: ["model": "veo-3.1", "prompt": "fog", "duration": 5],
            charge: StatedAmount(amount: ExactDecimal(5), unit: "USD")),
        Order(
            provider: "unifically", model: "alibaba/wan-2.6-image", medium: .image,
            good: ["model": "alibaba/wan-2.6-image", "input": ["prompt": "fog"]],
            bad: ["model": "alibaba/wan-2.6-image", "input": ["prompt": "fog", "image_urls": []]],
            charge: StatedAmount(amount: "0.021", unit: "USD")),
        Order(
            provider: "unifically", model: "google/veo-3.1-fast",
            good: ["model": "google/veo-3.1-fast", "input": ["prompt": "fog"]],
            bad: ["model": "google/veo-3.1-fast", "input": ["prompt": "fog", "duration": 5]], charge: nil),
    ]

    @Test("What the document allows is made once, at its price", arguments: orders)
    func accepts(_ order: Order) async throws {
        let (outcome, ledger) = try await outcome(
            order.provider, model: order.model, medium: order.medium, body: order.good)
        guard case .succeeded(let delivery) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(!delivery.artifacts.isEmpty)
        #expect(ledger.submitCount == 1)
        #expect(ledger.tasks.map(\.charge) == [order.charge])
    }

    @Test("What the document rejects is refused, and costs nothing", arguments: orders)
    func refuses(_ order: Order) async throws {
        let (outcome, ledger) = try await outcome(
            order.provider, model: order.model, medium: order.medium, body: order.bad)
        guard case .rejected(let rejection) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(rejection.kind == .invalidRequest)
        #expect(!rejection.isRetryable)
        #expect(ledger.tasks.isEmpty)
        #expect(ledger.spent == .zero)
    }

    @Test("An account that holds too little is refused", arguments: orders.filter { $0.charge != nil })
    func refusesPoor(_ order: Order) async throws {
        let (outcome, ledger) = try await outcome(
            order.provider, model: order.model, medium: order.medium, body: order.good, balance: "0.001")
        guard case .rejected(let rejection) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(rejection.kind == .insufficientBalance)
        #expect(ledger.tasks.isEmpty)
    }
}
