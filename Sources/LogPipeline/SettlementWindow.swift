/// When the oldest of the batches in flight was received, while they settle in any order.
struct SettlementWindow: Sendable {
    private static let settled = UInt64.max

    // A ring; its size is a power of two.
    private var times: [UInt64] = Array(repeating: settled, count: 64)
    /// The sequence of the oldest that is not settled, and of the next to be opened.
    private var first = 0
    private var next = 0

    var isEmpty: Bool { first == next }
    var oldest: UInt64? { isEmpty ? nil : times[first & (times.count - 1)] }

    /// - Parameter time: monotonic nanoseconds.
    /// - Returns: the batch's sequence, for `settle`.
    mutating func open(at time: UInt64) -> Int {
        if next - first == times.count { grow() }
        times[next & (times.count - 1)] = time
        next += 1
        return next - 1
    }

    mutating func settle(_ sequence: Int) {
        precondition(sequence >= first && sequence < next, "a batch was settled twice")
        times[sequence & (times.count - 1)] = SettlementWindow.settled
        while first < next, times[first & (times.count - 1)] == SettlementWindow.settled { first += 1 }
    }

    private mutating func grow() {
        var wider = [UInt64](repeating: SettlementWindow.settled, count: times.count * 2)
        for sequence in first..<next { wider[sequence & (wider.count - 1)] = times[sequence & (times.count - 1)] }
        times = wider
    }
}
