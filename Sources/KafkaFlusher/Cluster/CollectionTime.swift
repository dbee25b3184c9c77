/// How long a collection may still wait for an answer.
struct CollectionTime: Sendable {
    /// For less than this no question is worth asking, nanoseconds.
    private static let least: UInt64 = 20_000_000

    /// Monotonic nanoseconds.
    private let end: UInt64
    /// The longest that one question may take, milliseconds.
    let longest: Int

    /// - Parameters:
    ///   - start: monotonic nanoseconds.
    ///   - milliseconds: for the whole collection.
    init(start: UInt64, milliseconds: Int) {
        end = start + UInt64(max(1, milliseconds)) * 1_000_000
        longest = Self.patience(of: milliseconds)
    }

    /// A quarter of the whole, so that one broker that does not answer leaves time for the others, milliseconds.
    static func patience(of milliseconds: Int) -> Int { max(1, milliseconds / 4) }

    /// Milliseconds for the next question; nil when the time is up.
    ///
    /// - Parameter limit: before which the answer has to be there, monotonic nanoseconds.
    func patience(now: UInt64, until limit: UInt64 = .max) -> Int32? {
        let end = min(end, limit)
        guard now < end, end - now >= Self.least else { return nil }
        return Int32(min(Int((end - now) / 1_000_000), longest))
    }

    /// When the questions about groups have to end: what comes behind them keeps three eighths of what is left.
    func endOfGroups(now: UInt64) -> UInt64 { now + left(now) / 8 * 5 }

    /// When the questions to the next of so many brokers have to end. What it does not need is the others'.
    ///
    /// - Parameter brokers: those still to be asked, with the next one.
    func endOfTurn(now: UInt64, brokers: Int) -> UInt64 {
        now + min(left(now), max(2 * Self.least, left(now) / UInt64(max(1, brokers))))
    }

    private func left(_ now: UInt64) -> UInt64 { now < end ? end - now : 0 }
}
