import Faregate
import FaregateProviders
import FaregateSandbox
import FaregateTasks
import Foundation
import Synchronization

/// What one run came to.
struct ChaosResult: Sendable {
    /// Paid submissions of each task that a provider accepted, whatever we learnt of it. A submission that follows the
    /// return of an earlier charge is none of a pair.
    var paid: [Int] = []
    /// The same for tasks that were allowed a duplicate.
    var paidWithLeave: [Int] = []
    var paidTwice: [String] = []
    var taskCount = 0
    var succeededCount = 0
    /// Files that must be there: one for each attempt that succeeded.
    var fileCount = 0
    /// Attempts whose outcome stayed unknown and that were taken for spent.
    var assumedCount = 0
    /// What was paid for and nobody could find: no means, or a means that cannot tell.
    var unfoundCount = 0
    var crashCount = 0
    /// Tasks without an end, without a row, or without the file that they should have left.
    var lost: [String] = []
    var mismatches: [String] = []
    var doubleCaptures: [String] = []
}

/// Holds our books against the providers', from both sides.
struct ChaosJudge {
    let providers: [SimulatedProvider]
    /// What was admitted, by prompt.
    let admitted: Set<String>
    let crashCount: Int
    let folder: String
    let store: TaskStore
    /// A duplicate was allowed.
    var allowsDuplicates = false

    /// A task that a provider made and charged.
    private struct Sale {
        let provider: SimulatedProvider
        let task: SandboxLedger.PaidTask

        var charged: Int64 { task.isRefunded ? 0 : task.charge?.amount.billionths ?? 0 }
    }

