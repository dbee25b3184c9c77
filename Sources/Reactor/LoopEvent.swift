/// What a loop has for its owner.
package enum LoopEvent: Sendable, Equatable {
    /// Registered, and being read.
    case accepted(ConnectionID, listener: Int)
    /// An outgoing connection stands, and is being read.
    case connected(ConnectionID)
    /// There is something to `receive`: bytes, the end, or an error.
    case readable(ConnectionID)
    /// What was over the high mark has fallen under the low mark, or what `notifyWhenDrained` waits for is sent.
    case writable(ConnectionID)
    /// The last event of a connection. Its slot is used again from the next tick on.
    case closed(ConnectionID, CloseCause)
    /// The waker was used: the owner takes its inboxes.
    case inbox
    /// The deadline set for the connection has passed. Said once.
    case deadline(ConnectionID)
    /// A timer of the loop has passed. Said once.
    case timer(LoopTimer)
    /// Exactly once a tick, before output is flushed: seal batches, queue replies.
    case endOfTick
    /// `stop` was called; nothing else will come.
    case stopped
}

/// One of a loop's few own timers, named by its owner.
package struct LoopTimer: RawRepresentable, Hashable, Sendable {
    /// How many a loop has.
    package static let limit = 16

    package let rawValue: Int

    /// - Precondition: from 0 up to, not including, `limit`.
    package init(rawValue: Int) {
        precondition(rawValue >= 0 && rawValue < Self.limit, "a loop has \(Self.limit) timers")
        self.rawValue = rawValue
    }
}
