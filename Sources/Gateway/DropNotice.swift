import LogPipeline

/// What a client of `sluice.v1` is told about logs that were dropped: those of one message and one reason.
struct DropNotice: Equatable, Sendable {
    let message: UInt64
    let reason: DropReason
    /// Bytes; of several logs that of the largest.
    private(set) var size: Int
    /// What the size is over; 0: there is no such bound.
    let limit: Int
    /// Which logs of the message, counted from 1; empty where a message is one log.
    private(set) var records: [UInt32] = []
    /// Further ones.
    private(set) var others = 0

    /// A message can hold millions of logs that are none. So many of them are named.
    static let mostRecords = 1_000

    /// About what it takes of memory.
    var memoryBytes: Int { MemoryLayout<DropNotice>.stride + records.count * MemoryLayout<UInt32>.stride }

    /// Not less than it takes while it waits to be said, in a list that has grown by doubling, and then as text.
    var queuedBytes: Int { 96 + records.count * 8 }

    /// - Parameter position: 0 where a message is one log.
    init(message: UInt64, reason: DropReason, size: Int, limit: Int, position: UInt32) {
        self.message = message
        self.reason = reason
        self.size = size
        self.limit = limit
        if position > 0 { records.append(position) }
    }

    /// Another log of the same message was dropped for the same reason.
    mutating func add(position: UInt32, size: Int) {
        atLeast(size: size)
        if records.count < Self.mostRecords { records.append(position) } else { others += 1 }
    }

    mutating func atLeast(size: Int) { self.size = max(self.size, size) }
}
