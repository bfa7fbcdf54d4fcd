public import Faregate

/// The most that a project may spend in a period.
public struct Budget: Sendable, Hashable {
    /// What is counted together. Periods begin at midnight UTC.
    public enum Period: String, Sendable, CaseIterable {
        case day, week, month, total

        /// The day that names the period an instant falls into; `total` is one period.
        public func start(at instant: Timestamp) -> String {
            let day = CalendarDate(secondsSince1970: instant.seconds)
            switch self {
            case .day: return day.description
            case .week:
                // 1970-01-01 was a Thursday; weeks begin on Monday.
                let days = (instant.seconds - (instant.seconds % 86_400 + 86_400) % 86_400) / 86_400
                return CalendarDate(secondsSince1970: (days - ((days + 3) % 7 + 7) % 7) * 86_400).description
            case .month: return String(day.description.dropLast(3))
            case .total: return "total"
            }
        }
    }

    public var project: String
    /// Whose spending counts; `nil` counts every provider's. A budget in credits is always one provider's.
    public var provider: String?
    /// `USD` or `credits`.
    public var unit: String
    public var period: Period
    public var maximum: ExactDecimal

    public init(project: String, provider: String? = nil, unit: String = "USD", period: Period, maximum: ExactDecimal) {
        (self.project, self.provider, self.unit) = (project, provider, unit)
        (self.period, self.maximum) = (period, maximum)
    }
}

/// A budget and what is used of it in one period.
public struct BudgetStatus: Sendable, Hashable {
    public var budget: Budget
    /// Names the period.
    public var periodStart: String
    /// Set aside for what is under way.
    public var held: ExactDecimal
    public var spent: ExactDecimal
    /// Attempts of the period that cost what nobody can say in the budget's unit. They are not in `spent`; from before
    /// the budget was set, for with it they are refused.
    public var unpricedCount = 0

    /// What is left; below zero where a provider billed more than it said.
    public var left: ExactDecimal {
        held.adding(spent).flatMap { budget.maximum.subtracting($0) } ?? .zero
    }
}

/// A request that a budget does not allow. Nothing was stored and nothing sent.
public struct BudgetRefusal: Error, Sendable, Hashable {
    public enum Reason: Sendable, Hashable {
        /// It would cost up to so much, and less is left.
        case exceeded(asked: ExactDecimal)
        /// What it may cost is not known: it cannot be shown to fit.
        case priceUnknown
        /// It is priced in a unit whose worth in dollars is not known.
        case worthUnknown(unit: String)
    }

    public var reason: Reason
    public var status: BudgetStatus
}
