import LogPipeline
import Reactor

// What was gathered goes to the flusher.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// End of tick.
    mutating func handOver() {
        var isHandedOver = false
        var isWaiting = false
        for topic in 0..<writers.count {
            guard writers[topic].wantsSeal else { continue }
            let held = writers[topic].heldBytes
            guard draining != nil || pace.isDue(heldBytes: held, now: reactor.now) else {
                if held > 0 { isWaiting = true }
                continue
            }
            if held > 0 { isHandedOver = true }
            let partitions = flusher.partitions(of: TopicIndex(rawValue: topic))
            writers[topic].seal(partitions: partitions, now: reactor.now)
            while let batch = writers[topic].nextSealed() {
                ledger.handedOver(batch)
                flusher.flush(batch)
            }
        }
        if isHandedOver { pace.handedOver(at: reactor.now) }
        if isWaiting, !isPaceTimed {
            isPaceTimed = true
            reactor.setTimer(.handOver, at: pace.next)
        }
    }
}
