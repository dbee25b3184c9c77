import Glibc

/// A Kafka that can be broken: librdkafka's mock cluster, in a process of its own (Clients/broker.py).
final class MockBroker: Sendable {
    let hosts: String
    private let child: Child

    static func start(
        topics: [String: Int] = ["logs": 4],
        brokers: Int = 1,
        in workspace: Workspace
    ) async throws -> MockBroker {
        let child = try Tool.client("broker.py", ["\(brokers)"], in: workspace)
        let hosts = try await child.lines(1)[0]
        let broker = MockBroker(child, hosts: String(hosts))
        for (topic, partitions) in topics { try await broker.perform("create \(topic) \(partitions)") }
        return broker
    }

    private init(_ child: Child, hosts: String) {
        self.child = child
        self.hosts = hosts
    }

    /// One of the commands that broker.py lists.
    func perform(_ command: String) async throws {
        let before = child.output.count { $0 == "\n" }
        try child.tell(command)
        let answer = try await child.lines(before + 1).last
        guard answer == "ok" else { throw Failure("\(command): \(answer ?? "")") }
    }

    /// Neither takes nor answers anything until `thaw`; connections stay.
    func freeze() { child.signal(SIGSTOP) }
    func thaw() { child.signal(SIGCONT) }
}
