import Faregate
import Testing

@Suite("The documentation lists every code that is told about a catalog, and no other")
struct CatalogFindingsTests {
    static let lists: [(String, [String])] = [
        ("Lint", CatalogLint.Code.allCases.map(\.rawValue)),
        ("Coverage", CoverageFinding.Kind.allCases.map(\.rawValue)),
        ("Cases that are left out", LeftOutCase.Reason.allCases.map(\.rawValue)),
        ("Differences", CatalogChange.Kind.allCases.map(\.rawValue)),
    ]

    @Test("Lint, coverage, cases and differences", arguments: lists)
    func enumerated(_ section: String, _ codes: [String]) throws {
        let documented = try DocumentedCodes.section(section)
        #expect(Set(documented) == Set(codes))
        #expect(documented.count == codes.count)
    }

    /// The codes that stand in the sources of the loader.
    private static func written(in files: (String) -> Bool, _ families: Set<String>) throws -> Set<String> {
        var codes: Set<String> = []
        for file in try SourceFile.all(of: "Faregate") where files(file.path) {
            for line in file.code {
                let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
                for index in stride(from: 1, to: parts.count, by: 2) {
                    let words = parts[index].split(separator: ".", omittingEmptySubsequences: false)
                    guard words.count == 2, families.contains(String(words[0])), words[1] != "json" else { continue }
                    guard words[1].allSatisfy({ $0.isLowercase || $0 == "_" }), !words[1].isEmpty else { continue }
                    codes.insert(String(parts[index]))
                }
            }
        }
        return codes
    }

    @Test("Loading: what the loader's sources can say")
    func loading() throws {
        let written = try Self.written(
            in: { path in
                let isLint = path.contains("/CatalogLint") || path.hasSuffix("/CaseSuite.swift")
                return ["/Catalog/", "/JSON/", "/CreditPack"].contains { path.contains($0) } && !isLint
            },
            [
                "json", "document", "source", "reference", "condition", "constraint", "parameter", "portable", "price",
                "offering", "catalog", "pack",
            ])
        #expect(written.count > 30)
        #expect(Set(try DocumentedCodes.section("Loading")) == written)
    }

    @Test("Cases: what the suite can say")
    func cases() throws {
        let written = try Self.written(in: { $0.hasSuffix("/CaseSuite.swift") }, ["case"])
        #expect(Set(try DocumentedCodes.section("Cases")) == written)
    }
}
