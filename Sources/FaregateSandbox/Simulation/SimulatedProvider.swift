public import Faregate
public import FaregateProviders
import Synchronization

/// One provider, simulated from its manifest: takes requests, makes tasks, charges, and misbehaves where it is told
/// to.
///
/// It opens no socket. ``SandboxServer`` puts it on loopback, ``SandboxTransport`` hands requests over in process.
public final class SimulatedProvider: Sendable {
    public let manifest: Manifest
    let writer: ReplyWriter
    let check: BodyCheck
    let clock: any Clock<Duration>
    /// Since it was made.
    let watch: Stopwatch
    private let state: Mutex<State>

    /// What changes.
    struct State {
        var settings: SandboxSettings
        var balance: ExactDecimal
        var ledger = SandboxLedger()
        var tasks: [String: SimulatedTask] = [:]
        /// Tasks by the key that they were submitted with.
        var references: [String: String] = [:]
    }

    /// - Parameters:
    ///   - check: Judges the bodies of submits and price checks.
    ///   - clock: When tasks end.
    public init(
        _ manifest: Manifest, settings: SandboxSettings = SandboxSettings(),
        clock: any Clock<Duration> = ContinuousClock(),
        check: @escaping BodyCheck = { _, _ in .accept(charge: nil, medium: .video) }
    ) {
        (self.manifest, self.check, self.clock) = (manifest, check, clock)
        writer = ReplyWriter(manifest)
        watch = Stopwatch(clock)
        state = Mutex(State(settings: settings, balance: settings.balance))
    }

    public var id: String { manifest.id }

    /// What has been seen and sold so far.
    public var ledger: SandboxLedger { state.withLock { $0.ledger } }

    /// What the account holds now.
    public var balance: StatedAmount {
        StatedAmount(amount: state.withLock { $0.balance }, unit: manifest.traits.billing.unit)
    }

    /// Sets the faults of the exchanges to come.
    public func inject(_ plan: FaultPlan) { state.withLock { $0.settings.faults = plan } }

    /// Lets a task end now.
    public func finish(_ taskID: String) { state.withLock { $0.tasks[taskID]?.isEnded = true } }

    /// Whether a task has come to its end with a result.
    package func isDone(_ taskID: String) -> Bool {
        state.withLock { state in
            state.tasks[taskID].map { $0.fraction >= 1 && $0.fault != .taskFails && !$0.isCancelled } ?? false
        }
    }

    /// Acts on one request.
    public func answer(_ request: SandboxRequest) -> SandboxAnswer {
        state.withLock { answer(request, &$0) }
    }

    private func answer(_ request: SandboxRequest, _ state: inout State) -> SandboxAnswer {
        let route = route(request)
        if let operation = route.operation { count(operation, &state.ledger) }
        let fault: Fault? = if let target = route.target { drawFault(of: request, target, &state) } else { nil }
        switch fault {
        case nil: return act(route, request, &state, fault: nil)
        case .replyLostBefore: return SandboxAnswer(HTTPReply(status: 500), .nothing)
        case .redirect:
            let location = HTTPHeader("Location", request.base + request.path)
            return SandboxAnswer(HTTPReply(status: 307, headers: [location]))
        case .tooManyRequests: return SandboxAnswer(tooManyRequests(route))
        case .errorInOK: return SandboxAnswer(errorInOK(route))
        case let fault?: return act(route, request, &state, fault: fault).spoiled(by: fault, state.settings)
        }
    }

    private func count(_ operation: OperationName, _ ledger: inout SandboxLedger) {
        switch operation {
        case .submit: ledger.submitCount += 1
        case .poll: ledger.pollCount += 1
        case .dryRun: ledger.dryRunCount += 1
        default: break
        }
    }

    /// A header of the request names a fault, else the plan does.
    private func drawFault(of request: SandboxRequest, _ target: FaultTarget, _ state: inout State) -> Fault? {
        if let word = request.header("X-Faregate-Fault"), let fault = Fault(rawValue: word),
            fault.targets.contains(target)
        {
            return fault
        }
        return state.settings.faults.draw(for: target)
    }

    private func tooManyRequests(_ route: Route) -> HTTPReply {
        var reply =
            route.operation.flatMap { writer.refused($0, .rateLimited) }
            ?? HTTPReply(
                status: 429, headers: [HTTPHeader("Content-Type", "text/plain")], body: Array("Too Many Requests".utf8))
        if reply.retryAfter == nil { reply.headers.append(HTTPHeader("Retry-After", "1")) }
        return reply
    }

    private func errorInOK(_ route: Route) -> HTTPReply {
        var reply = route.operation.flatMap { writer.refused($0, .insufficientBalance) } ?? Self.generic(200, "error")
        reply.status = 200
        return reply
    }

    /// An answer that no page describes.
    static func generic(_ status: Int, _ message: String) -> HTTPReply {
        HTTPReply(status: status, json: ["message": .string(message)])
    }
}

extension SandboxAnswer {
    /// What is left of an answer on its way.
    fileprivate func spoiled(by fault: Fault, _ settings: SandboxSettings) -> SandboxAnswer {
        var answer = self
        switch fault {
        case .replyLostAfterAccept: answer.delivery = .nothing
        case .truncatedBody: answer.delivery = .half
        case .slow: answer.delay = settings.slowness
        case .serverError: answer.reply = SimulatedProvider.generic(500, "Internal Server Error")
        case .html:
            answer.reply = HTTPReply(
                status: 200, headers: [HTTPHeader("Content-Type", "text/html; charset=utf-8")],
                body: Array("<!doctype html><title>Just a moment...</title><p>Checking your browser.</p>".utf8))
        default: break
        }
        return answer
    }
}
