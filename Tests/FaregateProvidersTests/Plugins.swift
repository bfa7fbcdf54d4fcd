import Faregate
import FaregateProviders

/// The plugins of this repository.
enum Plugins {
    static let folder: String = {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/") + "/plugins"
    }()

    static let ids = ["apixo", "ninjachat", "sjinn", "unifically"]

    static func manifest(_ id: String) throws -> Manifest { try Manifest(named: id, in: folder) }

    static func codec(_ id: String) throws -> ManifestCodec { ManifestCodec(try manifest(id)) }

    /// A request of the kind that each provider's page shows.
    static func task(_ id: String) -> ProviderTask {
        switch id {
        case "apixo":
            ProviderTask(
                model: "veo-3-1",
                body: [
                    "request_type": "async",
                    "input": ["mode": "fast", "prompt": "a lighthouse in fog", "generationType": "TEXT_2_VIDEO"],
                ], medium: .video)
        case "ninjachat":
            ProviderTask(
                model: "veo-3.1-fast", body: ["prompt": "a lighthouse in fog", "model": "veo-3.1-fast"], medium: .video)
        case "sjinn":
            ProviderTask(
                model: "sora2-text-to-video-api",
                body: ["tool_type": "sora2-text-to-video-api", "input": ["prompt": "a lighthouse in fog"]],
                medium: .video)
        default:
            ProviderTask(
                model: "google/nano-banana",
                body: ["model": "google/nano-banana", "input": ["prompt": "a lighthouse in fog"]], medium: .image)
        }
    }
}
