import Faregate
import Testing

struct PatchCase: Sendable, CustomTestStringConvertible {
    let name: String
    let document: JSONValue
    let patch: JSONValue
    /// `nil`: the patch fails.
    let result: JSONValue?
    /// The operation to blame.
    let failsAt: Int?

    var testDescription: String { name }

    static let all = Fixtures.list("patches") { item -> PatchCase? in
        guard let name = item["name"]?.string, let document = item["document"], let patch = item["patch"] else {
            return nil
        }
        return PatchCase(
            name: name, document: document, patch: patch, result: item["result"],
            failsAt: item["fails_at"]?.integerValue.map(Int.init))
    }
}

@Suite("JSON Patches apply as a whole or not at all (RFC 6902)")
struct JSONPatchTests {
    @Test("There are patches that apply and patches that do not")
    func casesExist() {
        #expect(PatchCase.all.filter { $0.result != nil }.count > 20)
        #expect(PatchCase.all.filter { $0.result == nil }.count > 20)
        #expect(PatchCase.all.filter { $0.name.hasPrefix("A.") }.count == 15)
    }

    @Test("A patch gives its result, or fails at the operation to blame", arguments: PatchCase.all)
    func applying(_ example: PatchCase) throws {
        do throws(JSONPatch.Failure) {
            let result = try JSONPatch(example.patch).applied(to: example.document)
            #expect(result == example.result)
            #expect(example.result != nil, "it applied, and gave \(result.text())")
        } catch {
            #expect(example.result == nil, "\(error.message)")
            #expect(error.operation == example.failsAt)
            #expect(!error.message.isEmpty)
        }
    }

    @Test("A failed patch leaves the document as it was")
    func atomicity() throws {
        let document: JSONValue = ["a": [1, 2], "b": ["c": true]]
        let patch = JSONPatch([
            .replace("/a/0", 9), .remove("/b/c"), .add("/new", [:]), .move(from: "/a", to: "/moved"),
            .test("/new", nil),
        ])
        let failure = #expect(throws: JSONPatch.Failure.self) { try patch.applied(to: document) }
        #expect(failure?.operation == 4)
        #expect(document == ["a": [1, 2], "b": ["c": true]])
    }

    @Test("A patch survives being written and read", arguments: PatchCase.all.filter { $0.result != nil })
    func roundTrip(_ example: PatchCase) throws {
        let patch = try JSONPatch(example.patch)
        #expect(try JSONPatch(patch.json) == patch)
        #expect(try JSONPatch(patch.json).applied(to: example.document) == example.result)
    }

    @Test("Adding a member and removing it again changes nothing")
    func inverse() throws {
        var generator = JSONGenerator(seed: 6902)
        for _ in 0..<200 {
            let document = JSONValue.object(JSONObject([("inner", generator.value())]))
            let place = JSONPointer(["inner-\(generator.text())"])
            let patch = JSONPatch([.add(place, generator.value()), .remove(place)])
            #expect(try patch.applied(to: document) == document)
        }
    }
}
