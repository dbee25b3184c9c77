import Telemetry
import Testing

@testable import KafkaFlusher

struct ProducerStatisticsTests {
    private static func broker(_ id: Int, _ state: String) -> String {
        """
        "host:9092/\(id)":{"name":"host:9092/\(id)","nodeid":\(id),"nodename":"host:9092","state":"\(state)",
        "outbuf_cnt":2,"waitresp_cnt":3,"tx":10,"txbytes":1000,"txerrs":1,"txretries":4,"rxerrs":5,"req_timeouts":6,
        "connects":7,"disconnects":8,"rtt":{"min":1,"avg":1500,"p99":20000},"toppars":{}}
        """
    }

    private static let json =
        #"{"name":"sluice#producer-1","msg_cnt":12,"msg_size":3400,"brokers":{"#
        + [broker(-1, "INIT"), broker(2, "DOWN"), broker(1, "UP")].joined(separator: ",") + "}}"

    private func samples(_ name: String, _ known: ProducerStatistics?) -> [String: MetricFamily.Value] {
        let family = ProducerStatistics.families(known).first { $0.name == name }
        let samples = family?.samples ?? []
        return Dictionary(uniqueKeysWithValues: samples.map { ($0.labels.first?.value ?? "", $0.value) })
    }

    @Test func brokersAreToldByTheirIdAndTheConfiguredOnesAreNot() throws {
        let known = try #require(ProducerStatistics(Self.json))
        #expect(samples("sluice_kafka_queue_records", known) == ["": .count(12)])
        #expect(samples("sluice_kafka_queue_bytes", known) == ["": .count(3_400)])
        #expect(samples("sluice_kafka_broker_up", known) == ["1": .count(1), "2": .count(0)])
        #expect(samples("sluice_kafka_broker_rtt_seconds", known) == ["1": .real(0.0015), "2": .real(0.0015)])
        #expect(samples("sluice_kafka_broker_rtt_p99_seconds", known)["1"] == .real(0.02))
        let counts: [(String, UInt64)] = [
            ("queued_requests", 2), ("waiting_requests", 3), ("requests_total", 10), ("sent_bytes_total", 1_000),
            ("send_errors_total", 1), ("receive_errors_total", 5), ("retries_total", 4), ("timeouts_total", 6),
            ("connects_total", 7), ("disconnects_total", 8),
        ]
        for (name, value) in counts {
            #expect(samples("sluice_kafka_broker_\(name)", known)["2"] == .count(value), "\(name)")
        }
    }

    @Test func everyFamilyIsThereBeforeAnythingIsKnown() {
        let families = ProducerStatistics.families(nil)
        #expect(families.map(\.name) == ProducerStatistics.families(ProducerStatistics(Self.json)).map(\.name))
        #expect(families.allSatisfy { $0.samples.isEmpty })
    }

    @Test(arguments: ["", "{", "[]", #"{"brokers":{}}"#, #"{"msg_cnt":1,"msg_size":1,"brokers":{"a":{}}}"#])
    func whatCannotBeReadIsNothing(json: String) {
        #expect(ProducerStatistics(json) == nil)
    }

    @Test func theProducerTellsOfItsBrokers() throws {
        let harness = try Harness(topics: ["logs", "topics"], partitions: 3, brokers: 2) { configuration in
            configuration.librdkafka["statistics.interval.ms"] = "50"
        }
        #expect(harness.ready())
        harness.flush(0..<100)
        #expect(harness.settled(100))
        let flusher = harness.flusher
        let told = harness.sink.wait {
            let families = flusher.producerFamilies
            let up = families.first { $0.name == "sluice_kafka_broker_up" }?.samples ?? []
            let sent = families.first { $0.name == "sluice_kafka_broker_sent_bytes_total" }?.samples ?? []
            return up.map(\.labels.first?.value) == ["1", "2"] && up.contains { $0.value == .count(1) }
                && sent.contains { $0.value != .count(0) }
        }
        #expect(told, "\(flusher.producerFamilies)")
        #expect(flusher.stop(deadline: .seconds(10)) == 0)
    }
}
