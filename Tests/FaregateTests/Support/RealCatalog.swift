import Faregate

/// The catalog that is shipped.
enum RealCatalog {
    static let folder = Fixtures.project + "/catalog"
    static let files: [CatalogFile] = (try? CatalogFolder.files(of: folder, includingCases: true)) ?? []
    static let snapshot: Snapshot = {
        do throws(CatalogError) {
            return try CatalogFolder.load(folder)
        } catch {
            fatalError("the catalog does not load:\n\(error)")
        }
    }()
}
