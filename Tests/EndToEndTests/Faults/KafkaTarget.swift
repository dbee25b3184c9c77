import Foundation
import Synchronization

/// An Apache Kafka of three brokers as a schedule's Kafka, with topics of the schedule's own.
final class KafkaTarget: FaultTarget {
    let topic: String
    let shortLivedTopic: String?
    let deadLetterTopic: String?
    let hosts: String
    let checksSequences = true
    /// The defaults leave a request 30 s and the number of partitions minutes, which is longer than a schedule lasts.
    let settings = "broker_timeout: 2s\ntimeout: 5s\nmetadata.refresh_frequency: 2s"

    private let cluster: KafkaCluster
    private let partitions: Int
    private let workspace: Workspace
    /// What is still under way of faults that take their time.
    private let underWay = Mutex<[Task<Void, any Error>]>([])
    /// Brokers that are on their way out.
    private let leaving = Mutex<[Task<Void, any Error>]>([])
    /// The last of the topic's remakings: each begins when the one before is done.
    private let remaking = Mutex<Task<Void, any Error>?>(nil)
    private let refusals = Mutex<[String]>([])

    init(_ schedule: FaultSchedule, on cluster: KafkaCluster, in workspace: Workspace) async throws {
        self.cluster = cluster
        self.workspace = workspace
        hosts = try await cluster.hosts()
        partitions = schedule.setting.partitions
        // Another name for each run, so that a seed can be played again on the same brokers.
        let name = "f\(schedule.seed)-\(UUID().uuidString.prefix(4))"
        topic = name
        let isRemade = schedule.steps.contains { if case .remakeTopic = $0.fault { true } else { false } }
        shortLivedTopic = isRemade ? "\(name)-short" : nil
        deadLetterTopic = schedule.setting.hasDeadLetters ? "\(name)-dead" : nil
        try await mend()
    }

    /// What could not be done as the schedule has it, in Kafka's words: with brokers away some things cannot.
    var notes: [String] { refusals.withLock { $0 } }

    func perform(_ fault: Fault) async throws {
        switch fault {
        case .kill(let broker): await attempt("kill \(broker)")
        case .start(let broker): await attempt("restart \(broker)")
        case .freeze(let broker): await attempt("freeze \(broker)")
        case .thaw(let broker): await attempt("thaw \(broker)")
        // It lasts until the broker is gone.
        case .shutDown(let broker): leaving.withLock { $0.append(Task { await self.attempt("term \(broker)") }) }
        case .moveLeader(let partition, let broker):
            start { try await self.ask("leader \(self.topic) \(partition) \(broker)") }
        case .grow(let partitions): start { try await self.ask("grow \(self.topic) \(partitions)") }
        case .remakeTopic(let partitions): startRemaking(partitions)
        default: throw Failure("Kafka cannot do this: \(fault)")
        }
    }

    private func start(_ body: @escaping @Sendable () async throws -> Void) {
        underWay.withLock { $0.append(Task { try await body() }) }
    }

    /// One of the cluster's commands; a broker that is gone already cannot be killed.
    private func attempt(_ command: String) async {
        do {
            try await cluster.perform(command)
        } catch {
            refusals.withLock { $0.append("\(command): \(error)") }
        }
    }

    /// - Returns: whether it was done.
    @discardableResult
    private func ask(_ command: String) async throws -> Bool { try await answer(to: command) == "ok\n" }

    private func answer(to command: String) async throws -> String {
        let answer = try await Tool.run(
            Built.python,
            [Built.client("admin.py").path, hosts],
            input: "\(command)\n",
            in: workspace
        )
        guard answer.status == .code(0) else { throw Failure("admin.py: \(answer.errors)") }
        if answer.output != "ok\n" { refusals.withLock { $0.append("\(command): \(answer.output)") } }
        return answer.output
    }

    /// Two at a time would delete what the other is about to make, and make what the other has made.
    private func startRemaking(_ partitions: Int) {
        let task = remaking.withLock { last in
            let before = last
            let task = Task {
                try await before?.value
                try await remakeTopic(partitions)
            }
            last = task
            return task
        }
        underWay.withLock { $0.append(task) }
    }

    private func remakeTopic(_ partitions: Int) async throws {
        guard let name = shortLivedTopic, try await ask("delete \(name)") else { return }
        try await eventually("\(name) can be made again; \(notes.suffix(5))", within: .seconds(240)) {
            let answer = try await answer(to: "create \(name) \(partitions)")
            // TOPIC_ALREADY_EXISTS: an answer that was lost was a yes.
            return answer == "ok\n" || answer.contains("error 36 ")
        }
    }

    func mend() async throws {
        for broker in 0..<FaultSchedule.brokers { await attempt("thaw \(broker)") }
        await startAll()
        // One that was still on its way out has not been started, and no topic is made with a broker away.
        try await all(of: leaving)
        await startAll()
        try await all(of: underWay)
        let wanted =
            [("\(topic)", "\(partitions) message.timestamp.type=LogAppendTime")]
            + (shortLivedTopic.map { [($0, "2")] } ?? []) + (deadLetterTopic.map { [($0, "1")] } ?? [])
        var comingBack = KafkaReturn(of: cluster)
        for (name, shape) in wanted {
            try await eventually("all of \(name) is in sync; \(notes.suffix(5))", within: .seconds(400)) {
                if try await ask("whole \(name)") { return true }
                try await comingBack.hasten(try await cluster.views(of: name))
                _ = try await ask("create \(name) \(shape)")
                return false
            }
        }
    }

    /// Starts every broker that does not run.
    private func startAll() async {
        for broker in 0..<FaultSchedule.brokers { await attempt("restart \(broker)") }
    }

    private func all(of tasks: borrowing Mutex<[Task<Void, any Error>]>) async throws {
        let taken = tasks.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in taken { try await task.value }
    }

    /// Deletes its topics, so that many schedules can be played on one cluster.
    func tidy() async throws {
        for name in [topic, shortLivedTopic, deadLetterTopic].compactMap(\.self) { try await ask("delete \(name)") }
    }
}
