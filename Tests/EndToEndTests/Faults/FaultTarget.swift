import Foundation

/// The Kafka that a schedule is played on.
protocol FaultTarget: AnyObject, Sendable {
    /// Of the records.
    var topic: String { get }
    /// Of records that may go with their topic; nil where topics cannot be deleted.
    var shortLivedTopic: String? { get }
    /// Of what tells of refused logs; nil: nothing does.
    var deadLetterTopic: String? { get }
    var hosts: String { get }
    /// Lines under `output.kafka` that it needs.
    var settings: String { get }
    /// Whether it checks sequence numbers, so that nothing is repeated, and stamps records when it appends them.
    var checksSequences: Bool { get }

    /// Carries out a fault that is Kafka's.
    func perform(_ fault: Fault) async throws
    /// Mends everything.
    func mend() async throws
    /// Removes what it has made, when everything was looked at.
    func tidy() async throws
}

extension FaultTarget {
    /// Reads a topic from its beginning to its end as it is now.
    func read(_ topic: String, in workspace: Workspace) async throws -> URL {
        let file = workspace.fresh("\(topic).records")
        let words = ["-C", "-u", "-e", "-q", "-b", hosts, "-t", topic, "-o", "beginning", "-f", "%p %o %T %s\\n"]
        let child = try Child(
            Built.bash,
            ["-c", "exec \"$@\" > '\(file.path)'", "bash", Built.kcat.path] + words,
            in: workspace
        )
        let status = try await child.exit(within: .seconds(240))
        guard status == .code(0) else { throw Failure("kcat on \(topic): \(status) \(child.errors)") }
        return file
    }
}
