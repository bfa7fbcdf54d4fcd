import Faregate
import FaregateProviders
import Testing

@testable import FaregateTasks

@Suite("The state machine of a task")
struct TaskStateTests {
    static let table: [TaskState: [TaskEvent: TaskState]] = [
        .queued: [.start: .active, .cancel: .cancelled, .fail: .failed],
        .active: [.succeed: .succeeded, .fail: .failed, .cancel: .cancelled, .stall: .unresolved],
        .unresolved: [.succeed: .succeeded, .fail: .failed, .cancel: .cancelled, .reopen: .active],
        .failed: [.reopen: .active],
        .cancelled: [.reopen: .active],
        .succeeded: [:],
    ]

    @Test("Every event in every state leads where it must or is refused", arguments: TaskState.allCases)
    func table(_ state: TaskState) throws {
        let row = try #require(Self.table[state])
        for event in TaskEvent.allCases {
            if let next = row[event] {
                #expect(try state.applying(event) == next)
            } else {
                #expect(throws: IllegalTransition(state: state.rawValue, event: event.rawValue)) {
                    try state.applying(event)
                }
            }
        }
    }
}

@Suite("When a task may be tried again")
struct NextMoveTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var attempts: [Attempt]
        var alternatives = false
        var duplicates: ExactDecimal = .zero
        var cancel = false
        let move: NextMove
    }

    static let soon = Timestamp(milliseconds: 1000 + 2000)

    static let cases: [Case] = [
        Case(testDescription: "first", attempts: [], move: .attempt(offer: 0, notBefore: nil)),
        Case(
            testDescription: "refused for now: again, later", attempts: [.sample(in: .rejected)],
            move: .attempt(offer: 0, notBefore: soon)),
        Case(
            testDescription: "refused for now, another is allowed", attempts: [.sample(in: .rejected)],
            alternatives: true, move: .attempt(offer: 1, notBefore: nil)),
        Case(
            testDescription: "refused for good", attempts: [.sample(in: .rejected, isRetryable: false)],
            alternatives: true, move: .end(.fail)),
        Case(
            testDescription: "not sent: again", attempts: [.sample(in: .notSent)],
            move: .attempt(offer: 0, notBefore: soon)),
        Case(
            testDescription: "three times is enough",
            attempts: [.sample(in: .notSent), .sample(in: .notSent), .sample(in: .notSent)], move: .end(.fail)),
        Case(
            testDescription: "proved absent: again", attempts: [.sample(in: .absent)],
            move: .attempt(offer: 0, notBefore: soon)),
        Case(testDescription: "unknown waits", attempts: [.sample(in: .unknown)], alternatives: true, move: .wait),
        Case(
            testDescription: "unknown waits, whatever came after",
            attempts: [.sample(in: .unknown), .sample(in: .rejected)], alternatives: true, move: .wait),
        Case(
            testDescription: "a duplicate that fits is allowed", attempts: [.sample(in: .unknown)], alternatives: true,
            duplicates: "2", move: .attempt(offer: 1, notBefore: nil)),
        Case(
            testDescription: "a duplicate that does not fit is not", attempts: [.sample(in: .unknown)],
            alternatives: true, duplicates: "1.99", move: .wait),
        Case(
            testDescription: "two duplicates count together",
            attempts: [.sample(in: .unknown), .sample(in: .unknown, number: 2, offer: 1)], alternatives: true,
            duplicates: "3", move: .wait),
        Case(
            testDescription: "a duplicate of unknown price is not allowed",
            attempts: [.sample(in: .unknown, worstCase: nil)], alternatives: true, duplicates: "9", move: .wait),
        Case(testDescription: "submitting waits", attempts: [.sample(in: .submitting)], duplicates: "9", move: .wait),
        Case(testDescription: "accepted waits", attempts: [.sample(in: .accepted)], duplicates: "9", move: .wait),
        Case(testDescription: "running waits", attempts: [.sample(in: .running)], duplicates: "9", move: .wait),
        Case(
            testDescription: "taken for spent", attempts: [.sample(in: .orphaned)], alternatives: true,
            move: .end(.fail)),
        Case(
            testDescription: "a failure is not repeated at the same provider", attempts: [.sample(in: .failed)],
            move: .end(.fail)),
        Case(
            testDescription: "a failure that costs nothing falls back",
            attempts: [.sample(in: .failed, billed: .refunded)],
            alternatives: true, move: .attempt(offer: 1, notBefore: nil)),
        Case(
            testDescription: "a failure that is billed does not",
            attempts: [.sample(in: .failed, billed: .charged)], alternatives: true, move: .end(.fail)),
        Case(
            testDescription: "a failure whose bill is not known does not",
            attempts: [.sample(in: .failed, billed: .unknown)], alternatives: true, move: .end(.fail)),
        Case(testDescription: "given up", attempts: [.sample(in: .rejected)], cancel: true, move: .end(.cancel)),
        Case(testDescription: "given up in doubt", attempts: [.sample(in: .unknown)], cancel: true, move: .wait),
    ]

    @Test("Another attempt is made only where it cannot cost twice", arguments: cases)
    func moves(_ sample: Case) {
        var policy = AttemptPolicy()
        policy.usesAlternatives = sample.alternatives
        policy.maxDuplicateUSD = sample.duplicates
        let move = NextMove.after(
            sample.attempts, offerCount: 2, policy: policy, isCancelRequested: sample.cancel,
            at: Timestamp(milliseconds: 1000))
        #expect(move == sample.move)
    }

    @Test("The provider's wish to be left alone goes before the backoff")
    func retryAfter() throws {
        let attempt = try Attempt.sample(in: .submitting).applying(
            .reject(.sample(isRetryable: true, retryAfter: .seconds(90)), billed: .notCharged),
            at: Timestamp(milliseconds: 0)
        ).attempt
        let move = NextMove.after(
            [attempt], offerCount: 1, policy: AttemptPolicy(), isCancelRequested: false,
            at: Timestamp(milliseconds: 1000))
        #expect(move == .attempt(offer: 0, notBefore: Timestamp(milliseconds: 91_000)))
    }
}
