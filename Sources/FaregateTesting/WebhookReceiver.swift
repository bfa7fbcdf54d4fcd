import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Takes notices on loopback, answers as it is told, and remembers them. For tests.
package final class WebhookReceiver: Sendable {
    package struct Request: Sendable {
        /// By names in lower case.
        package let headers: [String: String]
        package let body: String
    }

    private struct State {
        var statuses: [Int]
        var requests: [Request] = []
    }

    private let state: Mutex<State>
    package let port: Int

    init(_ statuses: [Int], port: Int) {
        state = Mutex(State(statuses: statuses))
        self.port = port
    }

    package var address: String { "http://127.0.0.1:\(port)/hook" }
    package var requests: [Request] { state.withLock { $0.requests } }

    /// Waits for so many notices, for ten seconds at most.
    package func wait(for count: Int) async throws {
        for _ in 0..<1000 where requests.count < count { try await Task.sleep(for: .milliseconds(10)) }
    }

    func serve(_ channel: NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>) async throws {
        try await channel.executeThenClose { inbound, outbound in
            var headers: [String: String] = [:]
            var body = ""
            for try await part in inbound {
                switch part {
                case .head(let head):
                    headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
                case .body(let piece): body += String(buffer: piece)
                case .end:
                    let status = state.withLock { state in
                        state.requests.append(Request(headers: headers, body: body))
                        return state.statuses.isEmpty ? 204 : state.statuses.removeFirst()
                    }
                    var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status))
                    if status != 204 { head.headers.add(name: "Content-Length", value: "0") }
                    try await outbound.write(.head(head))
                    try await outbound.write(.end(nil))
                }
            }
        }
    }
}

/// Receives notices for as long as the body runs.
///
/// - Parameter statuses: The answers, in order; when they are used up, 204.
package func withWebhookReceiver<Result>(
    _ statuses: [Int] = [], _ body: (WebhookReceiver) async throws -> Result
) async throws -> Result {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .bind(host: "127.0.0.1", port: 0) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                return try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(
                        inboundType: HTTPServerRequestPart.self, outboundType: HTTPServerResponsePart.self))
            }
        }
    let receiver = WebhookReceiver(statuses, port: server.channel.localAddress?.port ?? 0)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            try await server.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    // A client that goes away ends its own connection only.
                    for try await connection in connections { group.addTask { try? await receiver.serve(connection) } }
                }
            }
        }
        defer { group.cancelAll() }
        return try await body(receiver)
    }
}
