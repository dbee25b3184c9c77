/// What the WebSocket message said it was (RFC 6455 section 5.6).
package enum PayloadKind: Equatable, Sendable {
    case text
    case binary
}
