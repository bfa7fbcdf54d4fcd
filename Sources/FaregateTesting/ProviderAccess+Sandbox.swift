package import FaregateProviders
import FaregateSandbox

extension ProviderAccess {
    /// How a simulated provider is reached.
    ///
    /// - Parameters:
    ///   - base: Its address; where it is handed over in process unless stated.
    ///   - key: `nil` sets none.
    package init(
        simulated traits: ProviderTraits, at base: String? = nil, key: String? = "key"
    ) throws(PluginError) {
        let prefix = Self.variablePrefix(for: traits.id)
        var environment = [prefix + "_BASE_URL": base ?? SandboxTransport.baseAddress(of: traits.id)]
        environment[prefix + "_API_KEY"] = key
        try self.init(traits, environment: environment)
    }
}
