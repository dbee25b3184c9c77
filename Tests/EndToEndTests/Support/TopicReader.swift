import Foundation
import Glibc

/// kcat, reading a topic from its beginning into a file while the test goes on.
///
/// From the start on, since a mock broker keeps no more than the last 5 MiB of a partition.
final class TopicReader: Sendable {
    /// What Clients/verify.py found.
    struct Report: Decodable, Sendable {
        /// Records in the topic.
        let count: Int
        /// Records that are no log of the clients, byte for byte.
        let damaged: Int
        /// Logs that stand behind a later one of their connection in a partition.
        let disordered: Int
        let distinct: Int
        let repeated: Int
        /// Logs that were sent and are not there; that are there and were not sent.
        let missing: Int
        let unexpected: Int
        let partitions: Int
    }

    private let hosts: String
    private let topic: String
    private let options: [String]
    private let file: URL
    private let workspace: Workspace
    private let child: Child

    /// - Parameter options: more arguments for kcat, `-X KEY=VALUE`.
    init(_ topic: String = "logs", hosts: String, options: [String] = [], in workspace: Workspace) throws {
        self.topic = topic
        self.hosts = hosts
        self.options = options
        self.workspace = workspace
        file = workspace.fresh("\(topic).records")
        let words = ["-C", "-u", "-b", hosts, "-t", topic, "-o", "beginning", "-f", "%p %o %s\\n"] + options
        // kcat's standard output is this file, not the child's, so that it can be counted without being held.
        child = try Child(
            Built.bash,
            ["-c", "exec \"$@\" > '\(file.path)'", "bash", Built.kcat.path] + words,
            in: workspace
        )
    }

    /// How many records the topic holds, by the brokers' own end offsets.
    func endOffset() async throws -> Int {
        let listing = try await Tool.output(Built.kcat, ["-L", "-b", hosts, "-t", topic] + options, in: workspace)
        let partitions = listing.count(of: "    partition ")
        let questions = (0..<partitions).flatMap { ["-t", "\(topic):\($0):-1"] }
        let answers = try await Tool.output(Built.kcat, ["-Q", "-b", hosts] + questions + options, in: workspace)
        let offsets = answers.split(separator: "\n").compactMap { line in
            line.split(separator: " ").last.flatMap { Int($0) }
        }
        guard offsets.count == partitions else { throw Failure("end offsets of \(topic): \(answers)") }
        return offsets.reduce(0, +)
    }

    /// How many records have been read so far.
    func lines() -> Int {
        guard let data = try? Data(contentsOf: file, options: .alwaysMapped) else { return 0 }
        return data.count(of: UInt8(ascii: "\n"))
    }

    /// Reads on until the topic's end as it is now, and checks the records against what a client says it sent.
    ///
    /// - Parameter sent: the file that the client wrote; nil: only the run is known.
    func report(run: String, sent: URL? = nil, within limit: Duration = .seconds(240)) async throws -> Report {
        let file = try await whole(within: limit)
        let arguments = [Built.client("verify.py").path, file.path, run] + (sent.map { [$0.path] } ?? [])
        let text = try await Tool.output(Built.python, arguments, in: workspace)
        return try JSONDecoder().decode(Report.self, from: Data(text.utf8))
    }

    /// A file with every record up to the topic's end as it is now.
    private func whole(within limit: Duration) async throws -> URL {
        let end = try await endOffset()
        if child.status == nil {
            try await eventually("kcat reads \(end) records of \(topic)", within: limit) {
                lines() >= end || child.status != nil
            }
        }
        if child.status == nil { return file }
        let again = try await readAgain(within: limit)
        guard again.lines() >= end else { throw Failure("\(again.lines()) records instead of \(end) in \(topic)") }
        return again.file
    }

    /// kcat ends by itself when no broker is up or a new topic has no leader yet: what it misses then is read by
    /// another one, from the beginning to the end as it is now.
    private func readAgain(within limit: Duration) async throws -> TopicReader {
        let again = try TopicReader(topic, hosts: hosts, options: options + ["-e"], in: workspace)
        try await again.child.exit(within: limit)
        return again
    }

    /// The records so far, in the order in which they were read.
    func records() throws -> [String] {
        let data = try Data(contentsOf: file)
        // kcat writes in blocks, which end anywhere: what stands behind the last line's end is not whole yet.
        let whole = data[..<(data.lastIndex(of: UInt8(ascii: "\n")) ?? data.startIndex)]
        return String(decoding: whole, as: UTF8.self).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            return fields.count == 3 ? String(fields[2]) : nil
        }
    }

    /// Reads on until there are `count` records, and gives them.
    func records(_ count: Int) async throws -> [String] {
        let reader = try await eventually("\(count) records in \(topic)") { () -> TopicReader? in
            if lines() >= count { return self }
            guard child.status != nil else { return nil }
            let again = try await readAgain(within: .seconds(120))
            return again.lines() >= count ? again : nil
        }
        return try reader.records()
    }
}

extension Data {
    fileprivate func count(of byte: UInt8) -> Int {
        withUnsafeBytes { bytes in
            var count = 0
            var rest = bytes
            while let start = rest.baseAddress, let found = memchr(start, Int32(byte), rest.count) {
                count += 1
                rest = UnsafeRawBufferPointer(rebasing: rest[(UnsafeRawPointer(found) - start + 1)...])
            }
            return count
        }
    }
}

extension String {
    fileprivate func count(of part: String) -> Int { ranges(of: part).count }
}
