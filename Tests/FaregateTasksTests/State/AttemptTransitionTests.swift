import Faregate
import FaregateProviders
import Testing

@testable import FaregateTasks

@Suite("The state machine of an attempt")
struct AttemptTransitionTests {
    /// Every event, once for each way that it moves money.
    static let events: [String: AttemptEvent] = [
        "reserve": .reserve,
        "submit": .submit(SubmissionMarks(idempotencyKey: "k", callbackToken: "t", requestDigest: "d")),
        "accept": .accept(providerTaskID: "p1", charge: nil),
        "reject": .reject(.sample(isRetryable: false), billed: .notCharged),
        "not sent": .proveNotSent("nobody there", isRetryable: true),
        "lose": .lose(Ambiguity(code: .replyLost, message: "no reply")),
        "running": .observeRunning,
        "succeed": .succeed(charge: nil),
        "fail": .fail(TaskFailure(kind: .timeout, message: "too long", billed: .refunded, rule: "r")),
        "request cancel": .requestCancel,
        "cancelled": .confirmCancel(billed: .notCharged),
        "withdraw": .withdraw,
        "absent": .proveAbsent(.stated),
        "assume spent": .assumeSpent("nobody knows"),
        "correct": .correct(StatedAmount(amount: "0.5", unit: "USD"), .person),
    ]

    /// Where each event leads, by state. Whatever does not stand here is refused.
    static let table: [AttemptState: [String: AttemptState]] = [
        .planned: ["reserve": .reserved, "not sent": .notSent, "withdraw": .cancelled],
        .reserved: ["submit": .submitting, "not sent": .notSent, "withdraw": .cancelled],
        .submitting: [
            "accept": .accepted, "reject": .rejected, "not sent": .notSent, "lose": .unknown,
            "request cancel": .submitting,
        ],
        .accepted: [
            "running": .running, "succeed": .succeeded, "fail": .failed, "cancelled": .cancelled,
            "request cancel": .accepted, "assume spent": .orphaned,
        ],
        .running: [
            "running": .running, "succeed": .succeeded, "fail": .failed, "cancelled": .cancelled,
            "request cancel": .running, "assume spent": .orphaned,
        ],
        .unknown: [
            "accept": .accepted, "lose": .unknown, "absent": .absent, "assume spent": .orphaned,
            "request cancel": .unknown,
        ],
        .orphaned: ["accept": .accepted, "absent": .absent, "correct": .orphaned],
        .succeeded: ["correct": .succeeded],
        .failed: ["correct": .failed],
        .cancelled: ["correct": .cancelled],
        .absent: ["accept": .accepted, "assume spent": .orphaned],
        .rejected: [:], .notSent: [:],
    ]

