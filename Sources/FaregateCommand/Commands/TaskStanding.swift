import Faregate
import FaregateProviders
import FaregateTasks

extension Snapshot {
    /// A provider's name for people; its id where the catalog has none of the kind.
    func name(of provider: String) -> String { self.provider(provider)?.name ?? provider }
}

extension TaskRecord {
    /// What was sent, where it is, and what it costs or may cost: in a sentence or two.
    func standing(_ snapshot: Snapshot) -> String {
        guard let attempt = telling else { return "Nothing was sent." }
        let (name, money) = (snapshot.name(of: attempt.provider), attempt.money.sentence(isKept: true))
        let place = attempt.providerTaskID.map { " as \($0.printable)" } ?? ""
        let sent =
            switch attempt.state {
            case .planned, .reserved: "It is not sent yet."
            case .submitting, .unknown:
                "It was sent once to \(name), and no reply says whether a task exists there; it is not sent again."
            case .accepted, .running: "\(name) has it\(place); it goes on there."
            case .succeeded:
                task.state.isEnded
                    ? "\(name) made it\(place)." : "\(name) made it\(place), and not everything is fetched yet."
            case .failed: "It failed at \(name)."
            case .cancelled:
                attempt.handle == nil ? "It was withdrawn before it was sent." : "It was stopped at \(name)."
            case .rejected: "\(name) refused it."
            case .notSent: "It was not sent to \(name)."
            case .absent: "It was sent once to \(name), and is proved not to exist there."
            case .orphaned:
                attempt.acceptedAt == nil
                    ? "It was sent once to \(name), and nothing was heard of it; it is not sent again."
                    : "It was sent once to \(name), which took it and never told its end; it is not sent again."
            }
        return money.isEmpty ? sent : "\(sent) \(money)"
    }
}

extension AttemptMoney {
    /// The most that it costs: `up to $3.00`.
    var atMost: String {
        worstCase.map { "up to \(StatedAmount(amount: $0, unit: unit ?? "credits"))" } ?? "an amount that nobody knows"
    }

    /// Where the money of an attempt stands, in a sentence; empty where none is set aside.
    ///
    /// - Parameter isKept: There is a ledger that outlives the process.
    func sentence(isKept: Bool) -> String {
        switch standing {
        case .none: return ""
        case .held: return isKept ? "\(atMost.capitalised) stays set aside." : "It may cost \(atMost)."
        case .spent(let amount):
            let spent = amount.map { StatedAmount(amount: $0, unit: unit ?? "credits").description }
            guard isKept else { return "It costs \(spent ?? "an amount that nobody knows")." }
            return "\(spent ?? "An amount that nobody knows") is counted as spent."
        case .released:
            guard isKept, worstCase != nil else { return "Nothing is billed." }
            return
                "Nothing is billed; the \(StatedAmount(amount: worstCase ?? .zero, unit: unit ?? "credits")) set aside is free again."
        }
    }
}

extension String {
    /// With a capital first letter.
    var capitalised: String { prefix(1).uppercased() + dropFirst() }
}
