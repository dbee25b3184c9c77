/// Why a connection did not become one; the label `reason` of `sluice_connections_refused_total`.
package enum RefusalReason: UInt8, CaseIterable, Sendable {
    /// No route has this path (404).
    case notFound
    /// The request does not ask for an upgrade (426, or 405 for a method that means nothing here).
    case notUpgrade
    /// The request is no valid HTTP/1.1 or WebSocket handshake (400, 414, 431, 501, 505).
    case badRequest
    /// Its `Origin` is not among the route's `origins` (403).
    case origin
    /// It has no valid credentials (401).
    case unauthorized
    /// `max_connections`, or as many as `limits` allows of this route, address or token, are open already (429).
    case tooMany
    /// The route's topic cannot be delivered to, or the gateway is draining (503).
    case notReady
    /// As many sessions as `max_sessions` allows have a connection (503).
    case tooManySessions
    /// The handshake was not complete after `handshake_timeout`.
    case timeout
    /// TLS could not be agreed on, or the client's certificate is not what is asked for.
    case tlsFailed
    /// The PROXY header is missing, malformed or from somebody who is no trusted proxy.
    case proxyRefused
    /// As many connections of this address as `handshakes_per_address` allows, or as many as there are descriptors
    /// for, have come without an upgrade.
    case tooManyHandshakes

    package var label: String {
        switch self {
        case .notFound: "not_found"
        case .notUpgrade: "not_upgrade"
        case .badRequest: "bad_request"
        case .origin: "origin_refused"
        case .unauthorized: "unauthorized"
        case .tooMany: "too_many_connections"
        case .notReady: "not_ready"
        case .tooManySessions: "too_many_sessions"
        case .timeout: "handshake_timeout"
        case .tlsFailed: "tls_failed"
        case .proxyRefused: "proxy_refused"
        case .tooManyHandshakes: "too_many_handshakes"
        }
    }
}
