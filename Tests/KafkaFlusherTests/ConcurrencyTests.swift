import CRdKafka
import Dispatch
import LogPipeline
import Testing

@testable import KafkaFlusher

/// Loops that hand over at the same time, to the same partitions, while those are held and released.
@Suite(.timeLimit(.minutes(5)), .serialized)
struct ConcurrencyTests {
    private struct Loop: @unchecked Sendable {
        let flusher: KafkaFlusher
        let topic: TopicIndex
        let number: Int
        let payload = Payload()

        func run(rounds: Int, size: Int) {
            for round in 0..<rounds {
                let partition = Int32(round % 2)
                let numbers = round * size..<(round + 1) * size
                flusher.flush(
                    payload.batch(
                        topic: topic,
                        partition: partition,
                        stream: "l\(number)",
                        numbers: numbers,
                        loop: number
                    )
                )
            }
        }
    }

    @Test(arguments: [
        RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
        RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER,
    ])
    func loopsKeepTheirOrderWhilePartitionsAreHeldAndReleased(_ error: rd_kafka_resp_err_t) throws {
        let harness = try Harness(partitions: 2, loops: 3)
        #expect(harness.ready())
        let loops = (0..<3).map { Loop(flusher: harness.flusher, topic: harness.topic, number: $0) }
        let done = DispatchGroup()
        // A refusal now and then, each at a MessageSet of its own.
        for _ in 0..<5 { harness.fail(API.produce, [RD_KAFKA_RESP_ERR_NO_ERROR, error]) }
        for loop in loops {
            DispatchQueue.global().async(group: done) { loop.run(rounds: 400, size: 10) }
        }
        done.wait()
        #expect(harness.settled(12_000))
        let delivered = harness.sinks.reduce(0) { $0 + $1.now.delivered }
        let dropped = harness.sinks.reduce(0) { $0 + $1.now.dropped.values.reduce(0, +) }
        #expect(delivered + dropped == 12_000)
        // The mock refuses requests, whatever is in them: a record alone in one is taken for the one at fault.
        #expect(dropped <= 5)
        let messages = harness.read(delivered, partitions: 2)
        #expect(Set(messages.map(\.text)).count == delivered)
        #expect(Harness.isInOrder(messages) || harness.flusher.counters.reordered > 0)
        #expect(harness.flusher.counters.topics[0].bytesInFlight == 0)
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }
}
