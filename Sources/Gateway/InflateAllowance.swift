/// How much is inflated in one tick, in bytes that come out: so much for a connection, and less for each once all of
/// them together have had their share, so that a bomb holds up nobody, and a thousand bombs not for long.
///
/// What goes in counts too, or blocks that say nothing would cost time and be free.
struct InflateAllowance {
    /// For one connection.
    let share: Int
    /// For all of them, before each gets the least.
    let plenty: Int
    let least: Int
    /// Bytes out that a byte in counts for, if fewer come out: the dearest input there is, blocks with codes of their
    /// own and nothing in them, takes 71 ns a byte, and a byte out about 4.
    static let inputWeight = 16
    /// Bytes in that are taken in one step however little is left.
    static let leastInput = 256

    private var tick = -1
    private var total = 0
    private var left = 0

    init(share: Int = 1 << 20, plenty: Int = 8 << 20, least: Int = 64 << 10) {
        self.share = share
        self.plenty = plenty
        self.least = least
    }

    /// The turn of the next connection.
    mutating func begin(tick: Int) {
        if tick != self.tick {
            self.tick = tick
            total = 0
        }
        left = total < plenty ? share : least
    }

    var isUsedUp: Bool { left <= 0 }

    /// How many bytes one step may take.
    var mostInput: Int { max(left / Self.inputWeight, Self.leastInput) }

    mutating func use(input: Int, output: Int) {
        let cost = max(output, input * Self.inputWeight)
        left -= cost
        total += cost
    }
}
