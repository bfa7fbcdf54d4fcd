public import FaregateProviders
import Synchronization

/// A transport that answers from a list and remembers what it was asked. No network.
public final class ScriptedTransport: HTTPTransport {
    /// One answer.
    public enum Step: Sendable {
        case reply(HTTPReply)
        case error(TransportError)
    }

    private struct State {
        var steps: [Step]
        var requests: [OutgoingRequest] = []
    }

    private let state: Mutex<State>

    /// - Parameter steps: In order. When they are used up, requests fail as not sent.
    public init(_ steps: [Step]) { state = Mutex(State(steps: steps)) }

    /// Every request so far.
    public var requests: [OutgoingRequest] { state.withLock { $0.requests } }

    public func send(_ request: OutgoingRequest, limits: CallLimits) async throws(TransportError) -> HTTPReply {
        switch next(request) {
        case .reply(let reply): return reply
        case .error(let error): throw error
        }
    }

    public func fetch(
        _ request: OutgoingRequest, publicOnly: Bool, limits: CallLimits,
        begin: (Int, [HTTPHeader]) throws -> Void, receive: ([UInt8]) throws -> Void
    ) async throws {
        switch next(request) {
        case .reply(let reply):
            try begin(reply.status, reply.headers)
            try receive(reply.body)
        case .error(let error): throw error
        }
    }

    private func next(_ request: OutgoingRequest) -> Step {
        state.withLock { state in
            state.requests.append(request)
            guard !state.steps.isEmpty else {
                return .error(TransportError(.notSent, .other, "the script is at its end"))
            }
            return state.steps.removeFirst()
        }
    }
}
