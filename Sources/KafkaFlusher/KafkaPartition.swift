internal import Synchronization

/// What loops and the delivery thread share of one partition. No lock on the way of a batch.
///
/// A loop first adds to `inFlight`, then looks at `isHeld`; the delivery thread first sets `isHeld`, then looks at
/// `inFlight`: so either the loop sees that the partition is held, or the delivery thread waits for its records.
/// Both sides are sequentially consistent for that.
final class KafkaPartition: Sendable {
    let number: Int32
    /// Records handed to librdkafka that have not been reported, and those being handed over now.
    let inFlight = Atomic<Int>(0)
    /// New records go to the delivery thread instead of librdkafka. Cleared only under the inbox's lock.
    let isHeld: Atomic<Bool>
    /// Batches of this partition that wait in the inbox. Changed only under the inbox's lock.
    let posted = Atomic<Int>(0)
    /// Batches that librdkafka is not given yet.
    let waiting = WaitingBatches()
    private let tickets = Atomic<UInt64>(0)

    init(number: Int32, held: Bool) {
        self.number = number
        isHeld = Atomic(held)
    }

    /// The next place in the order of hand-over. Batches of one loop get rising numbers.
    func nextTicket() -> UInt64 { tickets.add(1, ordering: .relaxed).newValue }
}
