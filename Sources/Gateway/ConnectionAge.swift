import Reactor

/// When a connection has been open for long enough (`max_connection_age`), so that connections spread over gateways that
/// have come since.
///
/// The time is up to a tenth more or less, as gRPC has it, so that those who came at once do not all leave at once.
struct ConnectionAge {
    /// - Parameters:
    ///   - age: nanoseconds; 0 is for ever.
    ///   - now: since when.
    /// - Returns: monotonic nanoseconds.
    static func end(of age: UInt64, from now: UInt64, _ id: ConnectionID) -> UInt64 {
        guard age > 0 else { return .max }
        return now &+ age / 10 * 9 &+ share(of: age / 5, now, id)
    }

    /// Of one that should have gone while it was held up: many others may be in the same place.
    static func late(_ age: UInt64, _ now: UInt64, _ id: ConnectionID) -> UInt64 {
        now &+ share(of: age / 10, now, id)
    }

    /// An even share of a time, another one for each connection.
    private static func share(of time: UInt64, _ now: UInt64, _ id: ConnectionID) -> UInt64 {
        // SplitMix64's last step: neighbours in, strangers out.
        var bits = (id.owner ^ now) &* 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return UInt64((Double((bits ^ bits >> 31) >> 11) * 0x1p-53) * Double(time))
    }
}
