import Faregate
import FaregateProviders
import Testing

@Suite("A codec reads what its provider documents")
struct CodecTests {
    /// A recorded reply and what it means.
    struct Reading: CustomTestStringConvertible, Sendable {
        let provider: String
        let operation: OperationName
        let status: Int
        let body: String
        let meaning: String

        init(_ provider: String, _ operation: OperationName, _ body: String, _ meaning: String) {
            self.init(provider, operation, 200, body, meaning)
        }
        init(_ provider: String, _ operation: OperationName, _ status: Int, _ body: String, _ meaning: String) {
            (self.provider, self.operation, self.status) = (provider, operation, status)
            (self.body, self.meaning) = (body, meaning)
        }
        var testDescription: String { "\(provider) \(operation.rawValue) \(status) → \(meaning)" }
    }

    static let sjinn: [Reading] = [
        Reading(
            "sjinn", .submit, #"{"success":true,"errorMsg":"","error_code":0,"data":{"task_id":"550e8400"}}"#,
            "accepted 550e8400"),
        Reading(
            "sjinn", .submit, #"{"success":false,"errorMsg":"Insufficient balance","error_code":100}"#,
            "rejected insufficient_balance: Insufficient balance"),
        Reading(
            "sjinn", .submit, #"{"success":false,"errorMsg":"prompt is required","error_code":400}"#,
            "rejected invalid_request: prompt is required"),
        Reading(
            "sjinn", .submit, 401, #"{"success":false,"errorMsg":"Invalid API token","error_code":401}"#,
            "rejected unauthorized: Invalid API token"),
        Reading(
            "sjinn", .submit, #"{"success":false,"errorMsg":"oops","error_code":500}"#, "unknown reply.unrecognised"),
        Reading(
            "sjinn", .submit, 500, #"{"success":false,"errorMsg":"broke","error_code":100}"#,
            "unknown reply.server_error"),
        Reading(
            "sjinn", .submit, #"{"success":true,"errorMsg":"","error_code":0,"data":{"task_id":""}}"#,
            "unknown reply.unrecognised"),
        Reading(
            "sjinn", .submit, #"{"success":false,"errorMsg":"busy","error_code":100,"data":{"task_id":"t9"}}"#,
            "unknown reply.contradictory t9"),
        Reading(
            "sjinn", .poll, #"{"success":true,"error_code":0,"data":{"task_id":"t","status":0,"output_urls":[]}}"#,
            "running"),
        Reading(
            "sjinn", .poll,
            #"{"success":true,"data":{"task_id":"t","status":1,"output_urls":["https://a.example/1.mp4","https://a.example/1.mp4","https://a.example/2.mp4"]}}"#,
            "succeeded https://a.example/1.mp4 https://a.example/2.mp4"),
        Reading(
            "sjinn", .poll, #"{"success":true,"data":{"task_id":"t","status":1,"output_urls":[]}}"#,
            "unknown reply.contradictory"),
        Reading(
            "sjinn", .poll, #"{"success":true,"data":{"task_id":"t","status":-1,"error":"no luck"}}"#,
            "failed provider_error refunded: no luck"),
        Reading("sjinn", .poll, #"{"success":true,"data":{"task_id":"t","status":2}}"#, "unknown reply.unrecognised"),
        Reading(
            "sjinn", .poll, #"{"success":true,"data":{"task_id":"other","status":0}}"#, "unknown reply.contradictory"),
        Reading("sjinn", .balance, #"{"success":true,"data":{"balances":12500}}"#, "balance 12500 credits"),
    ]

    static let apixo: [Reading] = [
        Reading("apixo", .submit, #"{"code":200,"message":"success","data":{"taskId":"task_1"}}"#, "accepted task_1"),
        Reading(
            "apixo", .submit, #"{"code":400,"message":"Insufficient credits","data":null}"#,
            "rejected insufficient_balance: Insufficient credits"),
        Reading(
            "apixo", .submit, 400,
            #"{"code":400,"message":"Invalid request","data":{"error":"Missing required field: input.prompt"}}"#,
            "rejected invalid_request: Missing required field: input.prompt"),
        Reading(
            "apixo", .submit, 429, #"{"code":429,"message":"Rate limit exceeded","data":null}"#,
            "rejected rate_limited retryable: Rate limit exceeded"),
        Reading(
            "apixo", .submit, 503, #"{"code":503,"message":"unavailable","data":null}"#, "unknown reply.server_error"),
        Reading("apixo", .poll, #"{"code":200,"data":{"taskId":"t","state":"pending"}}"#, "running"),
        Reading(
            "apixo", .poll,
            #"{"code":200,"data":{"taskId":"t","state":"success","resultJson":"{\"resultUrls\":[\"https://r2.example/v.mp4\"]}","costTime":120000}}"#,
            "succeeded https://r2.example/v.mp4"),
        Reading(
            "apixo", .poll, #"{"code":200,"data":{"taskId":"t","state":"success","resultJson":"{broken"}}"#,
            "unknown reply.contradictory"),
        Reading(
            "apixo", .poll, #"{"code":200,"data":{"taskId":"t","state":"success","resultJson":"\"text\""}}"#,
            "unknown reply.contradictory"),
        Reading(
            "apixo", .poll,
            #"{"code":200,"data":{"taskId":"t","state":"failed","failCode":"CONTENT_VIOLATION","failMsg":"No."}}"#,
            "failed content_policy unknown: No."),
        Reading(
            "apixo", .poll, #"{"code":200,"data":{"taskId":"t","state":"failed","failCode":"NEW_CODE"}}"#,
            "failed provider_error unknown: NEW_CODE"),
        Reading(
            "apixo", .poll, #"{"code":200,"data":{"taskId":"t","state":"archived"}}"#, "unknown reply.unrecognised"),
    ]

    static let ninjachat: [Reading] = [
        Reading(
            "ninjachat", .submit,
            #"{"request_id":"gemini-veo:operations/a","model":"veo-3.1","cost":{"this_request":"$5.00"},"balance":"$34.00"}"#,
            "accepted gemini-veo:operations/a $5.00 of $34.00"),
        Reading(
            "ninjachat", .submit, 402, #"{"error":"insufficient_credits","message":"Top up"}"#,
            "rejected insufficient_balance: Top up"),
        Reading(
            "ninjachat", .submit, 400,
            #"{"error":"validation_error","message":"Bad","details":[{"field":"duration","message":"4 to 15"}]}"#,
            "rejected invalid_request: 4 to 15"),
        Reading(
            "ninjachat", .submit, 502, #"{"error":"generation_failed","message":"again"}"#,
            "rejected provider_error retryable: again"),
        Reading(
            "ninjachat", .submit, 500, #"{"error":"internal_error","message":"again"}"#, "unknown reply.server_error"),
        Reading("ninjachat", .submit, 502, #"{"error":"bad_gateway"}"#, "unknown reply.server_error"),
        Reading("ninjachat", .poll, #"{"request_id":"t","status":"processing","progress":40}"#, "running 0.4"),
        Reading(
            "ninjachat", .poll,
            #"{"request_id":"t","status":"completed","result":{"video_url":"https://c.example/v.mp4"}}"#,
            "succeeded https://c.example/v.mp4"),
        Reading(
            "ninjachat", .poll, #"{"request_id":"t","status":"failed","error":"upstream"}"#,
            "failed provider_error not_charged: upstream"),
    ]

    static let unifically: [Reading] = [
        Reading(
            "unifically", .submit, #"{"code":200,"success":true,"data":{"task_id":"a1","status":"pending"}}"#,
            "accepted a1"),
        Reading(
            "unifically", .submit, 402, #"{"code":402,"success":false,"message":"Insufficient balance"}"#,
            "rejected insufficient_balance: Insufficient balance"),
        Reading(
            "unifically", .submit, #"{"code":402,"success":false,"data":{"error":{"message":"Low"}}}"#,
            "rejected insufficient_balance: Low"),
        Reading("unifically", .submit, 429, #"{"success":false}"#, "rejected rate_limited retryable: "),
        Reading("unifically", .submit, 429, "slow down", "unknown reply.unreadable"),
        Reading("unifically", .submit, 400, #"{"success":true,"data":{}}"#, "unknown reply.unrecognised"),
        Reading(
            "unifically", .poll,
            #"{"code":200,"success":true,"data":{"task_id":"t","status":"completed","output":{"image_urls":["https://f.example/1.png","https://f.example/2.png"]}}}"#,
            "succeeded https://f.example/1.png https://f.example/2.png"),
        Reading(
            "unifically", .poll,
            #"{"code":200,"success":true,"data":{"task_id":"t","status":"completed","output":{"lyrics":"la"}}}"#,
            #"succeeded {"lyrics":"la"}"#),
        Reading(
            "unifically", .poll,
            #"{"code":200,"success":true,"data":{"task_id":"t","status":"completed","output":{}}}"#,
            "unknown reply.contradictory"),
        Reading(
            "unifically", .poll,
            #"{"code":200,"success":true,"data":{"task_id":"t","status":"failed","error_message":"Audio"}}"#,
            "failed provider_error unknown: Audio"),
        Reading("unifically", .dryRun, #"{"code":200,"success":true,"data":{"cost":"0.105"}}"#, "priced $0.105"),
        Reading("unifically", .dryRun, #"{"code":200,"success":true,"data":{"price":0.0525}}"#, "priced $0.0525"),
        Reading(
            "unifically", .dryRun, #"{"code":200,"success":true,"data":{"valid":true}}"#, "unknown reply.contradictory"),
        Reading(
            "unifically", .dryRun, #"{"code":200,"success":true,"data":{"task_id":"a2","status":"pending"}}"#,
            "accepted a2"),
    ]

    @Test("reply by reply", arguments: sjinn + apixo + ninjachat + unifically)
    func reads(reading: Reading) throws {
        let codec = try Plugins.codec(reading.provider)
        let task = Plugins.task(reading.provider)
        let handle = TaskHandle(id: "t", model: task.model, medium: task.medium)
        let call: ProviderCall =
            switch reading.operation {
            case .poll: .poll(handle)
            case .dryRun: .dryRun(task)
            case .balance: .balance
            default: .submit(task)
            }
        let reply = HTTPReply(
            status: reading.status, headers: [HTTPHeader("content-type", "application/json; charset=utf-8")],
            body: Array(reading.body.utf8))
        #expect(codec.decode(reply, to: call).brief == reading.meaning)
    }

    @Test("and takes from a callback the task's id and nothing else")
    func callback() throws {
        let codec = try Plugins.codec("unifically")
        #expect(
            codec.hint(
                inCallback: Array(
                    #"{"task_id":"a","status":"completed","data":{"video_url":"https://evil.example/"}}"#.utf8)) == "a")
        #expect(codec.hint(inCallback: Array(#"{"status":"completed"}"#.utf8)) == nil)
        #expect(codec.hint(inCallback: Array("<html>".utf8)) == nil)
    }
}

extension CallOutcome {
    /// The outcome in a line, for tables.
    var brief: String {
        switch self {
        case .accepted(let id, let charge, let balance):
            "accepted \(id)" + (charge.map { " \($0)" } ?? "") + (balance.map { " of \($0)" } ?? "")
        case .rejected(let rejection):
            "rejected \(rejection.kind)\(rejection.isRetryable ? " retryable" : ""): \(rejection.message)"
        case .running(let fraction): "running" + (fraction.map { " \($0)" } ?? "")
        case .succeeded(let result): "succeeded " + (result.data?.text() ?? result.addresses.joined(separator: " "))
        case .failed(let failure): "failed \(failure.kind) \(failure.billed.rawValue): \(failure.message)"
        case .priced(let amount): "priced \(amount)"
        case .balance(let amount): "balance \(amount)"
        case .unknown(let ambiguity): "unknown \(ambiguity.code.rawValue)" + (ambiguity.taskID.map { " \($0)" } ?? "")
        default: "\(self)"
        }
    }
}

@Suite("A plugin that orders only some media")
struct ServedMediaTests {
    @Test("plans those, and refuses the others before anything is sent")
    func media() throws {
        let codec = try Plugins.codec("ninjachat")
        let body: JSONValue = ["model": "nano-banana-pro", "prompt": "fog"]
        #expect(try codec.plan(.submit(Plugins.task("ninjachat"))).path == "/api/v1/video")
        let error = try #require(throws: PluginError.self) {
            try codec.plan(.submit(ProviderTask(model: "nano-banana-pro", body: body, medium: .image)))
        }
        #expect(error.code == .notOffered)
        #expect(error.message.contains("orders video, and nano-banana-pro makes image"))
        #expect(error.message.hasSuffix("no page that was read shows its reply."))
    }

    @Test("and one that does not say plans them all")
    func all() throws {
        let body: JSONValue = ["model": "x/y", "input": [:]]
        for medium in Medium.allCases {
            let plan = try Plugins.codec("unifically").plan(
                .submit(ProviderTask(model: "x/y", body: body, medium: medium)))
            #expect(plan.path == "/v1/tasks")
        }
    }
}

@Suite("Amounts for people")
struct StatedAmountTests {
    @Test("say the sign before the currency, and no more decimals than there are")
    func described() {
        #expect(StatedAmount(amount: "-1", unit: "USD").description == "-$1.00")
        #expect(StatedAmount(amount: "0.0035", unit: "USD").description == "$0.0035")
        #expect(StatedAmount(amount: "-90", unit: "credits").description == "-90 credits")
    }
}
