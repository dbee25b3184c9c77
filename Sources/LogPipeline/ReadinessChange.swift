/// Whose readiness has changed.
package enum ReadinessChange: Equatable, Sendable {
    case none
    case thisTopic
    case everyTopic
}
