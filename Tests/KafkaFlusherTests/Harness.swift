import CRdKafka
import LogPipeline
import Telemetry
import Testing

@testable import KafkaFlusher

/// A mock cluster, a flusher on it, a sink for each loop and payloads that live as long as all of them.
final class Harness {
    let broker: EmbeddedBroker
    let flusher: KafkaFlusher
    let sinks: [Sink]
    let payload = Payload()
    let topics: [TopicIndex]
    let names: [String]
    private var sent: [String: Int] = [:]
    private var flushed = 0

    var sink: Sink { sinks[0] }
    var topic: TopicIndex { topics[0] }

    static func configuration(_ change: (inout KafkaConfiguration) -> Void = { _ in }) -> KafkaConfiguration {
        var configuration = KafkaConfiguration()
        // Short waits, so that a test of many probes takes seconds.
        configuration.backoffInitialMilliseconds = 50
        configuration.backoffMaximumMilliseconds = 200
        configuration.librdkafka = ["retry.backoff.ms": "20", "reconnect.backoff.max.ms": "200"]
        change(&configuration)
        return configuration
    }

    init(
        topics names: [String] = ["logs"],
        partitions: Int = 1,
        brokers: Int32 = 1,
        loops: Int = 1,
        logger: Logger = .silent,
        _ change: (inout KafkaConfiguration) -> Void = { _ in }
    ) throws {
        self.names = names
        let broker = try EmbeddedBroker(topics: names, partitions: partitions, brokers: brokers)
        self.broker = broker
        let configuration = Harness.configuration { configuration in
            configuration.hosts = [broker.address]
            change(&configuration)
        }
        let flusher = KafkaFlusher(configuration: configuration, logger: logger)
        self.flusher = flusher
        topics = try names.map { name in try flusher.topic(named: name) }
        sinks = (0..<loops).map { _ in Sink() }
        try flusher.start(sinks: sinks)
    }

    /// Waits until every topic is ready and has its partitions.
    func ready() -> Bool {
        sink.wait { topics.allSatisfy { flusher.isReady($0) } }
    }

    func flush(
        _ numbers: Range<Int>,
        stream: String = "s",
        partition: Int32 = 0,
        topic: Int = 0,
        size: Int = 40,
        loop: Int = 0
    ) {
        flushed += numbers.count
        flusher.flush(
            payload.batch(
                topic: topics[topic],
                partition: partition,
                stream: stream,
                numbers: numbers,
                size: size,
                loop: loop
            )
        )
    }

    func fail(_ api: Int16, _ errors: [rd_kafka_resp_err_t]) {
        rd_kafka_mock_push_request_errors_array(broker.cluster, api, errors.count, errors)
    }

    func clearErrors(_ api: Int16) { rd_kafka_mock_clear_request_errors(broker.cluster, api) }

    func settled(_ count: Int, seconds: Int = 60) -> Bool {
        sink.wait(seconds: seconds) { sinks.reduce(0) { $0 + $1.now.settled } >= count }
    }

    func read(_ distinct: Int, topic: Int = 0, partitions: Int = 1) -> [Reader.Message] {
        Reader(hosts: broker.address, topic: names[topic], partitions: partitions).read(distinct: distinct)
    }

    /// Whether each stream's numbers rise within each partition, after repeated ones are taken out.
    static func isInOrder(_ messages: [Reader.Message]) -> Bool {
        var last: [String: Int] = [:]
        var seen: Set<String> = []
        for message in messages where seen.insert(message.text).inserted {
            let parts = message.text.split(separator: ":")
            guard parts.count >= 2, let number = Int(parts[1]) else { return false }
            let stream = "\(message.partition)/\(parts[0])"
            if let before = last[stream], before > number { return false }
            last[stream] = number
        }
        return true
    }
}

/// Kafka's request numbers.
enum API {
    static let produce: Int16 = 0
    static let metadata: Int16 = 3
    static let offsetFetch: Int16 = 9
    static let initProducerID: Int16 = 22
}
