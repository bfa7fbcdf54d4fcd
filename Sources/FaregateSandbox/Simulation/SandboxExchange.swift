public import FaregateProviders

/// A request as a simulated provider receives it, below its own prefix.
public struct SandboxRequest: Sendable {
    public var method: String
    /// Percent-encoded, without the provider's prefix.
    public var path: String
    /// Decoded.
    public var query: [HTTPHeader]
    public var headers: [HTTPHeader]
    public var body: [UInt8]
    /// Where the client reaches this provider: `http://127.0.0.1:8080/sjinn`. Results are served below it.
    public var base: String

    public init(
        method: String, path: String, query: [HTTPHeader], headers: [HTTPHeader], body: [UInt8], base: String
    ) {
        (self.method, self.path, self.query) = (method, path, query)
        (self.headers, self.body, self.base) = (headers, body, base)
    }

    /// Splits `/api/x?a=b`.
    public init(method: String, target: String, headers: [HTTPHeader], body: [UInt8], base: String) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let items = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { item in
            let sides = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return HTTPHeader(percentDecoded(sides[0]) ?? "", sides.count > 1 ? percentDecoded(sides[1]) ?? "" : "")
        }
        self.init(
            method: method, path: parts.first.map(String.init) ?? "/", query: items, headers: headers, body: body,
            base: base)
    }

    /// The first header of a name, whatever its letter case.
    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// What a simulated provider does with a request.
public struct SandboxAnswer: Sendable {
    /// How much of the reply reaches the client.
    public enum Delivery: Sendable {
        case whole
        /// The connection ends without a byte.
        case nothing
        /// The connection ends in the middle of the body.
        case half
    }

    public var reply: HTTPReply
    public var delivery: Delivery
    /// Before the reply begins.
    public var delay: Duration
    public var callbacks: [SandboxCallback]

    init(_ reply: HTTPReply, _ delivery: Delivery = .whole, delay: Duration = .zero, callbacks: [SandboxCallback] = [])
    {
        (self.reply, self.delivery, self.delay, self.callbacks) = (reply, delivery, delay, callbacks)
    }
}

/// Something to post when a task ends.
public struct SandboxCallback: Sendable {
    /// As the client named it. Whoever delivers it must not leave this machine.
    public let address: String
    public let body: [UInt8]
    /// From now.
    public let delay: Duration
}
