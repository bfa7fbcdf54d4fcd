import Faregate
import FaregateProviders
import FaregateSandbox

/// Simulated providers for the length of one run.
enum SandboxSession {
    /// How much faster than life they are.
    static let pace = 30.0

    /// The simulated providers of a catalog.
    static func providers(
        _ snapshot: Snapshot, _ opener: ProviderOpener, only: [String] = [], settings: SandboxSettings,
        circumstances: Circumstances
    ) throws -> [SimulatedProvider] {
        try snapshot.providers.filter { only.isEmpty || only.contains($0.id) }.map { provider in
            SimulatedProvider(
                try opener.manifest(provider), settings: settings,
                check: snapshot.bodyCheck(provider.id, in: circumstances))
        }
    }

    /// Serves them in this process while the body runs, which gets the variables that lead there.
    static func with(
        _ providers: [SimulatedProvider], _ body: (_ port: Int, _ variables: [String: String]) async throws -> Void
    ) async throws {
        try await withSandbox(providers) { port in
            var variables: [String: String] = [:]
            for provider in providers {
                let prefix = ProviderAccess.variablePrefix(for: provider.id)
                variables[prefix + "_BASE_URL"] = SandboxServer.baseAddress(of: provider.id, port: port)
                variables[prefix + "_API_KEY"] = "sandbox-key-0000"
            }
            try await body(port, variables)
        }
    }
}
