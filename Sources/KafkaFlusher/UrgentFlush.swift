internal import Synchronization

/// While the flusher is urgent, a thread that keeps librdkafka from waiting for fuller batches.
///
/// `linger.ms` cannot be changed while a producer lives, but inside `rd_kafka_flush` it counts as zero.
enum UrgentFlush {
    static func start(_ state: ProducerState) {
        KafkaThread.start(name: "kafka-urgent") {
            while state.isUrgent.load(ordering: .relaxed), !state.hasEnded.load(ordering: .relaxed) {
                // A new producer may take over at any time, so never for long.
                state.handle.flush(milliseconds: 100)
                Pause.milliseconds(5)
            }
        }
    }
}
