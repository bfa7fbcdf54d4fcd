import Faregate
import FaregateProviders
import FaregateTasks

/// What somebody was billed, as a person copies it: `$0.40`, `0.40 USD`, `40 credits`, or a number alone.
struct ChargeAmount {
    private let text: String
    private let amount: ExactDecimal
    /// `nil` for a number alone.
    private let unit: String?

    init(parsing text: String) throws {
        let isDollars = text.hasPrefix("$")
        let rest = isDollars ? text.dropFirst() : text[...]
        let digits = rest.prefix { !$0.isLetter && $0 != " " }
        let word = String(rest[digits.endIndex...].drop { $0 == " " })
        let unit = isDollars && word.isEmpty ? "USD" : Self.unit(word)
        guard let amount = ExactDecimal(String(digits)), amount >= .zero, unit != nil || word.isEmpty,
            !isDollars || unit == "USD"
        else {
            throw CommandFailure(
                code: "usage.charge", message: "\"\(text)\" is no amount",
                hint: "Write it like '0.40 USD' or '40 credits'.")
        }
        (self.text, self.amount, self.unit) = (text, amount, unit)
    }

    private static func unit(_ word: String) -> String? {
        switch word {
        case "credit", "credits": "credits"
        case _ where word.utf8.count == 3 && word.count == 3 && word.allSatisfy(\.isLetter): word.uppercased()
        default: nil
        }
    }

    /// The charge of an attempt, in the unit of its quote.
    ///
    /// - Parameter billing: What the provider counts in, for a number alone where the quote has no unit; `nil` where
    ///   nobody says.
    /// - Throws: ``CommandFailure`` where it is in another unit, or nobody can say in which.
    func charge(of money: AttemptMoney, billing: String?) throws -> StatedAmount {
        if let quoted = money.unit, let unit, unit != quoted {
            let like = quoted == "credits" ? "40 credits" : "0.40 \(quoted)"
            throw CommandFailure(
                code: "usage.charge", message: "\"\(text)\" is in \(unit); the task is counted in \(quoted)",
                hint: "Nothing was changed. Say what it was billed in \(quoted), like '\(like)'.")
        }
        guard let unit = unit ?? money.unit ?? billing else {
            throw CommandFailure(
                code: "usage.charge",
                message:
                    "\"\(text)\" may be dollars or credits: neither the task's price nor the provider tells which",
                hint: "Nothing was changed. Write it like '0.40 USD' or '40 credits'.")
        }
        return StatedAmount(amount: amount, unit: unit)
    }
}
