/// Where a fact was read: an address and a place on the page.
public struct Source: Sendable, Hashable, CustomStringConvertible {
    /// The page's address, or its title where no address is known.
    public let page: String
    /// Section of the page; `nil` for the page as a whole.
    public let place: String?

    public init(page: String, place: String?) { (self.page, self.place) = (page, place) }

    /// `https://… § Error Codes`, as answers show it.
    public var description: String { place.map { "\(page) § \($0)" } ?? page }
}

/// How well a fact is known.
public enum Standing: String, Sendable, CaseIterable {
    /// The page says it.
    case documented
    /// It follows from the page, which does not say it.
    case inferred
    /// Another page says otherwise.
    case conflicting
    /// Nobody says.
    case unknown
}

/// A page of a provider's documentation that was read.
public struct Page: Sendable, Hashable {
    public let id: String
    public let title: String
    /// `nil` where the address is not known.
    public let url: String?
    public let checkedOn: CalendarDate
}
