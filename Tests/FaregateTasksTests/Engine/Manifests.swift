import FaregateProviders
import FaregateTesting
import Testing

/// The plugins of this repository, and the invented provider of FaregateTesting.
enum Manifests {
    private static let folder: String = {
        let parts = #filePath.split(separator: "/").dropLast(4)
        return "/" + parts.joined(separator: "/") + "/plugins"
    }()

    static let real = ["apixo", "ninjachat", "sjinn", "unifically"]

    static func real(_ id: String) throws -> Manifest { try Manifest(named: id, in: folder) }

    static func invented(
        idempotency: String = #"{"kind": "none", "source": "p"}"#, limits: String? = nil, operations: String = ""
    ) throws -> Manifest {
        try InventedProvider.manifest(idempotency: idempotency, limits: limits, operations: operations)
    }

    static let find = InventedProvider.find
    static let list = InventedProvider.list
    static let cancel = InventedProvider.cancel
    static let callback = InventedProvider.callback
    static let keyInHeader = InventedProvider.keyInHeader
    static let keyInBody = InventedProvider.keyInBody
}
