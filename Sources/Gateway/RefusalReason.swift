/// Why a connection did not become one; the label `reason` of `sluice_connections_refused_total`.
package enum RefusalReason: UInt8, CaseIterable, Sendable {
    /// No route has this path (404).
    case notFound
    /// The request does not ask for an upgrade (426).
    case notUpgrade
    /// The request is no valid HTTP/1.1 or WebSocket handshake (400, 405, 414, 431, 501, 505).
    case badRequest
    /// `max_connections` are open already (429).
    case tooMany
    /// The route's topic cannot be delivered to, or the gateway is draining (503).
    case notReady
    /// The handshake was not complete after `handshake_timeout`.
    case timeout

    package var label: String {
        switch self {
        case .notFound: "not_found"
        case .notUpgrade: "not_upgrade"
        case .badRequest: "bad_request"
        case .tooMany: "too_many_connections"
        case .notReady: "not_ready"
        case .timeout: "handshake_timeout"
        }
    }
}
