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
            let index = plan.configuration.routes.firstIndex(where: { $0.topic != nil }),
            let topic = plan.configuration.routes[index].topic,
            let send = Self.send(settings, route: index, ports: gateway.addresses.map(\.port))
        else {
            lines = []
            return
        }
        let command = CommandLine.arguments.first.map { $0.contains("/") ? Self.absolute($0) : $0 } ?? "sluice"
        lines = [
            "\(send.prefix)\(command) send \(send.arguments) 'hello'",
            "kcat -C -b \(kafka.hosts.joined(separator: ",")) -t \(plan.topics[topic.rawValue]) -e",
        ]
    }

    /// How to send to a route: by the first listener that takes TCP from anybody.
    ///
    /// - Parameter ports: by listener.
    static func send(
        _ settings: Settings,
        route: Int,
        ports: [UInt16?]
    ) -> (prefix: String, arguments: String)? {
        let candidates = zip(settings.listeners.indices, ports).filter { !settings.listeners[$0.0].isProxied }
        guard case (let listener, let port?)? = candidates.first(where: { $0.1 != nil }) else { return nil }
        let target = "127.0.0.1:\(port)\(settings.routes[route].path)"
        let needsToken = settings.rule(listener: listener, route: route).credentials != nil
        let isSecure = settings.listeners[listener].tls != nil
        return (
            prefix: needsToken ? "SLUICE_TOKEN=... " : "",
            arguments: isSecure ? "--insecure wss://\(target)" : "ws://\(target)"
        )
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
