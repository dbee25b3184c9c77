internal import CRdKafka
internal import Telemetry

/// librdkafka's own log lines, as Sluice's.
enum KafkaLog {
    static func write(_ event: OpaquePointer, to logger: Logger) {
        var facility: UnsafePointer<CChar>?
        var text: UnsafePointer<CChar>?
        var level: Int32 = 7
        guard unsafe rd_kafka_event_log(event, &facility, &text, &level) == 0,
            let facility = unsafe facility, let text = unsafe text
        else { return }
        // Every reconnect that fails is an error to librdkafka; what matters of it is in the topics' health.
        logger.debug(
            "kafka.library",
            ["facility": unsafe String(cString: facility), "detail": unsafe String(cString: text)]
        )
    }
}
