import WebSocketWire

/// What a connection has agreed on compression, and what that has come to.
final class Inflation {
    let parameters: DeflateParameters
    /// Made for the first compressed message; kept only while it is needed.
    var inflater: Inflater?
    /// When the inflater gives its memory back, monotonic nanoseconds; `.max` when it has, or there is none.
    var restsAt = UInt64.max

    init(_ parameters: DeflateParameters) {
        self.parameters = parameters
    }
}

@available(*, unavailable)
extension Inflation: Sendable {}
