import Faregate
import FaregateProviders
import FaregateSandbox
import Synchronization

/// A host and the simulated provider it talks to, set up for one scenario.
struct Bench {
    let conformance: ProviderConformance
    let manifest: Manifest
    let strength: ProviderConformance.Strength
    /// A key that no text of anybody contains by chance.
    static let key = "fg-conformance-key-7f3a91c05e"

    init(_ conformance: ProviderConformance, _ manifest: Manifest, _ strength: ProviderConformance.Strength) {
        (self.conformance, self.manifest, self.strength) = (conformance, manifest, strength)
    }

    var task: ProviderTask { conformance.task }

    var price: StatedAmount { StatedAmount(amount: conformance.charge, unit: manifest.traits.billing.unit) }

    /// What the simulated provider says to every body: yes.
    var yes: BodyCheck {
        let (price, medium) = (price, task.medium)
        return { _, _ in .accept(charge: price, medium: medium) }
    }

    /// One run's worth of things to look at.
    struct Setup {
        let host: ProviderHost
        let provider: SimulatedProvider
        let folder: String
        let callbacks: CallbackLog
    }

    /// Lends a host whose provider has these faults.
    func with(
        _ faults: [FaultSetting] = [], key: String? = Bench.key, check: BodyCheck? = nil,
        sandbox: (inout SandboxSettings) -> Void = { _ in }, host: (inout HostSettings) -> Void = { _ in },
        _ body: (Setup) async throws -> Void
    ) async throws {
        var settings = SandboxSettings()
        settings.progress = .polls(3)
        settings.faults = FaultPlan(faults)
        sandbox(&settings)
        var hostSettings = HostSettings()
        host(&hostSettings)
        switch strength {
        case .inProcess:
            let clock = ManualClock(.skipping)
            let provider = SimulatedProvider(manifest, settings: settings, clock: clock, check: check ?? yes)
            let log = CallbackLog()
            let transport = SandboxTransport([provider], clock: clock, onCallback: log.add)
            let base = SandboxTransport.baseAddress(of: provider.id)
            try await body(
                Setup(
                    host: try self.host(base, key, transport, hostSettings, clock), provider: provider,
                    folder: conformance.folder, callbacks: log))
        case .loopback:
            // A host much faster than life, with timeouts that a slow answer outlasts.
            settings.slowness = .seconds(6)
            hostSettings.pace = 5000
            hostSettings.submitTimeout = .seconds(2)
            hostSettings.askTimeout = .seconds(2)
            hostSettings.timeout = hostSettings.timeout == nil ? .seconds(20) : .milliseconds(50)
            let provider = SimulatedProvider(manifest, settings: settings, check: check ?? yes)
            try await withSandbox([provider]) { port in
                try await AsyncHTTPTransport.with { transport in
                    let base = SandboxServer.baseAddress(of: provider.id, port: port)
                    try await body(
                        Setup(
                            host: try self.host(base, key, transport, hostSettings, ContinuousClock()),
                            provider: provider,
                            folder: conformance.folder, callbacks: CallbackLog()))
                }
            }
        }
    }

    private func host(
        _ base: String, _ key: String?, _ transport: any HTTPTransport, _ settings: HostSettings,
        _ clock: any Clock<Duration>
    ) throws -> ProviderHost {
        ProviderHost(
            codec: ManifestCodec(manifest), access: try ProviderAccess(simulated: manifest.traits, at: base, key: key),
            transport: transport, settings: settings, clock: clock, random: { 0.5 })
    }
}

/// What a simulated provider posted.
final class CallbackLog: Sendable {
    private let callbacks = Mutex<[SandboxCallback]>([])

    @Sendable func add(_ callback: SandboxCallback) { callbacks.withLock { $0.append(callback) } }
    var all: [SandboxCallback] { callbacks.withLock { $0 } }
}

/// What a host told while it ran, as text: the place to look for keys.
final class EventLog {
    private(set) var events: [RunEvent] = []

    func add(_ event: RunEvent) { events.append(event) }

    var alarms: [Alarm] {
        events.compactMap { if case .alarm(let alarm) = $0 { alarm } else { nil } }
    }
}
