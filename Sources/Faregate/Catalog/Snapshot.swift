/// A loaded catalog: immutable, consistent, and named by the digest of its files.
public struct Snapshot: Sendable {
    /// SHA-256 over the paths and bytes of all files, in hexadecimal.
    public let digest: String
    /// By id.
    public let providers: [Provider]
    public let models: [Model]
    public let units: [Unit]
    /// The words of portable requests.
    public let vocabulary: PortableVocabulary

    private let providerIndex: [String: Int]
    private let modelIndex: [String: Int]

    /// Something that is counted and priced.
    public struct Unit: Sendable, Hashable {
        public let id: String
        public let plural: String
        public let about: String
    }

    init(
        digest: String, providers: [Provider], models: [Model], units: [Unit], vocabulary: PortableVocabulary
    ) {
        (self.digest, self.providers, self.models) = (digest, providers, models)
        (self.units, self.vocabulary) = (units, vocabulary)
        providerIndex = Dictionary(uniqueKeysWithValues: providers.enumerated().map { ($1.id, $0) })
        modelIndex = Dictionary(uniqueKeysWithValues: models.enumerated().map { ($1.id, $0) })
    }

    public var portableParameters: [PortableVocabulary.Parameter] { vocabulary.parameters }

    public func provider(_ id: String) -> Provider? { providerIndex[id].map { providers[$0] } }
    public func model(_ id: String) -> Model? { modelIndex[id].map { models[$0] } }
    public func unit(_ id: String) -> Unit? { units.first { $0.id == id } }

    /// Every offering that can be asked for a model, by provider.
    public func offerings(of model: String) -> [(provider: Provider, offering: Offering)] {
        providers.flatMap { provider in
            provider.offerings.filter { $0.portable.models.contains { $0.id == model } }.map { (provider, $0) }
        }
    }
}
