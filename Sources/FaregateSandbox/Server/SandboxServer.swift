import FaregateProviders
import NIOCore
import NIOHTTP1
import NIOPosix

/// Serves simulated providers on loopback, each below its own prefix: `http://127.0.0.1:PORT/<provider>`.
///
/// `GET /<provider>/_sandbox/ledger` shows what a provider has seen and sold.
public struct SandboxServer: Sendable {
    private let providers: [String: SimulatedProvider]
    private let clock: any Clock<Duration>

    public init(_ providers: [SimulatedProvider], clock: any Clock<Duration> = ContinuousClock()) {
        self.providers = Dictionary(providers.map { ($0.id, $0) }) { first, _ in first }
        self.clock = clock
    }

    /// Where a provider is: the value for `FAREGATE_<PROVIDER>_BASE_URL`.
    public static func baseAddress(of id: String, port: Int) -> String { "http://127.0.0.1:\(port)/\(id)" }

    /// The variables that lead a program to these providers, with a key that they take.
    public func environment(port: Int, key: String = "sandbox-key") -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: providers.keys.flatMap { id in
                let prefix = ProviderAccess.variablePrefix(for: id)
                return [(prefix + "_BASE_URL", Self.baseAddress(of: id, port: port)), (prefix + "_API_KEY", key)]
            })
    }

    /// Serves until the surrounding task is cancelled.
    ///
    /// - Parameters:
    ///   - port: 0 takes any free one.
    ///   - ready: Called once, with the port, when requests are taken.
    /// - Throws: An error of the system where the port cannot be had.
    public func run(port: Int = 0, ready: @Sendable (_ port: Int) async -> Void) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    return try NIOAsyncChannel(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(
                            inboundType: HTTPServerRequestPart.self, outboundType: HTTPServerResponsePart.self))
                }
            }
        let bound = server.channel.localAddress?.port ?? port
        let (callbacks, posting) = AsyncStream.makeStream(of: SandboxCallback.self)
        let each = SandboxConnection(providers: providers, clock: clock, port: bound, posting: posting)
        try await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { await CallbackPost(clock: clock).send(callbacks) }
                await ready(bound)
                for try await connection in connections {
                    // A client that goes away ends its own connection only.
                    group.addTask { try? await each.serve(connection) }
                }
            }
        }
    }
}

/// Serves simulated providers for as long as the body runs.
///
/// - Parameter body: Gets the port.
@discardableResult
public func withSandbox<Result>(
    _ providers: [SimulatedProvider], port: Int = 0, clock: any Clock<Duration> = ContinuousClock(),
    _ body: (_ port: Int) async throws -> Result
) async throws -> Result {
    let server = SandboxServer(providers, clock: clock)
    let (ports, ready) = AsyncStream.makeStream(of: Int.self)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { ready.finish() }
            try await server.run(port: port) { port in ready.yield(port) }
        }
        defer { group.cancelAll() }
        for await port in ports { return try await body(port) }
        // The server ended before it took requests: its error is the reason.
        try await group.waitForAll()
        throw CancellationError()
    }
}
