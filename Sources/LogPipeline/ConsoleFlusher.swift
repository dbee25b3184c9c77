import Dispatch
import Glibc
internal import Synchronization

/// Writes one line a record to standard output, on a thread of its own: for trying Sluice without a broker.
///
/// A record is delivered when the operating system has taken its line. When it takes no more (a closed pipe),
/// records are dropped with `record_refused` and health says so.
package final class ConsoleFlusher: Flusher {
    private struct State {
        var names: [String] = []
        var gates: [TopicGate] = []
        var sinks: [any SettlementSink] = []
        var failure: String?
        var unsettled = 0
    }

    private let descriptor: Int32
    private let budget: InFlightBudget
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "sluice.console")
    private let pending = DispatchGroup()

    /// - Parameters:
    ///   - descriptor: where the lines go; not closed here.
    ///   - maxInFlight: bytes, `max_in_flight`.
    package init(descriptor: Int32 = STDOUT_FILENO, maxInFlight: Int = 256 * 1024 * 1024) {
        self.descriptor = descriptor
        budget = InFlightBudget(bytes: maxInFlight, recordOverhead: 0)
    }

    package func topic(named name: String) throws(FlusherError) -> TopicIndex {
        state.withLock { state in
            if let index = state.names.firstIndex(of: name) { return TopicIndex(rawValue: index) }
            state.names.append(name)
            state.gates.append(budget.makeGate())
            return TopicIndex(rawValue: state.names.count - 1)
        }
    }

    package func indices(for names: [String]) throws(FlusherError) -> [TopicIndex] {
        state.withLock { state in
            var known = state.names
            return names.map { name in
                if !known.contains(name) { known.append(name) }
                return TopicIndex(rawValue: known.firstIndex(of: name) ?? 0)
            }
        }
    }

    // Nothing is found out of any topic.
    package func setUsed(_ topics: Set<TopicIndex>) {}

    package func start(sinks: [any SettlementSink]) throws(FlusherError) {
        state.withLock { $0.sinks = sinks }
    }

    package func partitions(of topic: TopicIndex) -> Int { 1 }

    package func health(of topic: TopicIndex) -> TopicHealth {
        guard let failure = state.withLock({ $0.failure }) else { return .healthy }
        return .unhealthy(reason: "fatal", detail: failure)
    }

    package func isReady(_ topic: TopicIndex) -> Bool { gate(topic).isReady }
    package func hasAmpleRoom(_ topic: TopicIndex) -> Bool { gate(topic).hasAmpleRoom }

    package func flush(_ batch: Batch) {
        let change = gate(batch.topic).add(batch)
        state.withLock { $0.unsettled += batch.count }
        tell(change, batch.topic)
        pending.enter()
        queue.async { [self] in
            write(batch)
            pending.leave()
        }
    }

    package func setUrgent(_ urgent: Bool) {
        for (index, gate) in state.withLock({ $0.gates }).enumerated() {
            tell(gate.setUrgent(urgent), TopicIndex(rawValue: index))
        }
    }

    package func stop(deadline: Duration) -> Int {
        let (seconds, attoseconds) = deadline.components
        _ = pending.wait(timeout: .now() + Double(seconds) + Double(attoseconds) / 1e18)
        return state.withLock { $0.unsettled }
    }

    private func gate(_ topic: TopicIndex) -> TopicGate { state.withLock { $0.gates[topic.rawValue] } }

    /// On the queue's thread.
    private func write(_ batch: Batch) {
        var lines: [UInt8] = []
        lines.reserveCapacity(batch.payloadBytes + batch.count)
        // `for unsafe` is what the compiler wants here and the formatter breaks.
        for index in 0..<batch.count {
            let record = unsafe batch.records[index]
            let line = unsafe UnsafeRawBufferPointer(start: record.payload, count: Int(record.count))
            unsafe lines.append(contentsOf: line)
            lines.append(UInt8(ascii: "\n"))
        }
        if let error = writeAll(lines) {
            let text = unsafe String(cString: strerror(error))
            state.withLock { $0.failure = "standard output takes no more: \(text)" }
            for index in 0..<batch.count { _ = batch.settleDropped(record: index, reason: .recordRefused) }
        } else {
            _ = batch.settleDelivered(batch.count)
        }
        settle(batch)
    }

    private func settle(_ batch: Batch) {
        let topic = batch.topic
        let change = gate(topic).remove(batch)
        let sink = state.withLock { state in
            state.unsettled -= batch.count
            return state.sinks[batch.loop]
        }
        sink.settled([batch])
        tell(change, topic)
    }

    private func tell(_ change: ReadinessChange, _ topic: TopicIndex) {
        guard change != .none else { return }
        let (sinks, count) = state.withLock { ($0.sinks, $0.gates.count) }
        let topics = change == .everyTopic ? (0..<count).map { TopicIndex(rawValue: $0) } : [topic]
        for sink in sinks {
            for topic in topics { sink.readinessChanged(topic) }
        }
    }

    /// - Returns: the error that ended it.
    private func writeAll(_ bytes: [UInt8]) -> Int32? {
        unsafe bytes.withUnsafeBytes { buffer in
            var at = 0
            while at < buffer.count {
                let written = unsafe Glibc.write(descriptor, buffer.baseAddress! + at, buffer.count - at)
                if written >= 0 {
                    at += written
                } else if errno == EAGAIN {
                    // Standard output may have been made non-blocking by whoever shares it.
                    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    unsafe _ = poll(&wait, 1, -1)
                } else if errno != EINTR {
                    return errno
                }
            }
            return nil
        }
    }
}
