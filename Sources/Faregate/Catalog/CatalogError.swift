/// A file of a catalog, as bytes. The path is relative to the catalog's folder, with slashes.
public struct CatalogFile: Sendable {
    public let path: String
    public let bytes: [UInt8]
    public init(path: String, bytes: [UInt8]) { (self.path, self.bytes) = (path, bytes) }
}

/// One thing that is wrong with a catalog.
public struct CatalogProblem: Sendable, Hashable, CustomStringConvertible {
    /// Below the catalog's folder; absolute where it lies elsewhere, as a plugin's manifest may.
    public let file: String
    /// `nil` where the file as a whole is to blame.
    public let position: JSONPosition?
    /// Stable: `json.syntax`, `document.unknown_member`, `reference.unknown_parameter`, …
    public let code: String
    public let message: String
    /// A warning asks for attention; it makes nobody refuse the catalog.
    public let severity: Diagnostic.Severity

    package init(
        file: String, position: JSONPosition?, code: String, message: String, severity: Diagnostic.Severity = .error
    ) {
        (self.file, self.position, self.code, self.message) = (file, position, code, message)
        self.severity = severity
    }

    /// `providers/x/provider.json:3:5: document.unknown_member: …`
    public var description: String {
        let place = position.map { "\(file):\($0.line):\($0.column)" } ?? file
        return "\(place): \(severity == .error ? "" : "\(severity.rawValue): ")\(code): \(message)"
    }
}

extension Sequence<CatalogProblem> {
    /// By file, then position, then message and code: always the same order.
    package var inOrder: [CatalogProblem] {
        sorted { a, b in
            (a.file, a.position?.line ?? 0, a.position?.column ?? 0, a.message, a.code)
                < (b.file, b.position?.line ?? 0, b.position?.column ?? 0, b.message, b.code)
        }
    }
}

/// A catalog that cannot be loaded, with everything that is wrong with it. Nothing of it is used.
public struct CatalogError: Error, Sendable, CustomStringConvertible {
    /// By file, then position. Never empty.
    public let problems: [CatalogProblem]

    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
