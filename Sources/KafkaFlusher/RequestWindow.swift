/// When a partition's batches go to librdkafka, and when they wait for each other.
///
/// With idempotence on, librdkafka 2.0.2 was seen to burn a core for as long as a broker did not answer and records
/// waited; without idempotence it did not. The source of a later version shows how: once a partition has enough in
/// flight it may send no more, yet records that have lingered make its broker thread poll again at once. So it is
/// given only what its next request can take, and nothing while one is under way; the rest waits and lingers here.
struct RequestWindow {
    /// What one request takes.
    struct Limits: Equatable {
        /// From one request to the next, unless that is full: `linger.ms` as the user set it, nanoseconds.
        let spacing: UInt64
        /// How long after the first batch of a request others may still join it: half of what librdkafka lingers,
        /// nanoseconds.
        let joining: UInt64
        /// `batch.size`, less what the encoding may add to the records.
        let bytes: Int
        /// `batch.num.messages`.
        let records: Int
    }

    /// A batch, or several, as far as the window looks at them.
    struct Load {
        var bytes = 0
        var records = 0

        static func + (one: Load, other: Load) -> Load {
            Load(bytes: one.bytes + other.bytes, records: one.records + other.records)
        }

        func fits(_ limits: Limits) -> Bool { bytes <= limits.bytes && records <= limits.records }
    }

    private var openedAt: UInt64 = 0
    private var request = Load()
    /// While waiting batches are handed over, nobody may overtake them.
    private var isDraining = false

    /// Whether a batch may go at once. If not, it waits behind those that wait already.
    ///
    /// - Parameters:
    ///   - isFirst: no batch waits.
    ///   - inFlight: records of the partition that librdkafka has.
    ///   - now: monotonic nanoseconds.
    mutating func admit(_ load: Load, isFirst: Bool, inFlight: Int, now: UInt64, _ limits: Limits) -> Bool {
        guard isFirst, !isDraining else { return false }
        if inFlight == 0, now &- openedAt >= limits.spacing {
            open(load, now: now)
            return true
        }
        guard now &- openedAt < limits.joining, (request + load).fits(limits) else { return false }
        request = request + load
        return true
    }

    /// When what waits may go, if nothing is in flight then: monotonic nanoseconds.
    func due(_ waiting: Load, _ limits: Limits) -> UInt64 {
        waiting.fits(limits) ? openedAt &+ limits.spacing : 0
    }

    /// How many of the waiting batches make the next request; at least one, if there is one.
    mutating func drain(_ waiting: some Sequence<Load>, now: UInt64, _ limits: Limits) -> Int {
        isDraining = true
        open(Load(), now: now)
        var count = 0
        for load in waiting {
            guard count == 0 || (request + load).fits(limits) else { break }
            request = request + load
            count += 1
        }
        return count
    }

    mutating func drained() { isDraining = false }

    private mutating func open(_ load: Load, now: UInt64) {
        openedAt = now
        request = load
    }
}
