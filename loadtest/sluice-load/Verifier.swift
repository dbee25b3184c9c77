internal import Reactor
internal import Synchronization

/// What a verifier has to do.
struct VerifierTask: Sendable {
    let topic: Arguments.Topic
    let properties: [KafkaProperty]
    /// The run's 8 digits.
    let run: [UInt8]
    /// Bytes of its logs.
    let size: Int
    let connections: Int
    /// Without a record for so long, what is missing counts as lost.
    let timeout: Duration
}

extension VerifierTask {
    /// Nil when there is nothing to verify.
    init?(_ arguments: Arguments, run: [UInt8]) {
        guard let topic = arguments.topic else { return nil }
        self.topic = topic
        self.run = run
        properties = arguments.kafka
        size = arguments.size
        connections = arguments.connections
        timeout = .nanoseconds(Int64(arguments.verifyTimeout))
    }
}

/// What a verifier has to say.
enum VerifierNews: Sendable {
    /// From now on no record is missed.
    case following(partitions: Int)
    case failed(TopicReaderError)
    /// How many logs are there by now.
    case accountedFor(Int)
    case concluded(VerifyFindings)
}

/// The thread that follows the topic.
struct Verifier: ~Copyable {
    private let orders: Orders
    private let thread: LoopThread

    /// What the thread is told.
    private final class Orders: Sendable {
        let sent = Mutex<[Int]?>(nil)
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
    /// - Parameter sent: how many messages each connection has sent.
    borrowing func conclude(sent: [Int]) { orders.sent.withLock { $0 = sent } }

    /// Waits for the thread, which ends after `failed` or `concluded`.
    consuming func join() { thread.join() }

    private static func follow(_ task: VerifierTask, _ orders: Orders, _ news: Inbox<VerifierNews>) {
        do throws(TopicReaderError) {
            let reader = try TopicReader(task.topic, properties: task.properties)
            news.post(.following(partitions: reader.offsets.count))
            var tally = VerifyTally(connections: task.connections, offsets: reader.offsets)
            let begin = ContinuousClock.now
            var patience = VerifierPatience(timeout: task.timeout)
            var told = 0
            while true {
                let count = reader.read(run: task.run, size: task.size, into: &tally)
                if tally.accountedFor != told {
                    told = tally.accountedFor
                    news.post(.accountedFor(told))
                }
                let sent = orders.sent.withLock { $0 }
                let now = ContinuousClock.now - begin
                if let sent, patience.isOver(count, tally.accountedFor >= sent.reduce(0, +), now: now) {
                    news.post(.concluded(tally.conclude(sent: sent)))
                    return
                }
            }
        } catch {
            news.post(.failed(error))
        }
    }
}
