import ArgumentParser
import Faregate
import FaregateProviders
import FaregateSandbox
import FaregateTasks
import FaregateTesting
import Foundation
import Synchronization

/// Runs with real processes, ended by a real kill -9: at a step of the store or of the network, or at any instant.
struct KillsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "kills")

    @Option(help: "How many tasks.")
    var count = 300

    @Option(help: "The first seed.")
    var seed: UInt64 = 1

    func run() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let totals = try await Self.totals(seed..<(seed + UInt64(count)), program: CommandLine.arguments[0])
        totals.report("\(count) tasks, each in processes ended by kill -9", after: clock.now - start)
        if !totals.isClean { throw ExitCode.failure }
    }

    /// - Parameter program: This program, to be run as the child.
    static func totals(_ seeds: Range<UInt64>, program: String) async throws -> ChaosTotals {
        var sandbox = SandboxSettings()
        sandbox.progress = .polls(2)
        sandbox.slowness = .milliseconds(400)
        let provider = SimulatedProvider(
            try InventedProvider.manifest(
                idempotency: InventedProvider.keyInHeader, operations: InventedProvider.find), settings: sandbox
        ) { _, _ in .accept(charge: ChaosWorld.price, medium: .video) }
        let totals = Mutex(ChaosTotals())
        try await withSandbox([provider]) { port in
            for seed in seeds {
                let result = try await kill(
                    seed, provider, base: SandboxServer.baseAddress(of: provider.id, port: port), program)
                totals.withLock { $0.add(result, run: "\(seed)") }
            }
        }
        return totals.withLock { $0 }
    }

    /// Starts the child again and again until it ends by itself.
    private static func kill(
        _ seed: UInt64, _ provider: SimulatedProvider, base: String, _ program: String
    ) async throws -> ChaosResult {
        var random = SeededGenerator(seed: seed)
        let folder = NSTemporaryDirectory() + "/faregate-kill-\(getpid())-\(seed)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        provider.inject(FaultPlan(rate: Double.random(in: 0...0.4, using: &random), seed: seed))
        let crashCount = Int.random(in: 1...4, using: &random)
        var (killed, problems) = (0, [String]())
        for start in 0...crashCount {
            // The first lives end early, at a step or at any instant; the last one lives.
            let isTimed = Bool.random(using: &random)
            let step = start < crashCount && !isTimed ? Int.random(in: 1...40, using: &random) : 0
            let delay = start < crashCount && isTimed ? Int.random(in: 0...500, using: &random) : nil
            if start == crashCount { provider.inject(.none) }
            let child = Process()
            child.executableURL = URL(fileURLWithPath: program)
            child.arguments = [
                "child", "--folder", folder, "--base", base, "--prompt", "kill \(seed)", "--kill-at", "\(step)",
            ]
            try await end(of: child, killedAfter: delay)
            if child.terminationReason == .uncaughtSignal { killed += 1; continue }
            if child.terminationStatus == 0 { break }
            problems.append("life \(start + 1) of kill \(seed) ended by itself with \(child.terminationStatus)")
        }
        var result = try await judge(folder, seed, provider, killed: killed)
        result.lost += problems
        return result
    }

    /// Runs a process to its end, without keeping a thread waiting.
    ///
    /// - Parameter delay: Milliseconds after which it is killed; `nil` lets it live.
    private static func end(of child: Process, killedAfter delay: Int?) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            child.terminationHandler = { _ in continuation.resume() }
            do { try child.run() } catch { return continuation.resume(throwing: error) }
            guard let delay else { return }
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(delay)) {
                if child.isRunning { Glibc.kill(child.processIdentifier, SIGKILL) }
            }
        }
    }

    private static func judge(
        _ folder: String, _ seed: UInt64, _ provider: SimulatedProvider, killed: Int
    ) async throws -> ChaosResult {
        let store = try TaskStore(folder: folder + "/state")
        defer { try? store.close() }
        return try await ChaosJudge(
            providers: [provider], admitted: ["kill \(seed)"], crashCount: killed, folder: folder, store: store
        ).judge()
    }
}

/// One life of the process: carries one task, and dies at a step where it is told to.
struct ChildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "child", shouldDisplay: false)

    @Option var folder: String
    @Option var base: String
    @Option var prompt: String
    @Option(help: "The step at which it kills itself; 0 lives.") var killAt: Int

    func run() async throws {
        let steps = Mutex(0)
        let killAt = killAt
        let die: @Sendable () -> Void = {
            let step = steps.withLock { steps in
                steps += 1
                return steps
            }
            if step == killAt { kill(getpid(), SIGKILL) }
        }
        let store = try TaskStore(folder: folder + "/state", probe: { _ in die() })
        let manifest = try InventedProvider.manifest(
            idempotency: InventedProvider.keyInHeader, operations: InventedProvider.find)
        let access = try ProviderAccess(simulated: manifest.traits, at: base)
        try await AsyncHTTPTransport.with { transport in
            var settings = HostSettings()
            settings.pace = 500
            (settings.submitTimeout, settings.askTimeout) = (.milliseconds(300), .milliseconds(300))
            let host = ProviderHost(
                codec: ManifestCodec(manifest), access: access,
                transport: SteppedTransport(transport: transport, step: die), settings: settings)
            try await carry(store, [manifest.id: host])
        }
    }

    private func carry(_ store: TaskStore, _ hosts: [String: ProviderHost]) async throws {
        var settings = EngineSettings()
        settings.reconcileEvery = .milliseconds(20)
        let engine = TaskEngine(
            store: store, hosts: hosts, settings: settings,
            now: { .now })
        let running = Task { try await engine.run() }  // ends below: it is stopped and waited for
        var order = TaskOrder(
            project: "chaos",
            offers: [
                Offer(
                    provider: "acme", model: "clip", medium: .video, body: ["prompt": .string(prompt)],
                    worstCase: ChaosWorld.price.amount, unit: ChaosWorld.price.unit)
            ], outputFolder: folder + "/out")
        order.idempotencyKey = prompt
        order.policy.backoff = .milliseconds(20)
        order.policy.attemptCountMax = 6
        _ = try await engine.admit(order)
        while try await !store.tasks(openOnly: true, limit: 1).isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        engine.stop()
        try await running.value
        try store.close()
    }
}

/// A transport with steps: before a request is sent and after its answer came.
struct SteppedTransport: HTTPTransport {
    let transport: AsyncHTTPTransport
    let step: @Sendable () -> Void

    func send(_ request: OutgoingRequest, limits: CallLimits) async throws(TransportError) -> HTTPReply {
        step()
        defer { step() }
        return try await transport.send(request, limits: limits)
    }

    func fetch(
        _ request: OutgoingRequest, publicOnly: Bool, limits: CallLimits, begin: (Int, [HTTPHeader]) throws -> Void,
        receive: ([UInt8]) throws -> Void
    ) async throws {
        step()
        defer { step() }
        try await transport.fetch(request, publicOnly: publicOnly, limits: limits, begin: begin, receive: receive)
    }
}
