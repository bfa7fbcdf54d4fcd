import FaregateTesting
import Foundation
import Testing

@Suite("run --webhook tells the end of a task", .serialized)
struct WebhookCommandTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private static func run(
        _ shell: SandboxShell, _ arguments: [String], secret: String? = nil
    ) async throws -> CommandRunner.Result {
        var environment = shell.environment
        environment["FAREGATE_WEBHOOK_SECRET"] = secret
        return try await CommandRunner.runAside(arguments, environment: environment, folder: shell.folder)
    }

    /// An address, the secret, and the code of the refusal.
    private static let refusals: [(String, String?, String)] = [
        ("http://example.com/hook", secret, "webhook.address"), ("ftp://example.com/", secret, "webhook.address"),
        ("https://me:word@example.com/", secret, "webhook.address"), ("hook", secret, "webhook.address"),
        ("https://example.com/hook", nil, "webhook.secret_missing"),
        ("https://10.0.0.1/hook", secret, "webhook.not_public"),
        ("https://[fe80::1]/hook", secret, "webhook.not_public"),
        ("https://example.com/hook", "whsec_c2hvcnQ=", "config.invalid"),
    ]

    /// What Python's hmac makes of it.
    private static func signature(of request: WebhookReceiver.Request) async throws -> String {
        let program = """
            import base64, hashlib, hmac, sys
            key = base64.b64decode(sys.argv[1].removeprefix("whsec_"))
            message = ".".join(sys.argv[2:]).encode()
            print("v1," + base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode(), end="")
            """
        let parts = [request.headers["webhook-id"] ?? "", request.headers["webhook-timestamp"] ?? "", request.body]
        return try await CommandRunner.runAside(
            ["-c", program, secret] + parts, program: URL(fileURLWithPath: "/usr/bin/python3")
        ).output
    }

    @Test("It is signed, told once though the first answer is 500, and tasks show lists it")
    func told() async throws {
        try await withWebhookReceiver([500]) { receiver in
            try await withTemporaryFolder { folder in
                let shell = try SandboxShell(folder, ["--speed", "1000"])
                let run = try await Self.run(
                    shell, TasksCommandTests.request + ["--webhook", receiver.address], secret: Self.secret)
                #expect(run.status == 0 && run.output.contains("was told"), "\(run.output)\(run.errors)")
                #expect(!run.output.contains("whsec") && !run.errors.contains("whsec"))
                #expect(receiver.requests.count == 2)
                #expect(Set(receiver.requests.map { $0.headers["webhook-id"] }).count == 1)
                for request in receiver.requests {
                    let signature = try await Self.signature(of: request)
                    #expect(request.headers["webhook-signature"] == signature)
                }
                let body = try #require(receiver.requests.first?.body)
                #expect(body.contains(#""type":"task.succeeded""#), "\(body)")
                let id = try #require(body.split(separator: "\"").first { $0.hasPrefix("t1") && $0.count == 19 })
                let shown = try await Self.run(shell, ["tasks", "show", String(id)])
                #expect(shown.output.contains("http://127.0.0.1:\(receiver.port) delivered at"), "\(shown.output)")
                let json = try await Self.run(shell, ["tasks", "show", String(id), "--format", "json"])
                #expect(json.output.contains(#""state": "delivered""#), "\(json.output)")
            }
        }
    }

    @Test("What could not be delivered stays, and the next start delivers it")
    func nextStart() async throws {
        try await withTemporaryFolder { folder in
            let shell = try SandboxShell(folder, ["--speed", "1000"])
            try await withWebhookReceiver([404, 404]) { receiver in
                let run = try await Self.run(shell, TasksCommandTests.request + ["--webhook", receiver.address])
                #expect(run.status == 0 && run.output.contains("was not told: HTTP 404"), "\(run.output)\(run.errors)")
                let before = receiver.requests.count
                let resumed = try await Self.run(shell, ["run", "--resume"])
                #expect(resumed.status == 0, "\(resumed.output)\(resumed.errors)")
                #expect(before == 2 && receiver.requests.count == 3)
                #expect(Set(receiver.requests.map { $0.headers["webhook-id"] }).count == 1)
                #expect(receiver.requests.allSatisfy { $0.headers["webhook-signature"] == nil })
            }
        }
    }

    @Test(
        "An address that no notice goes to is refused before anything is sent",
        arguments: refusals.indices)
    func refused(_ index: Int) async throws {
        let (address, secret, code) = Self.refusals[index]
        var environment: [String: String] = [:]
        environment["FAREGATE_WEBHOOK_SECRET"] = secret
        let result = try await CommandRunner.runAside(
            ["run", "--sandbox", #"{"model": "google/veo-3.1-fast", "prompt": "x"}"#, "--webhook", address],
            environment: environment)
        #expect(result.status == 2 && result.errors.contains("[\(code)]"), "\(result.errors)")
        #expect(result.output.isEmpty && !result.errors.contains("c2hvcnQ"))
    }
}
