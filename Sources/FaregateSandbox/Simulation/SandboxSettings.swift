public import Faregate
public import FaregateProviders

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Whether a simulated provider takes a request.
public enum SandboxVerdict: Sendable {
    /// It would be taken.
    ///
    /// - Parameters:
    ///   - charge: What it costs; `nil` where the catalog does not know, and then nothing is taken from the balance.
    ///   - medium: What it makes.
    case accept(charge: StatedAmount?, medium: Medium)
    /// It would be refused.
    ///
    /// - Parameters:
    ///   - message: The sentence that the client gets to read.
    ///   - path: The member to blame, as a JSON Pointer.
    case refuse(message: String, path: String?)
}

/// Judges a body as the provider would.
///
/// - Parameters:
///   - offering: The model that the address names; `nil` where only the body does.
///   - body: The request, as received.
public typealias BodyCheck = @Sendable (_ offering: String?, _ body: JSONValue) -> SandboxVerdict

/// How a simulated provider behaves.
public struct SandboxSettings: Sendable {
    /// When tasks end.
    public enum Progress: Sendable {
        /// After as long as the manifest says such tasks take, divided by `speed`.
        case time(speed: Double)
        /// With so many polls.
        case polls(Int)
    }

    /// When tasks end.
    public var progress = Progress.time(speed: 1)
    /// What the account holds at first, in the provider's unit.
    public var balance = ExactDecimal(100_000)
    /// Keys that are valid; `nil` takes any.
    public var keys: Set<String>?
    /// What goes wrong.
    public var faults = FaultPlan.none
    /// How late a slow answer comes.
    public var slowness: Duration = .seconds(120)
    /// How long after it was made a task is seen by a search or in a list.
    public var searchDelay: Duration = .zero
    /// Stands before the number in the id of each task. Providers with marks of one length that differ never give two
    /// tasks the same id: a real one never does, however often it starts anew.
    public var taskMark = ""
    /// How long a key is recognised where the manifest does not say; `nil` never forgets.
    public var keyLife: Duration?
    /// How long the address of a result leads to it; `nil` for ever.
    public var addressLife: Duration?
    /// The wall clock, for the times that lists show.
    public var now: @Sendable () -> UTCTime = { UTCTime(secondsSince1970: Int64(time(nil))) }

    public init() {}
}

/// What a simulated provider has seen and sold: what tests of clients look at.
public struct SandboxLedger: Sendable, Hashable {
    /// One task that was made and charged.
    public struct PaidTask: Sendable, Hashable {
        public let id: String
        public let model: String?
        public let charge: StatedAmount?
        /// As it was received.
        public let body: JSONValue
        /// Since the provider was made.
        public let madeAt: Duration
        /// When the charge was given back; `nil` where it was kept.
        public internal(set) var refundedAt: Duration?

        public var isRefunded: Bool { refundedAt != nil }
    }

    /// Requests to submit that arrived, whatever came of them.
    public internal(set) var submitCount = 0
    public internal(set) var pollCount = 0
    public internal(set) var dryRunCount = 0
    /// Every task that was made, in order.
    public internal(set) var tasks: [PaidTask] = []
    /// The sum of the charges that were kept.
    public internal(set) var spent = ExactDecimal.zero

    /// The same as data.
    public var json: JSONValue {
        [
            "submits": .integer(Int64(submitCount)), "polls": .integer(Int64(pollCount)),
            "dry_runs": .integer(Int64(dryRunCount)), "paid_tasks": .integer(Int64(tasks.count)),
            "spent": .string(spent.description),
            "tasks": .array(
                tasks.map { task in
                    [
                        "id": .string(task.id), "model": task.model.map(JSONValue.string) ?? .null,
                        "charge": task.charge.map { .string($0.amount.description) } ?? .null,
                        "unit": task.charge.map { .string($0.unit) } ?? .null, "refunded": .bool(task.isRefunded),
                    ]
                }),
        ]
    }
}
