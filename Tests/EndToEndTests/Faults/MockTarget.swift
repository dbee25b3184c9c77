import Synchronization

/// librdkafka's mock cluster as a schedule's Kafka.
///
/// What it cannot do: add partitions, delete topics, shut a broker down in good order.
final class MockTarget: FaultTarget {
    let topic = "logs"
    let shortLivedTopic: String? = nil
    let deadLetterTopic: String?
    let checksSequences = false
    private let broker: MockBroker
    private let partitions: Int
    /// Commands that wait for the thaw; nil while it is not frozen.
    private let waiting = Mutex<[String]?>(nil)

    init(_ setting: FaultSetting, in workspace: Workspace) async throws {
        partitions = setting.partitions
        deadLetterTopic = setting.hasDeadLetters ? "dead" : nil
        broker = try await MockBroker.start(
            topics: [topic: setting.partitions, "dead": 1],
            brokers: FaultSchedule.brokers,
            in: workspace
        )
    }

    var hosts: String { broker.hosts }

    /// One request at a time: librdkafka takes a request's success for that of those before it, which is so with a Kafka
    /// that checks sequence numbers, and the mock cluster checks none.
    var settings: String { #"librdkafka: {"max.in.flight": 1, "reconnect.backoff.max.ms": 500}"# }

    func perform(_ fault: Fault) async throws {
        // Its brokers are numbered from 1.
        switch fault {
        case .kill(let broker): try await tell("down \(broker + 1)")
        case .start(let broker): try await tell("up \(broker + 1)")
        case .freeze: freeze()
        case .thaw: try await thaw()
        case .moveLeader(let partition, let broker): try await tell("leader \(topic) \(partition) \(broker + 1)")
        case .removeLeader(let partition): try await tell("leader \(topic) \(partition) -1")
        case .refuse(let request, let code, let count): try await tell("fail \(request.rawValue) \(code) \(count)")
        case .delay(let broker, let milliseconds): try await tell("delay \(broker + 1) \(milliseconds)")
        case .spoilMetadata(let code): try await tell("topic \(topic) \(code)")
        default: throw Failure("the mock cluster cannot do this: \(fault)")
        }
    }

    private func tell(_ command: String) async throws {
        let waits = waiting.withLock { waiting in
            waiting?.append(command)
            return waiting != nil
        }
        if !waits { try await broker.perform(command) }
    }

    private func freeze() {
        waiting.withLock { if $0 == nil { $0 = [] } }
        broker.freeze()
    }

    private func thaw() async throws {
        broker.thaw()
        let commands = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting ?? []
        }
        for command in commands { try await broker.perform(command) }
    }

    func tidy() async throws {}

    func mend() async throws {
        try await thaw()
        try await broker.perform("topic \(topic) 0")
        for request in [Fault.Request.produce, .initProducerID] { try await broker.perform("heal \(request.rawValue)") }
        for number in 1...FaultSchedule.brokers {
            try await broker.perform("up \(number)")
            try await broker.perform("delay \(number) 0")
        }
        for partition in 0..<partitions {
            try await broker.perform("leader \(topic) \(partition) \(partition % FaultSchedule.brokers + 1)")
        }
    }
}
