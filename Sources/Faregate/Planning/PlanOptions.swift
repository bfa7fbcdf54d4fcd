/// Everything that a portable request can be bought as, for a plan.
public struct PlanOptions: Sendable {
    public private(set) var options: [PlanOption] = []
    /// Offerings that cannot do the request, or not in a way that can be counted.
    public private(set) var leftOut: [LeftOut] = []

    private let snapshot: Snapshot
    private let policy: Policy
    private let circumstances: Circumstances
    private let operation: String?

    /// Asks every offering of the requests' models: for footage once for each length of a clip that is offered.
    ///
    /// - Parameters:
    ///   - requests: One for each model, that say the same. One that states a duration is asked for that length alone.
    ///   - operation: Only offerings that do this; `nil`: all.
    public init(
        _ requests: [PortableRequest], for measure: Job.Measure, operation: String? = nil, policy: Policy,
        snapshot: Snapshot, in circumstances: Circumstances
    ) {
        (self.snapshot, self.circumstances, self.operation) = (snapshot, circumstances, operation)
        self.policy = measure == .seconds ? policy.keepingDuration(snapshot) : policy
        for request in requests {
            switch measure {
            case .items: add(request, [nil]) { _ in 1 }
            case .seconds:
                let lengths = lengths(of: request)
                add(request, lengths.isEmpty ? [nil] : lengths) { $0 }
            }
        }
    }

    /// The lengths of clips, in whole seconds, that any offering of the model makes.
    private func lengths(of request: PortableRequest) -> [Int?] {
        if let stated = request.body["duration"]?.number { return [Int(exactly: stated)] }
        return Set(snapshot.offerings(of: request.model.id).flatMap(\.offering.clipLengths)).sorted()
    }

    private func does(_ offering: Offering) -> Bool { operation.map(offering.operations.contains) ?? true }

    /// - Parameter yield: What one task makes of a length; `nil` where that cannot be told.
    private mutating func add(_ request: PortableRequest, _ lengths: [Int?], yield: (Int?) -> Int?) {
        var refused: [String: LeftOut] = [:]
        var able: Set<String> = []
        for length in lengths {
            let route = snapshot.route(request.lasting(length), policy: policy, in: circumstances)
            for candidate in route.candidates where does(candidate.offering) {
                let name = "\(candidate.provider.id) \(candidate.offering.id)"
                if let yield = yield(length) {
                    able.insert(name)
                    options.append(PlanOption(candidate, model: request.model.id, yield: yield, length: length))
                } else {
                    refused[name] = LeftOut(
                        provider: candidate.provider.id, offering: candidate.offering.id, code: "plan.length_unknown",
                        reason: "nobody says how many whole seconds its clips have")
                }
            }
            for rejection in route.rejections where does(rejection.offering) {
                // Of several lengths, one that is its own says best what is in the way.
                let isOwn = length.map(rejection.offering.clipLengths.contains) ?? true
                let name = "\(rejection.provider.id) \(rejection.offering.id)"
                if refused[name] == nil || isOwn { refused[name] = LeftOut(rejection) }
            }
        }
        for (name, entry) in refused.sorted(by: { $0.key < $1.key }) where !able.contains(name) {
            if !leftOut.contains(entry) { leftOut.append(entry) }
        }
    }
}

extension PlanOption {
    /// One way of a route.
    fileprivate init(_ candidate: Route.Candidate, model: String, yield: Int, length: Int?) {
        let times = candidate.offering.typicalTimes(for: Facts(body: candidate.body))
        let warnings = candidate.diagnostics.filter { $0.severity == .warning }.map(\.message)
        self.init(
            provider: candidate.provider.id, offering: candidate.offering.id, model: model, body: candidate.body,
            label: length.map { "\($0) s" } ?? "", yield: yield, usd: candidate.quote.usd?.total,
            quote: candidate.quote,
            typicalSeconds: times.wholeSpan,
            notes: (warnings + candidate.quote.notes + times.compactMap(\.remark)).uniqued())
    }
}

extension TypicalTime {
    /// What is to be known about the time: a note, and where no page states it outright.
    fileprivate var remark: String? {
        let standing = standing == .documented ? nil : "its typical time is \(standing.rawValue)"
        let said = [standing, note].compactMap(\.self)
        return said.isEmpty ? nil : said.joined(separator: ": ")
    }
}

extension LeftOut {
    fileprivate init(_ rejection: Route.Rejection) {
        let error = rejection.diagnostics.first { $0.severity == .error }
        self.init(
            provider: rejection.provider.id, offering: rejection.offering.id,
            code: error?.code.rawValue ?? "portable.not_expressible", reason: error?.message ?? "it cannot do this")
    }
}

extension PortableRequest {
    /// The same for a clip of so many seconds.
    fileprivate func lasting(_ seconds: Int?) -> PortableRequest {
        guard let seconds, var object = body.object else { return self }
        object["duration"] = .integer(Int64(seconds))
        return PortableRequest(body: .object(object), model: model)
    }
}

extension Policy {
    /// A clip whose length was dropped would not count for what it is.
    fileprivate func keepingDuration(_ snapshot: Snapshot) -> Policy {
        var policy = self
        switch leave {
        case .none: break
        case .some(let names): policy.leave = .some(names.subtracting(["duration"]))
        case .all:
            let names = Set(snapshot.portableParameters.map(\.name))
            policy.leave = .some(names.subtracting(["duration", "prompt"]))
        }
        return policy
    }
}

extension Offering {
    /// The lengths of a clip that can be asked for, in whole seconds.
    var clipLengths: [Int] {
        switch portable.target("duration") {
        case nil, .unsupported: return []
        case .fixed(let value): return [value.number.flatMap(Int.init(exactly:))].compactMap(\.self)
        case .to(let reference, _, let values, _):
            if let values { return values.compactMap { $0.portable.number.flatMap(Int.init(exactly:)) } }
            guard let bounds = reference.spec?.bounds else { return [] }
            if let allowed = bounds.allowed { return allowed.compactMap { $0.number.flatMap(Int.init(exactly:)) } }
            guard let low = bounds.minimum, let high = bounds.maximum, high - low <= Self.clipLengthsMax, high >= 1
            else { return [] }
            return Array(Int(max(1, low.rounded(.up)))...Int(high.rounded(.down)))
        }
    }

    /// Lengths that are tried for one offering: more than any clip has seconds.
    private static let clipLengthsMax = 600.0
}
