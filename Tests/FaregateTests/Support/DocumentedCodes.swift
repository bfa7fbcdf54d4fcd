import Faregate
import Testing

/// The codes that a page of the documentation lists, by the heading of the table they stand in.
enum DocumentedCodes {
    static func section(
        _ heading: String, of page: String = "Sources/Faregate/Documentation.docc/CatalogFindings.md"
    ) throws -> [String] {
        let bytes = try CatalogFolder.bytes(of: Fixtures.project + "/" + page).get()
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex(of: "## \(heading)"), "\(page) has no section \(heading)")
        let end = lines[(start + 1)...].firstIndex { $0.hasPrefix("## ") } ?? lines.endIndex
        return lines[start..<end].filter { $0.hasPrefix("| `") }.flatMap { line in
            let cell = line.split(separator: "|")[0].split(separator: "`", omittingEmptySubsequences: false)
            return stride(from: 1, to: cell.count, by: 2).map { String(cell[$0]) }
        }
    }
}
