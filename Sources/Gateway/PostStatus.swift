/// What a POST on a route can be answered with; the label `status` of `sluice_posts_total`.
package enum PostStatus: UInt8, CaseIterable, Sendable {
    /// Stored.
    case stored
    /// The body is malformed, or every log in it was dropped.
    case badRequest
    case unauthorized
    case forbidden
    /// The body was not whole after `message_timeout`.
    case timeout
    /// The body is over `max_message`, or every log in it over `max_len`.
    case tooLarge
    case unsupportedType
    /// Over a limit of connections or of a rate.
    case tooMany
    /// Kafka cannot take it now, has not stored it in time, or the gateway is draining.
    case unavailable

    package var code: Int {
        switch self {
        case .stored: 204
        case .badRequest: 400
        case .unauthorized: 401
        case .forbidden: 403
        case .timeout: 408
        case .tooLarge: 413
        case .unsupportedType: 415
        case .tooMany: 429
        case .unavailable: 503
        }
    }
}
