internal import CRdKafka
internal import LogPipeline
internal import Synchronization

extension HandOver {
    /// A new batch on its usual way: to librdkafka, or to the delivery thread while its partition is held.
    ///
    /// Its records that are settled already stay behind.
    func pass(_ batch: Batch, of partition: KafkaPartition, in topic: KafkaTopic, _ state: ProducerState) {
        let skipped = batch.drops.map(\.record)
        let count = batch.count - skipped.count
        while true {
            partition.inFlight.add(count, ordering: .sequentiallyConsistent)
            guard partition.isHeld.load(ordering: .sequentiallyConsistent) else { break }
            partition.inFlight.subtract(count, ordering: .sequentiallyConsistent)
            if state.inbox.postIfHeld(batch, of: partition) { return state.handle.wake() }
        }
        let refusals = refusals(of: batch, skipping: skipped, in: topic, state)
        guard !refusals.isEmpty else { return }
        state.inbox.postRefusals(refusals, in: batch, of: partition)
        state.handle.wake()
    }

    private func refusals(
        of batch: Batch,
        skipping skipped: [Int],
        in topic: KafkaTopic,
        _ state: ProducerState
    ) -> [Refusal] {
        if let handle = unsafe topic.topicHandle {
            return unsafe produce(batch, skipping: skipped, state: state, topic: handle)
        }
        // A topic that librdkafka does not know yet takes its records later.
        let settled = Set(skipped)
        return (0..<batch.count).filter { !settled.contains($0) }.map {
            Refusal(index: $0, code: RD_KAFKA_RESP_ERR__RETRY)
        }
    }
}
