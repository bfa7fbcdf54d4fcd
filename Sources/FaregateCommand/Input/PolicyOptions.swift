import ArgumentParser
import Faregate

/// What makes one way better than another.
struct PolicyOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "A provider that goes first; may be repeated, in order. Otherwise the cheapest goes first.",
            valueName: "provider"))
    var prefer: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("A provider that may be used; may be repeated. Otherwise all may.", valueName: "provider"))
    var only: [String] = []

    @Option(name: .long, help: ArgumentHelp("A provider that may not be used; may be repeated.", valueName: "provider"))
    var exclude: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("A model that may be used; may be repeated. Otherwise all may.", valueName: "model"))
    var onlyModel: [String] = []

    @Option(name: .long, help: ArgumentHelp("A model that may not be used; may be repeated.", valueName: "model"))
    var excludeModel: [String] = []

    @Flag(name: .long, help: "Use only providers whose key is configured.")
    var withKeys = false

    @Option(name: .long, help: ArgumentHelp("The most it may cost; unknown prices are refused.", valueName: "dollars"))
    var maxPrice: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A parameter that may be left out where a provider cannot do it, or all; may be repeated.",
            valueName: "parameter"))
    var allowDrop: [String] = []

    /// With nothing said, for commands that have fewer options of their own.
    static var plain: PolicyOptions {
        var options = PolicyOptions()
        (options.prefer, options.only, options.exclude, options.allowDrop) = ([], [], [], [])
        (options.onlyModel, options.excludeModel, options.withKeys, options.maxPrice) = ([], [], false, nil)
        return options
    }

    /// A native request names its provider and says everything itself: only a maximum price makes sense for it.
    func checkNative() throws {
        let stated = [
            ("--prefer", !prefer.isEmpty), ("--only", !only.isEmpty), ("--exclude", !exclude.isEmpty),
            ("--only-model", !onlyModel.isEmpty), ("--exclude-model", !excludeModel.isEmpty), ("--with-keys", withKeys),
            ("--allow-drop", !allowDrop.isEmpty),
        ].filter(\.1).map(\.0)
        guard stated.isEmpty else {
            throw CommandFailure(
                code: "usage.policy",
                message: "\(listed(stated, "and")) \(stated.count == 1 ? "is" : "are") for portable requests",
                hint: "Leave them out, or leave out --provider and state a portable request.")
        }
    }

    func policy(_ snapshot: Snapshot) throws -> Policy {
        for name in prefer + only + exclude where snapshot.provider(name) == nil {
            throw CommandFailure.unknown(provider: name, of: snapshot)
        }
        let parameters = snapshot.portableParameters.map(\.name)
        for name in allowDrop where name != "all" && !parameters.contains(name) {
            throw CommandFailure(
                code: "parameter.unknown", message: "no portable parameter is called \"\(name)\"",
                hint: CommandFailure.hint(name, among: parameters))
        }
        var limit: ExactDecimal?
        if let maxPrice {
            limit = ExactDecimal(maxPrice.hasPrefix("$") ? String(maxPrice.dropFirst()) : maxPrice)
            guard let limit, limit >= .zero else {
                throw CommandFailure(
                    code: "usage.max_price", message: "\"\(maxPrice)\" is no amount of dollars",
                    hint: "Write it like 1.50.")
            }
        }
        for name in onlyModel + excludeModel where snapshot.model(name) == nil {
            throw CommandFailure.unknown(model: name, of: snapshot)
        }
        var policy = Policy(
            preferred: prefer, only: only.isEmpty ? nil : Set(only), maximumUSD: limit,
            leave: allowDrop.contains("all") ? .all : allowDrop.isEmpty ? .none : .some(Set(allowDrop)))
        for name in exclude { policy.excluded[name] = "is excluded" }
        policy.onlyModels = onlyModel.isEmpty ? nil : Set(onlyModel)
        policy.excludedModels = Set(excludeModel)
        if withKeys {
            let configuration = try Configuration.load()
            for provider in snapshot.providers.map(\.id) where configuration.apiKey(provider) == nil {
                policy.excluded[provider] = "has no key here: set \(Configuration.variable(provider, "API_KEY"))"
            }
        }
        return policy
    }
}
