import Reactor
import Testing

@testable import sluice_load

@Suite(.timeLimit(.minutes(1)))
struct TopicReaderTests {
    /// Reads until the tally knows of so many records.
    private func follow(
        _ reader: borrowing TopicReader,
        _ tally: inout VerifyTally,
        records: Int
    ) {
        var count = 0
        while count < records { count += reader.read(run: sluiceRun, sizes: SizeTable(fixed: 200), into: &tally) }
    }

    @Test func whatIsStoredAfterItBeganIsReadAndFaultsAreFound() throws {
        let kafka = try MockKafka(topic: "logs", partitions: 3)
        // Of the same run, so that reading it would be seen as a repetition.
        try kafka.store([log(connection: 0, number: 1)], in: 0)
        let topic = Arguments.Topic(hosts: kafka.hosts, name: "logs")
        let reader = try TopicReader(topic, properties: [])
        #expect(reader.offsets == [0: 1, 1: 0, 2: 0])
        var tally = VerifyTally(connections: 2, offsets: reader.offsets)
        var damaged = log(connection: 0, number: 3)
        damaged[120] ^= 1
        try kafka.store([log(connection: 0, number: 1), damaged, log(connection: 0, number: 2)], in: 0)
        try kafka.store([1, 3, 2, 2].map { log(connection: 1, number: $0) }, in: 2)
        try kafka.store([Array("of others".utf8), []], in: 1)
        follow(reader, &tally, records: 9)
        let found = tally.conclude(sent: [4, 3])
        #expect(found.lost.text == "connection 0: 4")
        #expect(found.damaged.text == "connection 0: 3")
        #expect(found.damagedPlaces.text == "partition 0 offset 2")
        #expect(found.repeated.text == "connection 1: 2")
        #expect(found.reordered.text == "connection 1: 2")
        #expect(found.foreign == 2 && found.skipped == 0 && found.intact == 5)
    }

    @Test func aPropertyThatDoesNotExistIsNamed() {
        let property = KafkaProperty(name: "no.such", value: "1")
        let topic = Arguments.Topic(hosts: "127.0.0.1:1", name: "logs")
        do throws(TopicReaderError) {
            _ = try TopicReader(topic, properties: [property])
            Issue.record("taken")
        } catch {
            guard case .property("no.such", _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test func aRunWhoseLogsNeverReachTheTopicHasLostThem() throws {
        let kafka = try MockKafka(topic: "logs", partitions: 2)
        let server = try LoopServer.start(.obedient)
        var arguments = Arguments(url: try TargetURL("ws://127.0.0.1:\(server.port)/"))
        arguments.connections = 2
        arguments.messages = 100
        arguments.topic = Arguments.Topic(hosts: kafka.hosts, name: "logs")
        arguments.verifyTimeout = 300_000_000
        let addresses = try SocketAddress.resolve(host: "127.0.0.1", port: server.port)
        var run = try LoadRun(RunSetup(arguments, addresses: addresses, run: sluiceRun))
        let report = run.run()
        #expect(server.finish().count == 100)
        #expect(!report.isClean && report.failed == 0 && report.verifierFault == nil)
        #expect(report.findings?.lost.text == "connection 0: 1-50; connection 1: 1-50")
    }

    @Test func aRunThatCannotBeVerifiedDoesNotBegin() throws {
        let server = try LoopServer.start(.obedient)
        var arguments = Arguments(url: try TargetURL("ws://127.0.0.1:\(server.port)/"))
        arguments.topic = Arguments.Topic(hosts: "127.0.0.1:1", name: "logs")
        arguments.kafka = [KafkaProperty(name: "no.such", value: "1")]
        let addresses = try SocketAddress.resolve(host: "127.0.0.1", port: server.port)
        var run = try LoadRun(RunSetup(arguments, addresses: addresses, run: sluiceRun))
        let report = run.run()
        #expect(server.finish().isEmpty)
        #expect(!report.isClean && report.sent == 0)
        #expect(report.verifierFault?.hasPrefix("--kafka no.such: ") ?? false)
    }
}
