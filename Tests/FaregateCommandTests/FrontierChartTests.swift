import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("The chart of the frontier")
struct FrontierChartTests {
    /// Collects the texts of a document that is well formed.
    private final class Texts: NSObject, XMLParserDelegate {
        var texts: [String] = []
        func parser(_ parser: XMLParser, foundCharacters string: String) { texts.append(string) }
    }

    @Test("It is well-formed, and shows every choice with its price")
    func drawn() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("faregate-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("deep/chart.svg")
        let request = #"{"want": {"operation": "text-to-video", "duration": {"min": 5}}}"#
        let result = try CommandRunner.run(
            ["route", "--frontier", "--apart", "model", "--format", "json", "--chart", file.path, request])
        #expect(result.status == 0)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let points = try #require(json["points"] as? [[String: Any]])
        #expect(points.count > 3)
        let parser = XMLParser(data: try Data(contentsOf: file))
        let texts = Texts()
        parser.delegate = texts
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        let shown = texts.texts.joined(separator: "|")
        for point in points {
            let price = try #require(point["usd"] as? String)
            let model = try #require(point["model"] as? String)
            #expect(shown.contains("$\(price)|") && shown.contains(model))
        }
    }

    @Test("A request that names its model has none, and says what to write instead")
    func refused() throws {
        let result = try CommandRunner.run(["route", "--frontier", #"{"model": "google/veo-3.1-fast", "prompt": "x"}"#])
        #expect(result.status == 2)
        #expect(result.errors.contains("usage.frontier"))
    }
}
