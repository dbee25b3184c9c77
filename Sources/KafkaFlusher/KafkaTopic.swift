internal import LogPipeline
internal import Synchronization

/// What loops and Kafka's threads share of one topic.
@safe final class KafkaTopic: Sendable {
    let name: String
    let index: TopicIndex
    let gate: TopicGate
    /// Partitions that the topic has, by the last metadata.
    let partitionCount = Atomic<Int>(1)
    /// Payloads over this are dropped before hand-over, bytes; `Int.max` while the topic takes all that may come.
    let recordLimit = Atomic<Int>(.max)
    private let used = Atomic<Bool>(true)
    private let condition = Mutex(starting)
    /// Nothing is known of it.
    private static let starting = TopicHealth.unhealthy(
        reason: "starting",
        detail: "Kafka has not answered for this topic yet"
    )
    // The pointer's bits: a pointer in an atomic is not Sendable.
    private let handle = Atomic<UInt>(0)
    // Loops read tables without a lock, so an old one stays for as long as the topic: a few hundred bytes, once
    // in the life of most topics.
    private let tables: Mutex<[PartitionTable]>
    private let current: Atomic<Unmanaged<PartitionTable>>

    init(name: String, index: TopicIndex, gate: TopicGate) {
        self.name = name
        self.index = index
        self.gate = gate
        let first = PartitionTable([KafkaPartition(number: 0, held: false)])
        tables = Mutex([first])
        unsafe current = Atomic(Unmanaged.passUnretained(first))
        _ = gate.setHealthy(false)
    }

    /// Lock-free.
    var table: PartitionTable { unsafe current.load(ordering: .acquiring).takeUnretainedValue() }

    /// The delivery thread's alone.
    ///
    /// - Parameter held: whether new partitions start held.
    func setPartitions(_ count: Int, held: Bool) {
        guard count > 0 else { return }
        let old = table
        if count > old.partitions.count {
            let grown = old.grown(to: count, held: held)
            tables.withLock { $0.append(grown) }
            unsafe current.store(Unmanaged.passUnretained(grown), ordering: .releasing)
        }
        partitionCount.store(count, ordering: .releasing)
    }

    /// Whether anything is still to be found out about it: routes or connections write to it, or records are in flight.
    var isWanted: Bool { used.load(ordering: .relaxed) || gate.bytes > 0 }

    /// Whether there is somebody who may write to it.
    ///
    /// - Returns: whether it was not so before.
    func setUsed(_ isUsed: Bool) -> Bool { used.exchange(isUsed, ordering: .relaxed) != isUsed }

    /// What was wrong with it when it was written to last may be over.
    func forgetTrouble() {
        condition.withLock { condition in
            guard condition != .healthy else { return }
            condition = Self.starting
            _ = gate.setHealthy(false)
        }
    }

    /// librdkafka's topic in the producer of the moment. Changes only while every partition is held and empty.
    var topicHandle: OpaquePointer? {
        get { unsafe OpaquePointer(bitPattern: handle.load(ordering: .acquiring)) }
        set { handle.store(UInt(bitPattern: newValue), ordering: .releasing) }
    }

    var health: TopicHealth { condition.withLock { $0 } }

    /// The gate changes under the same lock: two threads that differ must not leave it shut for a healthy topic.
    ///
    /// - Returns: whether that is a change.
    func setHealth(_ health: TopicHealth) -> Bool {
        condition.withLock { condition in
            guard condition != health else { return false }
            condition = health
            _ = gate.setHealthy(health == .healthy)
            return true
        }
    }
}
