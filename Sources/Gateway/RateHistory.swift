import LogPipeline

/// What was counted at some moments of the last seconds, so that a rate can be told to whoever asks once.
///
/// Every page that asks the loops leaves its counts here: with the status page open there are some of every second, with
/// Prometheus alone those of its last scrape.
struct RateHistory {
    /// Counters at one moment.
    struct Totals: Equatable {
        /// Monotonic nanoseconds.
        let at: UInt64
        var received: [UInt64] = []
        var receivedBytes: [UInt64] = []
        var delivered: [UInt64] = []
        var dropped: UInt64 = 0
    }

    /// What happened in between, a second.
    struct Rates: Equatable {
        /// Seconds.
        let over: Double
        let received: [Double]
        let receivedBytes: [Double]
        let delivered: [Double]
        let dropped: Double

        init(from earlier: Totals, to now: Totals) {
            let seconds = Double(now.at &- earlier.at) / 1e9
            func rate(_ now: UInt64, _ earlier: UInt64?) -> Double {
                let before = min(earlier ?? 0, now)
                return seconds > 0 ? Double(now - before) / seconds : 0
            }
            func rates(_ path: KeyPath<Totals, [UInt64]>) -> [Double] {
                let before = earlier[keyPath: path]
                return now[keyPath: path].enumerated().map { index, value in
                    rate(value, index < before.count ? before[index] : nil)
                }
            }
            over = seconds
            received = rates(\.received)
            receivedBytes = rates(\.receivedBytes)
            delivered = rates(\.delivered)
            dropped = rate(now.dropped, earlier.dropped)
        }
    }

    /// Rates go back so far where they can, nanoseconds.
    private static let window: UInt64 = 5 * second
    /// Counts nearer to each other than this make rates that jump.
    private static let shortest: UInt64 = second / 2
    private static let capacity = 16

    private let start: Totals
    /// In the order of time.
    private var samples: [Totals] = []

    /// - Parameter start: when nothing had been counted yet, monotonic nanoseconds.
    init(start: UInt64) { self.start = Totals(at: start) }

    mutating func add(_ totals: Totals) {
        if let last = samples.last, totals.at < last.at &+ Self.shortest { return }
        if samples.count == Self.capacity { samples.removeFirst() }
        samples.append(totals)
    }

    /// Over the last seconds where there are counts of then, else since the last that there are.
    func rates(to now: Totals) -> Rates {
        let usable = samples.filter { now.at >= $0.at &+ Self.shortest }
        let base = usable.first { now.at <= $0.at &+ Self.window &+ Self.shortest } ?? usable.last ?? start
        return Rates(from: base, to: now)
    }
}

extension RateHistory.Totals {
    init(_ ledger: LedgerSnapshot, at time: UInt64) {
        at = time
        received = ledger.received
        receivedBytes = ledger.receivedBytes
        delivered = ledger.delivered
        dropped = ledger.dropped.reduce(0, +)
    }
}
