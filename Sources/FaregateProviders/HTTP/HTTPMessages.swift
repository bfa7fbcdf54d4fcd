public import Faregate

/// One header of a request or a reply.
public struct HTTPHeader: Sendable, Hashable {
    public let name: String
    public let value: String
    public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}

/// What a codec asks the host to send: no address, no key. The host adds both.
public struct RequestPlan: Sendable, Hashable {
    public var method: String
    /// The documented path, percent-encoded, beginning with a slash.
    public var path: String
    /// Query items, each name and value percent-encoded by the host.
    public var query: [HTTPHeader]
    public var headers: [HTTPHeader]
    /// Sent as one line of JSON; `nil` sends no body.
    public var body: JSONValue?

    public init(
        method: String, path: String, query: [HTTPHeader] = [], headers: [HTTPHeader] = [], body: JSONValue? = nil
    ) {
        (self.method, self.path, self.query, self.headers, self.body) = (method, path, query, headers, body)
    }
}

/// A request ready to be sent. Printing it shows no key: the credential masks itself.
public struct OutgoingRequest: Sendable, CustomStringConvertible {
    public var method: String
    public var address: WebAddress
    /// Without the credential.
    public var headers: [HTTPHeader]
    public var body: [UInt8]
    /// `nil` for a request that must not carry a key, such as the download of a result.
    public var credential: Credential?

    public init(
        method: String, address: WebAddress, headers: [HTTPHeader] = [], body: [UInt8] = [],
        credential: Credential? = nil
    ) {
        (self.method, self.address, self.headers) = (method, address, headers)
        (self.body, self.credential) = (body, credential)
    }

    /// The address and the headers as they go on the wire, **with the key in clear**. For a transport, at the last
    /// moment.
    public func exposed() -> (address: String, headers: [HTTPHeader]) {
        guard let credential else { return (address.description, headers) }
        switch credential.scheme {
        case .bearer:
            return (address.description, headers + [HTTPHeader("Authorization", "Bearer " + credential.key.exposed)])
        case .header(let name): return (address.description, headers + [HTTPHeader(name, credential.key.exposed)])
        case .query(let name):
            let item = percentEncoded(name) + "=" + percentEncoded(credential.key.exposed)
            return (address.appending(path: "", query: [item]).description, headers)
        }
    }

    public var description: String { "\(method) \(address)" }
}

/// A provider's answer, whole.
public struct HTTPReply: Sendable, Hashable {
    public var status: Int
    public var headers: [HTTPHeader]
    public var body: [UInt8]

    public init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }

    /// An answer with a JSON body.
    public init(status: Int, headers: [HTTPHeader] = [], json: JSONValue) {
        self.init(
            status: status, headers: headers + [HTTPHeader("Content-Type", "application/json")],
            body: Array(json.text().utf8))
    }

    /// The first header of a name, whatever its letter case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The media type without its parameters, in lower case: `application/json`. `nil` where none is stated.
    public var contentType: String? {
        header("Content-Type").map { value in
            value.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        }
    }

    /// A web page, by its stated type or by how it begins: what proxies and login walls answer, never a provider's
    /// API.
    public var isHTML: Bool {
        if let contentType, contentType == "text/html" || contentType == "application/xhtml+xml" { return true }
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF]
        return body.first { !blanks.contains($0) } == UInt8(ascii: "<")
    }

    /// How long the provider asks us to wait, where it says so in seconds. A date is not read: it would need a wall
    /// clock.
    public var retryAfter: Duration? {
        guard let text = header("Retry-After"), let seconds = Int(text), seconds >= 0 else { return nil }
        return .seconds(min(seconds, 86_400))
    }
}
