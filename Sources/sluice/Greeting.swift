import Foundation
import Gateway
import KafkaFlusher
import LogPipeline
import Reactor
import Settings

/// What a newcomer is shown once Sluice on its embedded broker is ready: how to send a log, how to read it back.
struct Greeting {
    private let lines: [String]
    private let topics: Int
    private let flusher: any Flusher

    init(_ gateway: Gateway, _ plan: Gateway.Plan, _ flusher: any Flusher, _ settings: Settings) {
        self.flusher = flusher
        topics = plan.topics.count
        guard case .kafka(let output) = settings.output, output.embedded, let kafka = flusher as? KafkaFlusher,
            let route = plan.configuration.routes.first(where: { $0.topic != nil }), let topic = route.topic,
            let port = gateway.addresses.lazy.compactMap(\.port).first
        else {
            lines = []
            return
        }
        let command = CommandLine.arguments.first.map { $0.contains("/") ? Self.absolute($0) : $0 } ?? "sluice"
        lines = [
            "\(command) send ws://127.0.0.1:\(port)\(route.path) 'hello'",
            "kcat -C -b \(kafka.hosts.joined(separator: ",")) -t \(plan.topics[topic.rawValue]) -e",
        ]
    }

    /// Says it when every topic can be delivered to.
    func whenReady() async {
        guard !lines.isEmpty else { return }
        while !isReady {
            guard (try? await Task.sleep(for: .milliseconds(50))) != nil else { return }
        }
        let text = ["Sluice is ready. Send a log, and read the topic back:"] + lines
        FileHandle.standardOutput.write(Data((text.joined(separator: "\n") + "\n").utf8))
    }

    private var isReady: Bool {
        (0..<topics).allSatisfy { flusher.health(of: TopicIndex(rawValue: $0)) == .healthy }
    }

    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }
}
