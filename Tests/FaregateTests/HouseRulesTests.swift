import Faregate
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A source file, with its code apart from its comments.
struct SourceFile: Sendable {
    let path: String
    let lines: [String]

    /// Lines without comments; a marker that stands inside a string is left alone.
    var code: [String] {
        lines.map { line in
            var isInString = false
            var before: Character = " "
            for index in line.indices {
                let character = line[index]
                if character == "\"", before != "\\" { isInString.toggle() }
                if !isInString, line[index...].hasPrefix("//") { return String(line[..<index]) }
                before = character
            }
            return line
        }
    }

    /// The modules it imports, whatever the access level.
    var imports: Set<String> {
        Set(
            code.compactMap { line in
                let words = line.split(separator: " ").map(String.init)
                return words.firstIndex(of: "import").flatMap { $0 < 2 && $0 + 1 < words.count ? words[$0 + 1] : nil }
            })
    }

    /// Every Swift file of a target.
    static func all(of target: String) throws -> [SourceFile] {
        try paths(below: "Sources/" + target).filter { $0.hasSuffix(".swift") }.sorted().map { path in
            let bytes = try CatalogFolder.bytes(of: Fixtures.project + "/" + path).get()
            let text = String(decoding: bytes, as: UTF8.self)
            return SourceFile(
                path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        }
    }

    private static func paths(below folder: String) -> [String] {
        guard let handle = opendir(Fixtures.project + "/" + folder) else { return [] }
        defer { closedir(handle) }
        var found: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(".") { continue }
            let path = folder + "/" + name
            found += name.contains(".") && !name.hasSuffix(".docc") ? [path] : paths(below: path)
        }
        return found
    }
}

@Suite("House rules: what must not be in the sources")
struct HouseRulesTests {
    @Test("The core imports libjansson in its JSON layer, the system where folders are read, and nothing else")
    func imports() throws {
        let files = try SourceFile.all(of: "Faregate")
        #expect(files.count > 40)
        for file in files {
            let allowed: Set<String> =
                if file.path.hasPrefix("Sources/Faregate/JSON/") {
                    ["CJansson"]
                } else if file.path == "Sources/Faregate/Catalog/CatalogFolder.swift" {
                    ["Glibc", "Musl", "Darwin"]
                } else {
                    []
                }
            #expect(file.imports.subtracting(allowed) == [], "\(file.path)")
        }
        #expect(files.contains { $0.imports == ["CJansson"] })
        #expect(files.contains { $0.imports.contains("Glibc") })
    }

    @Test(
        "No provider of the catalog is named in code: what is peculiar to one is data",
        arguments: [
            "Faregate", "FaregateProviders", "FaregateSandbox", "FaregateTasks",
        ])
    func providers(_ target: String) throws {
        let ids = RealCatalog.snapshot.providers.map(\.id)
        #expect(ids.count >= 4)
        let files = try SourceFile.all(of: target)
        #expect(!files.isEmpty)
        for file in files {
            for (number, line) in file.code.enumerated() {
                for id in ids where line.lowercased().contains(id) {
                    Issue.record(
                        "\(file.path):\(number + 1): names \(id), instead the catalog or the plugin should say it")
                }
            }
        }
    }

    @Test("The engines name no clock, no randomness and no environment")
    func clocks() throws {
        let forbidden = [
            "Clock", "Date()", ".now", "time(", "gettimeofday", "clock_gettime", "DispatchTime",
            "SystemRandomNumberGenerator",
            ".random(", ".shuffled(", ".randomElement(", "getenv", "ProcessInfo", "Task {", "Task.",
            "nonisolated(unsafe)",
        ]
        for file in try SourceFile.all(of: "Faregate") {
            for (number, line) in file.code.enumerated() {
                for word in forbidden where line.contains(word) {
                    Issue.record("\(file.path):\(number + 1): names \(word), instead what varies is an argument")
                }
            }
        }
    }

    @Test("No Double touches money: prices, bills and quotes are exact")
    func money() throws {
        let files = try SourceFile.all(of: "Faregate").filter {
            $0.path.hasPrefix("Sources/Faregate/Pricing/") || $0.path.hasSuffix("/Price.swift")
        }
        #expect(files.count >= 4)
        for file in files {
            for (number, line) in file.code.enumerated() where line.contains("Double") || line.contains("Float") {
                Issue.record("\(file.path):\(number + 1): a binary fraction, instead ExactDecimal")
            }
        }
    }
}
