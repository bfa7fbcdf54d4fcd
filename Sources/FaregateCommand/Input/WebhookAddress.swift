import FaregateProviders
import FaregateTasks

extension RunOptions {
    /// Refuses an address that no notice is sent to, before anything is stored or sent.
    func checkWebhook(_ configuration: Configuration) async throws {
        guard let webhook else { return }
        guard let address = WebAddress(webhook), address.scheme == .https || address.isLoopback else {
            throw CommandFailure(
                code: "webhook.address",
                message: "the address in --webhook is not https; nothing was sent",
                hint:
                    "Write it like https://example.com/faregate. Plain http is for this machine: http://127.0.0.1:8080/."
            )
        }
        let signer = try configuration.webhookSigner()
        if address.isLoopback { return }
        guard signer != nil else {
            throw CommandFailure(
                code: "webhook.secret_missing",
                message:
                    "a notice to \(address.host) must be signed, and there is no secret to sign it with; nothing was sent",
                hint:
                    "Set \(Configuration.webhookSecretName) to whsec_ and 24 to 64 random bytes in base64, and give it to the "
                    + "receiver: echo whsec_$(head -c 32 /dev/urandom | base64)")
        }
        do throws(TransportError) { _ = try await PublicAddress.resolve(address.host) } catch {
            // Who cannot be found now may be found when the task ends.
            guard error.code == .refused else { return }
            throw CommandFailure(
                code: "webhook.not_public", message: "\(error.message), so no notice goes there; nothing was sent",
                hint: "Name an address that anybody can reach, or one on this machine.")
        }
    }
}

extension Configuration {
    static let webhookSecretName = "FAREGATE_WEBHOOK_SECRET"

    /// Signs notices; `nil` where no secret is set.
    func webhookSigner() throws -> WebhookSigner? {
        let set = Environment[Self.webhookSecretName].flatMap { $0.isEmpty ? nil : $0 }
        guard let secrets = set ?? webhookSecret else { return nil }
        if let signer = WebhookSigner(secrets: secrets) { return signer }
        throw CommandFailure(
            code: "config.invalid",
            message:
                "\(set == nil ? "\(path ?? "the configuration"): webhook_secret" : Self.webhookSecretName) is no secret "
                + "of Standard Webhooks",
            hint:
                "Write whsec_ and 24 to 64 bytes in base64; several, with blanks between them, where one replaces another."
        )
    }
}
