internal import Dispatch
internal import Synchronization

/// The thread for questions to brokers that librdkafka can only ask by blocking.
final class BrokerWatch: Sendable {
    /// How long an answer may take, milliseconds.
    private static let patience: Int32 = 3_000

    private let state: ProducerState
    private let wanted = Atomic<Bool>(false)
    private let stopped = Atomic<Bool>(false)
    private let bell = DispatchSemaphore(value: 0)

    init(_ state: ProducerState) { self.state = state }

    /// Asks for all topics' metadata; the answer is posted to the delivery thread. Questions while one is under way
    /// are one more.
    func ask() {
        if !wanted.exchange(true, ordering: .acquiringAndReleasing) { bell.signal() }
    }

    func stop() {
        stopped.store(true, ordering: .releasing)
        bell.signal()
    }

    func run() {
        while true {
            bell.wait()
            guard !stopped.load(ordering: .acquiring) else { return }
            wanted.store(false, ordering: .releasing)
            let asked = Instant.now()
            do throws(KafkaError) {
                state.post(.metadata(try state.handle.metadata(milliseconds: BrokerWatch.patience)))
            } catch {
                state.post(.noMetadata(error.reason, asked: asked))
            }
        }
    }
}
