internal import Reactor
internal import Synchronization

/// What a verifier has to do.
struct VerifierTask: Sendable {
    let topic: Arguments.Topic
    let properties: [KafkaProperty]
    /// The run's 8 digits.
    let run: [UInt8]
    let sizes: SizeTable
    let schedule: Schedule
    let connections: Int
    /// Without a record for so long, what is missing counts as lost.
    let timeout: Duration
}

extension VerifierTask {
    /// Nil when there is nothing to verify.
    init?(_ setup: RunSetup) {
        guard let topic = setup.arguments.topic else { return nil }
        self.topic = topic
        run = setup.run
        properties = setup.arguments.kafka
        sizes = setup.sizes
        schedule = setup.schedule
        connections = setup.plan.connections
        timeout = .nanoseconds(Int64(setup.arguments.verifyTimeout))
    }
}

/// What a verifier has to say.
enum VerifierNews: Sendable {
    /// From now on no record is missed.
    case following(partitions: Int)
    case failed(TopicReaderError)
    /// How many logs are there by now.
    case accountedFor(Int)
    /// - Parameter latency: from when a log was due to when it was read from the topic; empty without a rate.
    case concluded(VerifyFindings, latency: LatencyHistogram)
}

/// What became of the senders: what a verifier judges by.
struct SentLogs: Sendable {
    /// How many logs each connection has sent.
    let counts: [Int]
    /// What a connection had to send again: that may be there twice.
    let again: [Int: [ClosedRange<Int>]]
}

/// The thread that follows the topic.
struct Verifier: ~Copyable {
    private let orders: Orders
    private let thread: LoopThread

    /// What the thread is told.
    private final class Orders: Sendable {
        let sent = Mutex<SentLogs?>(nil)
        /// Monotonic nanoseconds; 0 before sending begins.
        let started = Atomic<UInt64>(0)
    }

    /// - Throws: `TopicReaderError.thread`.
    static func start(_ task: VerifierTask, news: Inbox<VerifierNews>) throws(TopicReaderError) -> Verifier {
        let orders = Orders()
        do throws(Errno) {
            let thread = try LoopThread.start(name: "verify") { follow(task, orders, news) }
            return Verifier(orders: orders, thread: thread)
        } catch {
            throw .thread(reason: "\(error)")
        }
    }

    /// Nothing more will be sent: `concluded` comes when everything is there, or nothing new came for long enough.
    ///
    borrowing func conclude(_ sent: SentLogs) { orders.sent.withLock { $0 = sent } }

    /// What latencies count from.
    ///
    /// - Parameter time: monotonic nanoseconds.
    borrowing func begin(at time: UInt64) { orders.started.store(time, ordering: .relaxed) }

    /// Waits for the thread, which ends after `failed` or `concluded`.
    consuming func join() { thread.join() }

    private static func follow(_ task: VerifierTask, _ orders: Orders, _ news: Inbox<VerifierNews>) {
        do throws(TopicReaderError) {
            let reader = try TopicReader(task.topic, properties: task.properties)
            news.post(.following(partitions: reader.offsets.count))
            var tally = VerifyTally(connections: task.connections, offsets: reader.offsets)
            let begin = ContinuousClock.now
            var patience = VerifierPatience(timeout: task.timeout)
            var delivery = Delivery(task.schedule)
            var told = 0
            while true {
                let count = reader.read(run: task.run, sizes: task.sizes, into: &tally) { name in
                    // The first logs may be read by the call that began to wait before they were sent.
                    if delivery.started == 0 { delivery.started = orders.started.load(ordering: .relaxed) }
                    delivery.note(name)
                }
                delivery.now = nil
                if tally.accountedFor != told {
                    told = tally.accountedFor
                    news.post(.accountedFor(told))
                }
                let sent = orders.sent.withLock { $0 }
                let now = ContinuousClock.now - begin
                if let sent, patience.isOver(count, tally.accountedFor >= sent.counts.reduce(0, +), now: now) {
                    news.post(
                        .concluded(tally.conclude(sent: sent.counts, again: sent.again), latency: delivery.latency)
                    )
                    return
                }
            }
        } catch {
            news.post(.failed(error))
        }
    }
}

/// How long logs took from when they were due until they were read from the topic.
private struct Delivery {
    var started: UInt64 = 0
    /// When the records at hand were read; nil until somebody asks.
    var now: UInt64?
    private(set) var latency = LatencyHistogram()
    private var schedule: Schedule

    init(_ schedule: Schedule) { self.schedule = schedule }

    mutating func note(_ name: LogName) {
        guard started > 0, schedule.plan.rate > 0, name.connection < schedule.plan.connections else { return }
        let now = self.now ?? WallClock.monotonic
        self.now = now
        let due = started + schedule.dueTime(of: name.number - 1, on: name.connection)
        latency.record(now - min(now, due))
    }
}
