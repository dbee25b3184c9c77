internal import CRdKafka
internal import Foundation
internal import Telemetry

/// What librdkafka says of its producer every `statistics.interval.ms` (STATISTICS.md of librdkafka): its queue, and
/// every broker that it knows by its id.
struct ProducerStatistics: Decodable, Equatable {
    struct Broker: Decodable, Equatable {
        /// -1 of those that are only configured, until they have said who they are.
        let id: Int
        let state: String
        /// Requests, as are the numbers that follow.
        let queued: Int
        let waiting: Int
        let sent: UInt64
        let sentBytes: UInt64
        let sendErrors: UInt64
        let retries: UInt64
        let receiveErrors: UInt64
        let timeouts: UInt64
        let connects: UInt64
        let disconnects: UInt64
        let roundTrip: Window

        enum CodingKeys: String, CodingKey {
            case id = "nodeid"
            case state
            case queued = "outbuf_cnt"
            case waiting = "waitresp_cnt"
            case sent = "tx"
            case sentBytes = "txbytes"
            case sendErrors = "txerrs"
            case retries = "txretries"
            case receiveErrors = "rxerrs"
            case timeouts = "req_timeouts"
            case connects
            case disconnects
            case roundTrip = "rtt"
        }
    }

    /// Microseconds, over the last interval.
    struct Window: Decodable, Equatable {
        let avg: Int64
        let p99: Int64
    }

    let records: UInt64
    let bytes: UInt64
    let brokers: [String: Broker]

    enum CodingKeys: String, CodingKey {
        case records = "msg_cnt"
        case bytes = "msg_size"
        case brokers
    }

    /// - Parameter json: with or without what follows the brokers; nil of what cannot be read.
    init?(_ json: String) {
        guard let read = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else { return nil }
        self = read
    }

    /// The text of an event up to the topics, which are nine tenths of it and not wanted: a JSON object too.
    static func head(of event: OpaquePointer) -> String? {
        guard let text = unsafe rd_kafka_event_stats(event) else { return nil }
        guard let topics = unsafe strstr(text, "\"topics\":") else { return unsafe String(cString: text) }
        let count = unsafe UnsafePointer(topics) - text
        let head = unsafe String(decoding: UnsafeRawBufferPointer(start: text, count: count), as: UTF8.self)
        guard let comma = head.lastIndex(of: ",") else { return nil }
        return head[..<comma] + "}"
    }
}

extension ProducerStatistics {
    /// As metrics; every family is there though nothing is known yet.
    static func families(_ known: ProducerStatistics?) -> [MetricFamily] {
        var page = BrokerFamilies(known)
        page.write("sluice_kafka_broker_up", .gauge, "Whether the producer is connected to the broker.") {
            $0.isUp ? 1 : 0
        }
        page.write("sluice_kafka_broker_queued_requests", .gauge, "Requests that wait to be sent.", \.queuedNow)
        page.write("sluice_kafka_broker_waiting_requests", .gauge, "Requests that wait for an answer.", \.waitingNow)
        page.write("sluice_kafka_broker_requests_total", .counter, "Requests that were sent.", \.sent)
        page.write("sluice_kafka_broker_sent_bytes_total", .counter, "Bytes that were sent.", \.sentBytes)
        page.write("sluice_kafka_broker_send_errors_total", .counter, "Requests that could not be sent.", \.sendErrors)
        page.write(
            "sluice_kafka_broker_receive_errors_total",
            .counter,
            "Answers that could not be received.",
            \.receiveErrors
        )
        page.write("sluice_kafka_broker_retries_total", .counter, "Requests that were sent again.", \.retries)
        page.write(
            "sluice_kafka_broker_timeouts_total",
            .counter,
            "Requests that were not answered in time.",
            \.timeouts
        )
        page.write("sluice_kafka_broker_connects_total", .counter, "Attempts to connect.", \.connects)
        page.write("sluice_kafka_broker_disconnects_total", .counter, "Connections that ended.", \.disconnects)
        page.write(
            "sluice_kafka_broker_rtt_seconds",
            "From a request to its answer, on average over the last interval.",
            microseconds: \.roundTrip.avg
        )
        page.write(
            "sluice_kafka_broker_rtt_p99_seconds",
            "From a request to its answer: 99 of 100 over the last interval took no longer.",
            microseconds: \.roundTrip.p99
        )
        return page.families.all
    }
}

extension ProducerStatistics.Broker {
    /// Connected and agreed on; `UPDATE` is what a connection that is up does now and then.
    var isUp: Bool { state == "UP" || state == "UPDATE" }
    // Gauges of librdkafka are signed.
    var queuedNow: UInt64 { UInt64(max(0, queued)) }
    var waitingNow: UInt64 { UInt64(max(0, waiting)) }
}

/// Families of the queue, then of the brokers by id.
private struct BrokerFamilies {
    var families = MetricFamilies()
    private let brokers: [ProducerStatistics.Broker]

    init(_ known: ProducerStatistics?) {
        brokers = (known?.brokers.values.filter { $0.id >= 0 } ?? []).sorted { $0.id < $1.id }
        families.begin(
            "sluice_kafka_queue_records",
            .gauge,
            help: "Records that librdkafka has and has not settled yet."
        )
        if let known { families.sample(known.records) }
        families.begin("sluice_kafka_queue_bytes", .gauge, help: "Bytes of the records in librdkafka's queues.")
        if let known { families.sample(known.bytes) }
    }

    mutating func write(
        _ name: String,
        _ kind: MetricFamily.Kind,
        _ help: String,
        _ value: (ProducerStatistics.Broker) -> UInt64
    ) {
        families.begin(name, kind, help: help)
        for broker in brokers { families.sample(value(broker), labels: ["broker": String(broker.id)]) }
    }

    mutating func write(_ name: String, _ help: String, microseconds: (ProducerStatistics.Broker) -> Int64) {
        families.begin(name, .gauge, help: help)
        for broker in brokers {
            families.sample(Double(microseconds(broker)) / 1e6, labels: ["broker": String(broker.id)])
        }
    }
}