    @Test("Every event in every state leads where it must or is refused", arguments: AttemptState.allCases)
    func table(_ state: AttemptState) throws {
        let row = try #require(Self.table[state])
        #expect(Set(row.keys).isSubset(of: Self.events.keys))
        for (name, event) in Self.events {
            let attempt = Attempt.sample(in: state)
            if let next = row[name] {
                let transition = try attempt.applying(event, at: Timestamp(milliseconds: 9))
                #expect(transition.attempt.state == next, "\(state) on \(name)")
                #expect(transition.attempt.endedAt == nil || !next.isOpen)
            } else {
                #expect(throws: IllegalTransition(state: state.rawValue, event: event.name), "\(state) on \(name)") {
                    try attempt.applying(event, at: Timestamp(milliseconds: 9))
                }
            }
        }
    }

    @Test("No path sends twice: submit leads out of reserved alone, and nothing leads back")
    func neverBack() {
        for (state, row) in Self.table {
            #expect(row["submit"] == nil || state == .reserved)
            for (name, next) in row where next == .reserved || next == .planned {
                #expect(state == .planned && name == "reserve")
            }
        }
    }

    struct MoneyCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let worstCase: ExactDecimal?
        let events: [AttemptEvent]
        let lines: [String]
    }

    static let accepted = AttemptEvent.accept(providerTaskID: "p1", charge: nil)
    static let sent: [AttemptEvent] = [
        .reserve, .submit(SubmissionMarks(idempotencyKey: "k", callbackToken: "t", requestDigest: "d")),
    ]
    static func dollars(_ text: ExactDecimal) -> StatedAmount { StatedAmount(amount: text, unit: "USD") }
    static func failure(_ billed: Billing) -> AttemptEvent {
        .fail(TaskFailure(kind: .providerError, message: "", billed: billed, rule: ""))
    }
    static let lost = AttemptEvent.lose(Ambiguity(code: .replyLost, message: ""))

    static let moneyCases: [MoneyCase] = [
        MoneyCase(
            testDescription: "success without a word costs the quote", worstCase: "2",
            events: sent + [accepted, .succeed(charge: nil)], lines: ["hold 2 quoted", "capture 2 quoted"]),
        MoneyCase(
            testDescription: "the provider's word counts, the rest goes back", worstCase: "2",
            events: sent + [accepted, .succeed(charge: dollars("1.5"))],
            lines: ["hold 2 quoted", "capture 1.5 stated", "release 0.5 stated"]),
        MoneyCase(
            testDescription: "more than the worst case is adjusted", worstCase: "2",
            events: sent + [accepted, .succeed(charge: dollars("3"))],
            lines: ["hold 2 quoted", "capture 2 stated", "adjust 1 stated"]),
        MoneyCase(
            testDescription: "the charge stated at acceptance counts", worstCase: "2",
            events: sent + [.accept(providerTaskID: "p", charge: dollars("1")), .succeed(charge: nil)],
            lines: ["hold 2 quoted", "capture 1 stated", "release 1 stated"]),
        MoneyCase(
            testDescription: "a word in another unit does not", worstCase: "2",
            events: sent + [accepted, .succeed(charge: StatedAmount(amount: "90", unit: "credits"))],
            lines: ["hold 2 quoted", "capture 2 quoted"]),
        MoneyCase(
            testDescription: "what was proved absent and turns up all the same is added", worstCase: "2",
            events: sent + [lost, .proveAbsent(.stated), accepted, .succeed(charge: nil)],
            lines: ["hold 2 quoted", "release 2 stated", "adjust 2 quoted"]),
        MoneyCase(
            testDescription: "and costs nothing where it fails unbilled", worstCase: "2",
            events: sent + [lost, .proveAbsent(.stated), accepted, failure(.refunded)],
            lines: ["hold 2 quoted", "release 2 stated"]),
        MoneyCase(
            testDescription: "what the lost acceptance stated outlives a later word without one", worstCase: "2",
            events: sent + [
                .accept(providerTaskID: "p", charge: dollars("1")), .assumeSpent("silence"), accepted,
                .succeed(charge: nil),
            ],
            lines: ["hold 2 quoted", "capture 1 stated", "release 1 stated"]),
        MoneyCase(
            testDescription: "a refunded failure costs nothing", worstCase: "2",
            events: sent + [accepted, failure(.refunded)], lines: ["hold 2 quoted", "release 2 quoted"]),
        MoneyCase(
            testDescription: "a charged failure costs the quote", worstCase: "2",
            events: sent + [accepted, failure(.charged)], lines: ["hold 2 quoted", "capture 2 quoted"]),
        MoneyCase(
            testDescription: "a failure that no page prices is taken for spent", worstCase: "2",
            events: sent + [accepted, failure(.unknown)], lines: ["hold 2 quoted", "capture 2 assumed"]),
        MoneyCase(
            testDescription: "a refusal costs nothing", worstCase: "2",
            events: sent + [.reject(.sample(isRetryable: true), billed: .unknown)],
            lines: ["hold 2 quoted", "release 2 quoted"]),
        MoneyCase(
            testDescription: "unless the pages say so", worstCase: "2",
            events: sent + [.reject(.sample(isRetryable: true), billed: .charged)],
            lines: ["hold 2 quoted", "capture 2 quoted"]),
        MoneyCase(
            testDescription: "not sent costs nothing", worstCase: "2",
            events: sent + [.proveNotSent("", isRetryable: true)], lines: ["hold 2 quoted", "release 2 quoted"]),
        MoneyCase(
            testDescription: "in doubt it stays held", worstCase: "2", events: sent + [lost], lines: ["hold 2 quoted"]),
        MoneyCase(
            testDescription: "proved absent it costs nothing", worstCase: "2",
            events: sent + [lost, .proveAbsent(.stated)], lines: ["hold 2 quoted", "release 2 stated"]),
        MoneyCase(
            testDescription: "at last it is taken for spent", worstCase: "2",
            events: sent + [lost, .assumeSpent("")], lines: ["hold 2 quoted", "capture 2 assumed"]),
        MoneyCase(
            testDescription: "a late result costs what it costs, once", worstCase: "2",
            events: sent + [lost, .assumeSpent(""), accepted, .succeed(charge: dollars("1.25"))],
            lines: ["hold 2 quoted", "capture 2 assumed", "adjust -0.75 stated"]),
        MoneyCase(
            testDescription: "a late result without a word changes nothing", worstCase: "2",
            events: sent + [lost, .assumeSpent(""), accepted, .succeed(charge: nil)],
            lines: ["hold 2 quoted", "capture 2 assumed"]),
        MoneyCase(
            testDescription: "a late failure gives back", worstCase: "2",
            events: sent + [lost, .assumeSpent(""), accepted, failure(.notCharged)],
            lines: ["hold 2 quoted", "capture 2 assumed", "adjust -2 quoted"]),
        MoneyCase(
            testDescription: "a person corrects", worstCase: "2",
            events: sent + [lost, .assumeSpent(""), .correct(dollars("0.5"), .person)],
            lines: ["hold 2 quoted", "capture 2 assumed", "adjust -1.5 person"]),
        MoneyCase(
            testDescription: "an unknown price is never zero", worstCase: nil,
            events: sent + [accepted, .succeed(charge: nil)], lines: ["hold ? quoted", "capture ? quoted"]),
        MoneyCase(
            testDescription: "an unknown price becomes known", worstCase: nil,
            events: sent + [accepted, .succeed(charge: dollars("0.07"))],
            lines: ["hold ? quoted", "capture ? stated", "adjust 0.07 stated"]),
        MoneyCase(
            testDescription: "given up before it was sent", worstCase: "2", events: [.reserve, .withdraw],
            lines: ["hold 2 quoted", "release 2 quoted"]),
    ]

    @Test("The ledger says what each way through costs", arguments: moneyCases)
    func money(_ sample: MoneyCase) throws {
        var attempt = Attempt.sample(worstCase: sample.worstCase)
        var lines: [LedgerEntry] = []
        for event in sample.events {
            let transition = try attempt.applying(event, at: Timestamp(milliseconds: 1))
            attempt = transition.attempt
            lines += transition.entries
        }
        #expect(
            lines.map { "\($0.kind) \($0.amount.map(\.description) ?? "?") \($0.basis)" } == sample.lines)
    }

    @Test("On every path the books balance: one hold, at most one capture, nothing open at the end")
    func balance() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<4000 {
            var attempt = Attempt.sample(worstCase: "2")
            var sums: [LedgerEntry.Kind: ExactDecimal] = [:]
            var counts: [LedgerEntry.Kind: Int] = [:]
            for _ in 0..<12 {
                let charge = StatedAmount(amount: ExactDecimal(Int.random(in: 0...4, using: &random)), unit: "USD")
                let choices =
                    Array(Self.events.values) + [
                        .succeed(charge: charge), Self.failure(.charged), Self.failure(.unknown),
                        .correct(charge, .person), .accept(providerTaskID: "q", charge: charge),
                    ]
                guard let event = choices.randomElement(using: &random),
                    let transition = try? attempt.applying(event, at: Timestamp(milliseconds: 1))
                else { continue }
                attempt = transition.attempt
                for entry in transition.entries {
                    let amount = try #require(entry.amount)
                    sums[entry.kind] = (sums[entry.kind] ?? .zero).adding(amount)
                    counts[entry.kind, default: 0] += 1
                }
            }
            let (hold, capture) = (sums[.hold] ?? .zero, sums[.capture] ?? .zero)
            let open = try #require(hold.subtracting(capture)?.subtracting(sums[.release] ?? .zero))
            let spent = try #require(capture.adding(sums[.adjust] ?? .zero))
            #expect(counts[.hold, default: 0] <= 1 && counts[.capture, default: 0] <= 1)
            #expect(spent >= .zero && open >= .zero)
            switch attempt.money.standing {
            case .none: #expect(counts.isEmpty)
            case .held: #expect(open == 2 && spent == .zero)
            case .spent(let amount): #expect(open == .zero && spent == amount)
            case .released: #expect(open == .zero && spent == .zero)
            }
        }
    }
}
