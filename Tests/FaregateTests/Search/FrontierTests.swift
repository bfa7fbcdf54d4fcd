import Testing

@testable import Faregate

@Suite("The frontier holds what nothing else beats")
struct FrontierTests {
    static let operations = ["text-to-video", "image-to-video", "text-to-image", "text-to-music"]

    private func frontier(_ operation: String, _ apart: Set<Frontier.Apart> = []) throws -> (Frontier, SearchResult) {
        let request = try #require(SearchExactnessTests.request(operation, [:])).openingFrontier()
        let result = RealCatalog.snapshot.search(request, all: true, in: SearchExactnessTests.circumstances)
        return (Frontier(result, apart: apart, vocabulary: RealCatalog.snapshot.vocabulary), result)
    }

    @Test("Every priced choice is on it or no better in anything than some point on it", arguments: operations)
    func complete(operation: String) throws {
        let (frontier, result) = try frontier(operation)
        #expect(!frontier.points.isEmpty)
        for choice in result.choices {
            guard let usd = choice.quote.worstCaseUSD else {
                #expect(frontier.unpriced.contains { $0.offering.id == choice.offering.id })
                continue
            }
            let seconds = choice.settings.first { $0.name == "duration" }?.value.number ?? 0
            #expect(
                frontier.points.contains { $0.usd <= usd && ($0.seconds ?? 0) >= seconds },
                "\(choice.offering.id) for \(usd) in \(seconds) s")
        }
    }

    @Test(
        "No point costs no more, lasts no shorter and takes no longer than another, as far as that is known of both",
        arguments: zip(operations, [4, 4, 2, 0]))
    func undominated(operation: String, pairsMin: Int) throws {
        let points = try frontier(operation).0.points
        var pairs = 0
        for (index, a) in points.enumerated() {
            for (other, b) in points.enumerated() where index != other && a.resolution == b.resolution {
                // What is known of one alone tells them apart: so do the two that make music.
                guard (a.seconds == nil) == (b.seconds == nil), (a.typical == nil) == (b.typical == nil) else {
                    continue
                }
                pairs += 1
                let (mine, theirs) = (a.seconds ?? 0, b.seconds ?? 0)
                let (quick, slow) = (a.typical?.upperBound ?? 0, b.typical?.upperBound ?? 0)
                let isBeaten = a.usd <= b.usd && mine >= theirs && quick <= slow
                let isSame = a.usd == b.usd && mine == theirs && quick == slow
                #expect(!isBeaten || isSame, "\(a.choice.offering.id) beats \(b.choice.offering.id)")
            }
        }
        #expect(pairs >= pairsMin)
    }

    @Test("Kept apart, every model and every provider has its own")
    func apart() throws {
        let (frontier, result) = try frontier("text-to-video", [.model, .provider])
        let priced = result.choices.filter { $0.quote.worstCaseUSD != nil }
        #expect(
            Set(frontier.points.map { "\($0.choice.provider.id) \($0.choice.model.id)" })
                == Set(priced.map { "\($0.provider.id) \($0.model.id)" }))
    }
}
