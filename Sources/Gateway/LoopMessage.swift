import LogPipeline
import Reactor

/// What other threads ask of a loop, through its inbox.
enum LoopMessage: Sendable {
    /// Batches that a flusher has settled come home.
    case settled([Batch])
    /// A topic has become ready or unready, or has more partitions.
    case readinessChanged(TopicIndex)
    /// Begin to accept from these.
    case listen(BoundListeners, [GatewayListener])
    /// Later handshakes of this listener use another context.
    case replaceSecurity(listener: Int, TLSContext)
    /// Whoever comes from now on is judged by another table.
    case replaceAdmission(AdmissionTable)
    /// Routes, limits and certificates are others from now on.
    case update(LoopUpdate, done: @Sendable () -> Void)
    /// Another connection has come for the session of this one.
    case sessionTaken(ConnectionID)
    /// The session that this connection waits for is its own.
    case sessionGiven(ConnectionID, SessionKey, SessionMemory)
    /// One consistent set of this loop's counters is wanted.
    case snapshot(@Sendable (LoopSnapshot) -> Void)
    /// Stop accepting, close connections at a bounded rate; answer when all are gone and all logs handed over, or
    /// after so many nanoseconds.
    case drain(within: UInt64, done: @Sendable () -> Void)
    /// End the loop; the reply has its last counters.
    case stop(@Sendable (LoopSnapshot) -> Void)
}

/// A loop's inbox as the flushers see it.
final class LoopSink: SettlementSink {
    private let post: @Sendable (LoopMessage) -> Void

    init(post: @escaping @Sendable (LoopMessage) -> Void) {
        self.post = post
    }

    func settled(_ batches: [Batch]) { post(.settled(batches)) }
    func readinessChanged(_ topic: TopicIndex) { post(.readinessChanged(topic)) }
}
