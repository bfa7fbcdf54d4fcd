import Faregate
import FaregateProviders
import FaregateSandbox
import FaregateTesting
import Testing

@Suite("A simulated provider")
struct SandboxTests {
    private func request(_ id: String, _ headers: [HTTPHeader] = [HTTPHeader("Authorization", "Bearer k")]) throws
        -> SandboxRequest
    {
        let task = Plugins.task(id)
        let plan = try Plugins.codec(id).plan(.submit(task))
        return SandboxRequest(
            method: plan.method, target: plan.path, headers: headers, body: Array(task.body.text().utf8),
            base: "http://127.0.0.1:1/\(id)")
    }

    @Test(
        "refuses a missing key in the provider's own words",
        arguments: [("sjinn", 401), ("apixo", 401), ("ninjachat", 401), ("unifically", 401)])
    func unauthorized(id: String, status: Int) throws {
        let provider = SimulatedProvider(try Plugins.manifest(id))
        for headers in [[], [HTTPHeader("Authorization", "Bearer ")], [HTTPHeader("Authorization", "Basic x")]] {
            let reply = provider.answer(try request(id, headers)).reply
            #expect(reply.status == status)
            let outcome = try Plugins.codec(id).decode(reply, to: .submit(Plugins.task(id)))
            guard case .rejected(let rejection) = outcome else { return #expect(Bool(false), "\(outcome)") }
            #expect(rejection.kind == .unauthorized)
        }
        #expect(provider.ledger.tasks.isEmpty)
    }

    @Test(
        "gives tasks ids of the provider's own shape",
        arguments: [
            ("sjinn", "550e8400-e29b-41d4-a716-000000000001"), ("apixo", "task_00000001"),
            ("ninjachat", "gemini-veo:operations/generate-video-000001"), ("unifically", "000001"),
        ])
    func taskIDs(id: String, taskID: String) throws {
        let provider = SimulatedProvider(try Plugins.manifest(id))
        _ = provider.answer(try request(id))
        #expect(provider.ledger.tasks.map(\.id) == [taskID])
    }

    @Test(
        "puts its mark into ids that keep their shape",
        arguments: [("sjinn", "550e8400-e29b-41d4-a716-123456780001"), ("apixo", "task_123456781")])
    func markedTaskIDs(id: String, taskID: String) throws {
        var settings = SandboxSettings()
        settings.taskMark = "12345678"
        let provider = SimulatedProvider(try Plugins.manifest(id), settings: settings)
        _ = provider.answer(try request(id))
        #expect(provider.ledger.tasks.map(\.id) == [taskID])
    }

    @Test("charges a balance until it is used up")
    func balance() throws {
        var settings = SandboxSettings()
        settings.balance = ExactDecimal(7)
        let provider = SimulatedProvider(try Plugins.manifest("ninjachat"), settings: settings) { _, _ in
            .accept(charge: StatedAmount(amount: ExactDecimal(3), unit: "USD"), medium: .video)
        }
        let statuses = try (1...3).map { _ in provider.answer(try request("ninjachat")).reply.status }
        #expect(statuses == [200, 200, 402])
        #expect(provider.balance == StatedAmount(amount: ExactDecimal(7 - 3 - 3), unit: "USD"))
        #expect(provider.ledger.spent == ExactDecimal(3 + 3))
        #expect(provider.ledger.submitCount == 3)
    }

    @Test("gives a failed task's money back where the provider does", arguments: [("sjinn", true), ("apixo", false)])
    func refund(id: String, isRefunded: Bool) async throws {
        let clock = ManualClock(.skipping)
        var settings = SandboxSettings()
        settings.faults = FaultPlan([FaultSetting(.taskFails)])
        let manifest = try Plugins.manifest(id)
        let provider = SimulatedProvider(manifest, settings: settings, clock: clock) { _, _ in
            .accept(charge: StatedAmount(amount: ExactDecimal(5), unit: "x"), medium: .video)
        }
        let access = try ProviderAccess(simulated: manifest.traits)
        let host = ProviderHost(
            codec: ManifestCodec(manifest), access: access, transport: SandboxTransport([provider], clock: clock),
            clock: clock)
        guard case .failed(_, let failure) = try await host.run(Plugins.task(id), into: "/nowhere") else {
            return #expect(Bool(false))
        }
        #expect(failure.billed == (isRefunded ? .refunded : .unknown))
        #expect(provider.ledger.tasks.map(\.isRefunded) == [isRefunded])
        #expect(provider.ledger.spent == (isRefunded ? .zero : ExactDecimal(5)))
    }

    @Test("takes as long as the manifest says, divided by its speed")
    func speed() throws {
        let clock = ManualClock()
        var settings = SandboxSettings()
        settings.progress = .time(speed: 10)
        let provider = SimulatedProvider(try Plugins.manifest("sjinn"), settings: settings, clock: clock)
        let codec = try Plugins.codec("sjinn")
        _ = provider.answer(try request("sjinn"))
        let handle = TaskHandle(id: provider.ledger.tasks[0].id, model: "", medium: .video)
        let plan = try codec.plan(.poll(handle))
        func poll() -> String {
            let request = SandboxRequest(
                method: "GET", path: plan.path, query: plan.query, headers: [HTTPHeader("Authorization", "Bearer k")],
                body: [],
                base: "http://127.0.0.1:1/sjinn")
            return codec.decode(provider.answer(request).reply, to: .poll(handle)).brief
        }
        clock.advance(by: .seconds(11))
        #expect(poll() == "running")
        clock.advance(by: .seconds(1))
        #expect(poll() == "succeeded http://127.0.0.1:1/sjinn/files/\(handle.id).mp4")
    }

    @Test("has a fault when a header of the request says so")
    func header() throws {
        let provider = SimulatedProvider(try Plugins.manifest("apixo"))
        var faulty = try request("apixo")
        faulty.headers.append(HTTPHeader("x-faregate-fault", "reply-lost-after-accept"))
        #expect(provider.answer(faulty).delivery == .nothing)
        #expect(provider.answer(try request("apixo")).delivery == .whole)
        #expect(provider.ledger.tasks.count == 2)
    }

    @Test(
        "reads its faults from the command line",
        arguments: [
            ("html", "submit:html"), ("poll:html", "poll:html*2"), ("poll:html*3", "poll:html*3"),
            ("unknown-status", "poll:unknown-status*2"),
            ("reply-lost-after-accept*1", "submit:reply-lost-after-accept*1"),
            ("dry-run:slow", "dry-run:slow*2"),
        ])
    func parses(text: String, read: String) { #expect(FaultSetting(parsing: text)?.description == read) }

    @Test(
        "refuses what is no fault, or strikes elsewhere",
        arguments: ["", "oops", "poll:", "poll:task-fails", "html*0", "html*x", "a:b:c"])
    func refusesFaults(text: String) { #expect(FaultSetting(parsing: text) == nil) }

    @Test("has the same bad day with the same seed")
    func seeded() {
        func day(_ seed: UInt64) -> [UInt64] {
            var generator = SeededGenerator(seed: seed)
            return (0..<8).map { _ in generator.next() }
        }
        #expect(day(1) == day(1))
        #expect(day(1) != day(2))
    }

    @Test("serves over loopback, with its books open")
    func serves() async throws {
        let provider = SimulatedProvider(try Plugins.manifest("sjinn"))
        try await withSandbox([provider]) { port in
            try await AsyncHTTPTransport.with { transport in
                func get(_ path: String) async throws -> HTTPReply {
                    let address = try #require(WebAddress("http://127.0.0.1:\(port)\(path)"))
                    return try await transport.send(
                        OutgoingRequest(method: "GET", address: address), limits: CallLimits())
                }
                let ledger = try JSONValue(parsing: try await get("/sjinn/_sandbox/ledger").body)
                #expect(ledger["submits"] == 0 && ledger["paid_tasks"] == 0)
                #expect(try await get("/nobody/x").status == 404)
                #expect(try await get("/sjinn/no/such/path").status == 404)
            }
            #expect(
                SandboxServer([provider]).environment(port: port)["FAREGATE_SJINN_BASE_URL"]
                    == "http://127.0.0.1:\(port)/sjinn")
        }
    }

    @Test("says so when its port is taken")
    func portTaken() async throws {
        let provider = SimulatedProvider(try Plugins.manifest("sjinn"))
        try await withSandbox([provider]) { port in
            await #expect(throws: (any Error).self) { try await withSandbox([provider], port: port) { _ in } }
        }
    }

    @Test(
        "makes real files",
        arguments: [
            (Medium.video, Array("ftypisom".utf8), 4), (.image, [0x89, 0x50, 0x4E, 0x47], 0),
            (.audio, Array("RIFF".utf8), 0),
            (.text, Array("{".utf8), 0),
        ])
    func files(medium: Medium, signature: [UInt8], offset: Int) {
        let file = SampleFile.of(medium)
        #expect(Array(file.bytes.dropFirst(offset).prefix(signature.count)) == signature)
        #expect(file.bytes.count < 5000)
    }
}
