public import Faregate

/// An instant of the wall clock: milliseconds since 1970, UTC. For records; waits use a monotonic clock.
public struct Timestamp: Sendable, Hashable, Comparable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Later by a duration, or earlier by a negative one.
    public func advanced(by duration: Duration) -> Timestamp {
        Timestamp(milliseconds: milliseconds + duration.milliseconds)
    }

    /// How long after an earlier instant; negative where the wall clock was set back.
    public func since(_ earlier: Timestamp) -> Duration { .milliseconds(milliseconds - earlier.milliseconds) }

    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }
}

extension Timestamp {
    /// Whole seconds since 1970, rounded down.
    public var seconds: Int64 { (milliseconds - (milliseconds % 1000 + 1000) % 1000) / 1000 }

    /// The same to the second, as documents state it.
    public var utc: UTCTime { UTCTime(secondsSince1970: seconds) }

    /// `2026-11-21T14:03:02Z`.
    public var iso: String { utc.description }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero.
    package var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
