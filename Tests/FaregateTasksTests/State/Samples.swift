import Faregate
import FaregateProviders

@testable import FaregateTasks

extension Attempt {
    /// An attempt at two dollars that was planned.
    static func sample(worstCase: ExactDecimal? = "2", number: Int = 1, offer: Int = 0) -> Attempt {
        Attempt(
            id: ID(task: "t-1", number: number), offer: offer, provider: "acme", model: "clip", medium: .video,
            money: AttemptMoney(worstCase: worstCase, unit: worstCase == nil ? nil : "USD", usdPerUnit: nil),
            plannedAt: Timestamp(milliseconds: 0))
    }

    /// An attempt that went the usual way to a state.
    static func sample(
        in state: AttemptState, worstCase: ExactDecimal? = "2", number: Int = 1, offer: Int = 0,
        billed: Billing = .refunded, isRetryable: Bool = true
    ) -> Attempt {
        let submit = AttemptEvent.submit(
            SubmissionMarks(idempotencyKey: "k", callbackToken: "t", requestDigest: "d"))
        let accept = AttemptEvent.accept(providerTaskID: "p1", charge: nil)
        let lose = AttemptEvent.lose(Ambiguity(code: .replyLost, message: "no reply"))
        let events: [AttemptEvent] =
            switch state {
            case .planned: []
            case .reserved: [.reserve]
            case .submitting: [.reserve, submit]
            case .accepted: [.reserve, submit, accept]
            case .running: [.reserve, submit, accept, .observeRunning]
            case .succeeded: [.reserve, submit, accept, .succeed(charge: nil)]
            case .failed:
                [
                    .reserve, submit, accept,
                    .fail(TaskFailure(kind: .providerError, message: "", billed: billed, rule: "")),
                ]
            case .cancelled: [.reserve, .withdraw]
            case .rejected: [.reserve, submit, .reject(.sample(isRetryable: isRetryable), billed: .notCharged)]
            case .notSent: [.reserve, submit, .proveNotSent("nobody there", isRetryable: isRetryable)]
            case .unknown: [.reserve, submit, lose]
            case .absent: [.reserve, submit, lose, .proveAbsent(.stated)]
            case .orphaned: [.reserve, submit, lose, .assumeSpent("nobody knows")]
            }
        return events.reduce(sample(worstCase: worstCase, number: number, offer: offer)) { attempt, event in
            do { return try attempt.applying(event, at: Timestamp(milliseconds: 0)).attempt } catch {
                preconditionFailure("the usual way is a way: \(error)")
            }
        }
    }
}

extension Rejection {
    static func sample(isRetryable: Bool, retryAfter: Duration? = nil) -> Rejection {
        Rejection(
            kind: isRetryable ? .rateLimited : .invalidRequest, isRetryable: isRetryable, message: "no",
            retryAfter: retryAfter, rule: "r")
    }
}
