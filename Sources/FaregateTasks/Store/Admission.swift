import Faregate

/// A request for a result: checked, routed and priced already.
public struct TaskOrder: Sendable {
    /// Whose budget it draws on.
    public var project: String
    /// Ways to do it, best first; at least one.
    public var offers: [Offer]
    public var policy = AttemptPolicy()
    /// Where results go; an absolute path.
    public var outputFolder: String
    /// Makes a repeated order the same task: a client that lost our answer may ask again.
    public var idempotencyKey: String?
    /// Told, by POST, when the task ends or needs a person.
    public var webhook: String?
    /// Refuses the order while another open task of the project asks for the same: a person who repeats a command
    /// after a crash does not pay twice.
    public var refusesRepetition = false

    /// - Precondition: There is at least one offer.
    public init(project: String = "default", offers: [Offer], outputFolder: String) {
        precondition(!offers.isEmpty, "an order has at least one offer")
        (self.project, self.offers, self.outputFolder) = (project, offers, outputFolder)
    }

    /// What makes two orders the same request.
    var fingerprint: String {
        sha256(offers.map { "\($0.provider)\n\($0.model)\n\($0.body.text())" }.joined(separator: "\n\n"))
    }
}

/// What came of an order.
public enum Admission: Sendable, Hashable {
    /// The task is stored and its worst-case price set aside. Nothing was sent yet.
    case admitted(String)
    /// The order was given before, with the same key: this is its task.
    case known(String)

    public var taskID: String {
        switch self {
        case .admitted(let id), .known(let id): id
        }
    }
}

/// SHA-256 of a text, in hexadecimal.
func sha256(_ text: String) -> String {
    var digest = SHA256()
    digest.update(Array(text.utf8))
    return digest.finalized()
}

extension StoreTransaction {
    /// Stores a task with its first attempt, and sets its worst-case price aside: all or nothing.
    ///
    /// - Returns: The attempt too where it is new.
    /// - Throws: ``BudgetRefusal``; ``OrderRepetition``; ``StoreError`` for a key that came with another request, or
    ///   where it cannot be stored. Nothing is stored then.
    func admit(_ order: TaskOrder, id: String) throws -> (Admission, Attempt?) {
        if let key = order.idempotencyKey {
            let fingerprint = order.fingerprint
            if let known = try task(forKey: key, project: order.project, fingerprint: fingerprint) {
                return (.known(known), nil)
            }
            try keep(key: key, project: order.project, fingerprint: fingerprint, task: id)
        }
        if order.refusesRepetition, let task = try reader.openTask(asking: order) { throw OrderRepetition(of: task) }
        let task = DurableTask(
            id: id, project: order.project, offers: order.offers, policy: order.policy,
            outputFolder: order.outputFolder, createdAt: now)
        try insert(task, webhook: order.webhook)
        return (.admitted(id), try reserve(task, offer: 0, number: 1, notBefore: nil))
    }

    /// Stores another attempt at a task, with its price set aside.
    ///
    /// - Throws: ``BudgetRefusal``.
    func reserve(_ task: DurableTask, offer: Int, number: Int, notBefore: Timestamp?) throws -> Attempt {
        let terms = task.offers[offer]
        let planned = Attempt(
            id: Attempt.ID(task: task.id, number: number), offer: offer, provider: terms.provider, model: terms.model,
            medium: terms.medium, money: terms.money, plannedAt: now, notBefore: notBefore)
        let transition = try planned.applying(.reserve, at: now)
        try insert(transition.attempt)
        try book(transition.entries, transition.attempt, project: task.project)
        return transition.attempt
    }
}
