/// A provider's offerings as one OpenAPI 3.1 document: a schema for each offering, and a request body that is one of them.
///
/// Paths are left to the provider's plugin: a catalog does not know them.
public struct OpenAPIDocument: Sendable {
    public let provider: Provider
    public let offerings: [Offering]
    /// The catalog's digest, which stands for a version.
    public let digest: String

    /// - Parameter offerings: Some of the provider's; `nil` for all.
    public init(_ provider: Provider, offerings: [Offering]? = nil, digest: String) {
        (self.provider, self.offerings, self.digest) = (provider, offerings ?? provider.offerings, digest)
    }

    public var json: JSONValue {
        var schemas = JSONObject([("http-address", RequestSchema.address)])
        for offering in offerings {
            let schema = RequestSchema(
                offering, of: provider, addressReference: "#/components/schemas/http-address")
            schemas[Self.component(offering)] = .object(schema.json)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": .string("Requests to \(provider.name)"),
                "version": .string(String(digest.prefix(12))),
                "description": .string(
                    "The bodies that \(provider.name) accepts, by offering. Sources: "
                        + listed(provider.pages.values.compactMap(\.url).sorted(), "and")),
            ],
            "components": [
                "schemas": .object(schemas),
                "requestBodies": [
                    "request": [
                        "required": true,
                        "content": ["application/json": ["schema": .object(anyOffering)]],
                    ]
                ],
            ],
        ]
    }

    private var anyOffering: JSONObject {
        let references = offerings.map { offering -> JSONValue in ["$ref": .string(Self.reference(offering))] }
        var schema = JSONObject([("oneOf", .array(references))])
        if let name = provider.request.modelAt?.last, provider.request.defaultModel == nil {
            let mapping = offerings.map { ($0.id, JSONValue.string(Self.reference($0))) }
            schema["discriminator"] = ["propertyName": .string(name), "mapping": .object(JSONObject(mapping))]
        }
        return schema
    }

    private static func reference(_ offering: Offering) -> String { "#/components/schemas/\(component(offering))" }

    /// The offering's name among the components, where slashes are not allowed: `google_veo-3.1-fast`.
    static func component(_ offering: Offering) -> String {
        String(
            offering.id.map { character in
                character.isASCII && (character.isLetter || character.isNumber || ".-_".contains(character))
                    ? character : "_"
            })
    }
}
