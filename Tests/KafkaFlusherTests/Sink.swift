import Dispatch
import LogPipeline
import Synchronization

/// A loop's inbox for tests: counts what was settled, and can be waited for.
final class Sink: SettlementSink {
    struct Seen {
        var delivered = 0
        var dropped: [DropReason: Int] = [:]
        var batches = 0
        var posts = 0
        var changes = 0
        var reentered = 0

        var settled: Int { delivered + dropped.values.reduce(0, +) }
    }

    private let seen = Mutex(Seen())
    private let bell = DispatchSemaphore(value: 0)

    var now: Seen { seen.withLock { $0 } }

    func settled(_ batches: [Batch]) {
        seen.withLock { seen in
            seen.posts += 1
            for batch in batches {
                precondition(batch.isWhole)
                seen.batches += 1
                seen.delivered += batch.count - batch.drops.count
                for drop in batch.drops { seen.dropped[drop.reason, default: 0] += 1 }
            }
        }
        bell.signal()
    }

    func readinessChanged(_ topic: TopicIndex) {
        seen.withLock { $0.changes += 1 }
        bell.signal()
    }

    /// Waits until this holds; asked again after every post, and every 50 ms for what changes without one.
    func wait(seconds: Int = 60, until isTrue: () -> Bool) -> Bool {
        let end = DispatchTime.now() + .seconds(seconds)
        while !isTrue() {
            if DispatchTime.now() > end { return false }
            _ = bell.wait(timeout: .now() + .milliseconds(50))
        }
        return true
    }
}
