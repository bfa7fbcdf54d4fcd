extension Manifest {
    /// The most that is read of a manifest.
    static let fileBytesMax = 4 << 20

    /// Reads `<folder>/<id>/plugin.json`.
    ///
    /// - Parameters:
    ///   - id: The plugin's name, as a provider's entry in the catalog gives it.
    ///   - folder: The folder of all plugins.
    /// - Throws: `PluginError.Code.fileUnreadable`, which says where it was looked for; whatever
    ///   ``init(parsing:id:file:)`` throws.
    public init(named id: String, in folder: String) throws(PluginError) {
        let path = folder + "/" + id + "/plugin.json"
        guard !id.isEmpty, !id.contains("/"), !id.hasPrefix("."),
            let bytes = readFile(path, bytesMax: Self.fileBytesMax)
        else {
            throw PluginError(.fileUnreadable, "there is no plugin \(id): \(path) cannot be read")
        }
        try self.init(parsing: bytes, id: id, file: path)
    }
}
