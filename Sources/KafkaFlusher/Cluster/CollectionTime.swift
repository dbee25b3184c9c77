/// How long a collection may still wait for an answer.
struct CollectionTime: Sendable {
    /// For less than this no question is worth asking, nanoseconds.
    private static let least: UInt64 = 20_000_000

    /// Monotonic nanoseconds.
    private let end: UInt64
    /// The longest that one question may take, milliseconds.
    private let longest: Int

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
    func patience(now: UInt64) -> Int32? {
        guard now < end, end - now >= Self.least else { return nil }
        return Int32(min(Int((end - now) / 1_000_000), longest))
    }
}
