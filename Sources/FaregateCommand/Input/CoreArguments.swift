public import ArgumentParser
import Faregate

// Enumerations of the core that options take by their raw values: `--by provider`, `--apart model`.
extension UsageQuote.Grouping: ExpressibleByArgument {}
extension Frontier.Apart: ExpressibleByArgument {}
