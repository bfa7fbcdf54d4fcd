import Faregate
import FaregateProviders

/// Runs a manifest backwards: makes the reply that means an outcome, out of the manifest's own examples.
struct ReplyWriter {
    let manifest: Manifest
    private let codec: ManifestCodec

    init(_ manifest: Manifest) {
        self.manifest = manifest
        codec = ManifestCodec(manifest)
    }

    private func rules(_ operation: OperationName) -> [ReplyRule] { manifest.operations[operation]?.rules ?? [] }

    /// A yes to a submit.
    func accepted(taskID: String, charge: StatedAmount?, balance: StatedAmount) -> HTTPReply? {
        for rule in rules(.submit) {
            guard case .accepted(let chargePlace, let balancePlace) = rule.outcome, var draft = draft(rule, .submit)
            else { continue }
            draft.set(taskID, at: rule.taskIDAt)
            draft.set(charge, at: chargePlace)
            draft.set(balance, at: balancePlace)
            return draft.reply
        }
        return nil
    }

    /// A no, in the provider's words for the kind. `nil` where its pages have none.
    ///
    /// - Parameter message: Replaces the example's sentence; `nil` keeps it.
    func refused(_ operation: OperationName, _ kind: FailureKind, message: String? = nil) -> HTTPReply? {
        for rule in rules(operation) {
            guard case .rejected(let places, _) = rule.outcome else { continue }
            for example in rule.examples {
                let call = codec.decode(example.reply, operation, taskID: nil)
                guard case .rejected(let rejection) = call.outcome, rejection.kind == kind else { continue }
                var draft = Draft(example, embeddedAt: manifest.operations[operation]?.embeddedAt ?? [])
                if let message { draft.setMessage(message, places) }
                return draft.reply
            }
        }
        return nil
    }

    /// A task that goes on.
    func running(taskID: String, fraction: Double) -> HTTPReply? {
        for rule in rules(.poll) {
            guard case .running(let progress) = rule.outcome, var draft = draft(rule, .poll) else { continue }
            draft.set(taskID, at: rule.taskIDAt)
            if let progress, draft.has(progress.place) {
                draft.set(.integer(Int64(fraction * progress.outOf)), at: progress.place)
            }
            return draft.reply
        }
        return nil
    }

    /// A task in a state that no page names: the running reply with its state replaced.
    func unheardOf(taskID: String) -> HTTPReply? {
        guard let running = running(taskID: taskID, fraction: 0), let body = try? JSONValue(parsing: running.body)
        else {
            return nil
        }
        let done = Set(
            rules(.poll).filter { if case .succeeded = $0.outcome { true } else { false } }
                .flatMap { $0.condition.comparisons })
        let place = rules(.poll).first { if case .running = $0.outcome { true } else { false } }?
            .condition.comparisons.first { !done.contains($0) }?.place
        guard let place else { return nil }
        let word: JSONValue = body[place]?.string == nil ? 99 : "hibernating"
        return body.setting(word, at: place).map { HTTPReply(status: running.status, json: $0) }
    }

    /// A task that is done.
    ///
    /// - Parameters:
    ///   - addresses: Where the results are; none makes a reply that contradicts itself.
    ///   - charge: `nil` where it is not known.
    func succeeded(taskID: String, medium: Medium, addresses: [String], charge: StatedAmount? = nil) -> HTTPReply? {
        for rule in rules(.poll) {
            guard case .succeeded(let places) = rule.outcome, var draft = draft(rule, .poll, medium: medium) else {
                continue
            }
            draft.set(taskID, at: rule.taskIDAt)
            draft.set(addresses: addresses, at: places.addressesAt)
            draft.set(charge, at: places.charge)
            if addresses.isEmpty, let data = places.dataAt { draft.set(nil, at: data) }
            return draft.reply
        }
        return nil
    }

    /// A task that came to nothing.
    func failed(taskID: String, _ kind: FailureKind) -> HTTPReply? {
        for rule in rules(.poll) {
            guard case .failed(let places, _) = rule.outcome, var draft = draft(rule, .poll) else { continue }
            draft.set(taskID, at: rule.taskIDAt)
            if let place = places.kindAt, let word = places.kinds.filter({ $0.value == kind }).keys.sorted().first {
                draft.set(.string(word), at: place)
            }
            return draft.reply
        }
        return nil
    }