    func judge() async throws -> ChaosResult {
        var result = ChaosResult()
        result.crashCount = crashCount
        result.taskCount = admitted.count
        var stored: Set<String> = []
        for (task, _) in try await store.tasks(openOnly: false) {
            let prompt = task.offers[0].body["prompt"]?.string ?? "?"
            stored.insert(prompt)
            judge(try await store.record(task.id), sales(prompt), &result)
        }
        for prompt in admitted.subtracting(stored) { result.lost.append("\(prompt) was admitted and is not stored") }
        for prompt in admitted { countPayments(prompt, &result) }
        try await judgeBudgets(&result)
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder + "/out").filter {
            !$0.hasPrefix(".")
        }
        if (files ?? []).count != result.fileCount {
            result.lost.append("\((files ?? []).count) files of \(result.fileCount) results")
        }
        return result
    }

    private func sales(_ prompt: String) -> [Sale] {
        providers.flatMap { provider in
            provider.ledger.tasks.filter { $0.body["prompt"]?.string == prompt }.map {
                Sale(provider: provider, task: $0)
            }
        }
        .sorted { $0.task.madeAt < $1.task.madeAt }
    }

    /// One more than the sales that came while an earlier one was not given back.
    private func countPayments(_ prompt: String, _ result: inout ChaosResult) {
        let sales = sales(prompt)
        guard !sales.isEmpty else { return }
        let repeated = sales.indices.filter { later in
            sales[..<later].contains { $0.task.refundedAt.map { $0 > sales[later].task.madeAt } ?? true }
        }
        let paid = 1 + repeated.count
        if allowsDuplicates { result.paidWithLeave.append(paid) } else { result.paid.append(paid) }
        if paid > (allowsDuplicates ? 2 : 1) { result.paidTwice.append("\(prompt) was paid \(paid) times") }
    }

    private func judge(_ record: TaskRecord, _ sales: [Sale], _ result: inout ChaosResult) {
        let id = record.task.id
        if !record.task.state.isEnded { result.lost.append("\(id) is \(record.task.state), \(record.task.note ?? "")") }
        if record.task.state == .succeeded { result.succeededCount += 1 }
        for attempt in record.attempts {
            let lines = record.ledger.filter { $0.attempt == attempt.id }.map(\.entry)
            if attempt.state == .orphaned { result.assumedCount += 1 }
            if lines.filter({ $0.kind == .capture }).count > 1 { result.doubleCaptures.append("\(attempt.id)") }
            let sale = sales.first { $0.provider.id == attempt.provider && $0.task.id == attempt.providerTaskID }
            if let problem = problem(attempt, Book(lines), sale) {
                result.mismatches.append("\(attempt.id): \(problem)")
            }
            if let sale, attempt.state == .orphaned, sale.provider.isDone(sale.task.id) {
                result.lost.append("\(attempt.id) was given up, and its result lay ready")
            }
        }
        judgeUnknown(record, sales, &result)
        let succeeded = record.attempts.filter { $0.state == .succeeded }
        if record.task.state == .succeeded { result.fileCount += succeeded.count }
        if succeeded.count > 1, !allowsDuplicates {
            result.doubleCaptures.append("\(id) succeeded \(succeeded.count) times")
        }
    }

    /// Every sale that none of our attempts knows must be in our books as spent all the same.
    private func judgeUnknown(_ record: TaskRecord, _ sales: [Sale], _ result: inout ChaosResult) {
        for provider in providers {
            let attempts = record.attempts.filter { $0.provider == provider.id }
            let known = Set(attempts.compactMap(\.providerTaskID))
            let unknown = sales.filter {
                $0.provider.id == provider.id && !known.contains($0.task.id) && !$0.task.isRefunded
            }
            let assumed = attempts.filter { $0.state == .orphaned && !sales.map(\.task.id).contains($0.providerTaskID) }
            if unknown.count > assumed.count {
                let states = attempts.map(\.state.rawValue).joined(separator: ", ")
                result.mismatches.append(
                    "\(record.task.id): \(unknown.count) sales at \(provider.id) that no attempt stands for (\(states))"
                )
            }
            result.unfoundCount += unknown.count
            let canSearch = provider.manifest.traits.operations.contains(.find)
            if canSearch, !unknown.isEmpty, !record.task.isCancelRequested {
                result.lost.append("\(record.task.id): a search would have found what was paid for")
            }
        }
    }

    /// The lines of one attempt, summed, in billionths.
    private struct Book {
        let open: Int64
        let spent: Int64
        let isAssumed: Bool

        init(_ lines: [LedgerEntry]) {
            func sum(_ kinds: LedgerEntry.Kind...) -> Int64 {
                lines.filter { kinds.contains($0.kind) }.reduce(0) { $0 + ($1.amount?.billionths ?? 0) }
            }
            open = sum(.hold) - sum(.capture) - sum(.release)
            // A release of what was held is no money; one after the capture would be an adjustment.
            spent = sum(.capture, .adjust)
            isAssumed = lines.contains { $0.basis == .assumed }
        }
    }

    /// What is wrong with the books of one attempt; `nil` where nothing is.
    private func problem(_ attempt: Attempt, _ book: Book, _ sale: Sale?) -> String? {
        if book.open != 0 { return "\(book.open) billionths stay set aside" }
        let worstCase = attempt.money.worstCase?.billionths ?? 0
        switch (attempt.state, sale) {
        case (.orphaned, _):
            return book.spent == worstCase ? nil : "\(book.spent) taken for spent of \(worstCase)"
        case (.succeeded, let sale?):
            return book.spent == sale.charged ? nil : "booked \(book.spent), charged \(sale.charged)"
        case (.failed, let sale?), (.cancelled, let sale?):
            // Where no page says what it costs, the worst case is booked; it is never less than was charged.
            let isRight = book.spent == sale.charged || book.isAssumed && book.spent >= sale.charged
            return isRight ? nil : "booked \(book.spent), charged \(sale.charged)"
        case (_, let sale?): return "\(attempt.state) although it is sold as \(sale.task.id)"
        case (_, nil): return book.spent == 0 ? nil : "spent \(book.spent) on what does not exist"
        }
    }

    /// Budgets are counted as they are used; the ledger is the truth.
    private func judgeBudgets(_ result: inout ChaosResult) async throws {
        let spent = Spent()
        try await store.readLedger { line in
            if line.entry.kind == .capture || line.entry.kind == .adjust { spent.add(line.usd?.billionths ?? 0) }
        }
        for status in try await store.budgets(at: Timestamp(milliseconds: 0)) {
            if status.held != .zero { result.mismatches.append("\(status.held) stay held in a budget") }
            if status.spent.billionths != spent.sum {
                result.mismatches.append("a budget counts \(status.spent), the ledger \(spent.sum) billionths")
            }
        }
    }
}

/// A sum that a reader of the ledger adds to.
private final class Spent: Sendable {
    private let total = Mutex<Int64>(0)

    func add(_ amount: Int64) { total.withLock { $0 += amount } }
    var sum: Int64 { total.withLock { $0 } }
}
