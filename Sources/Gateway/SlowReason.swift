/// Why a connection is read more slowly than it sends; the label `reason` of `sluice_connections_slowed_total`.
package enum SlowReason: UInt8, CaseIterable, Sendable {
    /// It is over its own `limits.logs_per_second` or `limits.bytes_per_second`.
    case connectionRate
    /// All connections with its token are, together, over `limits.token_logs_per_second` or
    /// `limits.token_bytes_per_second`.
    case tokenRate
    /// It sends more frames that carry nothing than `limits.overhead_frames_per_second`.
    case overheadFrames

    package var label: String {
        switch self {
        case .connectionRate: "connection_rate"
        case .tokenRate: "token_rate"
        case .overheadFrames: "overhead_frames"
        }
    }
}
