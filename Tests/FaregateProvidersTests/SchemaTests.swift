import Faregate
import Testing

@testable import FaregateProviders

@Suite("The schema of plugins, for editors")
struct SchemaTests {
    private func schema() throws -> JSONValue {
        let path = Plugins.folder + "/../catalog/schema/plugin.schema.json"
        return try JSONValue(parsing: try #require(readFile(path, bytesMax: 1 << 20)))
    }

    private func words(_ pointer: JSONPointer) throws -> Set<String> {
        Set(try #require(try schema()[pointer]?.array).compactMap(\.string))
    }

    @Test("knows the words that the loader knows")
    func vocabulary() throws {
        #expect(try words("/$defs/reply/properties/outcome/enum") == Set(ReplyRule.Word.allCases.map(\.rawValue)))
        #expect(try words("/$defs/kind/enum") == Set(FailureKind.known.map(\.rawValue)))
        #expect(try words("/$defs/billed/enum") == Set(Billing.allCases.map(\.rawValue)))
        #expect(try words("/$defs/standing/enum") == Set(ReplyRule.Standing.allCases.map(\.rawValue)))
        #expect(try words("/$defs/example/properties/medium/enum") == Set(Medium.allCases.map(\.rawValue)))
        #expect(
            try words("/$defs/callback/properties/verification/enum")
                == Set(CallbackTraits.Verification.allCases.map(\.rawValue)))
        let operations = try #require(try schema()["/properties/operations/properties" as JSONPointer]?.object)
        #expect(Set(operations.members.map(\.name)) == Set(OperationName.allCases.map(\.rawValue)))
        #expect(try schema()["/properties/protocol/const" as JSONPointer] == .integer(Int64(Manifest.protocolVersion)))
    }

    @Test("is strict, and describes every member")
    func strict() throws {
        try check(try schema(), at: JSONPointer())
    }

    private func check(_ value: JSONValue, at place: JSONPointer) throws {
        guard let object = value.object else {
            for (index, element) in (value.array ?? []).enumerated() { try check(element, at: place / index) }
            return
        }
        // The parts of a condition on the schema itself restrict what stands elsewhere.
        let isPart = place.tokens.contains { ["if", "then", "else", "allOf"].contains($0) } || place.last == "oneOf"
        if object["type"] == "object", object["properties"] != nil {
            #expect(object["additionalProperties"] == false, "\(place) takes any member")
        }
        if !isPart, place.tokens.dropLast().last == "properties", value["const"] == nil || value["description"] != nil {
            #expect(object["description"] != nil || object["$ref"] != nil, "\(place) is not described")
        }
        for member in object.members { try check(member.value, at: place / member.name) }
    }

    @Test("is named by every plugin", arguments: Plugins.ids)
    func named(id: String) throws {
        let text = try #require(readFile(Plugins.folder + "/\(id)/plugin.json", bytesMax: 1 << 20))
        #expect(try JSONValue(parsing: text)["$schema"] == "../../catalog/schema/plugin.schema.json")
    }
}
