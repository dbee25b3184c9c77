import HTTPWire
import LogPipeline
import Telemetry

/// What the admin listener answers, as values.
struct AdminPages {
    enum Page: Equatable {
        case home
        case livez
        case readyz
        case metrics(MetricsFormat)
        case reload
        case status
        /// `?format=` names none that there is.
        case unknownFormat
        case notFound
        case methodNotAllowed
    }

    static func page(_ head: RequestHead) -> Page {
        // Its own methods are looked at there.
        if head.path == "/reload" { return .reload }
        guard head.method == "GET" || head.method == "HEAD" else { return .methodNotAllowed }
        switch head.path {
        case "/": return .home
        case "/livez": return .livez
        case "/readyz": return .readyz
        case "/status": return .status
        case "/metrics": return metrics(head)
        default: return .notFound
        }
    }

    /// A format that is asked for by name goes before what `Accept` prefers.
    private static func metrics(_ head: RequestHead) -> Page {
        let wish = head.query?.split(separator: "&").last { $0.hasPrefix("format=") }
        guard let name = wish?.dropFirst("format=".count) else {
            return .metrics(.preferred(accept: head.headers.tokens("accept")))
        }
        return MetricsFormat(rawValue: String(name)).map { .metrics($0) } ?? .unknownFormat
    }

    /// The page is not one that the loops have to be asked for.
    static func refusal(_ page: Page, keepAlive: Bool) -> Response {
        switch page {
        case .unknownFormat:
            let names = MetricsFormat.allCases.map(\.rawValue).joined(separator: ", ")
            return .text(400, "format is one of \(names).", keepAlive: keepAlive)
        case .methodNotAllowed:
            var response = Response.text(405, "GET and HEAD only.")
            response.headers.append(("Allow", "GET, HEAD"))
            return response
        default:
            return .text(404, "Here are /, /status, /livez, /readyz and /metrics.", keepAlive: keepAlive)
        }
    }

    static func readyz(_ readiness: Readiness) -> Response { .json(readiness.isReady ? 200 : 503, readiness.json) }

    /// - Parameter written: further families in this format.
    static func metrics(_ families: [MetricFamily], written: String = "", _ format: MetricsFormat) -> Response {
        Response(
            status: 200,
            // What is in the answer may depend on `Accept`.
            headers: [("Content-Type", format.contentType), ("Vary", "Accept")],
            body: Array(format.text(families, and: written).utf8)
        )
    }
}
