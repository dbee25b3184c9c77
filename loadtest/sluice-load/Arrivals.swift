/// When open-loop writes are due.
enum Arrivals: String, CaseIterable, Sendable {
    /// Evenly.
    case constant
    /// As those of many senders who know nothing of each other.
    ///
    /// In each block of 64 writes the times are as those of a Poisson process that is known to have 64 events there:
    /// so any write's time can be computed by itself, and the rate is kept over the whole run.
    case poisson

    static let block = 64
}

/// The times within the block that was asked for last.
struct ArrivalBlock: Equatable, Sendable {
    private var number = -1
    private var times: [Double] = []

    /// Where in its block, from 0 to 1, a write is due.
    mutating func position(ofWrite write: Int, seed: UInt64) -> Double {
        let block = write / Arrivals.block
        if block != number {
            number = block
            times = (0..<Arrivals.block).map { Mixing.unit(seed, UInt64(block * Arrivals.block + $0)) }.sorted()
        }
        return times[write % Arrivals.block]
    }
}
