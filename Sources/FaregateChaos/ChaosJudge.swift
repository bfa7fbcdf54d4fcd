import Faregate
import FaregateProviders
import FaregateSandbox
import FaregateTasks
import Foundation

/// What one run came to.
struct ChaosResult: Sendable {
    /// Paid submissions of each task that a provider accepted, whatever we learnt of it.
    var paid: [Int] = []
    var paidTwice: [String] = []
    var taskCount = 0
    var succeededCount = 0
    /// Tasks whose outcome stayed unknown and that were taken for spent.
    var assumedCount = 0
    var crashCount = 0
    /// Tasks without an end, without a row, or without the file that they should have left.
    var lost: [String] = []
    var mismatches: [String] = []
    var doubleCaptures: [String] = []
}

/// Holds our books against the providers'.
struct ChaosJudge {
    let providers: [SimulatedProvider]
    /// What providers made, by prompt.
    let made: @Sendable () -> [String: Int]
    let taskCount: Int
    let crashCount: Int
    let folder: String
    let store: TaskStore

    func judge() async throws -> ChaosResult {
        var result = ChaosResult()
        result.crashCount = crashCount
        let tasks = try await store.tasks(openOnly: false)
        result.taskCount = taskCount
        if tasks.count != taskCount {
            result.lost.append("\(tasks.count) of \(taskCount) tasks are stored")
        }
        var refunds: [String: Int] = [:]
        for (task, _) in tasks {
            let record = try await store.record(task.id)
            judge(record, &result)
            refunds[task.offers[0].body["prompt"]?.string ?? "?", default: 0] += refundCount(record)
        }
        for (prompt, count) in made() {
            // A charge that the provider gave back is none; what came after it is no second payment.
            let paid = max(1, count - (refunds[prompt] ?? 0))
            result.paid.append(paid)
            if paid > 1 { result.paidTwice.append("\(prompt) was paid \(paid) times") }
        }
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder + "/out").filter {
            !$0.hasPrefix(".")
        }
        if (files ?? []).count != result.succeededCount {
            result.lost.append("\((files ?? []).count) files of \(result.succeededCount) succeeded tasks")
        }
        return result
    }

    /// Attempts whose charge the provider gave back.
    private func refundCount(_ record: TaskRecord) -> Int {
        record.attempts.filter { attempt in
            providers.first { $0.id == attempt.provider }?.ledger.tasks.contains {
                $0.id == attempt.providerTaskID && $0.isRefunded
            } ?? false
        }.count
    }

    private func judge(_ record: TaskRecord, _ result: inout ChaosResult) {
        let id = record.task.id
        if !record.task.state.isEnded { result.lost.append("\(id) is \(record.task.state), \(record.task.note ?? "")") }
        if record.task.state == .succeeded { result.succeededCount += 1 }
        for attempt in record.attempts {
            let lines = record.ledger.filter { $0.attempt == attempt.id }.map(\.entry)
            if lines.contains(where: { $0.basis == .assumed }) { result.assumedCount += 1 }
            if lines.filter({ $0.kind == .capture }).count > 1 { result.doubleCaptures.append("\(attempt.id)") }
            if let problem = problem(attempt, lines) { result.mismatches.append("\(attempt.id): \(problem)") }
        }
        let succeeded = record.attempts.filter { $0.state == .succeeded }
        if succeeded.count > 1 { result.doubleCaptures.append("\(id) succeeded \(succeeded.count) times") }
    }

    /// What is wrong with the books of one attempt; `nil` where nothing is.
    private func problem(_ attempt: Attempt, _ lines: [LedgerEntry]) -> String? {
        func sum(_ kind: LedgerEntry.Kind) -> Int64 {
            lines.filter { $0.kind == kind }.reduce(0) { $0 + ($1.amount?.billionths ?? 0) }
        }
        let open = sum(.hold) - sum(.capture) - sum(.release)
        if open != 0 { return "\(open) billionths stay set aside" }
        let spent = sum(.capture) + sum(.adjust)
        guard let provider = providers.first(where: { $0.id == attempt.provider }) else { return "no provider" }
        guard let taskID = attempt.providerTaskID,
            let sold = provider.ledger.tasks.first(where: { $0.id == taskID })
        else {
            return spent == 0 || lines.contains { $0.basis == .assumed } ? nil : "spent \(spent) on what does not exist"
        }
        let charged = sold.isRefunded ? 0 : sold.charge?.amount.billionths ?? 0
        if spent == charged { return nil }
        // What is taken for spent can be more than the provider took in the end, never less.
        if spent > charged, lines.contains(where: { $0.basis == .assumed }) { return nil }
        return "we booked \(spent), the provider charged \(charged)"
    }
}
