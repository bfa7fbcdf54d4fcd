/// Something that goes wrong between a client and a provider. The raw value is the word on the command line.
public enum Fault: String, Sendable, CaseIterable, Hashable {
    /// The request is acted on, a task made and charged, and the connection ends without a byte.
    case replyLostAfterAccept = "reply-lost-after-accept"
    /// The connection ends without a byte, and nothing was acted on.
    case replyLostBefore = "reply-lost-before"
    /// The request is acted on, and the answer comes late.
    case slow
    /// HTTP 429, in the provider's words where its pages have any.
    case tooManyRequests = "too-many-requests"
    /// The request is acted on, and answered with HTTP 500.
    case serverError = "server-error"
    /// A refusal in the provider's words, with HTTP 200.
    case errorInOK = "error-in-200"
    /// The request is acted on, and answered with a web page and HTTP 200.
    case html
    /// The request is acted on, and the connection ends in the middle of the answer.
    case truncatedBody = "truncated-body"
    /// HTTP 307 to the same address: a client that follows it sends the request again.
    case redirect
    /// A task says that it is done, without a result, then that it runs.
    case flappingStatus = "flapping-status"
    /// A task has a state that no page names, for a while.
    case unknownStatus = "unknown-status"
    /// The task ends without a result.
    case taskFails = "task-fails"
    /// The task never ends.
    case neverEnds = "never-ends"
    /// A task that ends says so twice.
    case duplicateCallback = "duplicate-callback"
    /// Somebody else says, at once, that a task has ended, and where to fetch what.
    case forgedCallback = "forged-callback"

    /// The exchange that a fault belongs to unless stated.
    public var usualTarget: FaultTarget {
        switch self {
        case .flappingStatus, .unknownStatus: .poll
        default: .submit
        }
    }

    /// The exchanges in which it can be set.
    public var targets: Set<FaultTarget> {
        switch self {
        case .flappingStatus, .unknownStatus: [.poll]
        case .taskFails, .neverEnds, .duplicateCallback, .forgedCallback: [.submit]
        case .replyLostAfterAccept, .tooManyRequests, .errorInOK: [.submit, .poll, .dryRun, .balance]
        case .replyLostBefore, .slow, .serverError, .html, .truncatedBody, .redirect: Set(FaultTarget.allCases)
        }
    }
}

/// The exchange in which a fault strikes.
public enum FaultTarget: String, Sendable, CaseIterable, Hashable {
    case submit, poll, find, list, cancel, balance
    case dryRun = "dry-run"
    /// The download of a result.
    case file
}

/// A fault, where it strikes and how often.
public struct FaultSetting: Sendable, Hashable, CustomStringConvertible {
    public var fault: Fault
    public var target: FaultTarget
    /// How many exchanges it strikes; `nil` strikes all.
    public var count: Int?

    public init(_ fault: Fault, in target: FaultTarget? = nil, count: Int? = nil) {
        self.fault = fault
        self.target = target ?? fault.usualTarget
        // A poll or a download that never works would only show that nothing comes of it.
        self.count = count ?? (self.target == .submit ? nil : 2)
    }

    /// Reads `html`, `poll:html` or `poll:html*3`. `nil` for anything else, and where the fault cannot strike there.
    public init?(parsing text: String) {
        let parts = text.split(separator: "*", omittingEmptySubsequences: false)
        let words = parts[0].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, words.count <= 2, let fault = Fault(rawValue: words[words.count - 1]) else {
            return nil
        }
        var (target, count): (FaultTarget?, Int?) = (nil, nil)
        if words.count == 2 {
            guard let named = FaultTarget(rawValue: words[0]) else { return nil }
            target = named
        }
        if parts.count == 2 {
            guard let number = Int(parts[1]), number > 0 else { return nil }
            count = number
        }
        self.init(fault, in: target, count: count)
        guard fault.targets.contains(self.target) else { return nil }
    }

    public var description: String { "\(target.rawValue):\(fault.rawValue)" + (count.map { "*\($0)" } ?? "") }
}

/// Which exchange gets which fault.
public struct FaultPlan: Sendable {
    private var settings: [FaultSetting]
    private var mix: (rate: Double, faults: [FaultSetting], generator: SeededGenerator)?

    /// No faults.
    public static let none = FaultPlan([])

    /// These, in order: the first that fits an exchange strikes it.
    public init(_ settings: [FaultSetting]) { self.settings = settings }

    /// A random mix, the same for the same seed.
    ///
    /// - Parameters:
    ///   - rate: The part of all exchanges that gets a fault, from 0 to 1.
    ///   - faults: What is mixed; every fault of the exchange at hand where it is empty.
    public init(rate: Double, among faults: [FaultSetting] = [], seed: UInt64) {
        settings = []
        mix = (rate, faults, SeededGenerator(seed: seed))
    }

    /// The fault of the next exchange.
    mutating func draw(for target: FaultTarget) -> Fault? {
        if let index = settings.firstIndex(where: { $0.target == target && $0.count != 0 }) {
            settings[index].count = settings[index].count.map { $0 - 1 }
            return settings[index].fault
        }
        guard mix != nil, Double.random(in: 0..<1, using: &mix!.generator) < mix!.rate else { return nil }
        let all = mix!.faults.isEmpty ? Fault.allCases.map { FaultSetting($0, in: target) } : mix!.faults
        let fitting = all.filter { $0.target == target && $0.fault.targets.contains(target) }
        return fitting.randomElement(using: &mix!.generator)?.fault
    }
}

/// SplitMix64: random numbers that a seed repeats.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
