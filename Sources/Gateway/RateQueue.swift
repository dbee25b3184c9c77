import Reactor

/// Connections that wait until they have paid for what they sent, the next to be read on top (a binary heap).
struct RateQueue {
    private struct Entry {
        let time: UInt64
        let id: ConnectionID
    }

    private var entries: [Entry] = []

    /// Times are rounded up to this, so that thousands of small debts make a hundred wake-ups a second and no more.
    static let grain: UInt64 = 10 * millisecond

    /// When the next one is due, monotonic nanoseconds.
    var next: UInt64 { entries.first?.time ?? .max }

    mutating func insert(_ id: ConnectionID, at time: UInt64) {
        let (rounded, isOver) = (time / Self.grain).addingReportingOverflow(1)
        let (whole, isAfterAll) = rounded.multipliedReportingOverflow(by: Self.grain)
        entries.append(Entry(time: isOver || isAfterAll ? .max : whole, id: id))
        var index = entries.count - 1
        while index > 0, entries[index].time < entries[(index - 1) / 2].time {
            entries.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// One that is due; those that are closed by now are among them, their generation tells.
    mutating func pop(at now: UInt64) -> ConnectionID? {
        guard let first = entries.first, first.time <= now else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var index = 0
        while true {
            var least = index
            for child in (2 * index + 1)...(2 * index + 2) where child < entries.count {
                if entries[child].time < entries[least].time { least = child }
            }
            if least == index { return first.id }
            entries.swapAt(index, least)
            index = least
        }
    }
}
