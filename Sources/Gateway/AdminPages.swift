import HTTPWire
import LogPipeline
import Telemetry

/// What the admin listener answers, as values.
struct AdminPages {
    enum Page: Equatable {
        case livez
        case readyz
        case metrics
        case notFound
        case methodNotAllowed
    }

    static func page(_ head: RequestHead) -> Page {
        guard head.method == "GET" || head.method == "HEAD" else { return .methodNotAllowed }
        switch head.path {
        case "/livez": return .livez
        case "/readyz": return .readyz
        case "/metrics": return .metrics
        default: return .notFound
        }
    }

    /// - Parameters:
    ///   - topics: the health of each topic that a route writes to.
    static func readyz(isDraining: Bool, topics: [(name: String, health: TopicHealth)]) -> Response {
        var reasons: [String] = []
        var stuck = 0
        if isDraining { reasons.append(#"{"reason":"draining","detail":"Sluice is shutting down."}"#) }
        for topic in topics {
            guard case .unhealthy(let reason, let detail) = topic.health else { continue }
            stuck += 1
            let fields = [("topic", topic.name), ("reason", reason), ("detail", detail)]
            reasons.append("{" + fields.map { "\(quoted($0.0)):\(quoted($0.1))" }.joined(separator: ",") + "}")
        }
        // Until Kafka has answered for every topic it is not ready; later, one topic that takes logs is enough.
        let isStarting = topics.contains { topic in
            if case .unhealthy("starting", _) = topic.health { true } else { false }
        }
        let isReady = !isDraining && !isStarting && (topics.isEmpty || stuck < topics.count)
        let body = #"{"ready":\#(isReady),"reasons":[\#(reasons.joined(separator: ","))]}"#
        return .json(isReady ? 200 : 503, body)
    }

    /// A JSON string (RFC 8259 section 7).
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