    /// What a task would cost.
    func priced(_ charge: StatedAmount?) -> HTTPReply? {
        for rule in rules(.dryRun) {
            guard case .priced(let place) = rule.outcome, var draft = draft(rule, .dryRun) else { continue }
            draft.set(charge, at: place)
            return draft.reply
        }
        return nil
    }

    /// What the account holds.
    func balance(_ balance: StatedAmount) -> HTTPReply? {
        for rule in rules(.balance) {
            guard case .balance(let place) = rule.outcome, var draft = draft(rule, .balance) else { continue }
            draft.set(balance, at: place)
            return draft.reply
        }
        return nil
    }

    /// The task that was looked for.
    func found(taskID: String) -> HTTPReply? {
        for rule in rules(.find) {
            guard case .found = rule.outcome, var draft = draft(rule, .find) else { continue }
            draft.set(taskID, at: rule.taskIDAt)
            return draft.reply
        }
        return nil
    }

    /// There is no such task.
    func absent() -> HTTPReply? {
        for rule in rules(.find) {
            guard case .absent = rule.outcome, let draft = draft(rule, .find) else { continue }
            return draft.reply
        }
        return nil
    }

    /// The latest tasks: the example's first element, once for each.
    func listed(_ tasks: [SimulatedTask]) -> HTTPReply? {
        for rule in rules(.list) {
            guard case .listed(let places) = rule.outcome, let idAt = rule.taskIDAt, var draft = draft(rule, .list),
                let element = draft[places.at / 0]
            else { continue }
            let elements = tasks.map { task in
                var members: [(JSONPointer, JSONValue?)] = [
                    (idAt, .string(task.id)), (places.created.at, places.created.value(task.createdAt)),
                ]
                members += places.same.map { ($0.at, ListedPlaces.value($0.origin, of: task.order)) }
                return members.reduce(element) { element, member in
                    member.1.map { element.setting($0, at: member.0) ?? element } ?? element.removing(member.0)
                }
            }
            draft.set(.array(elements), at: places.at)
            return draft.reply
        }
        return nil
    }

    /// A task that was stopped.
    func cancelled(_ operation: OperationName, taskID: String) -> HTTPReply? {
        for rule in rules(operation) {
            guard case .cancelled = rule.outcome, var draft = draft(rule, operation) else { continue }
            draft.set(taskID, at: rule.taskIDAt)
            return draft.reply
        }
        return nil
    }

    /// What is posted when a task ends.
    func callback(taskID: String) -> HTTPReply? {
        for rule in rules(.callback) {
            guard var draft = draft(rule, .callback) else { continue }
            draft.set(taskID, at: rule.taskIDAt)
            return draft.reply
        }
        return nil
    }

    /// A task id of the provider's own shape: its example's with the last run of letters and digits replaced by a
    /// mark and a number.
    func taskID(_ number: Int, mark: String) -> String {
        let rule = rules(.submit).first { if case .accepted = $0.outcome { true } else { false } }
        let example = rule?.taskIDAt.flatMap { rule?.examples.first?.body[$0]?.string } ?? "task_000000"
        let run = example.reversed().prefix { $0.isLetter || $0.isNumber }.count
        let digits = String(number)
        let zeros = String(repeating: "0", count: max(0, run - mark.count - digits.count))
        return example.dropLast(run) + mark + zeros + digits
    }

    private func draft(_ rule: ReplyRule, _ operation: OperationName, medium: Medium? = nil) -> Draft? {
        let example = rule.examples.first { $0.medium == medium && medium != nil } ?? rule.examples.first
        return example.map { Draft($0, embeddedAt: manifest.operations[operation]?.embeddedAt ?? []) }
    }
}

extension ReplyCondition {
    /// The places that must hold given values.
    fileprivate var comparisons: [PlaceComparison] {
        switch self {
        case .oneOf(let place, let values): [PlaceComparison(place: place, values: values)]
        case .all(let conditions): conditions.flatMap(\.comparisons)
        default: []
        }
    }
}

private struct PlaceComparison: Hashable {
    let place: JSONPointer
    let values: [JSONValue]
}
