import Foundation

/// One broker of a test's Kafka, by what its folder and its process tell.
struct KafkaBroker: Sendable {
    let number: Int
    let address: String
    let folder: URL

    /// What the script wrote down when it started it.
    private var pid: String? {
        (try? String(contentsOf: folder.appending(path: "pid"), encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// As proc(5) has it, `S` for example; nil where there is no such process.
    private var state: Character? {
        guard let pid, let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        return text[end...].dropFirst(2).first
    }

    /// Whether there is a process; one that is frozen is one.
    var isRunning: Bool { state.map { $0 != "Z" && $0 != "X" } ?? false }

    /// What it went through, and the end of its log.
    var testimony: [String] {
        let log = folder.appending(path: "log")
        // What it complained of, and how far it came since its start.
        let words = [" WARN ", " ERROR ", " FATAL ", "(kafka.server.BrokerLifecycleManager)", "KafkaRaftServer"]
        let said = TextFile.lastLines(6, of: log, with: words) + TextFile.lastLines(2, of: log)
        return ["broker \(number) at \(address), process \(pid ?? "none"), \(state.map { "state \($0)" } ?? "gone"):"]
            + said.map { "    \($0)" }
    }
}
