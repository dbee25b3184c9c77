/// One thing that goes wrong, or right again. Brokers are numbered from 0.
enum Fault: Equatable, Sendable {
    /// A broker crashes; the mock's refuses connections.
    case kill(broker: Int)
    /// A broker is shut down in good order. Not on the mock.
    case shutDown(broker: Int)
    /// A broker comes back.
    case start(broker: Int)
    /// A broker neither takes nor answers anything; the mock's are all one process and stand still together.
    case freeze(broker: Int)
    case thaw(broker: Int)
    /// A partition gets another leader.
    case moveLeader(partition: Int, to: Int)
    /// A partition has no leader. Only on the mock.
    case removeLeader(partition: Int)
    /// The next requests of a kind are answered with an error. Only on the mock.
    case refuse(Request, code: Int, count: Int)
    /// Answers of a broker take so long. Only on the mock.
    case delay(broker: Int, milliseconds: Int)
    /// Metadata of the topic carries an error; 0: none. Only on the mock.
    case spoilMetadata(code: Int)
    /// The topic gets more partitions. Not on the mock.
    case grow(partitions: Int)
    /// The topic of short life is deleted and made again. Not on the mock.
    case remakeTopic(partitions: Int)

    /// A client resets its connection, ends it without Close, or closes it.
    case reset(client: Int)
    case cut(client: Int)
    case close(client: Int)

    /// SIGTERM, and a new gateway after its end.
    case endGateway
    /// SIGKILL, and a new gateway.
    case killGateway

    /// Kafka's request numbers.
    enum Request: Int, Sendable {
        case produce = 0
        case initProducerID = 22
    }

    /// Closes the connection instead of answering: librdkafka's `_TRANSPORT`.
    static let disconnection = -195
}

extension Fault: CustomStringConvertible {
    var description: String {
        switch self {
        case .kill(let broker): "broker \(broker) crashes"
        case .shutDown(let broker): "broker \(broker) is shut down"
        case .start(let broker): "broker \(broker) starts"
        case .freeze(let broker): "broker \(broker) freezes"
        case .thaw(let broker): "broker \(broker) thaws"
        case .moveLeader(let partition, let broker): "broker \(broker) leads partition \(partition)"
        case .removeLeader(let partition): "partition \(partition) has no leader"
        case .refuse(let request, Self.disconnection, let count): "\(count) of \(request) are cut off"
        case .refuse(let request, let code, let count): "\(count) of \(request) are answered with \(code)"
        case .delay(let broker, let milliseconds): "broker \(broker) answers after \(milliseconds) ms"
        case .spoilMetadata(let code): "metadata carries error \(code)"
        case .grow(let partitions): "the topic has \(partitions) partitions"
        case .remakeTopic(let partitions):
            "the topic of short life is deleted and made again with \(partitions) partitions"
        case .reset(let client): "client \(client) resets its connection"
        case .cut(let client): "client \(client) ends its connection without Close"
        case .close(let client): "client \(client) closes its connection"
        case .endGateway: "the gateway gets SIGTERM"
        case .killGateway: "the gateway gets SIGKILL"
        }
    }
}
