/// How much is inflated in one tick, in bytes that come out: so much for a connection, and less for each once all of
/// them together have had their share, so that a bomb holds up nobody, and a thousand bombs not for long.
struct InflateAllowance {
    /// For one connection.
    static let share = 1 << 20
    /// For all of them, before each gets the least.
    static let plenty = 8 << 20
    static let least = 64 << 10

    private var tick = -1
    private var total = 0
    private var left = 0

    /// The turn of the next connection.
    mutating func begin(tick: Int) {
        if tick != self.tick {
            self.tick = tick
            total = 0
        }
        left = total < Self.plenty ? Self.share : Self.least
    }

    var isUsedUp: Bool { left <= 0 }

    mutating func use(_ bytes: Int) {
        left -= bytes
        total += bytes
    }
}
