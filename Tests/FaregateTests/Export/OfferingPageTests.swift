import Testing

@testable import Faregate

@Suite("Offerings as Markdown and OpenAPI")
struct OfferingPageTests {
    @Test("Every page has a table of parameters and one of prices, with as many cells in each row")
    func pages() {
        var pages = 0
        for provider in RealCatalog.snapshot.providers {
            for offering in provider.offerings {
                let lines = OfferingPage(offering, of: provider).markdown.split(separator: "\n")
                #expect(lines.first == "# \(offering.name) at \(provider.name)")
                #expect(lines.contains("## Parameters") && lines.contains("## Prices"))
                var width = 0
                for line in lines {
                    guard line.hasPrefix("|") else {
                        width = 0
                        continue
                    }
                    var bare = String(line)
                    bare.replace("\\|", with: "")
                    let cells = bare.filter { $0 == "|" }.count
                    #expect(width == 0 || cells == width, "\(offering.id): \(line)")
                    width = cells
                }
                for row in offering.prices {
                    let cells = [row.label, row.source.description, row.checkedOn.description]
                    #expect(lines.contains { line in cells.allSatisfy { line.contains($0) } }, "\(offering.id)")
                }
                for row in offering.typicalTimes {
                    let cells = [row.words, row.source.description]
                    #expect(lines.contains { line in cells.allSatisfy { line.contains($0) } }, "\(offering.id)")
                }
                pages += 1
            }
        }
        #expect(pages > 70)
    }

    @Test("A provider's document leads to every one of its offerings")
    func openAPI() throws {
        for provider in RealCatalog.snapshot.providers {
            let document = OpenAPIDocument(provider, digest: RealCatalog.snapshot.digest).json
            #expect(document["openapi"] == "3.1.0")
            let schemas = try #require(document["components"]?["schemas"]?.object)
            // One for each offering, and that of an address.
            #expect(schemas.count == provider.offerings.count + 1)
            let place: JSONPointer = "/components/requestBodies/request/content/application~1json/schema/oneOf"
            let references = document[place]?.array?.compactMap { $0["$ref"]?.string } ?? []
            #expect(references.count == provider.offerings.count)
            for reference in references {
                let pointer = try #require(JSONPointer(parsing: reference.dropFirst()))
                #expect(document[pointer] != nil, "\(reference)")
                let allowed = pointer.last.utf8.allSatisfy {
                    UInt8(ascii: "0")...UInt8(ascii: "z") ~= $0 || ".-".utf8.contains($0)
                }
                #expect(allowed, "\(pointer.last)")
            }
        }
    }
}
