public import Faregate
import FaregateProviders

extension Snapshot {
    /// Judges bodies as the catalog says that a provider would: refuses what it would refuse, charges what it would
    /// charge.
    public func bodyCheck(_ provider: String, in circumstances: Circumstances) -> BodyCheck {
        { offering, body in
            let request = NativeRequest(provider: provider, model: offering, body: body)
            let answer = answer(request, quoting: true, in: circumstances)
            if let error = answer.diagnostics.first(where: { $0.severity == .error }) {
                return .refuse(message: error.message, path: error.path.description)
            }
            let medium = answer.model.flatMap { self.provider(provider)?.offering($0)?.medium } ?? .video
            let total = (answer.quote ?? nil)?.total
            return .accept(
                charge: total.map { StatedAmount(amount: $0.maximum ?? $0.minimum, unit: $0.unit) }, medium: medium)
        }
    }
}
