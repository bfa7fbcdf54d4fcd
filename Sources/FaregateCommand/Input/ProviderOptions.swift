import ArgumentParser
import Faregate
import FaregateProviders

/// Opens providers: manifest, address and key.
struct ProviderOpener {
    let pluginFolder: String
    let configuration: Configuration
    /// Goes before the environment and the configuration file: where simulated providers are.
    var overrides: [String: String] = [:]

    /// How much faster than life simulated providers are, as `faregate sandbox` tells it: `FAREGATE_PACE`.
    static var pace: Double {
        Environment["FAREGATE_PACE"].flatMap(Double.init).map { $0.isFinite ? max($0, 1) : 1 } ?? 1
    }

    /// The host of a provider, ready to send.
    func host(
        _ provider: Provider, transport: any HTTPTransport, settings: HostSettings = HostSettings()
    ) throws -> ProviderHost {
        let codec = ManifestCodec(try manifest(provider))
        do throws(PluginError) {
            let access = try ProviderAccess(codec.traits, environment: environment(codec.traits.id))
            var settings = settings
            // Simulated providers on this machine may be faster than life; nobody else is hurried.
            if access.isOverridden, access.baseAddress.isLoopback { settings.pace = max(settings.pace, Self.pace) }
            return ProviderHost(codec: codec, access: access, transport: transport, settings: settings)
        } catch {
            throw CommandFailure(error, provider: provider)
        }
    }

    /// What a provider promises and advises.
    func traits(_ provider: Provider) throws -> ProviderTraits { ManifestCodec(try manifest(provider)).traits }

    func manifest(_ provider: Provider) throws -> Manifest {
        do throws(PluginError) {
            return try Manifest(named: provider.plugin, in: pluginFolder)
        } catch {
            for problem in error.problems { Terminal.errors.line(problem.description) }
            throw CommandFailure(error, provider: provider)
        }
    }

    /// The variables of a provider, from the environment or the configuration file.
    private func environment(_ id: String) -> [String: String] {
        let prefix = ProviderAccess.variablePrefix(for: id)
        var variables: [String: String] = [:]
        variables[prefix + "_API_KEY"] = configuration.apiKey(id)
        variables[prefix + "_BASE_URL"] = configuration.baseURL(id)
        return variables.merging(overrides) { _, override in override }
    }
}

extension CommandFailure {
    /// What a plugin's error means to a person, and what to do about it.
    init(_ error: PluginError, provider: Provider) {
        self.init(code: error.code.rawValue, message: error.message)
        if error.code == .keyMissing {
            hint =
                "Nothing was sent. Get a key from \(provider.name), or keep to providers whose keys you have with --only. "
                + "--dry-run and --sandbox need none."
        } else if error.code == .notOffered {
            hint = "Nothing was sent. Keep to other providers with --only."
        } else if error.code == .folderUnwritable {
            hint = "Nothing was sent. Name another folder with --output-folder."
        }
    }
}
