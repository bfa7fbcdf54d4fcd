import Faregate
import FaregateProviders

extension SimulatedProvider {
    /// What a request asks for.
    enum Route {
        /// An operation, and what the places of its request hold.
        case operation(OperationName, values: [String: String])
        /// The download of a result.
        case file(name: String)
        case nowhere

        var operation: OperationName? { if case .operation(let name, _) = self { name } else { nil } }

        /// The kind of exchange, for faults.
        var target: FaultTarget? {
            switch self {
            case .file: .file
            case .operation(.submit, _): .submit
            case .operation(.poll, _): .poll
            case .operation(.find, _): .find
            case .operation(.list, _): .list
            case .operation(.cancel, _): .cancel
            case .operation(.dryRun, _): .dryRun
            case .operation(.balance, _): .balance
            case .operation, .nowhere: nil
            }
        }
    }

    /// The operation whose request this is. A price check may share the submit's address: its body tells them apart.
    func route(_ request: SandboxRequest) -> Route {
        if request.method == "GET", request.path.hasPrefix("/files/") {
            return .file(name: String(request.path.dropFirst("/files/".count)))
        }
        for name in [OperationName.dryRun, .submit, .poll, .cancel, .find, .list, .balance] {
            guard let template = manifest.operations[name]?.request, template.method == request.method,
                let values = template.values(in: request)
            else { continue }
            return .operation(name, values: values)
        }
        return .nowhere
    }

    /// Whether the request carries a key that counts.
    func isAuthorized(_ request: SandboxRequest, _ settings: SandboxSettings) -> Bool {
        let key: String? =
            switch manifest.traits.authentication {
            case .bearer:
                request.header("Authorization").flatMap { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : nil }
            case .header(let name): request.header(name)
            case .query(let name): request.query.first { $0.name == name }?.value
            }
        guard let key, !key.isEmpty else { return false }
        return settings.keys?.contains(key) ?? true
    }
}

extension RequestTemplate {
    /// What the places hold in a request that this template made; `nil` where it did not make it.
    fileprivate func values(in request: SandboxRequest) -> [String: String]? {
        let wanted = path.split(separator: "/")
        let given = request.path.split(separator: "/")
        guard wanted.count == given.count else { return nil }
        var values: [String: String] = [:]
        for (wanted, given) in zip(wanted, given) {
            guard let text = percentDecoded(given) else { return nil }
            if let name = Self.placeholder(wanted) { values[name] = text } else if wanted != text { return nil }
        }
        for item in query {
            let value = request.query.first { $0.name == item.name }?.value
            if let name = Self.placeholder(item.value) {
                values[name] = value ?? ""
            } else if value != item.value {
                return nil
            }
        }
        return add(membersOf: request.body, to: values)
    }

    private func add(membersOf body: [UInt8], to values: [String: String]) -> [String: String]? {
        guard !members.isEmpty else { return values }
        guard let document = try? JSONValue(parsing: body) else { return nil }
        var values = values
        for (place, value) in members {
            if let name = value.string.flatMap({ Self.placeholder($0) }) {
                values[name] = document[place]?.string ?? ""
            } else if document[place] != value {
                return nil
            }
        }
        return values
    }
}
