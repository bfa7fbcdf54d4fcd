import Faregate
import FaregateProviders

/// What to do for a task after its last attempt ended or fell into doubt. Pure.
public enum NextMove: Sendable, Hashable {
    /// Try an offer, not before an instant.
    case attempt(offer: Int, notBefore: Timestamp?)
    /// Something is still open: nothing may be sent meanwhile.
    case wait
    /// The task ends.
    case end(TaskEvent)
}

extension NextMove {
    /// Decides.
    ///
    /// Another attempt is allowed only where it cannot cost twice: after a refusal that says "later", after what was
    /// proved not to be there, after a failure that costs nothing. From what is unknown it is forbidden, unless the
    /// worst-case duplicate fits what the task allows.
    ///
    /// - Parameters:
    ///   - attempts: In order, the last one first to be judged; none has succeeded.
    ///   - offerCount: How many offers the task has, best first.
    public static func after(
        _ attempts: [Attempt], offerCount: Int, policy: AttemptPolicy, isCancelRequested: Bool, at now: Timestamp
    ) -> NextMove {
        guard let last = attempts.last else { return .attempt(offer: 0, notBefore: nil) }
        if attempts.contains(where: { $0.state.isOpen && $0.state != .unknown }) { return .wait }
        if isCancelRequested { return attempts.contains { $0.state == .unknown } ? .wait : .end(.cancel) }
        let doubts = attempts.filter { $0.state == .unknown || $0.state == .orphaned }
        if !doubts.isEmpty, !allowsDuplicate(of: doubts, policy) {
            return attempts.contains { $0.state == .unknown } ? .wait : .end(.fail)
        }
        let another = another(attempts, last, offerCount: offerCount, policy, at: now)
        if case .end = another, attempts.contains(where: { $0.state == .unknown }) { return .wait }
        return another
    }

    private static func another(
        _ attempts: [Attempt], _ last: Attempt, offerCount: Int, _ policy: AttemptPolicy, at now: Timestamp
    ) -> NextMove {
        guard attempts.count < policy.attemptCountMax, last.allowsAnother else { return .end(.fail) }
        let untried = (0..<offerCount).first { offer in !attempts.contains { $0.offer == offer } }
        if policy.usesAlternatives, let untried { return .attempt(offer: untried, notBefore: nil) }
        // A failure is no reason to ask the same provider for the same again.
        guard last.state != .failed else { return .end(.fail) }
        let pause = max(policy.backoff * (1 << min(attempts.count - 1, 10)), last.trouble?.retryAfter ?? .zero)
        return .attempt(offer: last.offer, notBefore: now.advanced(by: pause))
    }

    /// Whether the worst case of everything in doubt fits what the task allows for duplicates.
    private static func allowsDuplicate(of doubts: [Attempt], _ policy: AttemptPolicy) -> Bool {
        var exposure = ExactDecimal.zero
        for doubt in doubts {
            guard let cost = doubt.money.worstCaseUSD, let sum = exposure.adding(cost) else { return false }
            exposure = sum
        }
        return exposure > .zero && exposure <= policy.maxDuplicateUSD
    }
}

extension Attempt {
    /// Whether the way it ended lets another attempt be made without paying twice for one result.
    var allowsAnother: Bool {
        switch state {
        case .rejected, .notSent: trouble.map { $0.isRetryable && $0.billed != .charged } ?? false
        case .absent, .unknown, .orphaned: true
        case .failed: trouble?.billed == .notCharged || trouble?.billed == .refunded
        default: false
        }
    }
}
