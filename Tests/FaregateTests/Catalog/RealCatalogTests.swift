import Faregate
import Testing

@Suite("The catalog that is shipped")
struct RealCatalogTests {
    let snapshot = RealCatalog.snapshot

    @Test("It loads, and holds what it is known to hold")
    func loads() {
        #expect(snapshot.providers.map(\.id) == ["apixo", "ninjachat", "sjinn", "unifically"])
        #expect(snapshot.providers.flatMap(\.offerings).count > 100)
        #expect(snapshot.models.count > 70)
        #expect(snapshot.digest.count == 64)
    }

    @Test("Every case comes out as it says")
    func cases() {
        #expect(CaseSuite.count(RealCatalog.files) > 300)
        #expect(CaseSuite.problems(RealCatalog.files, snapshot: snapshot).map(\.description) == [])
    }

    /// Ways to falsify the cases of APIXO's Veo 3.1: a text that occurs there, and what stands in its place.
    static let falsifications: [(String, String, String)] = [
        ("\"valid\": true", "\"valid\": false", "case.verdict"),
        ("\"valid\": false", "\"valid\": true", "case.verdict"),
        ("\"severity\": \"error\"", "\"severity\": \"warning\"", "case.diagnostics"),
        ("\"diagnostics\": []", "\"diagnostics\": [{}]", "case.diagnostics"),
        ("\"status\": \"exact\"", "\"status\": \"range\"", "case.quote"),
        ("\"id\":", "\"identity\":", "document.missing_member"), ("\"body\":", "\"bdy\":", "document.missing_member"),
    ]

    @Test("A case that is falsified is found", arguments: falsifications)
    func altered(_ find: String, _ with: String, _ code: String) throws {
        let file = try #require(
            RealCatalog.files.first { file in
                file.path.hasSuffix(".cases.json") && String(decoding: file.bytes, as: UTF8.self).contains(find)
            })
        var text = String(decoding: file.bytes, as: UTF8.self)
        let range = try #require(text.firstRange(of: find))
        text.replaceSubrange(range, with: with)
        let problems = CaseSuite.problems([CatalogFile(path: file.path, bytes: Array(text.utf8))], snapshot: snapshot)
        #expect(problems.map(\.code).contains(code))
        #expect(problems.allSatisfy { $0.file == file.path && $0.position != nil })
    }

    @Test("Every offering can be reached by a model that somebody can ask for")
    func reachable() {
        for provider in snapshot.providers {
            for offering in provider.offerings {
                let models = offering.portable.models.map(\.id)
                #expect(!models.isEmpty && models.allSatisfy { snapshot.model($0) != nil }, "\(offering.id)")
                #expect(
                    models.allSatisfy { model in
                        snapshot.offerings(of: model).contains {
                            $0.offering.id == offering.id && $0.provider.id == provider.id
                        }
                    })
            }
        }
        for model in snapshot.models { #expect(!snapshot.offerings(of: model.id).isEmpty, "nobody sells \(model.id)") }
    }

    @Test("Every price, parameter and rule names a page on the web")
    func sources() {
        var prices = 0
        for offering in snapshot.providers.flatMap(\.offerings) {
            #expect(offering.source.page.hasPrefix("https://"), "\(offering.id)")
            for row in offering.prices {
                prices += 1
                #expect(row.source.page.hasPrefix("https://"), "\(offering.id) \(row.id)")
            }
            for constraint in offering.constraints {
                #expect(constraint.source.page.hasPrefix("https://"), "\(offering.id) \(constraint.id)")
            }
        }
        #expect(prices > 70)
    }

    @Test("Every page that a provider lists is the source of something")
    func pages() throws {
        for provider in snapshot.providers {
            let files = RealCatalog.files.filter {
                $0.path.hasPrefix("providers/\(provider.id)/") && !$0.path.hasSuffix(".cases.json")
            }
            let texts = files.map { String(decoding: $0.bytes, as: UTF8.self) }
            #expect(texts.count > provider.offerings.count && !provider.pages.isEmpty)
            for page in provider.pages.keys.sorted() {
                let isCited = texts.contains { text in
                    ["source\": \"\(page)\"", "source\": \"\(page) §"].contains { text.contains($0) }
                }
                #expect(isCited, "\(provider.id) cites \(page) nowhere")
            }
        }
    }

    @Test("No rate is zero or less, and no unknown price has an amount")
    func rates() {
        for offering in snapshot.providers.flatMap(\.offerings) {
            for row in offering.prices {
                switch row.rate {
                case .exact(let rate), .atLeast(let rate): #expect(rate > .zero, "\(offering.id) \(row.id)")
                case .range(let low, let high): #expect(low > .zero && low < high, "\(offering.id) \(row.id)")
                case .unknown(let reason): #expect(reason.hasPrefix("price."))
                }
            }
        }
    }

    @Test("Every case's body can be changed at one place without a crash, and is judged the same twice")
    func mutations() throws {
        var random = SeededGenerator(seed: 31)
        var generator = JSONGenerator(seed: 32)
        let circumstances = Circumstances(date: SmallCatalog.day)
        var (judged, invalid) = (0, 0)
        for file in RealCatalog.files where file.path.hasSuffix(".cases.json") {
            let parts = file.path.split(separator: "/").map(String.init)
            let model = parts.dropFirst(3).joined(separator: "/").dropLast(".cases.json".count)
            for item in try JSONValue(parsing: file.bytes)["cases"]?.array ?? [] {
                let body = item["body"] ?? .null
                let places = JSONPositionTests.places(body).filter { !$0.tokens.isEmpty }
                guard let place = places.randomElement(using: &random) else { continue }
                let patch = JSONPatch([.replace(place, generator.value(depth: 2))])
                let request = NativeRequest(provider: parts[1], model: String(model), body: try patch.applied(to: body))
                let answer = snapshot.answer(request, quoting: true, in: circumstances)
                #expect(answer.json == snapshot.answer(request, quoting: true, in: circumstances).json)
                #expect(answer.isValid == !answer.diagnostics.contains { $0.severity == .error })
                if !answer.isValid { #expect(answer.json["quote"] == .some(.null)) }
                judged += 1
                invalid += answer.isValid ? 0 : 1
            }
        }
        #expect(judged > 300 && invalid > 200)
    }
}
