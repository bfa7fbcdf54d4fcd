import Faregate
import Testing

/// The files beside the tests.
enum Fixtures {
    /// `Tests/FaregateTests`.
    static let folder = String(#filePath.dropLast("/Support/Fixtures.swift".count))
    /// The project, with the catalog and the sources.
    static let project = String(folder.dropLast("/Tests/FaregateTests".count))

    static func bytes(_ path: String) throws -> [UInt8] { try CatalogFolder.bytes(of: folder + "/" + path).get() }

    /// A document of `Fixtures/`.
    static func document(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: try bytes("Fixtures/\(name).json"))
    }

    /// The list that a document of `Fixtures/` holds. A list that cannot be read is empty: the suite then finds no case.
    static func list<Case>(_ name: String, _ member: String = "cases", _ read: (JSONValue) -> Case?) -> [Case] {
        guard let elements = (try? document(name))?[member]?.array else { return [] }
        return elements.map { element in
            guard let read = read(element) else { fatalError("\(name).json: a case is malformed: \(element.text())") }
            return read
        }
    }
}

/// A sequence of numbers that a seed decides (SplitMix64), so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Where a marker stands in a text, and the text without it. Lines and columns count from 1, columns in code points.
///
/// Counts on its own, so that positions are not checked against the code that makes them.
func markers(in text: String, _ marker: Unicode.Scalar = "«") -> (text: String, positions: [JSONPosition]) {
    var kept = String.UnicodeScalarView()
    var positions: [JSONPosition] = []
    var (line, column) = (1, 1)
    for scalar in text.unicodeScalars {
        if scalar == marker {
            positions.append(JSONPosition(line: line, column: column))
            continue
        }
        kept.append(scalar)
        (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
    }
    return (String(kept), positions)
}
