import LogPipeline
import Telemetry
import Testing

@testable import KafkaFlusher

/// Topics that come while records are on their way.
@Suite(.timeLimit(.minutes(5)))
struct NewTopicTests {
    @Test func topicsThatComeAfterTheStartBecomeReadyAndTakeRecords() throws {
        let harness = try Harness()
        #expect(harness.ready())
        for round in 0..<8 {
            harness.flush(round * 100..<(round + 1) * 100)
            let name = "later-\(round)"
            let topic = try harness.flusher.topic(named: name)
            #expect(topic.rawValue == round + 1)
            #expect(try harness.flusher.topic(named: name) == topic)
            #expect(harness.sink.wait { harness.flusher.isReady(topic) }, "\(harness.flusher.health(of: topic))")
            harness.flusher.flush(harness.payload.batch(topic: topic, stream: "t", numbers: 0..<50))
        }
        #expect(harness.settled(8 * 150))
        #expect(harness.sink.now.delivered == 8 * 150)
        for round in [0, 7] {
            let messages = Reader(hosts: harness.broker.address, topic: "later-\(round)", partitions: 1).read(
                distinct: 50
            )
            #expect(messages.count == 50)
        }
        #expect(harness.flusher.counters.topics.map(\.bytesInFlight) == Array(repeating: 0, count: 9))
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func theEmbeddedBrokerMakesThemAtOnce() throws {
        let flusher = KafkaFlusher(configuration: KafkaConfiguration(), logger: .silent)
        _ = try flusher.topic(named: "first")
        let sink = Sink()
        try flusher.start(sinks: [sink])
        let second = try flusher.topic(named: "second")
        #expect(sink.wait { flusher.isReady(second) && flusher.partitions(of: second) == 4 })
        #expect(flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func thereAreOnlySoMany() throws {
        let flusher = KafkaFlusher(configuration: KafkaConfiguration(), logger: .silent)
        for number in 0..<KafkaTopics.most { _ = try flusher.topic(named: "t\(number)") }
        #expect(throws: FlusherError.self) { try flusher.topic(named: "one-more") }
        #expect(try flusher.topic(named: "t7").rawValue == 7)
        #expect(throws: FlusherError.self) { try flusher.topic(named: "no name") }
    }
}
