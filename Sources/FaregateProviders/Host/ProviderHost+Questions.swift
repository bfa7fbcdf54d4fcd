public import Faregate

extension ProviderHost {
    /// Asks the provider what a task would cost, without making it.
    ///
    /// - Throws: `PluginError.Code.notOffered` where the provider has no price check.
    public func livePrice(_ task: ProviderTask) async throws(PluginError) -> LivePrice {
        switch try await ask(.dryRun(task)) {
        case .decoded(.priced(let amount), _): return .priced(amount)
        case .decoded(.rejected(let rejection), _): return .rejected(rejection)
        case .decoded(.unknown(let ambiguity), _): return .unreadable(ambiguity)
        case .decoded(.accepted(let id, _, _), _):
            return .taskMade(TaskHandle(id: id, model: task.model, medium: task.medium))
        case .decoded:
            return .unreadable(
                Ambiguity(code: .unrecognised, message: "the plugin gave an answer that no price check can have"))
        case .failed(let error): return .unreadable(Ambiguity(code: .replyLost, message: error.message))
        }
    }

    /// Asks the provider what the account holds.
    ///
    /// - Throws: `PluginError.Code.notOffered` where the provider does not tell; ``AskError`` where it gave no
    ///   readable answer.
    public func balance() async throws -> StatedAmount {
        switch try await ask(.balance) {
        case .decoded(.balance(let amount), _): return amount
        case .decoded(.rejected(let rejection), _): throw AskError.rejected(rejection)
        case .decoded(.unknown(let ambiguity), _): throw AskError.unclear(ambiguity)
        case .decoded: throw AskError.unclear(Ambiguity(code: .unrecognised, message: "no balance in the answer"))
        case .failed(let error): throw AskError.transport(error)
        }
    }

    /// Asks the provider to stop a task. Only `true` says that it did; the task may be billed all the same.
    ///
    /// - Throws: `PluginError.Code.notOffered` where the provider cannot; ``AskError`` where it gave no readable
    ///   answer.
    public func cancel(_ task: TaskHandle) async throws -> Bool {
        switch try await ask(.cancel(task)) {
        case .decoded(.cancelled, _): return true
        case .decoded(.rejected, _): return false
        case .decoded(.unknown(let ambiguity), _): throw AskError.unclear(ambiguity)
        case .decoded: return false
        case .failed(let error): throw AskError.transport(error)
        }
    }

    /// Reads a task's state once, without waiting: after a callback, which is only a hint.
    public func state(of task: TaskHandle) async throws(PluginError) -> CallOutcome {
        switch try await ask(.poll(task)) {
        case .decoded(let outcome, _): return outcome
        case .failed(let error): return .unknown(Ambiguity(code: .replyLost, message: error.message))
        }
    }
}

/// A question that a provider did not answer.
public enum AskError: Error, Sendable, Hashable {
    case rejected(Rejection)
    case unclear(Ambiguity)
    case transport(TransportError)
}

/// A request as it would go on the wire, with the key masked: for people and for logs.
public struct RequestDescription: Sendable, Hashable, CustomStringConvertible {
    public let method: String
    public let url: String
    /// In order; the credential masked, or the variable to set where there is no key.
    public let headers: [HTTPHeader]
    /// The body, byte for byte; empty where there is none.
    public let body: String

    init(_ request: OutgoingRequest, scheme: AuthenticationScheme, keyName: String) {
        let shown = request.credential.map { "\($0.key)" } ?? "(\(keyName) is not set)"
        method = request.method
        switch scheme {
        case .bearer: headers = [HTTPHeader("Authorization", "Bearer " + shown)] + request.headers
        case .header(let name): headers = [HTTPHeader(name, shown)] + request.headers
        case .query: headers = request.headers
        }
        if case .query(let name) = scheme {
            url = "\(request.address)\(request.address.query == nil ? "?" : "&")\(name)=\(shown)"
        } else {
            url = request.address.description
        }
        body = String(decoding: request.body, as: UTF8.self)
    }

    /// Request line, headers, an empty line, the body.
    public var description: String {
        (["\(method) \(url)"] + headers.map { "\($0.name): \($0.value)" } + (body.isEmpty ? [] : ["", body]))
            .joined(separator: "\n")
    }

    /// The same as data, for `--format json`.
    public var json: JSONValue {
        .object(
            JSONObject([
                ("method", .string(method)), ("url", .string(url)),
                ("headers", .object(JSONObject(headers.map { ($0.name, .string($0.value)) }))),
                ("body", (try? JSONValue(parsing: body)) ?? .null),
            ]))
    }
}
