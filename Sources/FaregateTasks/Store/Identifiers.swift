/// Makes ids and secrets. The source of randomness is an argument.
struct Identifiers: Sendable {
    /// 64 random bits. For anything that is not a test: the system's generator, which nobody can guess.
    let random: @Sendable () -> UInt64

    private static let letters = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// An id of a task: `t` and 18 letters and digits, later ones sort after earlier ones.
    func task(at now: Timestamp) -> String {
        let time = UInt64(clamping: now.milliseconds)
        return "t" + Self.text(time, letterCount: 9) + Self.text(random(), letterCount: 9)
    }

    /// A token that nobody can guess: 120 bits.
    func token() -> String { Self.text(random(), letterCount: 12) + Self.text(random(), letterCount: 12) }

    private static func text(_ number: UInt64, letterCount: Int) -> String {
        let bytes = (0..<letterCount).map { letters[Int(number >> UInt64(5 * (letterCount - 1 - $0)) & 31)] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
