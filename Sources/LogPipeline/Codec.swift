/// What a route makes of a message; the setting `codec`.
package enum Codec: Equatable, Sendable {
    /// A JSON object with a timestamp: relayed, completed or wrapped.
    case json
    /// Any bytes, unchanged.
    case raw
}
