internal import Crypto

/// Masks for a client's frames.
///
/// Seeded by the system, continued by a mixing step: cheap enough for millions a second, and good enough for traffic
/// of our own making, which has no intermediaries to protect (RFC 6455 section 10.3).
struct MaskSource: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// - Throws: when the system has no random bytes to give.
    init() throws(SecureRandom.Unavailable) {
        state = try SecureRandom.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func next() -> UInt32 {
        state &+= 0x9E37_79B9_7F4A_7C15
        let mixed = (state ^ state >> 32) &* 0xD6E8_FEB8_6659_FD93
        return UInt32(truncatingIfNeeded: mixed >> 32)
    }
}
